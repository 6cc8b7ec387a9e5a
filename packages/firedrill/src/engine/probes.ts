import type { Instant, Probe } from '../model/index.ts';
import { after, assert, atSeconds } from '../model/index.ts';
import type { Users } from './client/population.ts';
import { countUsers, keepWarm } from './client/population.ts';
import { viewersOf } from './client/probes.ts';
import type { Viewer } from './client/viewer.ts';
import { viewerLife } from './client/viewer.ts';
import { webSocketLife } from './client/web-socket.ts';
import type { Moment, Vantage } from './conversation.ts';
import type { Parts } from './parts.ts';
import { resolverFor } from './parts.ts';
import { Resolver } from './resolver.ts';
import type { Background } from './world.ts';

/** Every stream of every probe; those of one interval are spread over it. Before them, what keeps populations going. */
export function probesOf(parts: Parts): Background[] {
  const { input, timeline, random, layout, settings } = parts;
  const isWarm = settings.isOn('resolver.warm-start');
  const vantageAt = (place: string): Vantage => {
    const vantage = layout.cities.get(place);
    assert(vantage !== undefined, `the city ${place} has a place`);
    return vantage;
  };
  return input.plan.probes.flatMap((probe) => {
    const populations: Background[] = [];
    const viewers = viewersOf(probe, {
      vantageOf: (place) => layout.cities.get(place),
      drawsOf: (stream) => random.stream(`client/${stream}`),
      resolverOf: (place, policy) => resolverFor(parts, `${probe.name}@${place}`, vantageAt(place), policy),
      // Of thousands none is told of by itself: they are counted.
      memberResolverOf(place, policy, left, upstream) {
        const warmStart = isWarm ? { next: () => left } : undefined;
        return new Resolver(vantageAt(place), policy, (_name, found) => found.cause, warmStart, upstream);
      },
      settled: (place, host, users) => void populations.push(...populationOf(parts, { probe, place, host, users })),
      ended: (moment, ended, cause) => void timeline.record(moment.now, cause, 'request.ended', ended),
    });
    const streams = viewers.flatMap((viewer, i): Background[] => {
      const firstAt = atSeconds(i / viewers.length / probe.ratePerSecond);
      if (probe.webSocket !== undefined) return socketsOf(viewer, firstAt, input.plan.end);
      const stream: Background = {
        name: `probe/${probe.name}/${viewer.place}/${viewer.method}`,
        start: (moment) => viewerLife(viewer, moment, firstAt, input.plan.end),
      };
      return [stream];
    });
    return [...populations, ...streams];
  });
}

/** Each client at a place keeps a WebSocket of its own; they begin within the time of one message. */
function socketsOf(viewer: Viewer, firstAt: Instant, end: Instant): Background[] {
  const { probe, place, method, users } = viewer;
  const all = users?.members ?? [viewer];
  return all.map((user, i) => ({
    name: `probe/${probe.name}/${place}/${method}/${i}`,
    start: (moment) =>
      webSocketLife(viewer, user, moment, {
        firstAt: after(firstAt, (i * 1000) / all.length / probe.ratePerSecond),
        end,
      }),
  }));
}

interface Settled {
  readonly probe: Probe;
  readonly place: string;
  readonly host: string;
  readonly users: Users;
}

/** Keeps the resolvers of a population busy, and counts its clients by where they would go next. */
function populationOf({ input, timeline, endpoints }: Parts, { probe, place, host, users }: Settled): Background[] {
  const end: Instant = input.plan.end;
  let told = '';
  const counted = (counts: ReadonlyMap<string, number>, moment: Moment): void => {
    const byEndpoint = new Map<string, number>();
    for (const [address, number] of counts) {
      const endpoint = address === '' ? '' : (endpoints.get(address)?.label ?? address);
      byEndpoint.set(endpoint, (byEndpoint.get(endpoint) ?? 0) + number);
    }
    const inOrder = Object.fromEntries([...byEndpoint].toSorted(([left], [right]) => (left < right ? -1 : 1)));
    const text = JSON.stringify(inOrder);
    if (text === told) return;
    told = text;
    timeline.record(moment.now, 0, 'clients.counted', {
      probe: probe.name,
      place,
      clients: users.members.length,
      endpoints: inOrder,
    });
  };
  const name = `population/${probe.name}/${place}`;
  return [
    { name, start: (moment) => keepWarm(users, host, moment) },
    { name: `${name}/count`, start: (moment) => countUsers(users, host, moment, { end, counted }) },
  ];
}
