import type { AlarmRule, AlarmState, CompositeAlarm, Instant, MetricAlarm } from '../../model/index.ts';
import { BEGINNING, never } from '../../model/index.ts';

/** Changes of state that are kept of one alarm. */
const CHANGES_MAX = 100;

/** An alarm came from one state into another. */
export interface AlarmChange {
  readonly at: Instant;
  readonly from: AlarmState;
  readonly to: AlarmState;
  readonly reason: string;
}

/** An alarm as it is now. Its configuration may be replaced, its state stays (RS 1.1). */
export class AlarmStatus<Alarm extends MetricAlarm | CompositeAlarm> {
  alarm: Alarm;
  /** A new alarm does not know yet (RS 1.1, 1.2). */
  state: AlarmState = 'INSUFFICIENT_DATA';
  reason = 'Unchecked: Initial alarm creation';
  /** `seq` of the event that brought it into this state; 0 for none. */
  seq = 0;
  /** Since when it is in this state. */
  changedAt: Instant;
  private readonly past: AlarmChange[] = [];

  /** @param createdAt - when it begins. */
  constructor(alarm: Alarm, createdAt: Instant = BEGINNING) {
    this.alarm = alarm;
    this.changedAt = createdAt;
  }

  /** Its changes of state, the latest last; of very many the oldest are forgotten. */
  get history(): readonly AlarmChange[] {
    return this.past;
  }

  /** It comes into another state, by the event `seq`. */
  become(state: AlarmState, at: Instant, seq: number): void {
    this.past.push({ at, from: this.state, to: state, reason: this.reason });
    if (this.past.length > CHANGES_MAX) this.past.shift();
    this.state = state;
    this.seq = seq;
    this.changedAt = at;
  }

  /** What is called in its present state (RS 1.10). */
  get actions(): readonly string[] {
    const { actions } = this.alarm;
    if (!actions.enabled) return [];
    switch (this.state) {
      case 'OK':
        return actions.ok;
      case 'ALARM':
        return actions.alarm;
      case 'INSUFFICIENT_DATA':
        return actions.insufficientData;
      default:
        return never(this.state);
    }
  }
}

/** Whether a composite alarm's rule holds; an alarm that does not exist is in no state (RS 1.35). */
export function holds(rule: AlarmRule, stateOf: (alarm: string) => AlarmState | undefined): boolean {
  switch (rule.kind) {
    case 'state':
      return stateOf(rule.alarm) === rule.state;
    case 'constant':
      return rule.value;
    case 'not':
      return !holds(rule.of, stateOf);
    case 'and':
      return rule.of.every((each) => holds(each, stateOf));
    case 'or':
      return rule.of.some((each) => holds(each, stateOf));
    default:
      return never(rule);
  }
}

/** The alarms that a rule names. */
export function childrenOf(rule: AlarmRule): readonly string[] {
  switch (rule.kind) {
    case 'state':
      return [rule.alarm];
    case 'constant':
      return [];
    case 'not':
      return childrenOf(rule.of);
    case 'and':
    case 'or':
      return rule.of.flatMap(childrenOf);
    default:
      return never(rule);
  }
}

/** Composite alarms that depend on themselves, by ARN: these are not evaluated (RS 1.36). */
export function circular(
  alarms: readonly CompositeAlarm[],
  arnOf: (name: string, region: string) => string,
): ReadonlySet<string> {
  const byArn = new Map(alarms.map((alarm) => [alarm.arn, alarm]));
  const reaches = (from: CompositeAlarm, seen: Set<string>): Set<string> => {
    for (const child of childrenOf(from.rule).map((name) => arnOf(name, from.region))) {
      if (seen.has(child)) continue;
      seen.add(child);
      const next = byArn.get(child);
      if (next !== undefined) reaches(next, seen);
    }
    return seen;
  };
  return new Set(alarms.filter((alarm) => reaches(alarm, new Set()).has(alarm.arn)).map(({ arn }) => arn));
}
