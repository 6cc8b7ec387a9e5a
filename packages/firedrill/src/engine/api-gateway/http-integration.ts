import type { HttpIntegration, Instant } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import type {
  Answered,
  Arrival,
  Conversation,
  Header,
  Headers,
  Moment,
  Outcome,
  Reply,
  Vantage,
} from '../conversation.ts';
import { byteLengthOf } from '../byte-length.ts';
import { headerOf, HOP_BY_HOP } from '../headers.ts';
import type { Resolver } from '../resolver.ts';
import type { Answering } from './gateway-response.ts';
import { accountOf, gatewayResponse, idHeaders } from './gateway-response.ts';
import { responseFor } from './mock.ts';
import { remapped } from './remapped.ts';

/** What a request to another server is made of. */
export interface HttpCalled {
  readonly integration: HttpIntegration;
  readonly arrival: Arrival;
  readonly moment: Moment;
  readonly apiId: string;
  readonly isHttpApi: boolean;
  readonly pathParameters: Readonly<Record<string, string>> | null;
  readonly stageVariables: Readonly<Record<string, string>>;
  /** Of the Region. */
  readonly resolver: Resolver;
  readonly from: Vantage;
}

/** Where an integration leads, once everything is filled in. */
interface Address {
  readonly isTls: boolean;
  readonly host: string;
  readonly port: number;
  readonly target: string;
}

/** What came of it: an answer, nothing in time, or nothing at all, as when the address is none once parameters are filled in. */
export type ServerOutcome = Answered | { readonly kind: 'timed-out' } | { readonly kind: 'failed' };

/** Asks another server in the place of the client, for as long as the integration may take (RS 3.18, 3.34). */
export function* askServer(called: HttpCalled): Conversation<ServerOutcome> {
  const { integration, moment, resolver, from } = called;
  const address = addressOf(called);
  if (address === undefined) return { kind: 'failed' };
  const until: Instant = after(moment.now, integration.timeoutMs);
  const { found } = yield* resolver.resolve(address.host, moment, until);
  if (found.kind === 'failed') return { kind: moment.now >= until ? 'timed-out' : 'failed' };
  const outcome = (yield {
    kind: 'exchange',
    from,
    to: found.addresses[0] ?? '',
    port: address.port,
    tls: address.isTls ? { serverName: address.host, verifyNames: [address.host] } : undefined,
    request: {
      method: integration.httpMethod === 'ANY' ? called.arrival.request.method : integration.httpMethod,
      target: address.target,
      host: hostOf(address),
      headers: headersOf(called),
      body: called.arrival.request.body,
    },
    connectTimeoutMs: integration.timeoutMs,
    responseTimeoutMs: integration.timeoutMs,
    until,
  }) as Outcome;
  if (outcome.kind === 'answered') return outcome;
  return { kind: outcome.why.endsWith('timeout') ? 'timed-out' : 'failed' };
}

function hostOf({ host, port, isTls }: Address): string {
  return port === (isTls ? 443 : 80) ? host : `${host}:${port}`;
}

/** Parameters of the path and stage variables are filled in; the query of the request goes along (RS 3.24). */
function addressOf({ integration, pathParameters, stageVariables, arrival }: HttpCalled): Address | undefined {
  const filled = integration.uri
    .replaceAll(/\$\{stageVariables\.(\w+)\}/g, (_, name: string) => stageVariables[name] ?? '')
    .replaceAll(/\{([\w.-]+)\+?\}/g, (whole, name: string) => {
      const parameter = integration.pathParameters[name] ?? name;
      return pathParameters?.[parameter] ?? whole;
    });
  const [, scheme, host = '', port, path = ''] =
    /^(https?):\/\/([A-Za-z0-9.-]+)(?::(\d{1,5}))?([/?].*)?$/.exec(filled) ?? [];
  if (scheme === undefined || host === '') return undefined;
  const isTls = scheme === 'https';
  // Without proxy nothing of the request goes along that is not mapped.
  const query = integration.isProxy ? queryOf(arrival.request.target) : '';
  const written = path.startsWith('/') ? path : `/${path}`;
  const target = query === '' ? written : `${written}${written.includes('?') ? '&' : '?'}${query}`;
  return { isTls, host: host.toLowerCase(), port: port === undefined ? (isTls ? 443 : 80) : Number(port), target };
}

function queryOf(target: string): string {
  const at = target.indexOf('?');
  return at < 0 ? '' : target.slice(at + 1);
}

/** As they came, with where they came from; without proxy hardly any (RS 3.27a). */
function headersOf(called: HttpCalled): Headers {
  const { arrival, apiId, integration } = called;
  const { request } = arrival;
  if (!integration.isProxy) {
    const type = headerOf(request.headers, 'content-type');
    return [
      ['Accept', 'application/json'],
      ...(type === undefined ? [] : [['Content-Type', type] as const]),
      ['User-Agent', `AmazonAPIGateway_${apiId}`],
      ['x-amzn-apigateway-api-id', apiId],
    ];
  }
  const passed = request.headers.filter(
    ([name]) =>
      !HOP_BY_HOP.has(name.toLowerCase()) &&
      !OWN.has(name.toLowerCase()) &&
      !(called.isHttpApi && name.toLowerCase().startsWith('x-forwarded-')),
  );
  const hasAgent = headerOf(request.headers, 'user-agent') !== undefined;
  return [
    ...passed,
    ...(hasAgent ? [] : [['User-Agent', `AmazonAPIGateway_${apiId}`] as const]),
    ['x-amzn-apigateway-api-id', apiId],
    called.isHttpApi ? forwarded(called) : forwardedFor(called),
  ];
}

function forwardedFor({ arrival: { request, from } }: HttpCalled): Header {
  const before = headerOf(request.headers, 'x-forwarded-for');
  return ['X-Forwarded-For', before === undefined ? from.address : `${before}, ${from.address}`];
}

/** HTTP APIs say the same, and more, in the words of RFC 7239 (RS 3.36c). */
function forwarded({ arrival: { request, from }, from: asker }: HttpCalled): Header {
  const before = headerOf(request.headers, 'x-forwarded-for')?.split(',') ?? [];
  const own = `by=${asker.address};for=${from.address};host=${request.host};proto=https`;
  return ['Forwarded', [...before.map((address) => `for=${address.trim()}`), own].join(', ')];
}

const OWN: ReadonlySet<string> = new Set(['x-amzn-apigateway-api-id', 'x-forwarded-for']);

/** What a client gets of a server's answer: the whole of it, or what the response for its status makes of it. */
export function serverReply(answered: Answered, integration: HttpIntegration, answering: Answering): Reply {
  const { status, headers, body } = answered;
  const account = { ...accountOf(answering), cause: answered.account?.cause ?? 0 };
  const own = idHeaders(answering);
  const base = { kind: 'reply', account, store: undefined } as const;
  if (integration.isProxy) return { ...base, status, headers: [...remapped(headers), ...own], body };
  const response = responseFor(integration.responses, String(status));
  if (response === undefined) return gatewayResponse('configuration-error', answering);
  const fixed = Object.entries(response.headers);
  const passed = Object.entries(response.passedHeaders).flatMap(([name, from]): Header[] => {
    const value = headerOf(headers, from);
    return value === undefined ? [] : [[name, value]];
  });
  const given = [...fixed, ...passed];
  const type = headerOf(headers, 'content-type') ?? 'application/json';
  const hasType = given.some(([name]) => name.toLowerCase() === 'content-type');
  return {
    ...base,
    status: response.status,
    headers: [...(hasType ? [] : [['Content-Type', type] as const]), ...given, ...own],
    body: response.body === undefined ? body : { bytes: byteLengthOf(response.body), text: response.body },
  };
}
