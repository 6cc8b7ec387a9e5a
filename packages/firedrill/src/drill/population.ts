import type { TimelineEvent } from '../model/index.ts';
import type { PopulationMeasures } from './measures.ts';
import { toSeconds } from './segments.ts';
import type { EventOf, Story } from './story.ts';

/** Steps of one curve that are told; more would be finer than any picture. */
const STEPS_MAX = 4000;

type Step = PopulationMeasures['steps'][number];

/** Shares of users whose leaving is told, per cent. */
const SHARES_TOLD = [50, 90, 99, 100] as const;

/** Where the users of each population would go, over the run; all places of a probe together. */
export function populationsOf(story: Story): readonly PopulationMeasures[] {
  const events = story.all('clients.counted');
  const probes = [...new Set(events.map(({ data }) => data.probe))];
  return probes.map((probe) => {
    const steps = stepsOf(events.filter(({ data }) => data.probe === probe));
    return {
      probe,
      clients: steps.at(-1)?.clients ?? 0,
      steps: steps.slice(0, STEPS_MAX).map(({ at, endpoints }) => ({ at, endpoints })),
      faults: story.all('fault.started').flatMap((fault) => leavingAfter(steps, fault) ?? []),
    };
  });
}

interface CountedStep extends Step {
  readonly clients: number;
}

function stepsOf(events: readonly EventOf<'clients.counted'>[]): readonly CountedStep[] {
  const latest = new Map<string, EventOf<'clients.counted'>['data']>();
  const steps: CountedStep[] = [];
  for (const { at: moment, data } of events) {
    latest.set(data.place, data);
    const counts = new Map<string, number>();
    let clients = 0;
    for (const each of latest.values()) {
      clients += each.clients;
      for (const [endpoint, number] of Object.entries(each.endpoints))
        counts.set(endpoint, (counts.get(endpoint) ?? 0) + number);
    }
    const at = toSeconds(moment);
    if (steps.at(-1)?.at === at) steps.pop();
    const endpoints = [...counts]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([endpoint, number]) => ({ endpoint, clients: number }));
    steps.push({ at, clients, endpoints });
  }
  return steps;
}

/** How the users left the endpoint that most of them were at when a fault began; undefined when nobody had been counted. */
function leavingAfter(
  steps: readonly CountedStep[],
  fault: Extract<TimelineEvent, { what: 'fault.started' }>,
): PopulationMeasures['faults'][number] | undefined {
  const start = toSeconds(fault.at);
  const before = steps.findLast(({ at }) => at <= start);
  if (before === undefined) return undefined;
  const home = before.endpoints.toSorted((left, right) => right.clients - left.clients)[0];
  if (home === undefined) return undefined;
  const later = steps.filter(({ at }) => at > start);
  const left = SHARES_TOLD.map((percent) => {
    const most = Math.floor((home.clients * (100 - percent)) / 100);
    const first = later.find((step) => clientsAt(step, home.endpoint) <= most);
    return { percent, seconds: first === undefined ? null : toSeconds(Math.round((first.at - start) * 1e6)) };
  });
  const least = Math.min(home.clients, ...later.map((step) => clientsAt(step, home.endpoint)));
  return { fault: fault.data.name, home: home.endpoint, clients: home.clients, left, stayed: least };
}

function clientsAt({ endpoints }: Step, endpoint: string): number {
  return endpoints.find((each) => each.endpoint === endpoint)?.clients ?? 0;
}
