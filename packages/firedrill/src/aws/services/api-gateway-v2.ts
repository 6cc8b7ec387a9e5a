import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';

/** HTTP APIs. */
export function apiGatewayV2(_cloud: Cloud): Handlers<typeof import('@aws-sdk/client-apigatewayv2')> {
  return {};
}
