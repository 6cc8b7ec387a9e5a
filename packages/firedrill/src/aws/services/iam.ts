import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Roles and policies: kept, never enforced. */
export function iam(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-iam')> {
  return {};
}
