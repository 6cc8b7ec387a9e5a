import { NEVER } from '../model/index.ts';
import type { Episode } from './episode.ts';
import { chainOf } from './chain.ts';
import { failbackOf } from './failback.ts';
import type { FaultOnStream, Recovery } from './measures.ts';
import { type Boundary, cut, toSeconds } from './segments.ts';
import type { Circumstances } from './circumstances.ts';
import type { FaultTally } from './tally.ts';
import { judgeInWords, moveInWords, verdictInWords } from './steering.ts';
import { type TurningPoints, turningPoints } from './turning-points.ts';
import { clock, count, length } from './words.ts';

/** What one fault did to one stream, second by second, and why. */
export function explainFault(
  circumstances: Circumstances,
  episode: Episode,
  nextStart: number,
  tally: FaultTally,
): FaultOnStream {
  const points = turningPoints(circumstances, episode, nextStart, tally);
  const hasFailed = tally.failed > 0;
  const ending = endingOf(episode, tally, points);
  const start = tally.firstFailedSentAt;
  const lost = hasFailed ? lengths(episode, tally, points) : NO_LENGTHS;
  const outage = hasFailed
    ? { start: toSeconds(start), end: toSeconds(tally.outageEnd), seconds: toSeconds(tally.outageEnd - start) }
    : null;
  return {
    fault: episode.names.join(' + '),
    start: toSeconds(episode.start),
    healed: episode.healed === NEVER ? null : toSeconds(episode.healed),
    sent: tally.sent,
    failed: tally.failed,
    outage,
    ending,
    segments: hasFailed ? cut(start, tally.outageEnd, boundariesOf(episode, tally, points)) : [],
    detectionSeconds: points.unhealthy === undefined ? null : toSeconds(points.unhealthy.at - episode.start),
    propagationSeconds:
      points.unhealthy === undefined || points.movedFrom === undefined
        ? null
        : toSeconds(points.movedFrom - points.unhealthy.at),
    ...lost,
    says: summary(outage?.seconds ?? 0, ending, episode, tally, points),
    chain: chainOf(circumstances.story, episode, tally, points),
    recovery: recoveryOf(episode, tally),
    failback: failbackOf(episode, tally, points),
  };
}

const NO_LENGTHS = { cacheTailSeconds: null, timeoutSeconds: null } as const;

function lengths(
  { start }: Episode,
  tally: FaultTally,
  { movedFrom }: TurningPoints,
): Pick<FaultOnStream, 'cacheTailSeconds' | 'timeoutSeconds'> {
  if (tally.lastFailedSentAt < 0) return NO_LENGTHS;
  const tail = movedFrom === undefined ? null : toSeconds(Math.max(0, tally.lastFailedSentAt - movedFrom));
  const lastSentAt = Math.max(tally.lastFailedSentAt, start);
  return { cacheTailSeconds: tail, timeoutSeconds: toSeconds(Math.max(0, tally.lastFailedEndedAt - lastSentAt)) };
}

function endingOf(episode: Episode, tally: FaultTally, { moved }: TurningPoints): FaultOnStream['ending'] {
  if (tally.failed === 0) return 'none';
  if (tally.recovery === undefined) return 'not-ended';
  const { endpoint } = tally.recovery.data;
  if (tally.home !== '' && endpoint !== tally.home && endpoint !== 'edge') return 'failover';
  if (episode.healed <= tally.recovery.at) return 'healing';
  // Where clients are at home in several Regions, what moved one of them is home to others.
  return moved !== undefined && moved.at <= tally.recovery.at ? 'failover' : 'unexplained';
}

function recoveryOf(episode: Episode, tally: FaultTally): Recovery {
  if (tally.failed === 0) return { kind: 'not-needed' };
  if (tally.recovery === undefined) return { kind: 'not-recovered' };
  const { at } = tally.recovery;
  return { kind: 'recovered', at: toSeconds(at), seconds: toSeconds(at - episode.start) };
}

/**
 * Where an outage is cut. Until the last request that failed was sent, what lasted was detection, propagation
 * or the caches; after that, the timeouts of requests already under way. `lastSent` bounds them all, so a
 * fault that is healed before it is detected shows as detection that came too late to matter.
 */
function boundariesOf(episode: Episode, tally: FaultTally, points: TurningPoints): readonly Boundary[] {
  const lastSent = tally.lastFailedSentAt;
  const until = (at: number): number => Math.min(at, lastSent);
  return [
    {
      kind: 'in-flight',
      until: Math.min(episode.start, tally.outageEnd),
      says: 'Requests that were already under way when the fault began were lost to it.',
    },
    ...steering(points, until, lastSent, tally, episode),
    {
      kind: 'timeouts',
      until: tally.lastFailedEndedAt,
      says: `The last request that failed was sent at ${clock(toSeconds(Math.max(0, lastSent)))} and took until here to end.`,
    },
    {
      kind: 'after-healing',
      until: tally.outageEnd,
      says: `Requests sent after the fault was healed still failed, the last until ${clock(toSeconds(tally.outageEnd))}.`,
    },
  ];
}

/** What lasted while requests were still sent to where they failed. */
function steering(
  points: TurningPoints,
  until: (at: number) => number,
  lastSent: number,
  tally: FaultTally,
  episode: Episode,
): readonly Boundary[] {
  const { unhealthy } = points;
  if (unhealthy === undefined && hasBegunElsewhere(tally, episode, points)) {
    return [
      {
        kind: 'open-connections',
        until: lastSent,
        says: `WebSockets that were open broke off when they were next used, the last at ${clock(toSeconds(Math.max(0, lastSent)))}; those that clients began then led elsewhere at once.`,
      },
    ];
  }
  if (unhealthy === undefined) {
    const healed =
      episode.healed === NEVER ? '' : ` before the fault was healed at ${clock(toSeconds(episode.healed))}`;
    return [
      {
        kind: 'no-failover',
        until: lastSent,
        says: `No health check changed because of this fault${healed}, so nothing moved traffic away.`,
      },
    ];
  }
  const took = length(toSeconds(unhealthy.at - episode.start));
  const detection: Boundary = {
    kind: 'detection',
    until: until(unhealthy.at),
    says:
      unhealthy.at > lastSent
        ? `The last request that failed was sent before ${judgeInWords(unhealthy)} changed, which it did ${took} after the fault began.`
        : `It took ${took} from the beginning of the fault until ${verdictInWords(unhealthy)}.`,
  };
  return [detection, ...propagationAndTail(points, until, lastSent)];
}

/** Nothing had to act for it: an origin group or a load balancer leads new WebSockets elsewhere by itself. */
function hasBegunElsewhere(tally: FaultTally, episode: Episode, points: TurningPoints): boolean {
  return tally.recovery?.data.webSocket !== undefined && endingOf(episode, tally, points) === 'failover';
}

function propagationAndTail(
  { moved, movedFrom }: TurningPoints,
  until: (at: number) => number,
  lastSent: number,
): readonly Boundary[] {
  if (moved === undefined || movedFrom === undefined) {
    return [
      {
        kind: 'propagation',
        until: lastSent,
        says: 'The health check had changed, but no name server was seen to answer differently.',
      },
    ];
  }
  return [
    {
      kind: 'propagation',
      until: until(movedFrom),
      says: `${moveInWords(moved, clock(toSeconds(movedFrom)))}.`,
    },
    {
      kind: 'cache-tail',
      until: lastSent,
      says:
        moved.what === 'accelerator.rerouted'
          ? `Connections that others had opened before still led there, the last until ${clock(toSeconds(lastSent))}.`
          : `Resolvers still held the old answer for ${moved.data.name}: the first asked again at ${clock(toSeconds(moved.at))}, and the last request that failed was sent at ${clock(toSeconds(lastSent))}.`,
    },
  ];
}

function summary(
  seconds: number,
  ending: FaultOnStream['ending'],
  episode: Episode,
  tally: FaultTally,
  points: TurningPoints,
): string {
  const fault = episode.names.join(' + ');
  const before = tally.wasFailing ? 'Requests were failing before it began, so not all of this is its doing: ' : '';
  const failed = `${before}${count(tally.failed, 'request')} failed`;
  switch (ending) {
    case 'none':
      return points.unhealthy === undefined
        ? `No request failed under ${fault}, and no health check changed.`
        : `No request failed under ${fault}, although ${judgeInWords(points.unhealthy)} took ${length(toSeconds(points.unhealthy.at - episode.start))} to see it.`;
    case 'failover':
      return `${failed} over ${length(seconds)}, until ${tally.recovery?.data.endpoint ?? ''} answered instead.`;
    case 'healing':
      return `${failed} over ${length(seconds)}, until the fault was healed; traffic had not moved away by then.`;
    case 'unexplained':
      return `${failed} over ${length(seconds)}; they stopped failing while the fault lasted, and nothing recorded says why.`;
    case 'not-ended':
      return `${failed} over ${length(seconds)}, and no success followed.`;
  }
}
