import { Transform } from 'node:stream';
import type { TransformCallback } from 'node:stream';
import { AwsError } from '../aws-error.ts';
import type { Checksum } from '../s3/checksums.ts';
import { CHECKSUM_HEADERS, checksumOf } from '../s3/checksums.ts';

/** What a body is held against while it passes. */
export interface BodyChecks {
  readonly bytesMax: number;
  /** Bytes that the client announced; undefined when it did not. */
  readonly bytesAnnounced?: number;
  /** In base64. */
  readonly contentMd5?: string;
  /** In hexadecimal, of `x-amz-content-sha256`. */
  readonly contentSha256?: string;
  /** Headers `x-amz-checksum-*`; asked for when the body has passed, for some come behind it. */
  readonly checksums: () => Readonly<Record<string, string>>;
  /** Names of those headers that will come, so that their sums are counted from the beginning. */
  readonly algorithms: readonly string[];
}

const PREFIX = 'x-amz-checksum-';

/** Names of headers whose sums can be checked. */
export function checkable(headers: Iterable<string>): readonly string[] {
  return [...headers].filter(
    (name) => name.startsWith(PREFIX) && Object.hasOwn(CHECKSUM_HEADERS, name.slice(PREFIX.length)),
  );
}

/**
 * Lets a body through and ends in an AwsError when it is too large, incomplete, or not what its sums say. The error comes
 * at the end: who stores the body must not keep it before the stream has ended well.
 */
export class CheckedBody extends Transform {
  private readonly checks: BodyChecks;
  private readonly digests: readonly (readonly [header: string, digest: Checksum])[];
  private readonly md5: Checksum | undefined;
  private readonly sha256: Checksum | undefined;
  private bytes = 0;

  constructor(checks: BodyChecks) {
    super();
    this.checks = checks;
    this.digests = checkable(checks.algorithms).map((header) => [header, sumOf(header)]);
    this.md5 = checks.contentMd5 === undefined ? undefined : checksumOf('MD5');
    this.sha256 = checks.contentSha256 === undefined ? undefined : checksumOf('SHA256');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.bytes += chunk.length;
    if (this.bytes > this.checks.bytesMax) {
      done(tooLarge(this.checks.bytesMax));
      return;
    }
    for (const [, digest] of this.digests) digest.update(chunk);
    this.md5?.update(chunk);
    this.sha256?.update(chunk);
    done(undefined, chunk);
  }

  override _flush(done: TransformCallback): void {
    this.flaw().then(
      (flaw) => done(flaw),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }

  private async flaw(): Promise<AwsError | undefined> {
    const { bytesAnnounced, contentMd5, contentSha256 } = this.checks;
    if (bytesAnnounced !== undefined && bytesAnnounced !== this.bytes) {
      return new AwsError(
        'IncompleteBody',
        'You did not provide the number of bytes specified by the Content-Length HTTP header',
      );
    }
    if (this.md5 !== undefined && (await inText(this.md5, 'base64')) !== contentMd5) {
      const isDigest = Buffer.from(contentMd5 ?? '', 'base64').length === MD5_BYTES;
      return isDigest
        ? new AwsError('BadDigest', 'The Content-MD5 you specified did not match what we received.')
        : new AwsError('InvalidDigest', 'The Content-MD5 you specified was invalid.');
    }
    if (this.sha256 !== undefined) {
      if ((await inText(this.sha256, 'hex')) !== contentSha256) {
        return new AwsError(
          'XAmzContentSHA256Mismatch',
          "The provided 'x-amz-content-sha256' header does not match what was computed.",
        );
      }
    }
    const said = this.checks.checksums();
    for (const [header, digest] of this.digests) {
      const expected = said[header];
      if (expected === undefined || (await inText(digest, 'base64')) === expected) continue;
      const name = header.slice(PREFIX.length).toUpperCase();
      return new AwsError('BadDigest', `The ${name} you specified did not match the calculated checksum.`);
    }
    return undefined;
  }
}

const MD5_BYTES = 16;

/** How AWS refuses a body above a limit. */
export function tooLarge(bytesMax: number): AwsError {
  return new AwsError('EntityTooLarge', `Your proposed upload exceeds the maximum allowed size of ${bytesMax} bytes`);
}

function sumOf(header: string): Checksum {
  return checksumOf(CHECKSUM_HEADERS[header.slice(PREFIX.length)] ?? 'SHA256');
}

async function inText(sum: Checksum, encoding: 'base64' | 'hex'): Promise<string> {
  return Buffer.from(await sum.digest()).toString(encoding);
}
