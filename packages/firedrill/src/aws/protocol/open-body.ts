import type { Readable } from 'node:stream';
import { checkable, CheckedBody, tooLarge } from './body-checks.ts';
import type { ChunkSigner } from './chunked-body.ts';
import { ChunkedBody } from './chunked-body.ts';
import type { WireHead } from './message.ts';

/** A body that is held in memory: what a function's code in a request may have, in base64 (50 MiB unpacked by a third). */
export const HELD_BODY_BYTES_MAX = 70 * 1024 * 1024;
/** A body that passes as it comes: what S3 takes in one piece. */
export const PASSING_BODY_BYTES_MAX = 5 * 1024 * 1024 * 1024;

/** Where a body comes from; a message of HTTP knows itself when it has come whole. */
export interface BodySource extends Readable {
  readonly complete?: boolean;
}

const STREAMING = 'STREAMING-';

/** Whether the body is in `aws-chunked` coding, and whether its chunks are signed. */
function codingOf({ headers }: WireHead): { readonly isChunked: boolean; readonly isSigned: boolean } {
  const hash = headers['x-amz-content-sha256'] ?? '';
  const isChunked = hash.startsWith(STREAMING) || /\baws-chunked\b/.test(headers['content-encoding'] ?? '');
  return { isChunked, isSigned: isChunked && hash.startsWith(`${STREAMING}AWS4-HMAC-SHA256`) };
}

/**
 * Opens the body of a request: without its coding, held against its limit, its length and its checksums. What is wrong
 * ends the stream in an AwsError. The request itself stays whole, so that it can be answered.
 * @throws AwsError when the client announces more than the limit.
 */
export function openBody(
  request: BodySource,
  head: WireHead,
  limits: { readonly bytesMax: number; readonly signer?: ChunkSigner | undefined },
): Readable {
  const { headers } = head;
  const { isChunked, isSigned } = codingOf(head);
  const announced = Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? Number.NaN);
  if (announced > limits.bytesMax) throw tooLarge(limits.bytesMax);
  const chunked = isChunked ? new ChunkedBody(isSigned ? limits.signer : undefined) : undefined;
  const trailing = (headers['x-amz-trailer'] ?? '').toLowerCase().split(/,\s*/);
  const contentSha256 = hexHash(headers['x-amz-content-sha256']);
  const checked = new CheckedBody({
    bytesMax: limits.bytesMax,
    ...(Number.isNaN(announced) ? {} : { bytesAnnounced: announced }),
    ...(headers['content-md5'] === undefined ? {} : { contentMd5: headers['content-md5'] }),
    ...(contentSha256 === undefined ? {} : { contentSha256 }),
    checksums: () => ({ ...headers, ...chunked?.trailers }),
    algorithms: checkable([...Object.keys(headers), ...trailing]),
  });
  join(request, chunked, checked);
  return checked;
}

function hexHash(header: string | undefined): string | undefined {
  return header !== undefined && /^[0-9a-f]{64}$/.test(header) ? header : undefined;
}

/** Pipes, without ending the request when what is behind it ends early: the answer still goes out on its connection. */
function join(request: BodySource, chunked: ChunkedBody | undefined, checked: CheckedBody): void {
  const stop = (error: Error): void => {
    request.unpipe();
    checked.destroy(error);
  };
  request.once('error', stop);
  // A client that goes in the middle of its body says so by closing only.
  request.once('close', () => {
    if (!(request.complete ?? request.readableEnded))
      stop(new Error('The client has gone in the middle of its request.'));
  });
  checked.once('close', () => {
    request.unpipe();
    request.resume();
  });
  if (chunked === undefined) {
    request.pipe(checked);
    return;
  }
  chunked.once('error', stop);
  request.pipe(chunked).pipe(checked);
}

/** Reads a body to its end. */
export async function collectBody(body: Readable): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of body) pieces.push(piece as Buffer);
  return Buffer.concat(pieces);
}

/** The head as handlers see it: with the body's own length, and without the coding that has been taken off. */
export function withoutCoding(head: WireHead): WireHead {
  const { 'x-amz-decoded-content-length': length, 'content-encoding': coding, ...rest } = head.headers;
  const { isChunked } = codingOf(head);
  const left = (coding ?? '')
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'aws-chunked');
  return {
    ...head,
    headers: {
      ...rest,
      ...(isChunked ? { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } : {}),
      ...(length === undefined ? {} : { 'content-length': length }),
      ...(left.length === 0 ? {} : { 'content-encoding': left.join(',') }),
    },
  };
}
