import { httpHandlers } from '../api-gateway/http-handlers.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** HTTP APIs. */
export function apiGatewayV2(cloud: Cloud): Handlers<typeof import('@aws-sdk/client-apigatewayv2')> {
  return httpHandlers(cloud);
}
