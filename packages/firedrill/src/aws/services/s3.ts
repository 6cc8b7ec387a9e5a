import type { Cloud } from '../cloud.ts';
import { bucketHandlers } from '../s3/bucket-handlers.ts';
import { configurationHandlers } from '../s3/configuration-handlers.ts';
import { copyHandlers } from '../s3/copies.ts';
import type { S3Handlers } from '../s3/handlers.ts';
import { keptHandlers } from '../s3/kept-handlers.ts';
import { listHandlers } from '../s3/lists.ts';
import { multipartHandlers } from '../s3/multipart.ts';
import { objectHandlers } from '../s3/objects.ts';
import { policyHandlers } from '../s3/policy-handlers.ts';
import { replicationHandlers } from '../s3/replication-handlers.ts';
import { websiteHandlers } from '../s3/website-handlers.ts';

/** Buckets and objects. */
export function s3(cloud: Cloud): S3Handlers {
  return {
    ...bucketHandlers(cloud),
    ...configurationHandlers(cloud),
    ...policyHandlers(cloud),
    ...websiteHandlers(cloud),
    ...replicationHandlers(cloud),
    ...listHandlers(cloud),
    ...objectHandlers(cloud),
    ...copyHandlers(cloud),
    ...multipartHandlers(cloud),
    ...keptHandlers(cloud),
  };
}
