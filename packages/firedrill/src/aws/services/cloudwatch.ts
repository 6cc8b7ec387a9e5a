import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Metrics and alarms. */
export function cloudwatch(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-cloudwatch')> {
  return {};
}
