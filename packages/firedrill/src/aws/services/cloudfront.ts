import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Distributions. */
export function cloudfront(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-cloudfront')> {
  return {};
}
