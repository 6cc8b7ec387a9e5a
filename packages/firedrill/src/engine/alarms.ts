import type {
  AlarmState,
  CompositeAlarm,
  Instant,
  MetricAlarm,
  PutMetricAlarm,
  SetAlarmState,
} from '../model/index.ts';
import { after, NEVER } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import { AlarmStatus, childrenOf, circular, holds } from './cloudwatch/alarm-status.ts';
import { evaluateRule, evaluationSeconds } from './cloudwatch/evaluate.ts';
import { MetricStore } from './cloudwatch/metric-store.ts';
import { refusalOf, storeMetricData } from './cloudwatch/put-metric-data.ts';
import type { Conversation, Moment } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { SwitchName } from './switches.ts';
import type { Background, WorldInput } from './world.ts';

/** CloudWatch of all Regions: its metrics and the alarms on them. */
export interface Alarms {
  readonly store: MetricStore;
  /** What runs from the beginning. */
  readonly background: readonly Background[];
  /** Every alarm, as it is now. */
  readonly all: readonly Status[];
  /**
   * Goes on with the alarms of another estate: metrics stay, and alarms that both have keep their states (RS 1.1).
   * @returns what runs from now on.
   */
  deploy(moment: Moment): readonly Background[];
  readonly performers: Pick<Performers, 'put-metric-data' | 'set-alarm-state' | 'put-metric-alarm'>;
  /** An alarm as it is configured now, by its Region and name. */
  metricAlarm(region: string, name: string): MetricAlarm | undefined;
  /** Whether an alarm, by its ARN, is in ALARM now. */
  isInAlarm(arn: string): boolean;
}

type Status = AlarmStatus<MetricAlarm> | AlarmStatus<CompositeAlarm>;

/** Brings the alarms of an estate to life. */
export function alarmsOf(parts: Parts): Alarms {
  return new RunningAlarms(parts);
}

class RunningAlarms implements Alarms {
  readonly store = new MetricStore();
  readonly performers: Alarms['performers'];
  private readonly parts: Parts;
  private readonly teller: AlarmTeller;
  all: readonly Status[] = [];
  /** By Region and name. */
  private metrics: ReadonlyMap<string, AlarmStatus<MetricAlarm>> = new Map();
  private composites: readonly Composite[] = [];
  /** As templates have them, by Region and name. */
  private readonly declared = new Map<string, MetricAlarm | CompositeAlarm>();
  private begun: readonly Background[];

  constructor(parts: Parts) {
    this.parts = parts;
    this.teller = new AlarmTeller(parts, {
      composites: () => this.composites,
      stateOf: (region, name) => this.find(region, name)?.state,
    });
    this.performers = {
      'put-metric-data': putting(parts, this.store),
      'set-alarm-state': (action, { now }) =>
        settingState(action, now, this.find(action.region, action.alarm), this.teller),
      'put-metric-alarm': (action) => this.change(action),
    };
    this.begun = this.deploy();
  }

  get background(): readonly Background[] {
    return this.begun;
  }

  deploy(moment?: Moment): readonly Background[] {
    const { metricAlarms, compositeAlarms } = this.parts.input.architecture;
    const [known, before, names] = [this.metrics, this.composites, new Set(this.declared.keys())];
    const metrics = metricAlarms.map((alarm) => {
      const status = known.get(keyOf(alarm)) ?? new AlarmStatus<MetricAlarm>(alarm, moment?.now);
      // What operators have changed stays until the template changes: then it is as the template says (RS 1.1).
      if (this.declared.get(keyOf(alarm)) !== alarm) status.alarm = alarm;
      return [keyOf(alarm), status] as const;
    });
    this.metrics = new Map(metrics);
    this.composites = compositesOf(compositeAlarms, before, moment?.now);
    this.all = [...this.metrics.values(), ...this.composites.map(({ status }) => status)];
    this.declared.clear();
    for (const alarm of [...metricAlarms, ...compositeAlarms]) this.declared.set(keyOf(alarm), alarm);
    const isOtherNames = names.size !== this.declared.size || this.all.some(({ alarm }) => !names.has(keyOf(alarm)));
    // A rule may name an alarm that has come or gone.
    if (moment !== undefined && isOtherNames)
      for (const composite of this.composites) this.teller.reconsider(composite, moment.now, 0);
    this.begun = [
      ...metrics.flatMap(([key, status]) => (known.has(key) ? [] : [this.metricLife(status)])),
      ...this.composites.flatMap((one) => (before.includes(one) ? [] : [this.compositeLife(one)])),
    ];
    return this.begun;
  }

  isInAlarm(arn: string): boolean {
    return this.all.some(({ alarm, state }) => alarm.arn === arn && state === 'ALARM');
  }

  metricAlarm(region: string, name: string): MetricAlarm | undefined {
    return this.metricNamed(region, name)?.alarm;
  }

  private metricNamed(region: string, name: string): AlarmStatus<MetricAlarm> | undefined {
    return [...this.metrics.values()].find(({ alarm }) => alarm.region === region && alarm.name === name);
  }

  private find(region: string, name: string): Status | undefined {
    return this.all.find(({ alarm }) => alarm.region === region && (alarm.name === name || alarm.arn === name));
  }

  private change({ region, alarm: name, change }: PutMetricAlarm): Judgement {
    const status = this.metricNamed(region, name);
    if (status === undefined) return notFound();
    const alarm = { ...status.alarm, ...change };
    return alarm.datapointsToAlarm > alarm.evaluationPeriods
      ? refused('ValidationError', 'DatapointsToAlarm should be less than or equal to EvaluationPeriods.')
      : accepted(() => {
          status.alarm = alarm;
        });
  }

  /** A metric alarm's life: each minute a look at the metric (RS 1.4). */
  private metricLife(status: AlarmStatus<MetricAlarm>): Background {
    const { parts, store, teller } = this;
    const name = `cloudwatch/alarm/${status.alarm.arn}`;
    const cadence = cadenceOf(parts, 'cloudwatch.evaluation-second', name);
    const extraPeriods = parts.settings.number('cloudwatch.extra-periods');
    const key = keyOf(status.alarm);
    const isThere = (): boolean => this.metrics.get(key) === status;
    return {
      name,
      *start(moment: Moment): Conversation<void> {
        for (;;) {
          yield { kind: 'pause', until: cadence.next(moment.now, evaluationSeconds(status.alarm)) };
          if (!isThere()) return;
          const now = epochMs(parts.input, moment.now);
          const { verdict, reason, cause } = evaluateRule(status.alarm, store, { now, extraPeriods });
          if (verdict !== 'keep') teller.change(status, { state: verdict, reason }, moment.now, cause);
        }
      },
    };
  }

  /** One that has a suppressor looks at it each second, while its actions wait (RS 1.37). */
  private compositeLife(composite: Composite): Background {
    const { teller } = this;
    const { alarm } = composite.status;
    const isThere = (): boolean => this.composites.includes(composite);
    return {
      name: `cloudwatch/alarm/${alarm.arn}`,
      *start(moment: Moment): Conversation<void> {
        teller.reconsider(composite, moment.now, 0);
        while (alarm.suppressor !== undefined && isThere()) {
          yield { kind: 'pause', until: after(moment.now, 1000) };
          teller.settle(composite, moment.now);
        }
      },
    };
  }
}

/** Metric alarms and composite alarms of a Region have no name in common. */
function keyOf({ region, name }: MetricAlarm | CompositeAlarm): string {
  return `${region} ${name}`;
}

function accepted(carryOut: (cause: number) => void): Judgement {
  return {
    kind: 'accepted',
    carryOut(cause) {
      carryOut(cause);
      return [];
    },
  };
}

function refused(code: string, message: string): Judgement {
  return { kind: 'refused', code, message };
}

/** RS 1.34. */
function notFound(): Judgement {
  return refused('ResourceNotFound', 'Unknown alarm.');
}

function putting({ input, settings }: Parts, store: MetricStore): Performers['put-metric-data'] {
  const ingestion = {
    seconds: settings.number('cloudwatch.ingestion-seconds'),
    newMetricSeconds: settings.number('cloudwatch.new-metric-seconds'),
  };
  return (action, { now }) => {
    const refusal = refusalOf(action);
    if (refusal !== undefined) return { kind: 'refused', ...refusal };
    return accepted((cause) => {
      storeMetricData(action, store, { now: epochMs(input, now), ingestion, cause });
    });
  };
}

const HOUR_MS = 3_600_000;

/**
 * World time as CloudWatch counts it, in milliseconds since 1970. A world begins with a full hour, whatever the wall clock
 * says: minutes are the same in every run then, and in both drivers. A world without an end is no run: its minutes are those of
 * the calendar, as clients of its APIs see them.
 */
export function epochMs({ beganAtEpochMs, plan }: Pick<WorldInput, 'beganAtEpochMs' | 'plan'>, now: Instant): number {
  const began = plan.end >= NEVER ? beganAtEpochMs : Math.floor(beganAtEpochMs / HOUR_MS) * HOUR_MS;
  return began + now / 1000;
}

const STATES: readonly AlarmState[] = ['INSUFFICIENT_DATA', 'ALARM', 'OK'];

/** A state until the next evaluation, and its actions (RS 1.33). */
function settingState(action: SetAlarmState, now: Instant, status: Status | undefined, teller: AlarmTeller): Judgement {
  const state = STATES.find((each) => each === action.state);
  if (state === undefined) {
    const says = `Value '${action.state}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [${STATES.join(', ')}]`;
    return refused('ValidationError', `1 validation error detected: ${says}`);
  }
  if (status === undefined) return notFound();
  return accepted((cause) => teller.change(status, { state, reason: action.reason }, now, cause));
}

/** When things are looked at that are looked at once a minute, or more often, or once an hour. */
export interface Cadence {
  /** The first moment after `now` that is due. */
  next(now: Instant, everySeconds: number): Instant;
}

/** A second of the minute: the one that the switch names, else one of the user's own by the seed. */
export function cadenceOf({ settings, random, input }: Parts, name: SwitchName, user: string): Cadence {
  const second = settings.text(name) === 'drawn' ? random.stream(user).next() * 60 : settings.number(name);
  const offsetMs = Math.round(second * 1000);
  return {
    next(now, everySeconds) {
      const everyMs = everySeconds * 1000;
      const sinceLast = (((epochMs(input, now) - offsetMs) % everyMs) + everyMs) % everyMs;
      return after(now, everyMs - sinceLast);
    },
  };
}

/** A composite alarm, and what of its actions is not decided yet. */
interface Composite {
  readonly status: AlarmStatus<CompositeAlarm>;
  /** It depends on itself, so it is never evaluated (RS 1.36). */
  readonly isCircular: boolean;
  readonly children: ReadonlySet<string>;
  pending: Pending | undefined;
}

/** Actions that wait for the suppressor to come or to go (RS 1.37). */
interface Pending {
  readonly state: AlarmState;
  readonly since: Instant;
  isSuppressed: boolean;
  freeSince: Instant | undefined;
}

/** @param before - those of the estate that this one takes the place of: what has not changed goes on, the state in any case. */
function compositesOf(
  alarms: readonly CompositeAlarm[],
  before: readonly Composite[],
  now: Instant | undefined,
): readonly Composite[] {
  const arnOf = (name: string, region: string): string =>
    alarms.find((alarm) => alarm.region === region && (alarm.name === name || alarm.arn === name))?.arn ?? name;
  const loops = circular(alarms, arnOf);
  return alarms.map((alarm) => {
    const known = before.find(({ status }) => keyOf(status.alarm) === keyOf(alarm));
    const isCircular = loops.has(alarm.arn);
    if (known?.status.alarm === alarm && known.isCircular === isCircular) return known;
    const status = known?.status ?? new AlarmStatus<CompositeAlarm>(alarm, now);
    status.alarm = alarm;
    return { status, isCircular, children: new Set(childrenOf(alarm.rule)), pending: known?.pending };
  });
}

/** The alarms that there are at the time. */
interface KnownAlarms {
  composites(): readonly Composite[];
  stateOf(region: string, name: string): AlarmState | undefined;
}

/** Changes states, and tells what follows from it: composite alarms and actions. */
class AlarmTeller {
  private readonly parts: Parts;
  private readonly known: KnownAlarms;

  constructor(parts: Parts, known: KnownAlarms) {
    this.parts = parts;
    this.known = known;
  }

  /** Actions are taken on a change only (RS 1.10). */
  change(
    status: Status,
    to: { readonly state: AlarmState; readonly reason: string },
    now: Instant,
    cause: number,
  ): void {
    const { state: from, seq } = status;
    const { name: alarm, region, arn } = status.alarm;
    status.reason = to.reason;
    if (from === to.state) return;
    // Where no datapoint is the cause, as when data stops, it is what was before.
    const data = { alarm, region, from, state: to.state, reason: to.reason };
    status.become(to.state, now, this.parts.timeline.record(now, cause === 0 ? seq : cause, 'alarm.changed', data));
    const composite = this.known.composites().find((one) => one.status === status);
    if (composite?.status.alarm.suppressor === undefined) this.act(status, 'taken', now);
    else {
      composite.pending = { state: to.state, since: now, isSuppressed: false, freeSince: undefined };
      this.settle(composite, now);
    }
    for (const parent of this.known.composites()) {
      const concerns =
        parent.status.alarm.region === region && (parent.children.has(alarm) || parent.children.has(arn));
      if (concerns) this.reconsider(parent, now, status.seq);
    }
  }

  reconsider({ status, isCircular }: Composite, now: Instant, cause: number): void {
    if (isCircular) return;
    const { rule, region } = status.alarm;
    const isOn = holds(rule, (name) => this.known.stateOf(region, name));
    const reason = `The rule is ${isOn ? '' : 'not '}met.`;
    this.change(status, { state: isOn ? 'ALARM' : 'OK', reason }, now, cause);
  }

  /** Decides on actions that wait, as far as that is possible now. */
  settle(composite: Composite, now: Instant): void {
    const { pending, status } = composite;
    const { suppressor, region } = status.alarm;
    if (pending === undefined || suppressor === undefined) return;
    if (this.known.stateOf(region, suppressor.alarm) === 'ALARM') {
      if (!pending.isSuppressed) this.act(status, 'suppressed', now);
      pending.isSuppressed = true;
      pending.freeSince = undefined;
      return;
    }
    if (pending.isSuppressed) pending.freeSince ??= now;
    const since = pending.isSuppressed ? (pending.freeSince ?? now) : pending.since;
    const waitSeconds = pending.isSuppressed ? suppressor.extensionSeconds : suppressor.waitSeconds;
    // It waits for a suppressor to come only with bad news.
    const mustWait = pending.state === 'ALARM' && now < after(since, waitSeconds * 1000);
    if (mustWait) return;
    composite.pending = undefined;
    this.act(status, 'taken', now);
  }

  private act(status: Status, outcome: 'taken' | 'suppressed', now: Instant): void {
    const { actions, state, seq } = status;
    if (actions.length === 0) return;
    const { name: alarm, region } = status.alarm;
    this.parts.timeline.record(now, seq, 'alarm.acted', { alarm, region, state, outcome, actions });
  }
}
