import { after, type Instant } from '../model/index.ts';
import type { Circumstances } from './circumstances.ts';
import type { Episode } from './episode.ts';
import type { EventOf, Story } from './story.ts';
import type { FaultTally } from './tally.ts';

type HealthChange = EventOf<'health-check.changed'>;
type AnswerChange = EventOf<'dns.answer-changed'>;

/** The events that steer traffic away after a fault and back after it is healed; undefined: did not happen. */
export interface TurningPoints {
  /** A health check was unhealthy because of the fault. */
  readonly unhealthy: HealthChange | undefined;
  /** A name server first gave another answer because of that. */
  readonly moved: AnswerChange | undefined;
  /** From when on name servers would have given it, asked or not. */
  readonly movedFrom: Instant | undefined;
  /** The same health check was healthy again. */
  readonly healthy: HealthChange | undefined;
  /** The same name was answered differently again. */
  readonly movedBack: AnswerChange | undefined;
  readonly movedBackFrom: Instant | undefined;
}

/**
 * Finds the turning points of one fault for one stream. Recorded causes decide; the stream's own recovery
 * is asked first, because only its causes say which of several health checks and names mattered to it.
 */
export function turningPoints(
  { story, propagationSeconds }: Circumstances,
  episode: Episode,
  nextStart: number,
  tally: FaultTally,
): TurningPoints {
  const own = tally.recovery === undefined ? [] : story.causesOf(tally.recovery.cause);
  const ownHealth = own.find(
    (event): event is HealthChange =>
      event.what === 'health-check.changed' && !event.data.healthy && event.at >= episode.start,
  );
  const unhealthy = ownHealth ?? firstUnhealthy(story, episode, nextStart);
  const ownMove = own.find(
    (event): event is AnswerChange =>
      event.what === 'dns.answer-changed' && event.at >= episode.start && event.data.endpoint !== tally.home,
  );
  const moved = unhealthy === undefined ? undefined : (ownMove ?? firstMove(story, unhealthy, tally.home));
  const healthy = unhealthy === undefined ? undefined : firstHealthy(story, unhealthy, episode.healed);
  const movedBack = healthy === undefined || moved === undefined ? undefined : firstMoveBack(story, healthy, moved);
  const from = (change: HealthChange | undefined, answer: AnswerChange | undefined): Instant | undefined =>
    change && answer && effectiveFrom(change, answer, propagationSeconds);
  return {
    unhealthy,
    moved,
    movedFrom: from(unhealthy, moved),
    healthy,
    movedBack,
    movedBackFrom: from(healthy, movedBack),
  };
}

/**
 * A new answer shows only when somebody asks, and caches that hold the old one do not. In worlds of ours the
 * lag of name servers is a setting (R53 HC-42), so the wait for the question belongs to the caches; in AWS
 * itself only the answer is seen.
 */
function effectiveFrom(change: HealthChange, answer: AnswerChange, propagationSeconds: number | undefined): Instant {
  if (propagationSeconds === undefined) return answer.at;
  const from = after(change.at, propagationSeconds * 1000);
  return from < answer.at ? from : answer.at;
}

/** Caused by the fault, as recorded; one that led to another DNS answer is preferred to one that did not. */
function firstUnhealthy(story: Story, episode: Episode, nextStart: number): HealthChange | undefined {
  const changes = story.all('health-check.changed').filter((event) => !event.data.healthy && event.at >= episode.start);
  const caused = changes.filter((event) => episode.seqs.some((seq) => story.isBecauseOf(event, seq)));
  const effective = caused.find((event) =>
    story.all('dns.answer-changed').some((answer) => story.isBecauseOf(answer, event.seq)),
  );
  // Without recorded causes (a live run cannot always know), the order of events has to do.
  const unexplained = changes.filter(
    (event) => event.at < nextStart && !story.causesOf(event.cause).some((cause) => cause.what === 'fault.started'),
  );
  return effective ?? caused[0] ?? unexplained[0];
}

function firstMove(story: Story, unhealthy: HealthChange, home: string): AnswerChange | undefined {
  const changes = story
    .all('dns.answer-changed')
    .filter((event) => event.at >= unhealthy.at && event.seq > unhealthy.seq);
  return (
    changes.find((event) => story.isBecauseOf(event, unhealthy.seq)) ??
    changes.find((event) => story.causesOf(event.cause).length === 0 && event.data.endpoint !== home)
  );
}

function firstHealthy(story: Story, { seq, data }: HealthChange, healed: number): HealthChange | undefined {
  return story
    .all('health-check.changed')
    .find(
      (event) =>
        event.data.healthCheck === data.healthCheck && event.data.healthy && event.at >= healed && event.seq > seq,
    );
}

function firstMoveBack(story: Story, healthy: HealthChange, { data }: AnswerChange): AnswerChange | undefined {
  return story
    .all('dns.answer-changed')
    .find(
      (event) =>
        event.data.name === data.name &&
        event.data.type === data.type &&
        event.seq > healthy.seq &&
        event.data.endpoint !== data.endpoint,
    );
}
