import type { CollectedBody, HttpRequest } from './conversation.ts';
import { commonLogDate } from './calendar.ts';
import { withForwarded } from './forwarded-headers.ts';
import { decodedPath, queryOf } from './query-string.ts';

/** What an event of payload format 2.0 needs besides the request itself; function URLs make the same (RS 4.26). */
export interface PayloadFacts {
  readonly request: HttpRequest;
  readonly routeKey: string;
  readonly rawPath: string;
  readonly stage: string;
  readonly accountId: string;
  readonly apiId: string;
  readonly domainName: string;
  readonly sourceIp: string;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly epochMs: number;
  readonly pathParameters: Readonly<Record<string, string>> | undefined;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly body: CollectedBody | null;
  /** What the caller adds to the context. */
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The event of payload format 2.0 (RS 3.30 to 3.32). Maps that would be empty are not there at all. */
export function payloadEvent(facts: PayloadFacts): Record<string, unknown> {
  const { request, body } = facts;
  const query = joined(queryOf(request.target));
  const at = request.target.indexOf('?');
  const cookies = request.headers.flatMap(([name, value]) =>
    name.toLowerCase() === 'cookie' ? value.split(';').map((cookie) => cookie.trim()) : [],
  );
  return {
    version: '2.0',
    routeKey: facts.routeKey,
    rawPath: facts.rawPath,
    rawQueryString: at < 0 ? '' : request.target.slice(at + 1),
    ...(cookies.length === 0 ? {} : { cookies }),
    headers: lowerHeaders(request, facts.sourceIp),
    ...(Object.keys(query).length === 0 ? {} : { queryStringParameters: query }),
    requestContext: contextOf(facts),
    ...(facts.pathParameters === undefined ? {} : { pathParameters: decodedAll(facts.pathParameters) }),
    ...(Object.keys(facts.stageVariables).length === 0 ? {} : { stageVariables: facts.stageVariables }),
    ...(body === null ? {} : { body: body.text }),
    isBase64Encoded: body?.isBase64Encoded ?? false,
  };
}

function contextOf(facts: PayloadFacts): Record<string, unknown> {
  const { request, domainName, sourceIp, rawPath } = facts;
  const userAgent = request.headers.find(([name]) => name.toLowerCase() === 'user-agent')?.[1] ?? '';
  return {
    accountId: facts.accountId,
    apiId: facts.apiId,
    domainName,
    domainPrefix: domainName.split('.', 1)[0],
    http: { method: request.method, path: rawPath, protocol: 'HTTP/1.1', sourceIp, userAgent },
    requestId: facts.requestId,
    routeKey: facts.routeKey,
    stage: facts.stage,
    time: commonLogDate(facts.epochMs / 1000),
    timeEpoch: facts.epochMs,
    ...facts.context,
  };
}

/** By lower-case names; of several the values are joined by commas. Cookies stand apart (RS 3.30, 3.31). */
function lowerHeaders({ headers, host }: HttpRequest, sourceIp: string): Record<string, string> {
  const plain = withForwarded(headers, sourceIp).flatMap(([name, value]): [string, string][] =>
    name.toLowerCase() === 'cookie' ? [] : [[name.toLowerCase(), value]],
  );
  return joined([...plain, ['host', host]]);
}

function joined(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const all = new Map<string, string>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : `${before},${value}`);
  }
  return Object.fromEntries(all);
}

function decodedAll(parameters: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, decodedPath(value)]));
}
