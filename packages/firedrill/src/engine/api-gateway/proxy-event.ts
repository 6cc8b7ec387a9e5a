import { commonLogDate } from '../calendar.ts';
import type { Headers, HttpRequest } from '../conversation.ts';
import { withForwarded } from '../forwarded-headers.ts';
import { queryOf } from '../query-string.ts';
import { extendedRequestId } from './gateway-response.ts';
import type { Entrance, Route } from './routes.ts';

/** What an event needs besides the request itself. */
export interface EventFacts {
  readonly entrance: Pick<Entrance, 'stage' | 'eventPath' | 'requestPath' | 'domainName'> & {
    readonly api: Pick<Entrance['api'], 'id' | 'stages'>;
  };
  readonly route: Pick<Route, 'pathParameters'> & { readonly resource: Pick<Route['resource'], 'id' | 'path'> };
  readonly request: HttpRequest;
  readonly account: string;
  readonly sourceIp: string;
  readonly requestId: string;
  /** Milliseconds since 1970; the driver's wall clock in `live`, the world's own in `sim`. */
  readonly epochMs: number;
  /** Text of the body, or Base64 when it is binary; null when there is none. */
  readonly body: { readonly text: string; readonly isBase64Encoded: boolean } | null;
}

/** The event of a Lambda proxy integration, payload 1.0 (RS 3.1 to 3.3). */
export function proxyEvent(facts: EventFacts): Record<string, unknown> {
  const { entrance, route, request, body } = facts;
  const query = queryOf(request.target);
  const own = request.headers.filter(([name]) => !UNSEEN.has(name.toLowerCase()));
  const headers: Headers = [...withForwarded(own, facts.sourceIp), ['Host', request.host]];
  return {
    resource: route.resource.path,
    path: entrance.eventPath,
    httpMethod: request.method,
    headers: lastOf(headers),
    multiValueHeaders: allOf(headers),
    queryStringParameters: query.length === 0 ? null : lastOf(query),
    multiValueQueryStringParameters: query.length === 0 ? null : allOf(query),
    pathParameters: route.pathParameters,
    stageVariables: stageVariablesOf(entrance),
    requestContext: requestContext(facts, headers),
    body: body?.text ?? null,
    isBase64Encoded: body?.isBase64Encoded ?? false,
  };
}

/** Headers that events do not have (RS 3.2a). */
const UNSEEN: ReadonlySet<string> = new Set(['connection', 'content-length']);

function requestContext(
  { entrance, route, request, account, sourceIp, requestId, epochMs }: EventFacts,
  headers: Headers,
): Record<string, unknown> {
  const userAgent = headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? null;
  const nothing = {
    accessKey: null,
    accountId: null,
    caller: null,
    cognitoAuthenticationProvider: null,
    cognitoAuthenticationType: null,
    cognitoIdentityId: null,
    cognitoIdentityPoolId: null,
    principalOrgId: null,
    user: null,
    userArn: null,
  };
  return {
    resourceId: route.resource.id,
    resourcePath: route.resource.path,
    httpMethod: request.method,
    extendedRequestId: extendedRequestId(requestId),
    requestTime: commonLogDate(epochMs / 1000),
    path: entrance.requestPath,
    accountId: account,
    protocol: 'HTTP/1.1',
    stage: entrance.stage,
    domainPrefix: entrance.domainName.split('.', 1)[0],
    requestTimeEpoch: epochMs,
    requestId,
    identity: { ...nothing, sourceIp, userAgent },
    domainName: entrance.domainName,
    deploymentId: entrance.api.stages.find(({ name }) => name === entrance.stage)?.deploymentId ?? '',
    apiId: entrance.api.id,
  };
}

function stageVariablesOf({ api, stage }: EventFacts['entrance']): Readonly<Record<string, string>> | null {
  const variables = api.stages.find(({ name }) => name === stage)?.variables ?? {};
  return Object.keys(variables).length === 0 ? null : variables;
}

function lastOf(pairs: Headers): Record<string, string> {
  return Object.fromEntries(pairs);
}

function allOf(pairs: Headers): Record<string, string[]> {
  const all: Record<string, string[]> = {};
  for (const [name, value] of pairs) {
    if (Object.hasOwn(all, name)) all[name]?.push(value);
    else Object.defineProperty(all, name, { value: [value], enumerable: true, configurable: true, writable: true });
  }
  return all;
}
