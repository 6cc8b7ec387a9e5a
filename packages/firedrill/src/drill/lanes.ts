import type { Measures } from './measures.ts';
import { toSeconds } from './segments.ts';
import type { EventOf, Story } from './story.ts';
import { faultInWords } from './words.ts';

/** Faults, health checks and DNS answers over the run, as a report draws them beside the streams. */
export function lanesOf(story: Story): Pick<Measures, 'faults' | 'healthChecks' | 'names'> {
  return { faults: faultLanes(story), healthChecks: healthCheckLanes(story), names: nameLanes(story) };
}

function faultLanes(story: Story): Measures['faults'] {
  const ends = new Map(story.all('fault.ended').map((event) => [event.data.name, event.at]));
  return story.all('fault.started').map(({ at, data }) => {
    const end = ends.get(data.name);
    return {
      name: data.name,
      says: faultInWords(data.fault),
      start: toSeconds(at),
      end: end === undefined ? null : toSeconds(end),
    };
  });
}

/** Opinions of single checkers give the number of healthy ones between two changes of the whole. */
function healthCheckLanes(story: Story): Measures['healthChecks'] {
  const changes = groupBy(story.all('health-check.changed'), (event) => event.data.healthCheck);
  const opinions = groupBy(story.all('checker.changed'), (event) => event.data.healthCheck);
  const ids = [...new Set([...opinions.keys(), ...changes.keys()])].toSorted();
  return ids.map((id) => {
    const changed = changes.get(id) ?? [];
    const own = opinions.get(id) ?? [];
    const events = [...own, ...changed].toSorted((left, right) => left.seq - right.seq);
    const endpoint = events.find((event) => event.data.endpoint !== undefined)?.data.endpoint ?? '';
    return { id, endpoint, checkers: changed[0]?.data.checkers ?? DEFAULT_CHECKERS, steps: healthSteps(events) };
  });
}

/** With all Regions probing (R53 HC-19); a check that never changed does not tell its own number. */
const DEFAULT_CHECKERS = 16;

function healthSteps(
  events: readonly (EventOf<'checker.changed'> | EventOf<'health-check.changed'>)[],
): Measures['healthChecks'][number]['steps'] {
  const first = events.find((event) => event.what === 'health-check.changed');
  // A health check counts as healthy until it is known otherwise (R53 HC-25): its first change says what it was.
  let healthy = first === undefined ? true : !first.data.healthy;
  let healthyCheckers = countBefore(events);
  const steps = [{ at: 0, healthy, healthyCheckers }];
  for (const event of events) {
    if (event.what === 'checker.changed') {
      healthyCheckers = Math.max(0, healthyCheckers + (event.data.healthy ? 1 : -1));
    } else {
      healthy = event.data.healthy;
      healthyCheckers = event.data.healthyCheckers;
    }
    const at = toSeconds(event.at);
    if (steps.at(-1)?.at === at) steps.pop();
    steps.push({ at, healthy, healthyCheckers });
  }
  return steps;
}

/** How many checkers were healthy in the beginning: so many that their changes lead to the count that is told. */
function countBefore(events: readonly (EventOf<'checker.changed'> | EventOf<'health-check.changed'>)[]): number {
  let moved = 0;
  for (const event of events) {
    if (event.what === 'health-check.changed') return Math.max(0, event.data.healthyCheckers - moved);
    moved += event.data.healthy ? 1 : -1;
  }
  return DEFAULT_CHECKERS;
}

function nameLanes(story: Story): Measures['names'] {
  const groups = groupBy(story.all('dns.answer-changed'), ({ data }) => `${data.name} ${data.type}`);
  return [...groups.values()].map((events) => ({
    name: events[0]?.data.name ?? '',
    type: events[0]?.data.type ?? '',
    steps: events.map(({ at, data }) => ({
      at: toSeconds(at),
      endpoint: data.endpoint,
      answer: [...data.answer],
      rule: data.rule,
    })),
  }));
}

function groupBy<Item>(items: readonly Item[], keyOf: (item: Item) => string): Map<string, Item[]> {
  const groups = new Map<string, Item[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
