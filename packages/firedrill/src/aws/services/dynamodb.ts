import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** Tables. */
export function dynamodb(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-dynamodb')> {
  return {};
}
