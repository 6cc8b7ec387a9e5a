import { NEVER } from '../model/index.ts';
import type { Episode } from './episode.ts';
import { chainOf } from './chain.ts';
import { failbackOf } from './failback.ts';
import type { FaultOnStream, Recovery } from './measures.ts';
import { type Boundary, cut, toSeconds } from './segments.ts';
import type { Story } from './story.ts';
import type { FaultTally } from './tally.ts';
import { type TurningPoints, turningPoints } from './turning-points.ts';
import { clock, count, length } from './words.ts';

/** What one fault did to one stream, second by second, and why. */
export function explainFault(story: Story, episode: Episode, nextStart: number, tally: FaultTally): FaultOnStream {
  const points = turningPoints(story, episode, nextStart, tally);
  const hasFailed = tally.failed > 0;
  const ending = endingOf(episode, tally);
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
      points.unhealthy === undefined || points.moved === undefined
        ? null
        : toSeconds(points.moved.at - points.unhealthy.at),
    ...lost,
    says: summary(outage?.seconds ?? 0, ending, episode, tally, points),
    chain: chainOf(story, episode, tally, points),
    recovery: recoveryOf(episode, tally),
    failback: failbackOf(episode, tally, points),
  };
}

const NO_LENGTHS = { cacheTailSeconds: null, timeoutSeconds: null } as const;

function lengths(
  { start }: Episode,
  tally: FaultTally,
  { moved }: TurningPoints,
): Pick<FaultOnStream, 'cacheTailSeconds' | 'timeoutSeconds'> {
  if (tally.lastFailedSentAt < 0) return NO_LENGTHS;
  const tail = moved === undefined ? null : toSeconds(Math.max(0, tally.lastFailedSentAt - moved.at));
  const lastSentAt = Math.max(tally.lastFailedSentAt, start);
  return { cacheTailSeconds: tail, timeoutSeconds: toSeconds(Math.max(0, tally.lastFailedEndedAt - lastSentAt)) };
}

function endingOf(episode: Episode, tally: FaultTally): FaultOnStream['ending'] {
  if (tally.failed === 0) return 'none';
  if (tally.recovery === undefined) return 'not-ended';
  const { endpoint } = tally.recovery.data;
  if (tally.home !== '' && endpoint !== tally.home && endpoint !== 'edge') return 'failover';
  return episode.healed <= tally.recovery.at ? 'healing' : 'unexplained';
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
    ...steering(points, until, lastSent, episode),
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
  { unhealthy, moved }: TurningPoints,
  until: (at: number) => number,
  lastSent: number,
  episode: Episode,
): readonly Boundary[] {
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
  const { healthyCheckers, checkers } = unhealthy.data;
  const detected = `${length(toSeconds(unhealthy.at - episode.start))} after the fault began only ${healthyCheckers} of ${checkers} checkers still saw the endpoint healthy`;
  const detection: Boundary =
    unhealthy.at > lastSent
      ? {
          kind: 'detection',
          until: lastSent,
          says: `The health check had not changed yet; it did so ${detected.replace(' only', ', when only')}, too late to matter.`,
        }
      : {
          kind: 'detection',
          until: until(unhealthy.at),
          says: `${capital(detected)}, and the health check became unhealthy.`,
        };
  if (moved === undefined) {
    return [
      detection,
      {
        kind: 'propagation',
        until: lastSent,
        says: 'The health check was unhealthy, but no name server was seen to answer differently.',
      },
    ];
  }
  const where = moved.data.endpoint === '' ? moved.data.answer.join(', ') : moved.data.endpoint;
  return [
    detection,
    {
      kind: 'propagation',
      until: until(moved.at),
      says: `Name servers first answered ${moved.data.name} with ${where} ${length(toSeconds(moved.at - unhealthy.at))} after the health check changed.`,
    },
    {
      kind: 'cache-tail',
      until: lastSent,
      says: `Resolvers held the old answer for ${moved.data.name} until its TTL ran out; the last request to follow it was sent at ${clock(toSeconds(Math.max(0, lastSent)))}.`,
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
  const failed = `${count(tally.failed, 'request')} of ${tally.sent.toLocaleString('en-US')} failed`;
  switch (ending) {
    case 'none':
      return points.unhealthy === undefined
        ? `No request failed under ${fault}, and no health check changed.`
        : `No request failed under ${fault}, although the health check took ${length(toSeconds(points.unhealthy.at - episode.start))} to see it.`;
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

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
