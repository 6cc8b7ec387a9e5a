import type { ChecksumAlgorithm, ObjectChecksum, ObjectContent } from '../../model/index.ts';
import { BodyKeeper } from '../../live/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Call } from '../handlers.ts';
import { CHECKSUM_BYTES, CHECKSUM_HEADERS, checksumOf } from './checksums.ts';

/** A larger object is refused; AWS's own limit for one upload is 5 GiB. */
const UPLOAD_BYTES_MAX = 1024 ** 3;

/** Bytes that have come whole. */
export interface Uploaded {
  readonly content: ObjectContent;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly md5: string;
  readonly checksum: ObjectChecksum;
}

/**
 * Reads what a request carries and keeps it. That it is what its checksums say is seen to on its way here: the body ends in an
 * error otherwise.
 * @param unlessSaid which checksum S3 counts when the request names none.
 * @throws AwsError when there is no room.
 */
export async function receive(
  body: unknown,
  { headers }: Pick<Call, 'headers'>,
  unlessSaid: ChecksumAlgorithm = 'CRC64NVME',
): Promise<Uploaded> {
  if (Number(headers['x-amz-decoded-content-length'] ?? headers['content-length'] ?? 0) > UPLOAD_BYTES_MAX)
    throw tooLarge();
  return await keep(piecesOf(body), algorithmOf(headers) ?? unlessSaid);
}

/** Keeps bytes, whose checksum of this kind S3 tells of them. */
export async function keep(pieces: AsyncIterable<Uint8Array>, algorithm: ChecksumAlgorithm): Promise<Uploaded> {
  const [md5, checksum] = [checksumOf('MD5'), checksumOf(algorithm)];
  const keeper = new BodyKeeper();
  let bytes = 0;
  try {
    for await (const piece of pieces) {
      bytes += piece.length;
      if (bytes > UPLOAD_BYTES_MAX) throw tooLarge();
      md5.update(piece);
      checksum.update(piece);
      // Pieces are parts of larger buffers, which would be kept with them.
      keeper.add(Buffer.from(piece));
    }
    const content = keeper.whole();
    if (content === undefined) throw tooLarge();
    const value = Buffer.from(await checksum.digest()).toString('base64');
    const told = { algorithm, value, type: 'FULL_OBJECT' } as const;
    return { content, bytes, md5: Buffer.from(await md5.digest()).toString('hex'), checksum: told };
  } catch (error) {
    keeper.drop();
    throw error;
  }
}

/** A body as handlers get it: nothing, all of it, or a stream. */
export async function* piecesOf(body: unknown): AsyncGenerator<Uint8Array> {
  if (body === undefined || body === null) return;
  if (typeof body === 'string') yield Buffer.from(body);
  else if (body instanceof Uint8Array) yield body;
  else yield* body as AsyncIterable<Uint8Array>;
}

/**
 * The checksum that a client gives or names; undefined: an object without one has one of S3's own.
 * @throws AwsError for more than one, or one of the wrong length.
 */
function algorithmOf(headers: Call['headers']): ChecksumAlgorithm | undefined {
  const given = Object.entries(CHECKSUM_HEADERS).flatMap(([name, algorithm]) => {
    const value = headers[`x-amz-checksum-${name}`];
    return value === undefined ? [] : [{ name, algorithm, value }];
  });
  const [first, second] = given;
  if (second !== undefined)
    throw new AwsError(
      'InvalidRequest',
      'Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.',
    );
  if (first !== undefined && Buffer.from(first.value, 'base64').length !== CHECKSUM_BYTES[first.algorithm])
    throw new AwsError('InvalidRequest', `Value for x-amz-checksum-${first.name} header is invalid.`);
  const trailer = /x-amz-checksum-(\w+)/.exec(headers['x-amz-trailer']?.toLowerCase() ?? '')?.[1];
  const named = trailer ?? headers['x-amz-sdk-checksum-algorithm']?.toLowerCase() ?? '';
  return first?.algorithm ?? CHECKSUM_HEADERS[named];
}

function tooLarge(): AwsError {
  return new AwsError('EntityTooLarge', 'Your proposed upload exceeds the maximum allowed size');
}
