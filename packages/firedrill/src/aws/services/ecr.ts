import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Repositories without images. */
export function ecr(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-ecr')> {
  return {};
}
