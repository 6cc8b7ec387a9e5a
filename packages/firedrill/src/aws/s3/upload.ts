import type { ChecksumAlgorithm, ObjectChecksum, ObjectContent } from '../../model/index.ts';
import { BodyKeeper } from '../../live/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Call } from '../handlers.ts';
import type { Checksum } from './checksums.ts';
import { CHECKSUM_BYTES, CHECKSUM_HEADERS, checksumOf } from './checksums.ts';

/** A larger object is refused; AWS's own limit for one upload is 5 GiB. */
const UPLOAD_BYTES_MAX = 1024 ** 3;

/** Bytes that have come whole and are what they were said to be. */
export interface Uploaded {
  readonly content: ObjectContent;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksum: ObjectChecksum;
}

/**
 * Reads what a request carries, holds it against the checksum that came with it, and keeps it. Coding is undone already.
 * @throws AwsError when a checksum differs, or there is no room.
 */
export async function receive(body: unknown, { headers }: Pick<Call, 'headers'>): Promise<Uploaded> {
  const announced = Number(headers['content-length'] ?? 0);
  if (announced > UPLOAD_BYTES_MAX) throw tooLarge();
  const said = saidOf(headers);
  const counted = countersOf(said);
  const keeper = new BodyKeeper();
  let bytes = 0;
  try {
    for await (const piece of piecesOf(body)) {
      bytes += piece.length;
      if (bytes > UPLOAD_BYTES_MAX) throw tooLarge();
      for (const counter of counted.values()) counter.update(piece);
      // Pieces are parts of larger buffers, which would be kept with them.
      keeper.add(Buffer.from(piece));
    }
    const digests = await digestsOf(counted);
    const checksum = verified({ said, digests });
    const content = keeper.whole();
    if (content === undefined) throw tooLarge();
    return { content, bytes, md5: digests.get('MD5')?.toString('hex') ?? '', checksum };
  } catch (error) {
    keeper.drop();
    throw error;
  }
}

/** A body as handlers get it: nothing, all of it, or a stream. */
async function* piecesOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (body === undefined || body === null) return;
  if (typeof body === 'string') yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield body;
  else yield* body as AsyncIterable<Uint8Array>;
}

/** What a request says of its body. */
interface Said {
  readonly contentMd5: string | undefined;
  /** Hexadecimal; undefined: the payload is not signed. */
  readonly contentSha256: string | undefined;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string } | undefined;
  /** The checksum that comes behind the body, or that is wanted. */
  readonly announced: ChecksumAlgorithm | undefined;
}

function saidOf(headers: Call['headers']): Said {
  const given = Object.entries(CHECKSUM_HEADERS).flatMap(([name, algorithm]) => {
    const value = headers[`x-amz-checksum-${name}`];
    return value === undefined ? [] : [{ algorithm, value }];
  });
  if (given.length > 1)
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  const [checksum] = given;
  if (checksum !== undefined && Buffer.from(checksum.value, 'base64').length !== CHECKSUM_BYTES[checksum.algorithm])
    throw new AwsError(
      'InvalidRequest',
      `Value for x-amz-checksum-${checksum.algorithm.toLowerCase()} header is invalid.`,
    );
  const trailer = /^x-amz-checksum-(\w+)$/.exec(headers['x-amz-trailer']?.toLowerCase() ?? '')?.[1];
  const wanted = headers['x-amz-sdk-checksum-algorithm']?.toLowerCase() ?? trailer;
  const contentMd5 = headers['content-md5'];
  if (contentMd5 !== undefined && Buffer.from(contentMd5, 'base64').length !== 16)
    throw new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
  const sha256 = headers['x-amz-content-sha256'];
  return {
    contentMd5,
    contentSha256: sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined,
    checksum,
    announced: CHECKSUM_HEADERS[trailer ?? ''] ?? CHECKSUM_HEADERS[wanted ?? ''],
  };
}

type Digests = ReadonlyMap<ChecksumAlgorithm | 'MD5', Buffer>;

function countersOf({ checksum, announced, contentSha256 }: Said): Map<ChecksumAlgorithm | 'MD5', Checksum> {
  // An object without a checksum of its client's has one of S3's own.
  const algorithms: readonly (ChecksumAlgorithm | 'MD5')[] = [
    'MD5',
    checksum?.algorithm ?? announced ?? 'CRC64NVME',
    ...(contentSha256 === undefined ? [] : ['SHA256' as const]),
  ];
  return new Map(algorithms.map((algorithm) => [algorithm, checksumOf(algorithm)]));
}

async function digestsOf(counted: ReadonlyMap<ChecksumAlgorithm | 'MD5', Checksum>): Promise<Digests> {
  const digests = new Map<ChecksumAlgorithm | 'MD5', Buffer>();
  for (const [algorithm, counter] of counted) digests.set(algorithm, Buffer.from(await counter.digest()));
  return digests;
}

function verified({
  said: { contentMd5, contentSha256, checksum, announced },
  digests,
}: {
  readonly said: Said;
  readonly digests: Digests;
}): ObjectChecksum {
  const is = (algorithm: ChecksumAlgorithm | 'MD5', encoding: 'base64' | 'hex'): string =>
    digests.get(algorithm)?.toString(encoding) ?? '';
  if (contentMd5 !== undefined && is('MD5', 'base64') !== contentMd5)
    throw new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.');
  if (contentSha256 !== undefined && is('SHA256', 'hex') !== contentSha256)
    throw new AwsError(
      'XAmzContentSHA256Mismatch',
      "The provided 'x-amz-content-sha256' header does not match what was computed.",
    );
  const algorithm = checksum?.algorithm ?? announced ?? 'CRC64NVME';
  const value = is(algorithm, 'base64');
  if (checksum !== undefined && checksum.value !== value)
    throw new AwsError('BadDigest', `The ${algorithm} you specified did not match the calculated checksum.`);
  return { algorithm, value, type: 'FULL_OBJECT' };
}

function tooLarge(): AwsError {
  return new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
}
