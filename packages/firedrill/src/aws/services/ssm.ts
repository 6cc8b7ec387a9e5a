import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Parameters. */
export function ssm(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-ssm')> {
  return {};
}
