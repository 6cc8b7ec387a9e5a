import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Who asks. */
export function sts(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-sts')> {
  return {};
}
