import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Functions. */
export function lambda(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-lambda')> {
  return {};
}
