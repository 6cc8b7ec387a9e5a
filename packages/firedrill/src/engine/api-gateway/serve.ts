import type { HttpIntegration, LambdaFunction, LambdaProxyIntegration } from '../../model/index.ts';
import type { Resolver } from '../resolver.ts';
import type {
  Arrival,
  Body,
  CollectedBody,
  Conversation,
  Invocation,
  LastInvoke,
  Moment,
  Reply,
  Vantage,
} from '../conversation.ts';
import { API_GATEWAY_FACTS } from './facts.ts';
import type { Answering } from './gateway-response.ts';
import { gatewayResponse, messageReply } from './gateway-response.ts';
import { askServer, serverReply } from './http-integration.ts';
import type { HttpAround, HttpCalled } from './http-serve.ts';
import { HttpFunctionCall, httpMessage, httpMessageOf, httpServerReply, preflightReply } from './http-serve.ts';
import { mockReply } from './mock.ts';
import { proxyEvent } from './proxy-event.ts';
import { ProxyReply } from './proxy-reply.ts';
import { proxyResponse } from './proxy-response.ts';
import type { Entrance, HttpWay, Route, Way, Ways } from './routes.ts';

/** What a regional endpoint of API Gateway tells the world, and asks of it. */
export interface GatewaySurroundings {
  waysOf(region: string): Ways;
  functionOf(arn: string): LambdaFunction | undefined;
  /** A fault that acts on answers here and now, if any. */
  fault(region: string, arrival: Arrival, moment: Moment): InjectedAnswer | undefined;
  nextRequestId(): string;
  readonly account: string;
  /** Milliseconds since 1970 at a moment. */
  epochMs(moment: Moment): number;
  /** Who asks other servers from a Region, and where it stands. */
  askerIn(region: string): { readonly resolver: Resolver; readonly vantage: Vantage };
}

/** An answer that a fault puts in the place of the real one. */
export type InjectedAnswer =
  | { readonly kind: 'status'; readonly status: number; readonly cause: number }
  | { readonly kind: 'function-error'; readonly cause: number }
  | { readonly kind: 'throttle'; readonly cause: number };

/** A request at a Region's API Gateway: host → API and stage → route → integration → answer. */
export function* serveAtGateway(
  around: GatewaySurroundings,
  region: string,
  arrival: Arrival,
  moment: Moment,
): Conversation<Reply> {
  const call = callGateway(around, region, arrival, moment);
  if (call.kind === 'reply') return call;
  return call.kind === 'invoke' ? call.answer((yield call) as Invocation) : yield* call.ask();
}

/** Another server is to be asked. */
export interface ServerCall {
  readonly kind: 'server';
  ask(): Conversation<Reply>;
}

/** As far as it gets by itself: the function that is to run, the server that is to be asked, or the answer. */
export function callGateway(
  around: GatewaySurroundings,
  region: string,
  arrival: Arrival,
  moment: Moment,
): Reply | LastInvoke | ServerCall {
  const fault = around.fault(region, arrival, moment);
  const { host, target, method } = arrival.request;
  const way = around.waysOf(region).find(host, target, method);
  if (way.http !== undefined) return callHttpApi(around, region, { arrival, moment, way: way.http, fault });
  const { entrance, route } = way;
  const integration = route?.method.integration;
  // What befalls functions befalls nothing that has none.
  const isSpared = fault === undefined || (fault.kind !== 'status' && integration?.kind !== 'lambda-proxy');
  if (isSpared && entrance !== undefined && route !== undefined && integration !== undefined) {
    if (integration.kind === 'lambda-proxy') {
      const invoked = (way.invoked ??= around.functionOf(integration.functionArn));
      // Without concurrency it is throttled, an error like others to a proxy integration (RS 3.7, 4.24).
      if (invoked !== undefined && invoked.reservedConcurrency !== 0)
        return new FunctionCall(around, region, { arrival, moment, entrance, route, integration, function: invoked });
    } else if (integration.kind === 'mock')
      return mockReply(integration, arrival.request, new OwnAnswers(around, region, 0));
    else {
      const answers = new OwnAnswers(around, region, 0);
      return serverCall(around, region, { arrival, moment, entrance, route, integration, answers });
    }
  }
  return refusalOf(fault, way, new OwnAnswers(around, region, fault?.cause ?? 0));
}

/** The same at an HTTP API (RS 3.29 to 3.36). */
function callHttpApi(
  around: GatewaySurroundings,
  region: string,
  {
    arrival,
    moment,
    way,
    fault,
  }: { arrival: Arrival; moment: Moment; way: HttpWay; fault: InjectedAnswer | undefined },
): Reply | LastInvoke | ServerCall {
  const answers = new OwnAnswers(around, region, fault?.cause ?? 0);
  if (fault?.kind === 'status') return httpMessageOf(fault.status, 'Service Unavailable', answers);
  const { entrance, route } = way;
  if (entrance === undefined) return httpMessage('not-found', answers);
  const preflight = preflightReply(entrance, arrival, answers);
  if (preflight !== undefined) return preflight;
  if (route === undefined) return httpMessage('not-found', answers);
  const called = { arrival, moment, entrance, route };
  const { integration } = route.route;
  if (integration.kind === 'http') return httpServerCall(around, region, called, integration, answers);
  const fn = around.functionOf(integration.functionArn);
  if (fault !== undefined || fn === undefined || fn.reservedConcurrency === 0)
    return httpMessage('internal-server-error', answers);
  const own = new HttpAnswers(around, region, around.epochMs(moment));
  return new HttpFunctionCall(fn, integration, called, own);
}

function httpServerCall(
  around: GatewaySurroundings,
  region: string,
  called: HttpCalled,
  integration: HttpIntegration,
  answers: Answering,
): ServerCall {
  const { arrival, moment, entrance, route } = called;
  return {
    kind: 'server',
    *ask() {
      const { resolver, vantage: from } = around.askerIn(region);
      const outcome = yield* askServer({
        integration,
        arrival,
        moment,
        apiId: entrance.api.id,
        isHttpApi: true,
        pathParameters: route.pathParameters ?? null,
        stageVariables: entrance.api.stages.find(({ name }) => name === entrance.stage)?.variables ?? {},
        resolver,
        from,
      });
      return httpServerReply(outcome, called, answers);
    },
  };
}

/** Another server answers, or API Gateway says that it did not (RS 3.15, 3.19). */
function serverCall(
  around: GatewaySurroundings,
  region: string,
  called: {
    readonly arrival: Arrival;
    readonly moment: Moment;
    readonly entrance: Entrance;
    readonly route: Route;
    readonly integration: HttpIntegration;
    readonly answers: Answering;
  },
): ServerCall {
  const { arrival, moment, entrance, route, integration, answers } = called;
  return {
    kind: 'server',
    *ask() {
      const { resolver, vantage: from } = around.askerIn(region);
      const { pathParameters } = route;
      const stageVariables = entrance.api.stages.find(({ name }) => name === entrance.stage)?.variables ?? {};
      const apiId = entrance.api.id;
      const outcome = yield* askServer({
        integration,
        arrival,
        moment,
        apiId,
        isHttpApi: false,
        pathParameters,
        stageVariables,
        resolver,
        from,
      });
      if (outcome.kind === 'timed-out') return gatewayResponse('integration-timeout', answers);
      if (outcome.kind === 'failed') return gatewayResponse('integration-failure', answers);
      return serverReply(outcome, integration, answers);
    },
  };
}

/** The answer where no function runs. */
function refusalOf(fault: InjectedAnswer | undefined, { entrance, route }: Way, answering: Answering): Reply {
  if (fault?.kind === 'status')
    return messageReply(fault.status, 'Service Unavailable', 'ServiceUnavailableException', answering);
  if (entrance === undefined) return gatewayResponse('forbidden', answering);
  if (route === undefined) return gatewayResponse('missing-authentication-token', answering);
  // A Lambda error of any kind, a missing function and a throttle among them, is a 502 for a proxy integration (RS 3.7, 3.8).
  return gatewayResponse('internal-server-error', answering);
}

/** Who answers, for all kinds of answers. */
class OwnAnswers implements Answering {
  readonly region: string;
  readonly cause: number;
  protected readonly around: GatewaySurroundings;
  private id = '';

  constructor(around: GatewaySurroundings, region: string, cause: number) {
    this.around = around;
    this.region = region;
    this.cause = cause;
  }

  /** Made when first needed; the event of the function and the headers of the answer carry the same. */
  get requestId(): string {
    if (this.id === '') this.id = this.around.nextRequestId();
    return this.id;
  }
}

/** With what an event says of the time and the account. */
class HttpAnswers extends OwnAnswers implements HttpAround {
  readonly accountId: string;
  readonly epochMs: number;

  constructor(around: GatewaySurroundings, region: string, epochMs: number) {
    super(around, region, 0);
    this.accountId = around.account;
    this.epochMs = epochMs;
  }
}

/** What a call of a function is made of. */
interface Called {
  readonly arrival: Arrival;
  readonly moment: Moment;
  readonly entrance: Entrance;
  readonly route: Route;
  readonly integration: LambdaProxyIntegration;
  readonly function: LambdaFunction;
}

/** A function that is to run, for at most as long as it and its integration may (RS 3.18). Light: one for each request. */
class FunctionCall extends OwnAnswers implements LastInvoke {
  readonly kind = 'invoke';
  readonly function: LambdaFunction;
  private readonly arrival: Arrival;
  private readonly moment: Moment;
  private readonly entrance: Entrance;
  private readonly route: Route;
  private readonly integration: LambdaProxyIntegration;

  constructor(around: GatewaySurroundings, region: string, called: Called) {
    super(around, region, 0);
    this.function = called.function;
    this.arrival = called.arrival;
    this.moment = called.moment;
    this.entrance = called.entrance;
    this.route = called.route;
    this.integration = called.integration;
  }

  get body(): Body | undefined {
    return this.arrival.request.body;
  }

  get bodyBytesMax(): number {
    return API_GATEWAY_FACTS.PAYLOAD_BYTES_MAX.value;
  }

  /** No binary media types are known (RS 3.9). */
  get bodyEncoding(): 'text' {
    return 'text';
  }

  get timeoutMs(): number {
    return Math.min(this.function.timeoutSeconds * 1000, this.integration.timeoutMs);
  }

  payload(body: CollectedBody | null): unknown {
    const { around, arrival, moment, entrance, route } = this;
    return proxyEvent({
      entrance,
      route,
      request: arrival.request,
      account: around.account,
      sourceIp: arrival.from.address,
      requestId: this.requestId,
      epochMs: around.epochMs(moment),
      body,
    });
  }

  answer(invocation: Invocation): Reply {
    const integrationGivesUpFirst = this.integration.timeoutMs < this.function.timeoutSeconds * 1000;
    return answerOf(invocation, integrationGivesUpFirst, this);
  }
}

function answerOf(invocation: Invocation, integrationGivesUpFirst: boolean, answering: Answering): Reply {
  if (invocation.kind === 'failed') {
    const timedOut = invocation.errorType === 'Sandbox.Timedout' && integrationGivesUpFirst;
    return gatewayResponse(timedOut ? 'integration-timeout' : 'internal-server-error', answering);
  }
  if (invocation.kind === 'too-large') return gatewayResponse('request-too-large', answering);
  if (invocation.kind === 'throttled') return gatewayResponse('internal-server-error', answering);
  const response = proxyResponse(invocation.payload);
  if (response === undefined) return gatewayResponse('internal-server-error', answering);
  return new ProxyReply(response.status, response.remapped, response.body, answering);
}
