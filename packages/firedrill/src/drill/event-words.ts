import {
  never,
  type RequestEnded,
  secondsBetween,
  type TimelineData,
  type TimelineEvent,
  BEGINNING,
} from '../model/index.ts';
import { clock, count, faultInWords, length, lengthOfMs } from './words.ts';

/** One line in words for live progress, as `00:01:12.5  health check of eu-west-1 unhealthy: 2 of 16 …`. */
export function renderEvent(event: TimelineEvent): string {
  return `${clock(secondsBetween(BEGINNING, event.at))}  ${eventInWords(event)}`;
}

/** What happened, without the moment and without a full stop. */
export function eventInWords(event: TimelineEvent): string {
  switch (event.what) {
    case 'world.started': {
      const { driver, seed, plan, speed, functionCode } = event.data;
      const pace = driver === 'sim' ? '' : ` at speed ${speed}`;
      return `drill ${plan} begins in ${driver}${pace}, seed ${seed}, function code ${functionCode}`;
    }
    case 'world.ended':
      return `the drill is ${event.data.reason === 'finished' ? 'over' : 'interrupted'} after ${count(event.data.requests, 'request')}`;
    case 'fault.started':
      return `fault ${event.data.name} begins: ${faultInWords(event.data.fault)}`;
    case 'fault.ended':
      return `fault ${event.data.name} is healed`;
    case 'action.performed':
      return actionInWords(event.data);
    case 'record-change.in-sync':
      return `all name servers have the change of the records of ${event.data.hostedZone} (INSYNC)`;
    case 'alarm.changed': {
      const { alarm, region, from, state, reason } = event.data;
      return `alarm ${alarm} in ${region} goes from ${from} to ${state}: ${reason.replace(/\.$/, '')}`;
    }
    case 'alarm.acted': {
      const { alarm, region, state, outcome, actions } = event.data;
      return `${count(actions.length, 'action')} of alarm ${alarm} in ${region} for ${state} ${actions.length === 1 ? 'is' : 'are'} ${outcome}`;
    }
    case 'checker.changed':
      return checkerInWords(event.data);
    case 'health-check.changed':
      return healthCheckInWords(event.data);
    case 'dns.answer-changed':
      return `name servers now answer ${event.data.name} ${event.data.type} with ${where(event.data)} (${event.data.rule})`;
    case 'resolver.changed':
      return `${resolverInWords(event.data.resolver)} takes ${where(event.data)} for ${event.data.name}, for ${length(event.data.ttlSeconds)}`;
    case 'origin.attempt-failed':
      return attemptInWords(event.data);
    case 'origin.failed-over': {
      const { edge, from, to, why, status } = event.data;
      return `edge ${edge} fails over from ${from} to ${to} for one request (${failure(why, status)})`;
    }
    case 'edge-function.failed':
      return edgeFunctionInWords(event.data);
    case 'websocket.opened':
    case 'websocket.closed':
      return websocketInWords(event);
    case 'target.changed': {
      const { target, region, healthy, reason } = event.data;
      return `a load balancer in ${region} finds ${lastPart(target)} ${healthy ? 'healthy' : 'unhealthy'} (${reason})`;
    }
    case 'accelerator.endpoint-changed':
    case 'accelerator.rerouted':
      return acceleratorInWords(event);
    case 'clients.counted':
      return clientsInWords(event.data);
    case 'routing-control.changed':
    case 'routing-control.refused':
    case 'zonal-shift.changed':
    case 'plan-execution.changed':
      return recoveryInWords(event);
    case 'object.replicated':
      return replicationInWords(event.data);
    case 'request.ended':
      return requestInWords(event.data);
    case 'note':
      return `note: ${event.data.says}`;
    default:
      return never(event);
  }
}

function acceleratorInWords(event: Extract<TimelineEvent, { readonly what: `accelerator.${string}` }>): string {
  if (event.what === 'accelerator.rerouted') {
    const { accelerator, edge, region, rule } = event.data;
    return `accelerator ${accelerator} now sends new connections from ${edge} to ${region} (${rule})`;
  }
  const { accelerator, endpoint, region, healthy, reason } = event.data;
  return `accelerator ${accelerator} finds ${lastPart(endpoint)} in ${region} ${healthy ? 'healthy' : 'unhealthy'} (${reason})`;
}

function websocketInWords(event: Extract<TimelineEvent, { readonly what: `websocket.${string}` }>): string {
  const { edge, origin, endpoint } = event.data;
  if (event.what === 'websocket.opened') return `a WebSocket through ${edge} opens to ${origin} in ${endpoint}`;
  const { why, seconds } = event.data;
  return `a WebSocket through ${edge} to ${origin} in ${endpoint} ${WEBSOCKET_ENDS[why]} after ${length(seconds)}`;
}

const WEBSOCKET_ENDS = {
  viewer: 'is closed by its viewer',
  origin: 'is closed by the origin',
  reset: 'breaks off',
  idle: 'is closed by the edge, as nothing came from the origin,',
} as const;

function clientsInWords({ probe, place, clients, endpoints }: TimelineData['clients.counted']): string {
  const shares = Object.entries(endpoints).map(([endpoint, number]) => `${number} at ${endpoint || 'no address'}`);
  return `of ${clients} clients of ${probe} in ${place}: ${shares.join(', ')}`;
}

function edgeFunctionInWords({
  edge,
  function: name,
  event,
  result,
  says,
}: TimelineData['edge-function.failed']): string {
  return `function ${name} at ${event} fails for one request through ${edge} with ${result}: ${says.split('\n', 1)[0]}`;
}

function replicationInWords({ key, from, to, region, kind, afterSeconds }: TimelineData['object.replicated']): string {
  const what = kind === 'object' ? key : `the delete marker of ${key}`;
  return `${what} has arrived from ${from} in ${to} in ${region}, ${length(afterSeconds)} after it was written`;
}

function recoveryInWords(
  event: Extract<
    TimelineEvent,
    { readonly what: `routing-control.${string}` | 'zonal-shift.changed' | 'plan-execution.changed' }
  >,
): string {
  switch (event.what) {
    case 'routing-control.changed': {
      const { routingControl, state, endpoint } = event.data;
      return `routing control ${routingControl} is ${state}, set at the cluster endpoint in ${endpoint}`;
    }
    case 'routing-control.refused':
      return `the update of routing controls is refused: ${event.data.code}: ${event.data.message}`;
    case 'plan-execution.changed': {
      const { plan, region, state, says } = event.data;
      return `the Region switch plan ${plan} for ${region} is ${state}: ${says}`;
    }
    case 'zonal-shift.changed': {
      const { resource, awayFrom } = event.data;
      const where = awayFrom === undefined ? 'all its zones again' : `all its zones but ${awayFrom}`;
      return `the name of ${lastPart(resource)} leads to ${where}`;
    }
    default:
      return never(event);
  }
}

function actionInWords({ name, action, outcome, code, message }: TimelineData['action.performed']): string {
  return outcome === 'done'
    ? `${name} (${action}) is done${message === undefined ? '' : `: ${message}`}`
    : `${name} (${action}) is refused: ${[code, message].filter((part) => part !== undefined).join(': ')}`;
}

/** What an ARN is about in a word or two, or the whole of any other name. */
function lastPart(name: string): string {
  if (!name.startsWith('arn:')) return name;
  const rest = name.split(':').slice(5).join(':');
  return /^loadbalancer\/(?:app|net)\/([^/]+)\//.exec(rest)?.[1] ?? rest;
}

function checkerInWords({
  healthCheck,
  endpoint,
  region,
  checker,
  healthy,
  reason,
}: TimelineData['checker.changed']): string {
  return `checker ${region}/${checker} finds ${endpoint ?? healthCheck} ${healthy ? 'healthy' : 'unhealthy'} (${reason})`;
}

function healthCheckInWords({
  healthCheck,
  endpoint,
  healthy,
  healthyCheckers,
  checkers,
  reason,
}: TimelineData['health-check.changed']): string {
  const verdict = healthy ? 'healthy' : 'unhealthy';
  if (reason !== undefined) return `health check ${endpoint || healthCheck} ${verdict}: ${reason}`;
  return `health check of ${endpoint ?? healthCheck} ${verdict}: ${healthyCheckers} of ${checkers} checkers see it healthy`;
}

function attemptInWords({
  edge,
  origin,
  endpoint,
  attempt,
  why,
  status,
}: TimelineData['origin.attempt-failed']): string {
  const at = endpoint === '' ? origin : `${origin} in ${endpoint}`;
  return `edge ${edge}, attempt ${attempt} at ${at}: ${failure(why, status)}`;
}

function failure(why: TimelineData['origin.attempt-failed']['why'], status: number): string {
  switch (why) {
    case 'status':
      return `answer ${status}`;
    case 'refused':
      return 'connection refused';
    case 'connect-timeout':
      return 'no connection in time';
    case 'response-timeout':
      return 'no response in time';
    case 'completion-timeout':
      return 'response not complete in time';
    case 'reset':
      return 'connection reset';
    case 'tls':
      return 'TLS failed';
    case 'dns':
      return 'name not resolved';
    default:
      return never(why);
  }
}

/** A request of a client, as `GET of hybrid from Dublin succeeds: 200 from eu-west-1 after 42 ms`. */
function requestInWords(request: RequestEnded): string {
  const { probe, method, place, success, end, status, endpoint, ttfbMs, webSocket } = request;
  if (webSocket === 'loss') {
    const how = end === 'reset' ? 'it breaks off' : 'it is closed by the other side';
    return `${method} of ${probe} from ${place} is lost: ${how}`;
  }
  const who = endpoint === '' ? '' : ` from ${endpoint === 'edge' ? 'the edge itself' : endpoint}`;
  const outcome = end === 'answered' ? `${status}${who}` : unanswered(end);
  const what = webSocket === undefined ? method : `${method} ${webSocket}`;
  return `${what} of ${probe} from ${place} ${success ? 'succeeds' : 'fails'}: ${outcome} after ${lengthOfMs(ttfbMs)}`;
}

function unanswered(end: Exclude<RequestEnded['end'], 'answered'>): string {
  switch (end) {
    case 'timeout':
      return 'given up';
    case 'refused':
      return 'connection refused';
    case 'reset':
      return 'connection reset';
    case 'tls':
      return 'TLS failed';
    case 'dns':
      return 'name not resolved';
    case 'closed':
      return 'no WebSocket';
    default:
      return never(end);
  }
}

function where({ endpoint, answer }: { readonly endpoint: string; readonly answer: readonly string[] }): string {
  return endpoint === '' ? answer.join(', ') || 'nothing' : endpoint;
}

function resolverInWords(resolver: string): string {
  return resolver.startsWith('edge:') ? `edge ${resolver.slice('edge:'.length)}` : `the resolver of ${resolver}`;
}
