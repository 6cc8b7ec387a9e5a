import type { CORSRule, LifecycleRule } from '@aws-sdk/client-s3';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { configured } from './configuration.ts';
import type { S3Handlers } from './handlers.ts';

/** Rules that are kept and told again, and that nothing here goes by: no object expires, and no browser asks. */
interface KeptRules {
  readonly lifecycle?: LifecycleRule[];
  readonly cors?: CORSRule[];
}

/** Configuration of buckets that is only kept. */
export function keptHandlers(
  cloud: Cloud,
): Pick<
  S3Handlers,
  | 'DeleteBucketCors'
  | 'DeleteBucketLifecycle'
  | 'GetBucketCors'
  | 'GetBucketLifecycleConfiguration'
  | 'PutBucketCors'
  | 'PutBucketLifecycleConfiguration'
> {
  const rules = new Map<string, KeptRules>();
  const nameFor = (action: string, bucket: string | undefined, call: Call): string =>
    configured(cloud, { action: `s3:${action}`, bucket }, call).contents.bucket.name;
  const keep = (name: string, kept: KeptRules): void => void rules.set(name, { ...rules.get(name), ...kept });
  return {
    GetBucketLifecycleConfiguration(input, call) {
      const { lifecycle } = rules.get(nameFor('GetLifecycleConfiguration', input.Bucket, call)) ?? {};
      if (lifecycle !== undefined && lifecycle.length > 0) return { Rules: lifecycle };
      throw missing('NoSuchLifecycleConfiguration', 'The lifecycle configuration does not exist', input.Bucket);
    },
    PutBucketLifecycleConfiguration(input, call) {
      const lifecycle = input.LifecycleConfiguration?.Rules ?? [];
      keep(nameFor('PutLifecycleConfiguration', input.Bucket, call), { lifecycle });
      return {};
    },
    DeleteBucketLifecycle(input, call) {
      keep(nameFor('PutLifecycleConfiguration', input.Bucket, call), { lifecycle: [] });
      return {};
    },
    GetBucketCors(input, call) {
      const { cors } = rules.get(nameFor('GetBucketCORS', input.Bucket, call)) ?? {};
      if (cors !== undefined && cors.length > 0) return { CORSRules: cors };
      throw missing('NoSuchCORSConfiguration', 'The CORS configuration does not exist', input.Bucket);
    },
    PutBucketCors(input, call) {
      keep(nameFor('PutBucketCORS', input.Bucket, call), { cors: input.CORSConfiguration?.CORSRules ?? [] });
      return {};
    },
    DeleteBucketCors(input, call) {
      keep(nameFor('PutBucketCORS', input.Bucket, call), { cors: [] });
      return {};
    },
  };
}

function missing(code: string, says: string, bucket: string | undefined): AwsError {
  return new AwsError(code, says, 404, { BucketName: bucket ?? '' });
}
