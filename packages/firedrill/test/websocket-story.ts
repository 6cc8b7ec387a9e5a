import type {
  Architecture,
  Fault,
  OriginModel,
  OriginRequestPolicy,
  Plan,
  Probe,
  TimelineEvent,
  WebSocketUse,
} from '../src/model/index.ts';
import { atSeconds, NEVER, WEBSOCKET_METHODS } from '../src/model/index.ts';
import { balancerIn, targetGroupIn } from './accelerated-architecture.ts';
import { EDGE_HOST, edgeArchitecture, FIRST, SECOND } from './edge-world.ts';
import { hybridPlan, probe } from './hybrid-architecture.ts';

/* Clients that keep a WebSocket open through an edge, and what a timeline says of them. */

export const ALL_VIEWER: OriginRequestPolicy = {
  id: '216adef6-5c7f-47e4-b989-5492eafa07d3',
  name: 'AllViewer',
  headers: { kind: 'all' },
  cookies: { kind: 'all' },
  queryStrings: { kind: 'all' },
};

/** A message every two seconds, each to be answered within half a minute. */
export function chat(use: Partial<WebSocketUse> = {}, more: Partial<Probe> = {}): Probe {
  return probe('chat', `wss://${EDGE_HOST}/chat`, {
    methods: WEBSOCKET_METHODS,
    timeoutMs: 30_000,
    webSocket: { messageIntervalMs: 2000, isAnswered: true, reconnectMs: 1000, ...use },
    ...more,
  });
}

/** The same, but it says nothing. */
export function listener(use: Partial<WebSocketUse> = {}): Probe {
  return probe('chat', `wss://${EDGE_HOST}/chat`, {
    methods: WEBSOCKET_METHODS,
    timeoutMs: 600_000,
    webSocket: { isAnswered: true, reconnectMs: 1000, ...use },
  });
}

/** Of a model that answers at once and takes WebSockets. */
type Changes = { readonly [Key in keyof OriginModel]?: OriginModel[Key] | undefined };

export interface WebSocketEstate {
  readonly probe: Probe;
  readonly seconds: number;
  readonly first?: Changes;
  readonly second?: Changes;
  readonly failsOver?: boolean;
  /** The behaviour sends what a handshake needs to the origin; true unless given. */
  readonly forwards?: boolean;
  /** Between the edge and the first origin is a load balancer with this idle timeout. */
  readonly balancerSeconds?: number | undefined;
  readonly faults?: readonly Fault[];
}

export function estateOf(made: WebSocketEstate): { readonly architecture: Architecture; readonly plan: Plan } {
  const { failsOver = false, forwards = true, balancerSeconds } = made;
  const model: OriginModel = { latencyMs: 0, status: 200, bodyBytes: 5, webSocket: { answers: true } };
  const architecture = edgeArchitecture({ failsOver, ...(forwards ? { originRequestPolicy: ALL_VIEWER } : {}) });
  const changed = (region: string, changes: Changes = {}): OriginModel => {
    const all = Object.entries({ ...model, region, ...changes }).filter(([, value]) => value !== undefined);
    return Object.fromEntries(all) as unknown as OriginModel;
  };
  const first = changed('eu-west-1', made.first);
  const origins: Record<string, OriginModel> = { [FIRST]: first, [SECOND]: changed('us-east-1', made.second) };
  if (balancerSeconds !== undefined) origins[TARGET] = first;
  const plan = hybridPlan(made.faults ?? [], { probes: [made.probe], origins, endSeconds: made.seconds });
  return {
    architecture: balancerSeconds === undefined ? architecture : behindBalancer(architecture, balancerSeconds),
    plan,
  };
}

const TARGET = '10.0.0.1';

function behindBalancer(made: Architecture, idleTimeoutSeconds: number): Architecture {
  const region = 'eu-west-1';
  const balancer = { ...balancerIn(region), idleTimeoutSeconds };
  return {
    ...made,
    loadBalancers: [balancer],
    targetGroups: [{ ...targetGroupIn(region), targetType: 'ip', targets: [{ id: TARGET, port: 80 }] }],
    distributions: made.distributions.map((distribution) => ({
      ...distribution,
      origins: distribution.origins.map((origin) =>
        origin.id === FIRST ? { ...origin, domainName: balancer.dnsName } : origin,
      ),
    })),
  };
}

/** A fault of the first origin's Region, or of the edge. */
export function faultOf(
  kind: 'refuse' | 'blackhole' | 'hang' | 'reset',
  { from, until, edge }: { readonly from: number; readonly until?: number; readonly edge?: string },
): Fault {
  return {
    name: kind,
    target: edge === undefined ? { kind: 'region', region: 'eu-west-1' } : { kind: 'edge', edge },
    effect: { kind },
    from: atSeconds(from),
    until: until === undefined ? NEVER : atSeconds(until),
    share: 1,
  };
}

/**
 * What clients saw and which origins were asked, in order: what is said again at once is said once, and messages for which there was no
 * WebSocket are left out, so that nothing depends on a tenth of a second. The origins are 1 and 2.
 */
export function story(events: readonly TimelineEvent[]): readonly string[] {
  return onceEach(events.flatMap(wordsOf));
}

/**
 * The same, told by each who has a clock of its own: the client, and the edge of each WebSocket. Which of two is sooner, the end of
 * one WebSocket or the beginning of the next, is no matter of theirs.
 */
export function strands(events: readonly TimelineEvent[]): {
  readonly client: readonly string[];
  readonly edge: readonly string[];
} {
  const byRequest = new Map<string, string[]>();
  for (const event of events) {
    if (!('requestId' in event.data)) continue;
    const { requestId } = event.data;
    byRequest.set(requestId, [...(byRequest.get(requestId) ?? []), ...wordsOf(event)]);
  }
  return {
    client: story(events.filter(({ what }) => what === 'request.ended')),
    edge: onceEach([...byRequest.values()].map((lines) => lines.join(', '))),
  };
}

function onceEach(lines: readonly string[]): readonly string[] {
  return lines.filter((line, n) => line !== lines[n - 1]);
}

function wordsOf(event: TimelineEvent): readonly string[] {
  switch (event.what) {
    case 'websocket.opened':
      return [`opened to ${numberOf(event.data)}`];
    case 'websocket.closed':
      return [`closed to ${numberOf(event.data)}: ${event.data.why}`];
    case 'origin.failed-over':
      return [`failed over: ${event.data.why}`];
    case 'request.ended': {
      const { webSocket, end, status, endpoint, attempts, result, success } = event.data;
      if (webSocket === 'message' && endpoint === '') return [];
      if (webSocket === 'message')
        return [success ? `message answered by ${numberOf(event.data)}` : `message lost: ${end}`];
      if (webSocket === 'loss' || end !== 'answered') return [`${webSocket}: ${end}`];
      return [`${webSocket} ${status} ${result} from ${numberOf(event.data)} after ${attempts}`];
    }
    default:
      return [];
  }
}

const REGIONS: Readonly<Record<string, string>> = { [FIRST]: 'eu-west-1', [SECOND]: 'us-east-1' };

/** Which origin it is, in the Region where it should be; or what else. */
function numberOf({ origin, endpoint }: { readonly origin: string; readonly endpoint: string }): string {
  if (REGIONS[origin] !== endpoint) return endpoint;
  return origin === FIRST ? '1' : '2';
}
