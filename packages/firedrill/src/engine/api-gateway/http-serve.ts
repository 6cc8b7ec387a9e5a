import type { HttpApiIntegration, LambdaFunction } from '../../model/index.ts';
import type {
  Arrival,
  Body,
  BodyEncoding,
  CollectedBody,
  Headers,
  Invocation,
  LastInvoke,
  Moment,
  Reply,
} from '../conversation.ts';
import { encodingByType } from '../body-encoding.ts';
import { textBodyOf } from '../byte-length.ts';
import { API_GATEWAY_FACTS } from './facts.ts';
import type { Answering } from './gateway-response.ts';
import { accountOf } from './gateway-response.ts';
import { isPreflight, preflightHeaders, withCors } from '../cross-origin.ts';
import { payloadEvent } from '../payload-event.ts';
import type { ServerOutcome } from './http-integration.ts';
import { payloadResponse } from '../payload-response.ts';
import type { HttpEntrance, HttpRoute } from './http-routes.ts';
import { proxyEvent } from './proxy-event.ts';
import { proxyResponse } from './proxy-response.ts';
import { remapped } from './remapped.ts';

/** A request at an HTTP API, as far as it is known where it goes. */
export interface HttpCalled {
  readonly arrival: Arrival;
  readonly moment: Moment;
  readonly entrance: HttpEntrance;
  readonly route: HttpRoute;
}

/** Answers that HTTP APIs make themselves: bodies and their capitals differ from those of REST APIs (RS 3.29, 3.34, 3.35). */
const MESSAGES = {
  'not-found': [404, 'Not Found'],
  'internal-server-error': [500, 'Internal Server Error'],
  'service-unavailable': [503, 'Service Unavailable'],
  'request-too-large': [413, 'Request Entity Too Large'],
} as const satisfies Readonly<Record<string, readonly [number, string]>>;

/** `{"message": …}` with the headers of an HTTP API (RS 3.36). */
export function httpMessage(kind: keyof typeof MESSAGES, answering: Answering): Reply {
  const [status, message] = MESSAGES[kind];
  return httpMessageOf(status, message, answering);
}

/** An answer of the HTTP API itself: JSON with one message. */
export function httpMessageOf(status: number, message: string, answering: Answering): Reply {
  return replyOf(status, [['content-type', 'application/json']], JSON.stringify({ message }), answering);
}

/** The answer to a browser that asks whether it may ask; undefined: it is none, or the API has no rules (RS 3.36b). */
export function preflightReply({ api }: HttpEntrance, { request }: Arrival, answering: Answering): Reply | undefined {
  if (api.cors === undefined || !isPreflight(request)) return undefined;
  return replyOf(204, preflightHeaders(api.cors, request), '', answering);
}

/** What a client gets of another server's answer. */
export function httpServerReply(outcome: ServerOutcome, called: HttpCalled, answering: Answering): Reply {
  if (outcome.kind !== 'answered') return httpMessage('service-unavailable', answering);
  const { status, headers, body } = outcome;
  const account = { ...accountOf(answering), cause: outcome.account?.cause ?? 0 };
  return {
    kind: 'reply',
    status,
    headers: finished(remapped(headers), called, answering),
    body,
    account,
    store: undefined,
  };
}

function finished(headers: Headers, { entrance, arrival }: HttpCalled, answering: Answering): Headers {
  const { cors } = entrance.api;
  const own = cors === undefined ? headers : withCors(cors, arrival.request, headers);
  return [...own, idHeader(answering)];
}

/** RS 3.36 */
function idHeader({ requestId }: Answering): readonly [string, string] {
  return ['apigw-requestid', `${requestId.replaceAll('-', '').slice(0, 15)}=`];
}

function replyOf(status: number, headers: Headers, text: string, answering: Answering, isBase64 = false): Reply {
  return {
    kind: 'reply',
    status,
    headers: [...headers, idHeader(answering)],
    body: textBodyOf(text, isBase64),
    account: accountOf(answering),
    store: undefined,
  };
}

type FunctionIntegration = Extract<HttpApiIntegration, { kind: 'lambda-proxy' }>;

/** What an invocation needs to know of where it happens. */
export interface HttpAround extends Answering {
  readonly accountId: string;
  /** Milliseconds since 1970. */
  readonly epochMs: number;
}

/** A function that is to run for a route (RS 3.30 to 3.35). */
export class HttpFunctionCall implements LastInvoke {
  readonly kind = 'invoke';
  readonly function: LambdaFunction;
  private readonly called: HttpCalled;
  private readonly integration: FunctionIntegration;
  private readonly around: HttpAround;

  constructor(fn: LambdaFunction, integration: FunctionIntegration, called: HttpCalled, around: HttpAround) {
    this.function = fn;
    this.called = called;
    this.integration = integration;
    this.around = around;
  }

  get body(): Body | undefined {
    return this.called.arrival.request.body;
  }

  get bodyBytesMax(): number {
    return API_GATEWAY_FACTS.PAYLOAD_BYTES_MAX.value;
  }

  get bodyEncoding(): BodyEncoding {
    return encodingByType(this.called.arrival.request.headers);
  }

  get timeoutMs(): number {
    return Math.min(this.function.timeoutSeconds * 1000, this.integration.timeoutMs);
  }

  payload(body: CollectedBody | null): unknown {
    const { called, around } = this;
    const { entrance, route, arrival } = called;
    const stageVariables = entrance.api.stages.find(({ name }) => name === entrance.stage)?.variables ?? {};
    const { request } = arrival;
    if (this.integration.payloadFormatVersion === '2.0')
      return payloadEvent({
        request,
        routeKey: route.route.routeKey,
        rawPath: entrance.requestPath,
        stage: entrance.stage,
        accountId: around.accountId,
        apiId: entrance.api.id,
        domainName: entrance.domainName,
        sourceIp: arrival.from.address,
        requestId: around.requestId,
        epochMs: around.epochMs,
        pathParameters: route.pathParameters,
        stageVariables,
        body,
      });
    return this.oldPayload(body, stageVariables);
  }

  answer(invocation: Invocation): Reply {
    const { around, called, integration } = this;
    if (invocation.kind === 'too-large') return httpMessage('request-too-large', around);
    if (invocation.kind !== 'returned') {
      const givesUpFirst = integration.timeoutMs < this.function.timeoutSeconds * 1000;
      const isLate = invocation.kind === 'failed' && invocation.errorType === 'Sandbox.Timedout' && givesUpFirst;
      return httpMessage(isLate ? 'service-unavailable' : 'internal-server-error', around);
    }
    const isNew = integration.payloadFormatVersion === '2.0';
    const response = isNew ? payloadResponse(invocation.payload, invocation.text) : oldResponse(invocation.payload);
    if (response === undefined) return httpMessage('internal-server-error', around);
    const { status, headers, body, isBase64Encoded } = response;
    const { cors } = called.entrance.api;
    const own = cors === undefined ? headers : withCors(cors, called.arrival.request, headers);
    return replyOf(status, own, body, around, isBase64Encoded);
  }

  /** Payload format 1.0 is that of REST APIs, with a version and lower-case names (RS 3.30). */
  private oldPayload(body: CollectedBody | null, variables: Readonly<Record<string, string>>): unknown {
    const { called, around } = this;
    const { entrance, route, arrival } = called;
    const { request, from } = arrival;
    const headers = request.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
    const [, path = '$default'] = route.route.routeKey.split(' ');
    return {
      version: '1.0',
      ...proxyEvent({
        entrance: {
          api: { id: entrance.api.id, stages: [{ name: entrance.stage, deploymentId: '', variables }] },
          stage: entrance.stage,
          eventPath: entrance.requestPath,
          requestPath: entrance.requestPath,
          domainName: entrance.domainName,
        },
        route: { resource: { id: route.route.routeKey, path }, pathParameters: route.pathParameters ?? null },
        request: { ...request, headers },
        account: around.accountId,
        sourceIp: from.address,
        requestId: around.requestId,
        epochMs: around.epochMs,
        body,
      }),
    };
  }
}

/** As of a REST API, but that Base64 is undone. */
function oldResponse(payload: unknown): ReturnType<typeof payloadResponse> {
  const read = proxyResponse(payload);
  if (read === undefined) return undefined;
  const { isBase64Encoded } = payload as { readonly isBase64Encoded?: unknown };
  const headers = read.headers.map(([name, value]) => [name.toLowerCase(), value] as const);
  return { ...read, headers, isBase64Encoded: isBase64Encoded === true };
}
