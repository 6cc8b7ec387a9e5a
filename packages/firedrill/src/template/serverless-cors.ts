import type { ServerlessRoute } from './serverless-apis.ts';
import type { Serverless } from './serverless-stack.ts';
import { textOf } from './serverless-stack.ts';
import type { Node } from './node.ts';
import { get } from './node.ts';
import type { Written } from './written-node.ts';

const METHODS = ['DELETE', 'GET', 'HEAD', 'PATCH', 'POST', 'PUT'];

/** The OPTIONS method that SAM adds to a path for preflights: a mock that answers with the headers of `Cors`. */
export function corsMethod(sam: Serverless, cors: Node, own: readonly ServerlessRoute[]): Written {
  const origin = cors.kind === 'map' && get(cors, 'Ref') === undefined ? get(cors, 'AllowOrigin') : cors;
  const wrongs = cors.kind === 'map' ? [...cors.entries].filter(([key]) => !PROPERTIES.has(key)) : [];
  for (const [key, { keyAt }] of wrongs)
    if (key !== 'Ref' && !key.startsWith('Fn::'))
      sam.tell.error('template/property', keyAt, `Cors has no property ${key}.`, {
        remedy: `It has ${[...PROPERTIES].join(', ')}.`,
      });
  const isAny = own.some(({ method }) => method === 'x-amazon-apigateway-any-method');
  const methods = isAny ? METHODS : own.map(({ method }) => method.toUpperCase());
  const allowed = [...new Set([...methods, 'OPTIONS'])].toSorted().join(',');
  const credentials = textOf(get(cors, 'AllowCredentials')) === 'true';
  const headers: Record<string, Written | undefined> = {
    'Access-Control-Allow-Origin': origin ?? "'*'",
    'Access-Control-Allow-Headers': get(cors, 'AllowHeaders'),
    'Access-Control-Allow-Methods': get(cors, 'AllowMethods') ?? `'${allowed}'`,
    'Access-Control-Max-Age': get(cors, 'MaxAge'),
    'Access-Control-Allow-Credentials': credentials ? "'true'" : undefined,
  };
  const parameters = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [`method.response.header.${name}`, value]),
  );
  return {
    summary: 'CORS support',
    consumes: ['application/json'],
    produces: ['application/json'],
    'x-amazon-apigateway-integration': {
      type: 'mock',
      requestTemplates: { 'application/json': '{\n  "statusCode" : 200\n}\n' },
      responses: {
        default: {
          statusCode: '200',
          responseParameters: parameters,
          responseTemplates: { 'application/json': '{}\n' },
        },
      },
    },
    responses: { '200': { description: 'Default response for CORS method' } },
  };
}

const PROPERTIES: ReadonlySet<string> = new Set(
  'AllowCredentials AllowHeaders AllowMethods AllowOrigin MaxAge'.split(' '),
);
