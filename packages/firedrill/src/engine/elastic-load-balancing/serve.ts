import type { LambdaFunction, ListenerAction, LoadBalancer, LoadBalancerListener, Target } from '../../model/index.ts';
import { assert, NEVER } from '../../model/index.ts';
import type {
  Arrival,
  Conversation,
  Exchange,
  Headers,
  Invocation,
  Invoke,
  Moment,
  Outcome,
  Reply,
  Tunnel,
  Vantage,
} from '../conversation.ts';
import { headerOf, HOP_BY_HOP } from '../headers.ts';
import type { RandomStream } from '../random.ts';
import { SWITCHING_PROTOCOLS } from '../tunnel.ts';
import { LOAD_BALANCING_FACTS } from './facts.ts';
import { targetEvent } from './lambda-event.ts';
import { targetResponse } from './lambda-response.ts';
import type { Answering } from './own-answers.ts';
import { accountOf, errorPage, ownReply } from './own-answers.ts';
import { actionFor, weighted } from './rules.ts';
import type { TargetGroupHealth } from './target-health.ts';

/** An address of an Application Load Balancer: one of its zones. */
export interface BalancerNode {
  readonly balancer: LoadBalancer;
  /** The zone that targets are taken from; undefined: from all. */
  readonly targetZone: string | undefined;
  readonly vantage: Vantage;
}

/** What a load balancer asks of the world. */
export interface BalancerSurroundings {
  groupOf(arn: string): TargetGroupHealth | undefined;
  functionOf(arn: string): LambdaFunction | undefined;
  /** Address of an instance or IP target; undefined: nothing answers there. */
  addressOf(target: Target): string | undefined;
  /** A fault that acts on answers of the load balancer here and now. */
  fault(arrival: Arrival, moment: Moment): { readonly status: number; readonly cause: number } | undefined;
  /** The same for functions of its Region. */
  functionFault(node: BalancerNode, arrival: Arrival, moment: Moment): { readonly cause: number } | undefined;
  readonly draws: RandomStream;
}

/** A request under way through a load balancer. */
interface Passing {
  readonly around: BalancerSurroundings;
  readonly node: BalancerNode;
  readonly arrival: Arrival;
  readonly moment: Moment;
  readonly answering: Answering;
  readonly port: number;
}

/** A request at an address of an Application Load Balancer: listener → rule → target group → target → answer. */
export function* serveAtLoadBalancer(
  around: BalancerSurroundings,
  node: BalancerNode,
  arrival: Arrival,
  moment: Moment,
): Conversation<Reply> {
  const fault = around.fault(arrival, moment);
  const { region } = node.balancer;
  const answering = { region, cause: fault?.cause ?? arrival.cause ?? 0 };
  if (fault !== undefined) return errorPage(fault.status, answering);
  const port = arrival.port ?? (arrival.tls ? 443 : 80);
  const listener = listenerOn(node.balancer, port);
  assert(listener !== undefined, 'a connection comes about only where a listener is');
  const passing: Passing = { around, node, arrival, moment, answering, port };
  if (forwardedAddresses(arrival).length > LOAD_BALANCING_FACTS.FORWARDED_FOR_ADDRESSES_MAX.value)
    return errorPage(463, answering);
  return yield* act(passing, actionFor(listener, arrival.request));
}

/** The listener of a port. */
export function listenerOn({ listeners }: LoadBalancer, port: number): LoadBalancerListener | undefined {
  return listeners.find((listener) => listener.port === port);
}

function* act(passing: Passing, action: ListenerAction): Conversation<Reply> {
  const { around, answering } = passing;
  switch (action.kind) {
    case 'fixed-response':
      return ownReply(action.status, [['Content-Type', action.contentType]], action.body, answering);
    case 'redirect':
      return ownReply(action.status, [['Location', locationOf(action, passing)]], '', answering);
    case 'forward': {
      const chosen = weighted(action.targetGroups, around.draws.next());
      const group = around.groupOf(chosen?.targetGroupArn ?? '');
      return group === undefined ? errorPage(503, answering) : yield* forward(passing, group);
    }
  }
}

/** 503 without any registered target (RS 6.8); else a target, by equal chances. */
function* forward(passing: Passing, group: TargetGroupHealth): Conversation<Reply> {
  const { around, node, answering } = passing;
  const eligible = group.eligible(node.targetZone);
  const target = group.group.targets[eligible[Math.floor(around.draws.next() * eligible.length)] ?? -1];
  if (target === undefined) return errorPage(503, answering);
  return group.group.targetType === 'lambda'
    ? yield* invokeTarget(passing, group, target)
    : yield* askTarget(passing, group, target);
}

/** Errors of the function, its throttling and answers that are none are a 502; a late one is a 504 (RS 6.7, 6.9). */
function* invokeTarget(passing: Passing, { group }: TargetGroupHealth, target: Target): Conversation<Reply> {
  const { around, node, arrival, moment, answering } = passing;
  const fn = around.functionOf(target.id);
  const fault = around.functionFault(node, arrival, moment);
  if (fn === undefined || fault !== undefined)
    return errorPage(502, { ...answering, cause: fault?.cause ?? answering.cause });
  const idleMs = node.balancer.idleTimeoutSeconds * 1000;
  const functionMs = fn.timeoutSeconds * 1000;
  const need: Invoke = {
    kind: 'invoke',
    function: fn,
    body: arrival.request.body,
    bodyBytesMax: LOAD_BALANCING_FACTS.LAMBDA_PAYLOAD_BYTES_MAX.value,
    payload: (body) =>
      targetEvent({
        targetGroupArn: group.arn,
        request: arrival.request,
        headers: forwardedHeaders(passing),
        multiValueHeaders: group.multiValueHeaders,
        body,
      }),
    timeoutMs: Math.min(functionMs, idleMs),
  };
  const invocation = (yield need) as Invocation;
  switch (invocation.kind) {
    case 'too-large':
      return errorPage(413, answering);
    case 'throttled':
      return errorPage(502, answering);
    case 'failed':
      return errorPage(invocation.errorType === 'Sandbox.Timedout' && idleMs < functionMs ? 504 : 502, answering);
    case 'returned': {
      const response = targetResponse(invocation.payload, group.multiValueHeaders);
      if (response === undefined) return errorPage(502, answering);
      const { status, headers, body } = response;
      return { kind: 'reply', status, headers, body, account: accountOf(answering), store: undefined };
    }
  }
}

/** 504 when a target cannot be connected to in 10 s or stays silent for the idle timeout, 502 when it breaks off (RS 6.7, 6.9). */
function* askTarget(passing: Passing, { group }: TargetGroupHealth, target: Target): Conversation<Reply> {
  const { around, node, arrival, answering } = passing;
  const to = around.addressOf(target);
  if (to === undefined) return errorPage(504, answering);
  const { method, target: path, host, body: sent, upgrade } = arrival.request;
  const exchange: Exchange = {
    kind: 'exchange',
    from: node.vantage,
    to,
    port: target.port,
    // Certificates of targets are not looked at.
    tls: group.protocol === 'HTTPS' ? { serverName: undefined, verifyNames: undefined } : undefined,
    request: {
      method,
      target: path,
      host,
      headers: forwardedHeaders(passing),
      body: sent,
      upgrade,
    },
    connectTimeoutMs: LOAD_BALANCING_FACTS.TARGET_CONNECT_TIMEOUT_MS.value,
    responseTimeoutMs: node.balancer.idleTimeoutSeconds * 1000,
    until: NEVER,
  };
  const outcome = (yield exchange) as Outcome;
  if (outcome.kind === 'answered') {
    const { status, headers, body, account } = outcome;
    const kept = headers.filter(([name]) => !HOP_BY_HOP.has(name.toLowerCase()));
    const cause = account === undefined || account.cause === 0 ? answering.cause : account.cause;
    return {
      kind: 'reply',
      status,
      headers: kept,
      body,
      account: accountOf({ ...answering, cause }),
      store: undefined,
      ...(status === SWITCHING_PROTOCOLS ? { tunnel: tunnelOf(node) } : {}),
    };
  }
  const isLate =
    outcome.why === 'connect-timeout' || outcome.why === 'response-timeout' || outcome.why === 'completion-timeout';
  return errorPage(isLate ? 504 : 502, answering);
}

/** A WebSocket is passed on; without a byte either way it ends with the idle timeout, as every connection does (RS 6.9). */
function tunnelOf({ balancer }: BalancerNode): Tunnel {
  const idleTimeoutMs = balancer.idleTimeoutSeconds * 1000;
  return { idleTimeoutMs, isKeptByEither: true, opened: () => undefined, closed: () => undefined };
}

/** What the load balancer tells its targets of the client: address, port and protocol that the client used (RS 2.21). */
function forwardedHeaders({ arrival, port }: Passing): Headers {
  const own = new Set(['x-forwarded-for', 'x-forwarded-port', 'x-forwarded-proto']);
  const passedOn = arrival.request.headers.filter(
    ([name]) => !own.has(name.toLowerCase()) && !HOP_BY_HOP.has(name.toLowerCase()),
  );
  return [
    ...passedOn,
    ['X-Forwarded-For', [...forwardedAddresses(arrival), arrival.from.address].join(', ')],
    ['X-Forwarded-Port', String(port)],
    ['X-Forwarded-Proto', arrival.tls ? 'https' : 'http'],
  ];
}

function forwardedAddresses({ request }: Arrival): readonly string[] {
  const before = headerOf(request.headers, 'x-forwarded-for');
  return before === undefined ? [] : before.split(',').map((address) => address.trim());
}

/** `#{host}` and the like stand for what the request has. */
function locationOf(action: Extract<ListenerAction, { kind: 'redirect' }>, { arrival, port }: Passing): string {
  const { request, tls } = arrival;
  const [path = '/', query = ''] = request.target.split('?', 2);
  const own: Readonly<Record<string, string>> = {
    protocol: tls ? 'https' : 'http',
    host: request.host,
    port: String(port),
    path: path.slice(1),
    query,
  };
  const filled = (text: string): string => text.replaceAll(/#\{(\w+)\}/g, (whole, name: string) => own[name] ?? whole);
  const asked = filled(action.query);
  return `${filled(action.protocol).toLowerCase()}://${filled(action.host)}:${filled(action.port)}${filled(action.path)}${asked === '' ? '' : `?${asked}`}`;
}
