import { after, type Instant } from '../model/index.ts';
import type { Circumstances } from './circumstances.ts';
import type { Episode } from './episode.ts';
import type { HealthChange, Move } from './steering.ts';
import { destinationOf, healthChanges, isHealthChange, isMove, movedSubject, moves, subjectOf } from './steering.ts';
import type { Story } from './story.ts';
import type { FaultTally } from './tally.ts';

/** The events that steer traffic away after a fault and back after it is healed; undefined: did not happen. */
export interface TurningPoints {
  /** A health check, a load balancer or an accelerator found an endpoint unhealthy because of the fault. */
  readonly unhealthy: HealthChange | undefined;
  /** A name server first gave another answer because of that, or an accelerator sent connections elsewhere. */
  readonly moved: Move | undefined;
  /** From when on name servers would have given it, asked or not. */
  readonly movedFrom: Instant | undefined;
  /** The same health check was healthy again. */
  readonly healthy: HealthChange | undefined;
  /** The same name was answered differently again. */
  readonly movedBack: Move | undefined;
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
    (event): event is HealthChange => isHealthChange(event) && !event.data.healthy && event.at >= episode.start,
  );
  const unhealthy = ownHealth ?? firstUnhealthy(story, episode, nextStart);
  const ownMove = own.find(
    (event): event is Move => isMove(event) && event.at >= episode.start && placeOf(event) !== tally.home,
  );
  const moved = unhealthy === undefined ? undefined : (ownMove ?? firstMove(story, unhealthy, tally.home));
  const healthy = unhealthy === undefined ? undefined : firstHealthy(story, unhealthy, episode.healed);
  const movedBack = healthy === undefined || moved === undefined ? undefined : firstMoveBack(story, healthy, moved);
  const from = (change: HealthChange | undefined, answer: Move | undefined): Instant | undefined =>
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
function effectiveFrom(change: HealthChange, answer: Move, propagationSeconds: number | undefined): Instant {
  // An accelerator shows it with the next connection; what load balancers know name servers go by at once.
  if (propagationSeconds === undefined || answer.what === 'accelerator.rerouted') return answer.at;
  if (change.what !== 'health-check.changed') return change.at;
  const from = after(change.at, propagationSeconds * 1000);
  return from < answer.at ? from : answer.at;
}

/** Caused by the fault, as recorded; one that led to another DNS answer is preferred to one that did not. */
function firstUnhealthy(story: Story, episode: Episode, nextStart: number): HealthChange | undefined {
  const changes = healthChanges(story).filter((event) => !event.data.healthy && event.at >= episode.start);
  const caused = changes.filter((event) => episode.seqs.some((seq) => story.isBecauseOf(event, seq)));
  const effective = caused.find((event) => moves(story).some((move) => story.isBecauseOf(move, event.seq)));
  // Without recorded causes (a live run cannot always know), the order of events has to do.
  const unexplained = changes.filter(
    (event) => event.at < nextStart && !story.causesOf(event.cause).some((cause) => cause.what === 'fault.started'),
  );
  return effective ?? caused[0] ?? unexplained[0];
}

function firstMove(story: Story, unhealthy: HealthChange, home: string): Move | undefined {
  const changes = moves(story).filter((event) => event.at >= unhealthy.at && event.seq > unhealthy.seq);
  return (
    changes.find((event) => story.isBecauseOf(event, unhealthy.seq)) ??
    changes.find((event) => story.causesOf(event.cause).length === 0 && placeOf(event) !== home)
  );
}

function firstHealthy(story: Story, unhealthy: HealthChange, healed: number): HealthChange | undefined {
  return healthChanges(story).find(
    (event) =>
      subjectOf(event) === subjectOf(unhealthy) &&
      event.data.healthy &&
      event.at >= healed &&
      event.seq > unhealthy.seq,
  );
}

function firstMoveBack(story: Story, healthy: HealthChange, moved: Move): Move | undefined {
  return moves(story).find(
    (event) =>
      movedSubject(event) === movedSubject(moved) && event.seq > healthy.seq && placeOf(event) !== placeOf(moved),
  );
}

/** The endpoint that a move leads to, as the Region of requests that follow it; empty when nobody knows. */
function placeOf(move: Move): string {
  return move.what === 'dns.answer-changed' ? move.data.endpoint : destinationOf(move);
}
