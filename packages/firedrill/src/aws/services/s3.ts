import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Buckets and objects. */
export function s3(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-s3')> {
  return {};
}
