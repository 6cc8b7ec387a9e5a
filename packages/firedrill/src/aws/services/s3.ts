import type { Cloud } from '../cloud.ts';
import { bucketHandlers } from '../s3/bucket-handlers.ts';
import type { S3Handlers } from '../s3/handlers.ts';
import { listHandlers } from '../s3/lists.ts';
import { objectHandlers } from '../s3/objects.ts';

/** Buckets and objects. */
export function s3(cloud: Cloud): S3Handlers {
  return { ...bucketHandlers(cloud), ...listHandlers(cloud), ...objectHandlers(cloud) };
}
