import type { TargetGroup } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import type { Conversation, Moment } from '../conversation.ts';

/** What one check of a target found. */
export interface TargetVerdict {
  readonly healthy: boolean;
  /** As `status 503` or `connect-timeout`. */
  readonly reason: string;
}

/** One load balancer's check of one target. */
export interface TargetSeat {
  readonly group: TargetGroup;
  /** Where in the interval the first check falls. */
  readonly phaseMs: number;
  readonly probe: (moment: Moment) => Conversation<TargetVerdict>;
  /** What it thinks in the beginning; healthy unless given. */
  readonly opinion?: boolean;
  /** Whether anybody is to check the target any more; for good unless given. */
  readonly isWanted?: () => boolean;
  /** Called when so many answers in a row say otherwise than before. */
  readonly changed: (verdict: TargetVerdict, moment: Moment) => void;
}

/**
 * Checks a target at a steady beat: how long an answer takes does not move the next check (RS 6.1). So many successes
 * or failures in a row change the target's state (RS 6.1, 6.4).
 */
export function* targetCheckerLife(seat: TargetSeat, moment: Moment): Conversation<void> {
  const { intervalSeconds, healthyThresholdCount, unhealthyThresholdCount } = seat.group.healthCheck;
  const isWanted = seat.isWanted ?? always;
  let isHealthy = seat.opinion ?? true;
  let streak = 0;
  let dueAt = after(moment.now, seat.phaseMs);
  for (;;) {
    yield { kind: 'pause', until: dueAt };
    if (!isWanted()) return;
    const verdict = yield* seat.probe(moment);
    if (!isWanted()) return;
    streak = verdict.healthy === isHealthy ? 0 : streak + 1;
    if (streak >= (isHealthy ? unhealthyThresholdCount : healthyThresholdCount)) {
      isHealthy = verdict.healthy;
      streak = 0;
      seat.changed(verdict, moment);
    }
    // One that outlasts its interval skips the beats it has missed.
    do dueAt = after(dueAt, intervalSeconds * 1000);
    while (dueAt < moment.now);
  }
}

function always(): boolean {
  return true;
}

/** Whether a status is one of those that the target group takes for healthy (RS 6.1, 6.3). */
export function matches({ healthCheck }: TargetGroup, status: number): boolean {
  return healthCheck.matcher.some(([first, last]) => status >= first && status <= last);
}
