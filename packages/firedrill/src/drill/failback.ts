import { type Instant, NEVER } from '../model/index.ts';
import type { Episode } from './episode.ts';
import type { Failback } from './measures.ts';
import { cut, toSeconds } from './segments.ts';
import { moveInWords, verdictInWords } from './steering.ts';
import type { FaultTally } from './tally.ts';
import type { TurningPoints } from './turning-points.ts';
import { clock, length } from './words.ts';

/** How a stream came home after the fault was healed: until the last request that was sent to the stand-in. */
export function failbackOf(
  episode: Episode,
  tally: FaultTally,
  { healthy, movedBack, movedBackFrom }: TurningPoints,
): Failback {
  const { healed } = episode;
  if (healed === NEVER) return { kind: 'absent', says: 'The fault was not healed within the run.' };
  if (tally.home === '')
    return { kind: 'absent', says: 'Nothing answered before the fault, so there is no home to come back to.' };
  const last = lastSentElsewhere(tally);
  if (last === undefined)
    return {
      kind: 'absent',
      says: 'No request was answered elsewhere after the fault was healed: traffic was home at once.',
    };
  const { endpoint, at } = last;
  const askedAt = tally.lastAskedAfterHealing.get(endpoint) ?? healed;
  const homeAt = tally.lastSentAfterHealing.get(tally.home);
  const bounded = (moment: number): number => Math.min(moment, at);
  const segments = cut(healed, at, [
    healthy === undefined
      ? {
          kind: 'no-failover',
          until: askedAt,
          says: `No health check became healthy again, and ${endpoint} went on answering.`,
        }
      : {
          kind: 'detection',
          until: bounded(healthy.at),
          says: `${length(toSeconds(healthy.at - healed))} after healing ${verdictInWords(healthy)}.`,
        },
    {
      kind: 'propagation',
      until: healthy === undefined ? askedAt : movedBackFrom === undefined ? at : bounded(movedBackFrom),
      says:
        movedBack === undefined
          ? 'No name server was seen to answer differently again.'
          : `${moveInWords(movedBack, clock(toSeconds(movedBackFrom ?? movedBack.at)))} again.`,
    },
    {
      kind: 'cache-tail',
      until: at,
      says:
        askedAt < at
          ? `Edge locations kept what ${endpoint} had answered; the last request that got it was sent at ${clock(toSeconds(at))}.`
          : `Resolvers held the answer that led to ${endpoint}; the last request to follow it was sent at ${clock(toSeconds(at))}.`,
    },
  ]);
  return {
    kind: 'measured',
    start: toSeconds(healed),
    end: toSeconds(at),
    seconds: toSeconds(at - healed),
    finished: homeAt !== undefined && homeAt > at,
    detectionSeconds: healthy === undefined ? null : toSeconds(healthy.at - healed),
    failed: tally.failedAfterHealing,
    segments,
  };
}

function lastSentElsewhere(tally: FaultTally): { readonly endpoint: string; readonly at: Instant } | undefined {
  let last: { readonly endpoint: string; readonly at: Instant } | undefined;
  for (const [endpoint, at] of tally.lastSentAfterHealing) {
    const isElsewhere = endpoint !== tally.home && endpoint !== 'edge';
    if (isElsewhere && (last === undefined || at > last.at)) last = { endpoint, at };
  }
  return last;
}
