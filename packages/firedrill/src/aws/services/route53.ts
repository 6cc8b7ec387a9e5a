import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Hosted zones, records, health checks. */
export function route53(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-route-53')> {
  return {};
}
