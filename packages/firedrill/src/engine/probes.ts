import { assert, atSeconds } from '../model/index.ts';
import { viewersOf } from './client/probes.ts';
import { viewerLife } from './client/viewer.ts';
import type { Parts } from './parts.ts';
import { resolverFor } from './parts.ts';
import type { Background } from './world.ts';

/** Every stream of every probe; those of one interval are spread over it. */
export function probesOf(parts: Parts): Background[] {
  const { input, timeline, random, layout } = parts;
  return input.plan.probes.flatMap((probe) => {
    const viewers = viewersOf(probe, {
      vantageOf: (place) => layout.cities.get(place),
      drawsOf: (stream) => random.stream(`client/${stream}`),
      resolverOf: (place, policy) => {
        const vantage = layout.cities.get(place);
        assert(vantage !== undefined, `the city ${place} has a place`);
        return resolverFor(parts, `${probe.name}@${place}`, vantage, policy);
      },
      ended: (moment, ended, cause) => void timeline.record(moment.now, cause, 'request.ended', ended),
    });
    return viewers.map((viewer, i): Background => {
      const firstAt = atSeconds(i / viewers.length / probe.ratePerSecond);
      return {
        name: `probe/${probe.name}/${viewer.place}/${viewer.method}`,
        start: (moment) => viewerLife(viewer, moment, firstAt, input.plan.end),
      };
    });
  });
}
