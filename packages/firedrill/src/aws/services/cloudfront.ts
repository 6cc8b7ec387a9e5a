import type { Cloud } from '../cloud.ts';
import type { CloudFrontHandlers } from '../cloudfront/distribution-handlers.ts';
import { distributionHandlers } from '../cloudfront/distribution-handlers.ts';
import { invalidationHandlers } from '../cloudfront/invalidation-handlers.ts';

/** Distributions and invalidations. */
export function cloudfront(cloud: Cloud): CloudFrontHandlers {
  return { ...distributionHandlers(cloud), ...invalidationHandlers(cloud) };
}
