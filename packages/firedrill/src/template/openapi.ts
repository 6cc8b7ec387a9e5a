import type { Place } from '../model/index.ts';
import type { Node } from './node.ts';
import { get, isScalar, kindInWords } from './node.ts';
import type { Teller } from './teller.ts';

/** One method of a path of an OpenAPI document, with API Gateway's extension. */
export interface OpenApiOperation {
  /** As `/orders/{id}`, or `$default` of an HTTP API. */
  readonly path: string;
  /** Upper case; `ANY` for x-amazon-apigateway-any-method. */
  readonly httpMethod: string;
  /** What stands under x-amazon-apigateway-integration. */
  readonly integration: Node | undefined;
  /** What stands under security; undefined: nothing. */
  readonly security: Node | undefined;
  readonly at: Place;
}

const METHODS: ReadonlySet<string> = new Set('get head options post put patch delete'.split(' '));
const ANY_METHOD = 'x-amazon-apigateway-any-method';

/** Paths and methods of a document of OpenAPI 2 or 3, evaluated. What is not one is told. */
export function readOpenApi(body: Node, tell: Teller): readonly OpenApiOperation[] {
  if (body.kind === 'unknown') return [];
  const paths = get(body, 'paths');
  if (body.kind !== 'map' || (get(body, 'swagger') ?? get(body, 'openapi')) === undefined) {
    const says = `An OpenAPI document begins with swagger: "2.0" or openapi: 3.0.1; this is ${kindInWords(body)} without either.`;
    tell.error('template/property', body.at, says);
    return [];
  }
  if (paths?.kind !== 'map') return [];
  return [...paths.entries].flatMap(([path, { value: item }]): OpenApiOperation[] => {
    if (item.kind !== 'map') return [];
    return [...item.entries].flatMap(([key, { keyAt, value }]): OpenApiOperation[] => {
      if (!METHODS.has(key) && key !== ANY_METHOD) return [];
      const integration = get(value, 'x-amazon-apigateway-integration');
      const httpMethod = key === ANY_METHOD ? 'ANY' : key.toUpperCase();
      return [{ path, httpMethod, integration, security: get(value, 'security'), at: keyAt }];
    });
  });
}

/** Whether the document turns the API's own name off: at its top in OpenAPI 2, under its servers in OpenAPI 3. */
export function disablesEndpoint(body: Node | undefined): boolean {
  const key = 'x-amazon-apigateway-endpoint-configuration';
  const servers = get(body, 'servers');
  const places = [body, ...(servers?.kind === 'list' ? servers.items : [])];
  return places.some((place) => {
    const value = get(get(place, key), 'disableExecuteApiEndpoint');
    return value !== undefined && isScalar(value) && value.text === 'true';
  });
}
