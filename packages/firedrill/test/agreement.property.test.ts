import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Architecture, Fault, OriginModel, Plan, Probe, TimelineEvent } from '../src/model/index.ts';
import { atSeconds, NEVER } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { EDGE_HOST, edgeArchitecture, FIRST, SECOND } from './edge-world.ts';
import { hybridPlan, probe } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/*
 * Two drivers, one edge: for distributions and traffic made by chance, viewers get the same answers in `sim` and in `live`, from the same
 * caches, after the same attempts at the same origins. AGREEMENT_RUNS=… tries more of them, AGREEMENT_SEED=… others.
 */

const RUNS = Number(process.env['AGREEMENT_RUNS'] ?? 8);
const SEED = Number(process.env['AGREEMENT_SEED'] ?? 1);
const SPEED = 10;
const SECONDS = 5;

const PATHS = ['/', '/kept/a', '/kept/b?x=1', '/static/c.txt', '/d'] as const;
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'] as const;

const origin = fc.record({
  latencyMs: fc.constantFrom(0, 40, 300),
  status: fc.constantFrom(200, 200, 200, 301, 403, 404, 500, 503),
  bodyBytes: fc.constantFrom(0, 5, 2000),
});

const estate = fc.record({
  failsOver: fc.boolean(),
  statusCodes: fc.subarray([403, 404, 500, 502, 503, 504], { minLength: 1 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  connectSeconds: fc.constantFrom(1, 2),
  keptSeconds: fc.constantFrom(0, 3600),
  allowed: fc.constantFrom(['GET', 'HEAD'], ['GET', 'HEAD', 'OPTIONS'], [...METHODS, 'PUT', 'PATCH']),
  viewerPolicy: fc.constantFrom('allow-all', 'https-only', 'redirect-to-https'),
  first: origin,
  second: origin,
  fault: fc.option(fc.constantFrom('refuse', 'reset', 'blackhole', 'status'), { nil: undefined }),
  traffic: fc.uniqueArray(
    fc.record({ path: fc.constantFrom(...PATHS), method: fc.constantFrom(...METHODS), https: fc.boolean() }),
    { minLength: 1, maxLength: 4, selector: ({ path, method, https }) => `${path} ${method} ${https}` },
  ),
});

type Estate = typeof estate extends fc.Arbitrary<infer Value> ? Value : never;

function architectureOf(made: Estate): Architecture {
  const whole = edgeArchitecture({ failsOver: made.failsOver });
  return {
    ...whole,
    distributions: whole.distributions.map((one) => ({
      ...one,
      origins: one.origins.map((each) => ({
        ...each,
        connectionAttempts: made.attempts,
        connectionTimeoutSeconds: made.connectSeconds,
      })),
      originGroups: one.originGroups.map((group) => ({ ...group, statusCodes: made.statusCodes })),
      behaviors: one.behaviors.map((behavior) => ({
        ...behavior,
        allowedMethods: made.allowed,
        viewerProtocolPolicy: made.viewerPolicy,
        cachePolicy:
          behavior.pathPattern === '*'
            ? behavior.cachePolicy
            : { ...behavior.cachePolicy, defaultTtlSeconds: made.keptSeconds, maxTtlSeconds: made.keptSeconds },
      })),
    })),
  };
}

function planOf(made: Estate): Plan {
  // Each has a path of its own, so that nobody's answer depends on who comes first.
  const probes = made.traffic.map(({ path, method, https }, n): Probe => {
    const [place = '', query] = path.split('?');
    const own = `${place}-${n}${query === undefined ? '' : `?${query}`}`;
    return probe(`p${n}`, `${https ? 'https' : 'http'}://${EDGE_HOST}${own}`, { methods: [method], timeoutMs: 60_000 });
  });
  const placed = (model: OriginModel): OriginModel => ({ ...model, region: 'eu-west-1' });
  return hybridPlan(made.fault === undefined ? [] : [faultOf(made.fault)], {
    probes,
    origins: { [FIRST]: placed(made.first), [SECOND]: { ...made.second, region: 'us-east-1' } },
    endSeconds: SECONDS,
  });
}

/** From the beginning to the end: when it acts is no matter of chance then. */
function faultOf(kind: 'refuse' | 'reset' | 'blackhole' | 'status'): Fault {
  return {
    name: kind,
    target: { kind: 'host', host: FIRST },
    effect: kind === 'status' ? { kind, status: 503 } : { kind },
    from: atSeconds(0),
    until: NEVER,
    share: 1,
  };
}

type Ended = Extract<TimelineEvent, { what: 'request.ended' }>['data'];

/** Requests of each probe, in the order in which they were sent. */
function requestsOf(events: readonly TimelineEvent[]): ReadonlyMap<string, readonly Ended[]> {
  const all = events
    .flatMap((event) => (event.what === 'request.ended' ? [event.data] : []))
    .toSorted((one, other) => one.sentAt - other.sentAt);
  return new Map(
    [...new Set(all.map((ended) => ended.probe))].map((name) => [name, all.filter((ended) => ended.probe === name)]),
  );
}

/** What viewers saw, what caches held, and what origins were asked. */
function story(events: readonly TimelineEvent[]): readonly string[] {
  return [...requestsOf(events)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, requests]) =>
      requests.map(
        ({ method, end, status, endpoint, origin: from, attempts, result }, n) =>
          `${name} ${n} ${method}: ${end} ${status} ${result} from ${from}@${endpoint} after ${attempts}`,
      ),
    );
}

/** Whether a request began before the one before it had ended: then the machine had a say in what the cache held. */
function overlaps(events: readonly TimelineEvent[]): boolean {
  return [...requestsOf(events).values()].some((requests) =>
    requests.some((request, n) => n > 0 && request.sentAt < endOf(requests[n - 1])),
  );
}

function endOf(request: Ended | undefined): number {
  return request === undefined ? 0 : request.sentAt + request.ttfbMs * 1000;
}

test(
  `sim and live tell the same of ${RUNS} distributions and their traffic (seed ${SEED})`,
  async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(estate, async (made) => {
        const [architecture, plan] = [architectureOf(made), planOf(made)];
        const sim: TimelineEvent[] = [];
        simulate(architecture, plan, (event) => void sim.push(event));
        const local = await runLocal(architecture, plan, SPEED);
        if (overlaps(sim) !== overlaps(local)) return;
        // Where requests overlap by the plan's own delays, how they met in the cache may differ; all else may not.
        const told = overlaps(sim) ? withoutResult : (lines: readonly string[]): readonly string[] => lines;
        expect(told(story(local))).toEqual(told(story(sim)));
        compared += 1;
      }),
      { numRuns: RUNS, seed: SEED, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(RUNS / 4);
  },
  60_000 + RUNS * 20_000,
);

function withoutResult(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/ (?:Hit|Miss|Error|\w+) from .*$/, ''));
}
