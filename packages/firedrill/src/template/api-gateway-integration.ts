import type { IntegrationResponse, Place, RestIntegration } from '../model/index.ts';
import type { MapNode, Node } from './node.ts';
import { get, isScalar } from './node.ts';
import type { Placed } from './shape.ts';
import { anything, integer, listOf, oneOf, optional, placed, recordOf, required, shape, text } from './shape.ts';
import { inertFields, notYet } from './shape.ts';
import type { Teller } from './teller.ts';

const TYPES = ['AWS', 'AWS_PROXY', 'HTTP', 'HTTP_PROXY', 'MOCK'] as const;

// Regional APIs may go beyond 29 s with a raised quota (RS 3.18, 3.18b).
const TIMEOUT = placed(integer({ least: 50, most: 300_000, facts: ['RS 3.18'] }));

/** An integration as the properties of a method have it. */
export const INTEGRATION = shape('Integration', {
  Type: required(placed(oneOf(TYPES))),
  Uri: optional(placed(text())),
  IntegrationHttpMethod: optional(placed(text())),
  TimeoutInMillis: optional(TIMEOUT),
  IntegrationResponses: optional(listOf(anything)),
  RequestParameters: optional(recordOf(anything)),
  RequestTemplates: optional(recordOf(anything)),
  ...inertFields('CacheKeyParameters', 'CacheNamespace', 'ConnectionId', 'ConnectionType', 'ContentHandling'),
  ...inertFields('Credentials', 'IntegrationTarget', 'PassthroughBehavior'),
  ResponseTransferMode: notYet('Answers are buffered.'),
});

/** The same as an OpenAPI document has it. */
const EXTENSION = shape('x-amazon-apigateway-integration', {
  type: required(placed(anyCase(TYPES))),
  uri: optional(placed(text())),
  httpMethod: optional(placed(text())),
  timeoutInMillis: optional(TIMEOUT),
  responses: optional(recordOf(anything)),
  requestParameters: optional(recordOf(anything)),
  requestTemplates: optional(recordOf(anything)),
  ...inertFields('cacheKeyParameters', 'cacheNamespace', 'connectionId', 'connectionType', 'contentHandling'),
  ...inertFields('credentials', 'integrationTarget', 'passthroughBehavior', 'payloadFormatVersion', 'tlsConfig'),
  responseTransferMode: notYet('Answers are buffered.'),
});

/** One of a few words, in any case. */
function anyCase<const T extends string>(words: readonly T[]): (node: Node, tell: Teller) => T | undefined {
  const decode = oneOf(words);
  return (node, tell) =>
    decode(isScalar(node) ? { kind: 'text', text: node.text.toUpperCase(), at: node.at } : node, tell);
}

/** An integration, wherever it was written. */
export interface WrittenIntegration {
  readonly type: Placed<(typeof TYPES)[number]>;
  readonly uri: Placed<string> | undefined;
  /** There is one, whether or not its value could be read. */
  readonly hasUri: boolean;
  readonly httpMethod: Placed<string> | undefined;
  readonly timeout: Placed<number> | undefined;
  readonly requestParameters: ReadonlyMap<string, Node>;
  readonly requestTemplates: ReadonlyMap<string, Node>;
  readonly responses: readonly IntegrationResponse[];
  readonly at: Place;
}

/** What stands under `Integration` of a method. */
export function integrationOfMethod(
  read: NonNullable<ReturnType<typeof INTEGRATION>>,
  tell: Teller,
): WrittenIntegration {
  const responses = (read.IntegrationResponses ?? []).map((node) =>
    responseOf(textAt(node, 'SelectionPattern'), node, 'method', tell),
  );
  return {
    type: read.Type,
    uri: read.Uri,
    hasUri: read.written.has('Uri'),
    httpMethod: read.IntegrationHttpMethod,
    timeout: read.TimeoutInMillis,
    requestParameters: read.RequestParameters ?? new Map(),
    requestTemplates: read.RequestTemplates ?? new Map(),
    responses,
    at: read.at,
  };
}

/** What stands under `x-amazon-apigateway-integration` of an operation; undefined: it could not be read, which was told. */
export function integrationOfOperation(node: Node, tell: Teller): WrittenIntegration | undefined {
  const read = EXTENSION(node, tell);
  if (read === undefined) return undefined;
  const responses = [...(read.responses ?? [])].map(([pattern, response]) =>
    responseOf(pattern === 'default' ? undefined : pattern, response, 'operation', tell),
  );
  return {
    type: read.type,
    uri: read.uri,
    hasUri: read.written.has('uri'),
    httpMethod: read.httpMethod,
    timeout: read.timeoutInMillis,
    requestParameters: read.requestParameters ?? new Map(),
    requestTemplates: read.requestTemplates ?? new Map(),
    responses,
    at: read.at,
  };
}

const KEYS = {
  method: { status: 'StatusCode', parameters: 'ResponseParameters', templates: 'ResponseTemplates' },
  operation: { status: 'statusCode', parameters: 'responseParameters', templates: 'responseTemplates' },
} as const;

/** Fixed values stand in quotes; `integration.response.header.x` passes a header on. */
function responseOf(
  pattern: string | undefined,
  node: Node,
  written: keyof typeof KEYS,
  tell: Teller,
): IntegrationResponse {
  const keys = KEYS[written];
  const headers: Record<string, string> = {};
  const passedHeaders: Record<string, string> = {};
  const parameters = get(node, keys.parameters);
  for (const [key, { value }] of parameters?.kind === 'map' ? parameters.entries : []) {
    const name = /^method\.response\.header\.(.+)$/.exec(key)?.[1];
    if (name === undefined || !isScalar(value)) continue;
    const fixed = /^'([^]*)'$/.exec(value.text)?.[1];
    const passed = /^integration\.response\.header\.(.+)$/.exec(value.text)?.[1];
    if (fixed !== undefined) headers[name] = fixed;
    else if (passed !== undefined) passedHeaders[name] = passed;
    else {
      const says = `Firedrill does not evaluate ${value.text}; the header ${name} is left out.`;
      tell.warning('template/not-acted-on', value.at, says);
    }
  }
  const status = Number(textAt(node, keys.status) ?? '200');
  const selectionPattern = pattern === '' ? undefined : pattern;
  return { selectionPattern, status, headers, passedHeaders, body: bodyOf(get(node, keys.templates), tell) };
}

/** The template for JSON, or the only one. Such as compute something are told; what they would say is left out. */
function bodyOf(templates: Node | undefined, tell: Teller): string | undefined {
  if (templates?.kind !== 'map') return undefined;
  const [first] = templates.entries.values();
  const template = (templates.entries.get('application/json') ?? first)?.value;
  if (template === undefined || !isScalar(template)) return undefined;
  if (!COMPUTES.test(template.text)) return template.text;
  const says = 'Firedrill does not evaluate templates of responses that compute something; the body is empty.';
  tell.warning('template/not-acted-on', template.at, says);
  return '';
}

/** Directives and references of the template language. */
const COMPUTES = /#(?:if|else|set|foreach|end)\b|\$\{?!?\{?[a-zA-Z]/;

/** The function that an address of API Gateway calls; undefined: it is no such address. */
export function functionIn(uri: string): string | undefined {
  return /^arn:aws[a-z-]*:apigateway:[a-z0-9-]+:lambda:path\/2015-03-31\/functions\/(arn:.+)\/invocations$/.exec(
    uri,
  )?.[1];
}

/** What a method comes to; undefined: it is left out, which was told. */
export function restIntegration(written: WrittenIntegration, tell: Teller): RestIntegration | undefined {
  const { type } = written;
  switch (type.value) {
    case 'AWS_PROXY':
      return lambdaProxy(written, tell);
    case 'HTTP':
    case 'HTTP_PROXY':
      return httpIntegration(written, tell);
    case 'MOCK':
      return { kind: 'mock', statusByType: statusesOf(written, tell), responses: written.responses };
    case 'AWS': {
      const says =
        'Firedrill acts on AWS_PROXY, HTTP, HTTP_PROXY and MOCK integrations only; this method with AWS is left out and answers 403.';
      tell.warning('template/not-acted-on', type.at, says, { remedy: 'Use `Type: AWS_PROXY` with a Lambda function.' });
      return undefined;
    }
  }
}

function lambdaProxy(written: WrittenIntegration, tell: Teller): RestIntegration | undefined {
  const { uri, httpMethod: method } = written;
  const functionArn = uri === undefined ? undefined : functionIn(uri.value);
  if (functionArn === undefined) {
    // An unknown Uri has been told where it is unknown.
    if (uri !== undefined || !written.hasUri) {
      const says =
        'Uri of a Lambda proxy integration must be arn:aws:apigateway:REGION:lambda:path/2015-03-31/functions/ARN/invocations.';
      tell.error('template/property', uri?.at ?? written.at, says);
    }
    return undefined;
  }
  if (method?.value.toUpperCase() !== 'POST') {
    const says =
      'A Lambda proxy integration needs IntegrationHttpMethod: POST; with any other each request is answered 500.';
    tell.error('template/property', method?.at ?? written.at, says, { facts: ['RS 3.8a'] });
  }
  return { kind: 'lambda-proxy', functionArn, timeoutMs: timeoutOf(written, tell) };
}

function httpIntegration(written: WrittenIntegration, tell: Teller): RestIntegration | undefined {
  const { uri, httpMethod, type } = written;
  if (uri === undefined || !/^https?:\/\/[^/]/.test(uri.value)) {
    if (uri !== undefined || !written.hasUri) {
      const says = `Uri of an integration of the type ${type.value} must be an address that begins with http:// or https://.`;
      tell.error('template/property', uri?.at ?? written.at, says);
    }
    return undefined;
  }
  return {
    kind: 'http',
    isProxy: type.value === 'HTTP_PROXY',
    httpMethod: httpMethod?.value.toUpperCase() ?? 'ANY',
    uri: uri.value,
    pathParameters: pathParametersOf(written, tell),
    timeoutMs: timeoutOf(written, tell),
    responses: written.responses,
  };
}

/** `integration.request.path.id: method.request.path.orderId`; headers and queries that are added are told. */
function pathParametersOf({ requestParameters }: WrittenIntegration, tell: Teller): Record<string, string> {
  const taken: Record<string, string> = {};
  for (const [key, value] of requestParameters) {
    const name = /^integration\.request\.path\.(.+)$/.exec(key)?.[1];
    const from = isScalar(value) ? /^method\.request\.path\.(.+)$/.exec(value.text)?.[1] : undefined;
    if (name !== undefined && from !== undefined) taken[name] = from;
    else tell.warning('template/not-acted-on', value.at, `Firedrill does not set ${key}; the request goes without it.`);
  }
  return taken;
}

function timeoutOf({ timeout }: Pick<WrittenIntegration, 'timeout'>, tell: Teller): number {
  if (timeout !== undefined && timeout.value > 29_000) {
    const says = `TimeoutInMillis is ${timeout.value}; above 29000 AWS refuses it unless the account's quota was raised.`;
    tell.warning('template/property', timeout.at, says, { facts: ['RS 3.18', 'RS 3.18b'] });
  }
  return timeout?.value ?? 29_000;
}

/** Each request template must yield JSON with a number as statusCode; quotes around the name may be left out (RS 3.23). */
function statusesOf({ requestTemplates }: WrittenIntegration, tell: Teller): Record<string, number | undefined> {
  const statuses: Record<string, number | undefined> = {};
  for (const [type, node] of requestTemplates) {
    const template = isScalar(node) ? node.text : '';
    const found = /["']?statusCode["']?\s*:\s*(\d{3})\b/.exec(template)?.[1];
    if (/#(?:if|else|set|foreach)\b/.test(template)) {
      const says = 'Firedrill does not evaluate conditions of request templates; the first statusCode counts.';
      tell.warning('template/not-acted-on', node.at, says, { facts: ['RS 3.23a'] });
    }
    statuses[type] = found === undefined ? undefined : Number(found);
  }
  return statuses;
}

function textAt(node: Node | MapNode, key: string): string | undefined {
  const value = get(node, key);
  return value !== undefined && isScalar(value) ? value.text : undefined;
}
