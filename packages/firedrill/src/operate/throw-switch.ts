import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { setTimeout as pause } from 'node:timers/promises';
import { describeAlarm, publish, STATE_OF } from './alarm-state.ts';
import type { Ends } from './movement.ts';
import { Movement } from './movement.ts';
import type { ResolverView, Resolvers } from './resolvers.ts';
import type { SwitchMetric } from './switch-metric.ts';
import type { Direction, Side, TakeOver } from './take-over.ts';

/** What happened on the way, and after how many seconds. */
export type Step =
  | { readonly kind: 'published'; readonly afterSeconds: number; readonly value: number }
  | { readonly kind: 'alarm'; readonly afterSeconds: number; readonly state: string }
  | { readonly kind: 'moved'; readonly afterSeconds: number; readonly resolver: string; readonly left: number };

/** How it ended: every resolver that answers leads there; the time was up; somebody pressed Ctrl-C. */
export type Outcome = 'moved' | 'timed-out' | 'interrupted';

/** What came of it, with the resolvers that moved first and last, in seconds since the value was taken. */
export interface Ended extends Ends {
  readonly outcome: Outcome;
  /** Resolvers that have answered and do not lead there. */
  readonly waitsFor: readonly string[];
  /** What there is to look at when it took too long. */
  readonly hint?: string;
}

export interface SwitchThrow {
  readonly takeOver: TakeOver;
  readonly way: Direction;
  readonly metric: SwitchMetric;
  readonly client: CloudWatchClient;
  readonly resolvers: Resolvers;
  /** What they said before. */
  readonly views: readonly ResolverView[];
  /** From now on, in seconds of the wall clock. */
  readonly timeoutSeconds: number;
  /** From one look at the resolvers to the next. */
  readonly everySeconds: number;
  readonly signal: AbortSignal;
  readonly tell: (step: Step) => void;
}

/** Looks at the resolvers for each look at the alarm, whose API has quotas. */
const LOOKS_PER_ALARM = 3;

/**
 * Publishes the value and waits until all resolvers that answer lead to the other side. What was published stays published
 * however this ends; doing it again says the same value again.
 *
 * @throws what CloudWatch answers when it does not take the value; nothing has been moved then.
 */
export async function throwSwitch(options: SwitchThrow): Promise<Ended> {
  const { takeOver, way, metric, client, resolvers, tell, signal } = options;
  const movement = new Movement(sideOf(way));
  movement.see(
    options.views.filter(({ side }) => side !== sideOf(way)),
    0,
  );
  const ended = (outcome: Outcome): Ended => ({ outcome, waitsFor: movement.waitsFor(), ...movement.ends() });
  await publish(client, metric, way);
  const began = performance.now();
  const elapsed = (): number => Math.round(performance.now() - began) / 1000;
  tell({ kind: 'published', afterSeconds: 0, value: metric.value[way] });
  // Those who were there before are to stay: only the alarm's word shows that the value is what keeps them.
  const wereThere = movement.waitsFor().length === 0;
  let state: string | undefined;
  for (let looks = 0; !signal.aborted; looks += 1) {
    if (looks % LOOKS_PER_ALARM === 0 && state !== STATE_OF[way]) {
      const seen = await alarmState(client, takeOver);
      if (seen !== undefined && seen !== state) tell({ kind: 'alarm', afterSeconds: elapsed(), state: seen });
      state = seen ?? state;
    }
    const views = await resolvers.look();
    for (const moved of movement.see(views, elapsed()))
      tell({ kind: 'moved', ...moved, left: movement.waitsFor().length });
    if (movement.isOver() && !(wereThere && state === STATE_OF[opposite(way)])) return ended('moved');
    const leftSeconds = options.timeoutSeconds - elapsed();
    if (leftSeconds <= 0) return { ...ended('timed-out'), hint: hintOf(takeOver, way, state) };
    await pause(Math.min(options.everySeconds, leftSeconds) * 1000, undefined, { signal }).catch(() => undefined);
  }
  return ended('interrupted');
}

/** Where answers lead when traffic went that way. */
export function sideOf(way: Direction): Side {
  return way === 'failover' ? 'standby' : 'primary';
}

function opposite(way: Direction): Direction {
  return way === 'failover' ? 'failback' : 'failover';
}

function hintOf({ alarm, region }: TakeOver, way: Direction, state: string | undefined): string {
  if (state === STATE_OF[way]) {
    return `The alarm ${alarm} is ${state} and traffic stays: look whether the health check of the primary’s record follows this alarm, in ${region}, is neither inverted nor disabled, and how long the records’ TTLs are.`;
  }
  return `The alarm ${alarm} is ${state ?? 'not to be seen'}: look whether others publish into its metric, and how many periods it looks at.`;
}

/** The value has been taken; that CloudWatch cannot be asked just now changes nothing of that. */
async function alarmState(client: CloudWatchClient, takeOver: TakeOver): Promise<string | undefined> {
  try {
    return (await describeAlarm(client, takeOver))?.StateValue;
  } catch {
    return undefined;
  }
}
