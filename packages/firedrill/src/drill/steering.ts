import type { TimelineEvent } from '../model/index.ts';
import type { EventOf, Story } from './story.ts';

/** Who can find an endpoint unhealthy, each in its own kind of event. */
const HEALTH_KINDS = ['health-check.changed', 'target.changed', 'accelerator.endpoint-changed'] as const;
/** What can send traffic elsewhere because of that. */
const MOVE_KINDS = ['dns.answer-changed', 'accelerator.rerouted'] as const;

export type HealthChange = EventOf<(typeof HEALTH_KINDS)[number]>;
export type Move = EventOf<(typeof MOVE_KINDS)[number]>;

export function isHealthChange(event: TimelineEvent): event is HealthChange {
  return HEALTH_KINDS.some((kind) => kind === event.what);
}

export function isMove(event: TimelineEvent): event is Move {
  return MOVE_KINDS.some((kind) => kind === event.what);
}

/** Every change of health, those of Route 53's health checks first: where there are any, they are what a drill is about. */
export function healthChanges(story: Story): readonly HealthChange[] {
  return HEALTH_KINDS.flatMap((kind): readonly HealthChange[] => story.all(kind));
}

/** Every move of traffic, in order. */
export function moves(story: Story): readonly Move[] {
  return MOVE_KINDS.flatMap((kind): readonly Move[] => story.all(kind)).toSorted((left, right) => left.seq - right.seq);
}

/** What a change of health is about: changes of one subject follow each other. */
export function subjectOf(change: HealthChange): string {
  switch (change.what) {
    case 'health-check.changed':
      return change.data.healthCheck;
    case 'target.changed':
      return `${change.data.region} ${change.data.targetGroup} ${change.data.target}`;
    case 'accelerator.endpoint-changed':
      return `${change.data.accelerator} ${change.data.region} ${change.data.endpoint}`;
  }
}

/** Who changed its mind, as the subject of a sentence. */
export function judgeInWords(change: HealthChange): string {
  switch (change.what) {
    case 'health-check.changed':
      return 'the health check';
    case 'target.changed':
      return 'the load balancer';
    case 'accelerator.endpoint-changed':
      return 'the accelerator';
  }
}

/** What it took for it to change its mind, as a clause after "until" or "when". */
export function verdictInWords(change: HealthChange): string {
  if (change.what === 'health-check.changed') {
    const { healthyCheckers, checkers, healthy } = change.data;
    return healthy
      ? `${healthyCheckers} of ${checkers} checkers saw the endpoint healthy, and the health check became healthy`
      : `only ${healthyCheckers} of ${checkers} checkers saw the endpoint healthy and the health check changed`;
  }
  const { healthy, reason, region } = change.data;
  return `${judgeInWords(change)} found its endpoint in ${region} ${healthy ? 'healthy' : 'unhealthy'} (${reason})`;
}

/** What is moved: a name, or the connections of an edge location. Moves of one subject follow each other. */
export function movedSubject(move: Move): string {
  return move.what === 'dns.answer-changed'
    ? `${move.data.name} ${move.data.type}`
    : `${move.data.accelerator} ${move.data.edge}`;
}

/** Where a move leads, as a Region or an address. */
export function destinationOf(move: Move): string {
  if (move.what === 'accelerator.rerouted') return move.data.region;
  return move.data.endpoint === '' ? move.data.answer.join(', ') : move.data.endpoint;
}

/** A move as a sentence: who went by the new status from when on, and what that meant. */
export function moveInWords(move: Move, from: string): string {
  return move.what === 'dns.answer-changed'
    ? `Name servers went by the new status from ${from} on, and answered ${move.data.name} with ${destinationOf(move)}`
    : `The accelerator went by the new status from ${from} on, and sent new connections to ${move.data.region}`;
}
