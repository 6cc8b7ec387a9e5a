import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Routing controls. */
export function recoveryCluster(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-route53-recovery-cluster')> {
  return {};
}
