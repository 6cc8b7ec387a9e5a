import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  Architecture,
  CachePolicy,
  EventCode,
  OriginModel,
  OriginRequestPolicy,
  Plan,
  TimelineEvent,
} from '../src/model/index.ts';
import type { LocalWorld } from '../src/live/index.ts';
import { openWorld, PORTS } from '../src/live/index.ts';
import { CACHING_DISABLED, hybridArchitecture, hybridPlan } from './hybrid-architecture.ts';

/*
 * One distribution in front of servers of one's own, on real sockets: `/kept/*` is kept for a day, all else is not. The first
 * origin's failures lead to the second.
 */

export const EDGE_HOST = 'dtest.cloudfront.net';
export const FIRST = 'first.example.net';
export const SECOND = 'second.example.net';

const KEPT: CachePolicy = {
  ...CACHING_DISABLED,
  id: 'kept',
  name: 'kept',
  defaultTtlSeconds: 86_400,
  maxTtlSeconds: 86_400,
};

type EventOf<Code extends EventCode> = Extract<TimelineEvent, { readonly what: Code }>;

export interface EdgeWorld {
  readonly local: LocalWorld;
  readonly address: string;
  readonly httpPort: number;
  readonly httpsPort: number;
  readonly events: readonly TimelineEvent[];
  /** Resolves with the first event of a code, as soon as it is on the timeline. */
  readonly first: <Code extends EventCode>(what: Code) => Promise<EventOf<Code>>;
  /** What clients outside need to trust the edge. */
  readonly caFile: string;
}

export interface EdgeSettings {
  /** Port of this machine by the origin's name; whoever is left out is a model. */
  readonly origins: Readonly<Record<string, number>>;
  readonly responseTimeoutSeconds?: number;
  readonly failsOver?: boolean;
  readonly speed?: number;
  readonly originRequestPolicy?: OriginRequestPolicy;
  readonly plan?: Partial<Plan>;
  /** What is behind the origins' names, and they themselves, may be another estate. */
  readonly change?: (architecture: Architecture) => Architecture;
}

export function edgeArchitecture({
  responseTimeoutSeconds = 30,
  failsOver = false,
  originRequestPolicy,
}: Partial<EdgeSettings>): Architecture {
  const whole = hybridArchitecture();
  const [distribution] = whole.distributions;
  const [origin] = distribution?.origins ?? [];
  const [behavior] = distribution?.behaviors ?? [];
  if (distribution === undefined || origin === undefined || behavior === undefined) throw new Error('there is one');
  const originAt = (domainName: string): typeof origin => ({
    ...origin,
    id: domainName,
    domainName,
    protocolPolicy: 'http-only',
    responseTimeoutSeconds,
    connectionAttempts: 1,
    originPath: '',
  });
  const targetOriginId = failsOver ? 'group' : FIRST;
  const policy = originRequestPolicy === undefined ? {} : { originRequestPolicy };
  const all = { ...behavior, targetOriginId, viewerProtocolPolicy: 'allow-all', ...policy } as const;
  return {
    ...whole,
    hostedZones: [],
    recordSets: [],
    healthChecks: [],
    restApis: [],
    apiDomainNames: [],
    functions: [],
    distributions: [
      {
        ...distribution,
        id: 'ETEST',
        domainName: EDGE_HOST,
        origins: [originAt(FIRST), originAt(SECOND)],
        originGroups: failsOver
          ? [{ id: 'group', primary: FIRST, secondary: SECOND, statusCodes: [500, 502, 503, 504] }]
          : [],
        behaviors: [{ ...all, pathPattern: '/kept/*', cachePolicy: KEPT }, all],
      },
    ],
  };
}

function edgePlan(origins: EdgeSettings['origins'], more: Partial<Plan> = {}): Plan {
  const modelOf = (name: string): OriginModel => {
    const port = origins[name];
    const url = port === undefined ? {} : { url: `http://127.0.0.1:${port}` };
    return { latencyMs: 0, status: 200, bodyBytes: 5, region: 'eu-west-1', ...url };
  };
  const mapped = Object.fromEntries([FIRST, SECOND].map((name) => [name, modelOf(name)]));
  return hybridPlan([], { probes: [], origins: mapped, endSeconds: 36_000, ...more });
}

/** Opens such a world for as long as a test uses it. */
export async function withEdge<Result>(
  settings: EdgeSettings,
  use: (edge: EdgeWorld) => Promise<Result>,
): Promise<Result> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-edge-'));
  const events: TimelineEvent[] = [];
  const waiting = new Set<(event: TimelineEvent) => void>();
  const local = await openWorld({
    architecture: (settings.change ?? ((made) => made))(edgeArchitecture(settings)),
    // One viewer far in the future: it makes an edge, and sends nothing while a test runs.
    plan: edgePlan(settings.origins, settings.plan),
    speed: settings.speed ?? 1,
    ports: PORTS.any,
    stateDirectory,
    sink(event) {
      events.push(event);
      for (const hear of waiting) hear(event);
    },
  });
  const first = <Code extends EventCode>(what: Code): Promise<EventOf<Code>> => {
    const isIt = (event: TimelineEvent): event is EventOf<Code> => event.what === what;
    const known = events.find(isIt);
    if (known !== undefined) return Promise.resolve(known);
    return new Promise((resolve) => {
      const hear = (event: TimelineEvent): void => {
        if (!isIt(event)) return;
        waiting.delete(hear);
        resolve(event);
      };
      waiting.add(hear);
    });
  };
  const over = new AbortController();
  const running = local.run(over.signal);
  try {
    const edge = local.endpoints.find(({ endpoint }) => endpoint.kind === 'edge');
    if (edge === undefined) throw new Error('a distribution has an edge');
    const { address, httpPort, httpsPort } = edge;
    return await use({ local, address, httpPort, httpsPort, events, first, caFile: local.caFile });
  } finally {
    over.abort();
    await running;
    await local.close();
    await rm(stateDirectory, { recursive: true, force: true });
  }
}
