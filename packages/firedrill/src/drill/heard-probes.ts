import type { Probe, TimelineEvent } from '../model/index.ts';
import { secondsBetween } from '../model/index.ts';

/** Hosts that become probes of a report: those that were asked for first. Requests for others count for the run alone. */
const HOSTS_MAX = 20;
/** Methods and places of one that get figures of their own. */
const STREAMS_MAX = 20;

interface Heard {
  readonly methods: Set<string>;
  readonly places: Set<string>;
  count: number;
}

/** Probes that stand for what programs have asked of a world that is up: one for each host, as its timeline has them. */
export function heardProbes(events: readonly TimelineEvent[]): readonly Probe[] {
  const hosts = new Map<string, Heard>();
  for (const event of events) {
    if (event.what !== 'request.ended') continue;
    const { probe, method, place } = event.data;
    const heard = hosts.get(probe) ?? { methods: new Set(), places: new Set(), count: 0 };
    if (!hosts.has(probe) && hosts.size >= HOSTS_MAX) continue;
    hosts.set(probe, heard);
    heard.count += 1;
    if (heard.methods.size < STREAMS_MAX) heard.methods.add(method);
    if (heard.places.size < STREAMS_MAX) heard.places.add(place);
  }
  const [first, last] = [events[0], events.at(-1)];
  const seconds = first === undefined || last === undefined ? 1 : Math.max(1, secondsBetween(first.at, last.at));
  return [...hosts].map(([name, { methods, places, count }]): Probe => ({
    name,
    url: `https://${name}/`,
    ratePerSecond: count / (seconds * methods.size * places.size),
    methods: [...methods],
    places: [...places],
    timeoutMs: 0,
    client: 'plain',
    isHeard: true,
  }));
}
