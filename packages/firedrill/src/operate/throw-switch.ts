import type { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import { setTimeout as pause } from 'node:timers/promises';
import { describeAlarm, publish, STATE_OF } from './alarm-state.ts';
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

export interface SwitchThrow {
  readonly takeOver: TakeOver;
  readonly way: Direction;
  readonly metric: SwitchMetric;
  readonly client: CloudWatchClient;
  readonly resolvers: Resolvers;
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
export async function throwSwitch(options: SwitchThrow): Promise<Outcome> {
  const { takeOver, way, metric, client, resolvers, tell, signal } = options;
  await publish(client, metric, way);
  const began = performance.now();
  const elapsed = (): number => (performance.now() - began) / 1000;
  tell({ kind: 'published', afterSeconds: 0, value: metric.value[way] });
  const moved = new Set<string>();
  let state: string | undefined;
  for (let looks = 0; !signal.aborted; looks += 1) {
    if (looks % LOOKS_PER_ALARM === 0 && state !== STATE_OF[way]) {
      const seen = await alarmState(client, takeOver);
      if (seen !== undefined && seen !== state) tell({ kind: 'alarm', afterSeconds: elapsed(), state: seen });
      state = seen ?? state;
    }
    const able = (await resolvers.look()).filter(({ error }) => error === undefined);
    const isThere = (view: ResolverView): boolean => view.side === sideOf(way);
    const left = able.filter((view) => !isThere(view)).length;
    for (const { resolver } of able.filter(isThere)) {
      if (moved.has(resolver)) continue;
      moved.add(resolver);
      tell({ kind: 'moved', afterSeconds: elapsed(), resolver, left });
    }
    if (able.length > 0 && left === 0) return 'moved';
    if (elapsed() >= options.timeoutSeconds) return 'timed-out';
    await pause(options.everySeconds * 1000, undefined, { signal }).catch(() => undefined);
  }
  return 'interrupted';
}

/** Where answers lead when traffic went that way. */
export function sideOf(way: Direction): Side {
  return way === 'failover' ? 'standby' : 'primary';
}

/** The value has been taken; that CloudWatch cannot be asked just now changes nothing of that. */
async function alarmState(client: CloudWatchClient, takeOver: TakeOver): Promise<string | undefined> {
  try {
    return (await describeAlarm(client, takeOver))?.StateValue;
  } catch {
    return undefined;
  }
}
