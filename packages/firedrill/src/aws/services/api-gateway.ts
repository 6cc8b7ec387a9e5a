import { restHandlers } from '../api-gateway/rest-handlers.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** REST APIs. */
export function apiGateway(cloud: Cloud): Handlers<typeof import('@aws-sdk/client-api-gateway')> {
  return restHandlers(cloud);
}
