import type { BucketContents, S3Caller, S3ErrorCode, WrongRegion } from '../../engine/index.ts';
import { isAllowedByPolicy, S3_ERRORS, s3HostOf, signedElsewhere, wrongEndpoint } from '../../engine/index.ts';
import { withDetails } from '../answer-details.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';

/** An error in S3's own words. */
export function s3Error(code: S3ErrorCode, members: Readonly<Record<string, string>> = {}, message?: string): AwsError {
  const [status, , said] = S3_ERRORS[code];
  return new AwsError(code, message ?? said, status, members);
}

function noSuchBucket(bucket: string): AwsError {
  return s3Error('NoSuchBucket', { BucketName: bucket });
}

export interface Asking {
  /** As `s3:GetObject`. */
  readonly action: string;
  readonly bucket: string | undefined;
  /** Of an object; empty for the bucket itself. */
  readonly key?: string;
}

/**
 * The bucket that a call is for.
 * @throws AwsError when there is none, it is in another Region, or the caller may not do what is asked.
 */
export function bucketFor(cloud: Cloud, { action, bucket: name = '', key = '' }: Asking, call: Call): BucketContents {
  const contents = cloud.world().contentsOf(name);
  if (contents === undefined) throw noSuchBucket(name);
  const { bucket } = contents;
  const refusal = cloud.world().objectsRefusal(bucket.region, cloud.now());
  if (refusal !== undefined) throw new AwsError('ServiceUnavailable', refusal.message, 503);
  const host = s3HostOf((call.host.split(':', 1)[0] ?? '').toLowerCase());
  const isSigned = call.accessKeyId !== undefined;
  const problem = isSigned
    ? signedElsewhere(bucket, host, call.region)
    : host?.region !== undefined && host.region !== bucket.region
      ? wrongEndpoint(bucket, host.region)
      : undefined;
  if (problem !== undefined) throw misplaced(problem, bucket.region);
  const isAllowed = isAllowedByPolicy(bucket, {
    caller: callerOf(call),
    action,
    key,
    // The door stands for S3's own endpoint, which clients of AWS's reach by TLS.
    isSecure: call.isSecure ?? true,
    referer: call.headers['referer'],
    userAgent: call.headers['user-agent'],
  });
  if (!isAllowed) throw s3Error('AccessDenied');
  return contents;
}

/** Who asks: whoever has signed is of the account. */
export function callerOf({ caller, accessKeyId }: Call): S3Caller {
  return caller ?? { kind: accessKeyId === undefined ? 'anonymous' : 'owner' };
}

function misplaced({ code, message, more }: WrongRegion, region: string): AwsError {
  return withDetails(s3Error(code, more, message), { headers: { 'x-amz-bucket-region': region } });
}
