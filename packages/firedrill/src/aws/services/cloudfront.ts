import type { Cloud } from '../cloud.ts';
import type { CloudFrontHandlers } from '../cloudfront/distribution-handlers.ts';
import { distributionHandlers } from '../cloudfront/distribution-handlers.ts';
import { functionHandlers } from '../cloudfront/function-handlers.ts';
import { invalidationHandlers } from '../cloudfront/invalidation-handlers.ts';
import { keyValueStoreHandlers } from '../cloudfront/key-value-store-handlers.ts';

/** Distributions, invalidations, functions and key value stores. */
export function cloudfront(cloud: Cloud): CloudFrontHandlers {
  return {
    ...distributionHandlers(cloud),
    ...functionHandlers(cloud),
    ...invalidationHandlers(cloud),
    ...keyValueStoreHandlers(cloud),
  };
}
