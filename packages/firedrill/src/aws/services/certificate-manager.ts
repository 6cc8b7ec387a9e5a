import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Certificates. */
export function certificateManager(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-acm')> {
  return {};
}
