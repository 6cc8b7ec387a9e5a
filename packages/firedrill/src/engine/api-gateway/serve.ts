import type { LambdaFunction } from '../../model/index.ts';
import type {
  Account,
  Arrival,
  Body,
  CollectedBody,
  Conversation,
  Headers,
  Invocation,
  LastInvoke,
  Moment,
  Reply,
  TextBody,
} from '../conversation.ts';
import { API_GATEWAY_FACTS } from './facts.ts';
import type { Answering } from './gateway-response.ts';
import { accountOf, gatewayResponse, idHeaders, messageReply } from './gateway-response.ts';
import { proxyEvent } from './proxy-event.ts';
import { proxyResponse } from './proxy-response.ts';
import type { Entrance, Route, Way, Ways } from './routes.ts';

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
}

/** An answer that a fault puts in the place of the real one. */
export type InjectedAnswer =
  | { readonly kind: 'status'; readonly status: number; readonly cause: number }
  | { readonly kind: 'function-error'; readonly cause: number }
  | { readonly kind: 'throttle'; readonly cause: number };

/** A request at a Region's API Gateway: host → API and stage → route → function → answer. */
export function* serveAtGateway(
  around: GatewaySurroundings,
  region: string,
  arrival: Arrival,
  moment: Moment,
): Conversation<Reply> {
  const call = callGateway(around, region, arrival, moment);
  return call.kind === 'reply' ? call : call.answer((yield call) as Invocation);
}

/** As far as it gets without its function: the function that is to run, or the answer when there is none to run. */
export function callGateway(
  around: GatewaySurroundings,
  region: string,
  arrival: Arrival,
  moment: Moment,
): Reply | LastInvoke {
  const fault = around.fault(region, arrival, moment);
  const { host, target, method } = arrival.request;
  const way = around.waysOf(region).find(host, target, method);
  const { entrance, route } = way;
  const invoked =
    route === undefined ? undefined : (way.invoked ??= around.functionOf(route.method.integration.functionArn));
  if (fault === undefined && entrance !== undefined && route !== undefined && invoked !== undefined)
    return new FunctionCall(around, region, { arrival, moment, entrance, route, function: invoked });
  return refusalOf(fault, way, new OwnAnswers(around, region, fault?.cause ?? 0));
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

/** What a call of a function is made of. */
interface Called {
  readonly arrival: Arrival;
  readonly moment: Moment;
  readonly entrance: Entrance;
  readonly route: Route;
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

  constructor(around: GatewaySurroundings, region: string, called: Called) {
    super(around, region, 0);
    this.function = called.function;
    this.arrival = called.arrival;
    this.moment = called.moment;
    this.entrance = called.entrance;
    this.route = called.route;
  }

  get body(): Body | undefined {
    return this.arrival.request.body;
  }

  get bodyBytesMax(): number {
    return API_GATEWAY_FACTS.PAYLOAD_BYTES_MAX.value;
  }

  get timeoutMs(): number {
    return Math.min(this.function.timeoutSeconds * 1000, this.route.method.integration.timeoutMs);
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
    const integrationGivesUpFirst = this.route.method.integration.timeoutMs < this.function.timeoutSeconds * 1000;
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
  return new ProxyReply(response.status, response.headers, response.body, answering);
}

/** What a function answered, with API Gateway's own headers (RS 3.11). */
class ProxyReply implements Reply {
  readonly kind = 'reply';
  readonly status: number;
  readonly store = undefined;
  private readonly given: Headers;
  private readonly text: string;
  private readonly answering: Answering;

  constructor(status: number, given: Headers, text: string, answering: Answering) {
    this.status = status;
    this.given = given;
    this.text = text;
    this.answering = answering;
  }

  get account(): Account {
    return accountOf(this.answering);
  }

  get body(): TextBody {
    return { bytes: byteLengthOf(this.text), text: this.text };
  }

  get headers(): Headers {
    return [...this.given, ...idHeaders(this.answering)];
  }
}

/** Length in UTF-8. */
function byteLengthOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
