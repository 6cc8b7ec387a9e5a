import { createHash } from 'node:crypto';
import { Crc32, Crc32c, Crc64Nvme } from '@aws-sdk/checksums/crc';
import type { ChecksumAlgorithm } from '../../model/index.ts';

/** Counts along while bytes come. */
export interface Checksum {
  update(chunk: Uint8Array): void;
  /** Call once, at the end. */
  digest(): Promise<Uint8Array>;
}

/** Names of S3's checksums in headers and trailers, `x-amz-checksum-` before them. */
export const CHECKSUM_HEADERS: Readonly<Record<string, ChecksumAlgorithm>> = {
  crc32: 'CRC32',
  crc32c: 'CRC32C',
  crc64nvme: 'CRC64NVME',
  sha1: 'SHA1',
  sha256: 'SHA256',
};

/** Bytes of a checksum. */
export const CHECKSUM_BYTES: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

/** Begins to count. */
export function checksumOf(algorithm: ChecksumAlgorithm | 'MD5'): Checksum {
  switch (algorithm) {
    case 'CRC32':
      return new Crc32();
    case 'CRC32C':
      return new Crc32c();
    case 'CRC64NVME':
      return new Crc64Nvme();
    case 'SHA1':
    case 'SHA256':
    case 'MD5': {
      const hash = createHash(algorithm.toLowerCase());
      return { update: (chunk) => void hash.update(chunk), digest: () => Promise.resolve(hash.digest()) };
    }
  }
}

/** The checksum of bytes that are there. */
export async function digestOf(
  algorithm: ChecksumAlgorithm | 'MD5',
  ...pieces: readonly Uint8Array[]
): Promise<Buffer> {
  const checksum = checksumOf(algorithm);
  for (const piece of pieces) checksum.update(piece);
  return Buffer.from(await checksum.digest());
}
