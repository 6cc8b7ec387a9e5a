import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Stacks. */
export function cloudformation(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-cloudformation')> {
  return {};
}
