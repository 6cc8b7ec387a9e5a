import type { TimelineEvent } from '../model/index.ts';
import type { Episode } from './episode.ts';
import { eventInWords } from './event-words.ts';
import type { ChainEvent } from './measures.ts';
import { toSeconds } from './segments.ts';
import type { Story } from './story.ts';
import type { FaultTally, RequestEvent } from './tally.ts';
import type { TurningPoints } from './turning-points.ts';

/**
 * The events that lead from a fault to its effect on a stream and out of it, each found by walking causes
 * back: from the first and the last failure, from the turning points, and from the first success afterwards.
 */
export function chainOf(
  story: Story,
  episode: Episode,
  tally: FaultTally,
  points: TurningPoints,
): readonly ChainEvent[] {
  const events = new Map<number, TimelineEvent>();
  const add = (event: TimelineEvent | undefined): void => {
    if (event !== undefined) events.set(event.seq, event);
  };
  for (const seq of episode.seqs) add(story.event(seq));
  const steps: readonly (TimelineEvent | undefined)[] = [
    requestEvent(tally.firstFailure),
    points.unhealthy,
    points.moved,
    requestEvent(tally.lastFailure),
    requestEvent(tally.recovery),
  ];
  for (const step of tally.failed === 0 ? [points.unhealthy, points.moved] : steps) {
    add(step);
    for (const cause of story.causesOf(step?.cause ?? 0)) {
      // A resolver's answer from before the fault explains nothing about the fault.
      if (cause.at >= episode.start) add(cause);
    }
  }
  return [...events.values()]
    .toSorted((left, right) => left.at - right.at || left.seq - right.seq)
    .map((event) => ({
      seq: event.seq,
      at: toSeconds(event.at),
      cause: event.cause,
      says: `${capital(eventInWords(event))}.`,
    }));
}

function requestEvent(event: RequestEvent | undefined): TimelineEvent | undefined {
  return event && { ...event, what: 'request.ended' };
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
