import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Tags over the estate. */
export function resourceTagging(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-resource-groups-tagging-api')> {
  return {};
}
