import type {
  DerivedHealthCheck,
  HealthCheck,
  Instant,
  MetricHealthCheck,
  MetricRule,
  UpdateHealthCheck,
} from '../model/index.ts';
import { after, never } from '../model/index.ts';
import type { Judgement } from './actions.ts';
import type { Alarms } from './alarms.ts';
import { cadenceOf, epochMs } from './alarms.ts';
import { evaluateRule, evaluationSeconds } from './cloudwatch/evaluate.ts';
import type { Conversation, Moment } from './conversation.ts';
import type { StatusChange } from './health-checkers.ts';
import { checkerOf } from './health-checkers.ts';
import type { Parts } from './parts.ts';
import { DerivedStatus } from './route53/derived-status.ts';
import { HealthCheckStatus } from './route53/health-check.ts';
import type { SeenStatus } from './route53/status-history.ts';
import type { RoutingControlStates } from './routing-control-states.ts';
import type { Background } from './world.ts';

type Status = HealthCheckStatus | DerivedStatus;
/** All health checks of an estate: those that probe, and those that follow what others find. */
export class HealthChecks {
  private readonly parts: Parts;
  private readonly alarms: Alarms;
  private readonly endpoints = new Map<string, HealthCheckStatus>();
  private readonly derived = new Map<string, DerivedStatus>();
  private readonly versions = new Map<string, number>();
  /** Alarm settings as they were when Route 53 copied them (R53 HC-29, HC-32). */
  private readonly copies = new Map<string, MetricRule>();
  private readonly controls: RoutingControlStates;
  /** As templates have them, by id. */
  private declared: ReadonlyMap<string, HealthCheck | DerivedHealthCheck> = new Map();
  /** Whose metrics are published, by the name of the course that does it. */
  private published: ReadonlyMap<string, Status> = new Map();

  constructor(parts: Parts, alarms: Alarms, controls: RoutingControlStates) {
    this.parts = parts;
    this.alarms = alarms;
    this.controls = controls;
    const { healthChecks } = parts.input.architecture;
    for (const check of healthChecks) this.endpoints.set(check.id, new HealthCheckStatus(check));
    for (const check of this.derivedInOrder()) this.addDerived(check);
    this.declare();
    controls.listen((arn, isOn, now, cause) => this.controlChanged(arn, isOn, now, cause));
  }

  /** By id: what the name servers go by. */
  get statuses(): ReadonlyMap<string, SeenStatus> {
    return new Map<string, SeenStatus>([...this.endpoints, ...this.derived]);
  }

  /** HealthCheckVersion (R53 HC-45). */
  versionOf(id: string): number {
    return this.versions.get(id) ?? 1;
  }

  statusOf(id: string): Status | undefined {
    return this.endpoints.get(id) ?? this.derived.get(id);
  }

  /** What can be done to health checks, metrics and alarms while they run. */
  get performers(): Alarms['performers'] {
    return this.alarms.performers;
  }

  /** Alarms; every checker of every health check, disabled ones have none (R53 HC-26); every look at a metric. */
  background(): readonly Background[] {
    const probing = [...this.endpoints.values()].filter(({ check }) => !check.disabled);
    return [
      ...this.publishers(),
      ...this.alarms.background,
      ...probing.flatMap((status) => this.checkersOf(status)),
      ...[...this.derived.values()].flatMap((status) =>
        status.check.type === 'CLOUDWATCH_METRIC' ? [this.metricLife(status, status.check)] : [],
      ),
    ];
  }

  /**
   * Goes on with the health checks of another estate. Those that both have keep their status and what their checkers are about;
   * a new one begins as any new check does (R53 HC-25). What operators have changed stays until the template changes.
   * @param cause - `seq` of the event behind it.
   * @returns what runs from now on; courses of what is gone end by themselves.
   */
  deploy(now: Instant, cause: number): readonly Background[] {
    const { healthChecks } = this.parts.input.architecture;
    const derived = this.derivedInOrder();
    this.removeAllBut(new Set([...healthChecks, ...derived].map(({ id }) => id)));
    const begun = [
      ...healthChecks.flatMap((check) => this.deployEndpoint(check, now, cause)),
      ...derived.flatMap((check) => this.deployDerived(check, now, cause)),
    ];
    this.declare();
    for (const status of this.derived.values()) this.count(status, now, cause);
    return [...this.publishers(), ...begun];
  }

  private derivedInOrder(): readonly DerivedHealthCheck[] {
    const { derivedHealthChecks } = this.parts.input.architecture;
    // What calculated checks count is there before them: none of them is the child of another (R53 HC-27).
    return derivedHealthChecks.toSorted((a, b) => Number(isCalculated(a)) - Number(isCalculated(b)));
  }

  private declare(): void {
    const { healthChecks, derivedHealthChecks } = this.parts.input.architecture;
    this.declared = new Map([...healthChecks, ...derivedHealthChecks].map((check) => [check.id, check]));
  }

  private removeAllBut(kept: ReadonlySet<string>): void {
    for (const [id, status] of this.endpoints) {
      if (kept.has(id)) continue;
      status.retire();
      this.endpoints.delete(id);
    }
    for (const id of this.derived.keys()) if (!kept.has(id)) this.derived.delete(id);
    for (const id of this.versions.keys()) if (!kept.has(id)) this.versions.delete(id);
  }

  private deployEndpoint(check: HealthCheck, now: Instant, cause: number): readonly Background[] {
    const status = this.endpoints.get(check.id);
    if (status !== undefined && this.declared.get(check.id) === check) return [];
    if (status !== undefined && status.isProbedAlike(check)) return this.reconfigureEndpoint(status, check, now, cause);
    status?.retire();
    const fresh = new HealthCheckStatus(check);
    this.endpoints.set(check.id, fresh);
    return check.disabled ? [] : this.checkersOf(fresh);
  }

  private deployDerived(check: DerivedHealthCheck, now: Instant, cause: number): readonly Background[] {
    const status = this.derived.get(check.id);
    if (status === undefined || status.check.type !== check.type) {
      const fresh = this.addDerived(check);
      return check.type === 'CLOUDWATCH_METRIC' ? [this.metricLife(fresh, check)] : [];
    }
    return this.declared.get(check.id) === check ? [] : this.reconfigureDerived(status, check, now, cause);
  }

  private addDerived(check: DerivedHealthCheck): DerivedStatus {
    // A control that nobody in this world keeps is taken to be On.
    const found =
      check.type === 'RECOVERY_CONTROL' ? (this.controls.stateOf(check.routingControlArn) ?? true) : this.enough(check);
    const status = new DerivedStatus(check, found);
    this.derived.set(check.id, status);
    this.copyAlarm(check);
    return status;
  }

  /** Judges an update (R53 HC-26, HC-45). */
  update(action: UpdateHealthCheck, now: Instant): Judgement {
    const { healthCheck: id, healthCheckVersion, kind: _kind, healthCheck: _id, ...change } = action;
    const status = this.statusOf(id);
    if (status === undefined) {
      return refused('NoSuchHealthCheck', `No health check exists with the specified ID: ${id}.`);
    }
    const version = this.versionOf(id);
    if (healthCheckVersion !== undefined && healthCheckVersion !== version) {
      return refused(
        'HealthCheckVersionMismatch',
        `The value of HealthCheckVersion in the request doesn't match the value of HealthCheckVersion in the health check.`,
      );
    }
    const fault = faultOf(change, status.check, (child) => this.derived.get(child)?.check.type === 'CALCULATED');
    if (fault !== undefined) return refused('InvalidInput', fault);
    return {
      kind: 'accepted',
      carryOut: (cause) => {
        this.versions.set(id, version + 1);
        return status instanceof DerivedStatus
          ? this.reconfigureDerived(status, { ...status.check, ...change } as DerivedHealthCheck, now, cause)
          : this.reconfigureEndpoint(status, { ...status.check, ...change }, now, cause);
      },
    };
  }

  /** Metrics of health checks, each minute, where an alarm reads them (R53 HC-37). */
  private publishers(): readonly Background[] {
    const { metricAlarms } = this.parts.input.architecture;
    const read = metricAlarms.filter(
      ({ region, metric }) => region === METRICS_REGION && metric.namespace === NAMESPACE,
    );
    const ids = new Set(
      read.flatMap(({ metric }) =>
        metric.dimensions.filter(({ name }) => name === DIMENSION).map(({ value }) => value),
      ),
    );
    const before = this.published;
    const statuses = [...ids].flatMap((id) => {
      const status = this.statusOf(id);
      return status === undefined ? [] : [[id, status] as const];
    });
    this.published = new Map(statuses.map(([id, status]) => [publisherName(id), status]));
    return statuses.flatMap(([id, status]) =>
      before.get(publisherName(id)) === status ? [] : [this.publisher(id, status)],
    );
  }

  private publisher(id: string, status: Status): Background {
    const { parts, alarms } = this;
    const seconds = parts.settings.number('cloudwatch.ingestion-seconds');
    const publish = (metricName: string, value: number, now: number): void => {
      const metric = { namespace: NAMESPACE, metricName, dimensions: [{ name: DIMENSION, value: id }] };
      const same = { sum: value, minimum: value, maximum: value, sampleCount: 1, values: [[value, 1] as const] };
      const sample = { timestamp: now, readableAt: now + seconds * 1000, unit: 'None', storageResolution: 60 as const };
      alarms.store.add(METRICS_REGION, metric, { ...sample, ...same, cause: status.seq });
    };
    const countChildren = (): number | undefined =>
      status.check.type === 'CALCULATED' ? this.healthyChildren(status.check.childHealthChecks) : undefined;
    const name = publisherName(id);
    const isRead = (): boolean => this.published.get(name) === status;
    return {
      name,
      *start(moment: Moment): Conversation<void> {
        while (isRead()) {
          const now = epochMs(parts.input, moment.now);
          publish('HealthCheckStatus', status.healthy ? 1 : 0, now);
          if (status instanceof HealthCheckStatus) {
            publish('HealthCheckPercentageHealthy', (100 * status.healthyCheckers) / status.checkers.length, now);
          }
          const children = countChildren();
          if (children !== undefined) publish('ChildHealthCheckHealthyCount', children, now);
          yield { kind: 'pause', until: after(moment.now, 60_000) };
        }
      },
    };
  }

  private reconfigureEndpoint(
    status: HealthCheckStatus,
    check: HealthCheck,
    now: Instant,
    cause: number,
  ): readonly Background[] {
    const wasDisabled = status.check.disabled;
    const healthy = status.reconfigure(check);
    if (healthy !== undefined) this.announce(status, { now, healthy, cause });
    // Checkers that were told to stop end by themselves; those of a check that is enabled again begin anew.
    return wasDisabled && !check.disabled ? this.checkersOf(status) : [];
  }

  private reconfigureDerived(
    status: DerivedStatus,
    check: DerivedHealthCheck,
    now: Instant,
    cause: number,
  ): readonly Background[] {
    const healthy = status.reconfigure(check);
    if (healthy !== undefined) this.announce(status, { now, healthy, cause, reason: 'it was updated' });
    // With any update the alarm's settings are taken over as they are now (R53 HC-32).
    this.copyAlarm(check);
    if (check.type === 'CALCULATED') this.count(status, now, cause);
    return [];
  }

  private checkersOf(status: HealthCheckStatus): readonly Background[] {
    return status.checkers.map((checker) =>
      checkerOf(this.parts, status, checker, (of, change) => this.announce(of, change)),
    );
  }

  /** Puts a new status on the timeline, keeps it for the name servers, and lets those follow that count it. */
  private announce(status: Status, { now, healthy, cause, endpoint, reason }: StatusChange): void {
    const { id: healthCheck } = status.check;
    const counted =
      status instanceof DerivedStatus
        ? { endpoint: endpoint ?? '', ...this.countsOf(status, healthy) }
        : {
            endpoint: endpoint ?? status.check.fullyQualifiedDomainName ?? '',
            healthyCheckers: status.healthyCheckers,
            checkers: status.checkers.length,
          };
    const { endpoint: name, healthyCheckers, checkers } = counted;
    const why = reason === undefined ? {} : { reason };
    const data = { healthCheck, endpoint: name, healthy, healthyCheckers, checkers, ...why };
    const seq = this.parts.timeline.record(now, cause, 'health-check.changed', data);
    status.changed(now, healthy, seq);
    for (const parent of this.derived.values()) {
      const { check } = parent;
      if (check.type === 'CALCULATED' && check.childHealthChecks.includes(healthCheck)) this.count(parent, now, seq);
    }
  }

  private countsOf(
    { check }: DerivedStatus,
    healthy: boolean,
  ): { readonly healthyCheckers: number; readonly checkers: number } {
    return check.type === 'CALCULATED'
      ? { healthyCheckers: this.healthyChildren(check.childHealthChecks), checkers: check.childHealthChecks.length }
      : { healthyCheckers: healthy ? 1 : 0, checkers: 1 };
  }

  private count(status: DerivedStatus, now: Instant, cause: number): void {
    const { check } = status;
    if (check.type !== 'CALCULATED') return;
    const healthy = status.find(this.enough(check));
    if (healthy === undefined) return;
    const { childHealthChecks, healthThreshold } = check;
    const reason = `${this.healthyChildren(childHealthChecks)} of ${childHealthChecks.length} health checks are healthy, ${healthThreshold} must be`;
    this.announce(status, { now, healthy, cause, reason });
  }

  /** Whether enough children are healthy; other checks have none to count, and are healthy at first (R53 HC-25, HC-27). */
  private enough(check: DerivedHealthCheck): boolean {
    return check.type !== 'CALCULATED' || this.healthyChildren(check.childHealthChecks) >= check.healthThreshold;
  }

  /** A child that is not in this world counts as healthy, as it does for records. */
  private healthyChildren(children: readonly string[]): number {
    return children.filter((id) => this.statusOf(id)?.healthy ?? true).length;
  }

  private controlChanged(arn: string, isOn: boolean, now: Instant, cause: number): void {
    for (const status of this.derived.values()) {
      if (status.check.type !== 'RECOVERY_CONTROL' || status.check.routingControlArn !== arn) continue;
      const healthy = status.find(isOn);
      const { plan } = status.check;
      const reason =
        plan === undefined
          ? `the routing control is ${isOn ? 'On' : 'Off'}`
          : `the Region switch plan ${plan} sets it ${isOn ? 'healthy' : 'unhealthy'}`;
      if (healthy !== undefined) this.announce(status, { now, healthy, cause, reason });
    }
  }

  private copyAlarm(check: DerivedHealthCheck): void {
    if (check.type !== 'CLOUDWATCH_METRIC') return;
    const alarm = this.alarms.metricAlarm(check.alarmRegion, check.alarmName);
    if (alarm === undefined) this.copies.delete(check.id);
    else this.copies.set(check.id, { ...alarm });
  }

  /** Looks at the metric itself, by the copied settings; the alarm's state is nothing to it (R53 HC-29). */
  private metricLife(status: DerivedStatus, { id }: MetricHealthCheck): Background {
    const { parts, alarms } = this;
    const name = `route53/metric-check/${id}`;
    const cadence = cadenceOf(parts, 'route53.metric-evaluation-second', name);
    const extraPeriods = parts.settings.number('cloudwatch.extra-periods');
    const look = (moment: Moment): void => {
      const rule = this.copies.get(id);
      const { check } = status;
      if (rule === undefined || check.type !== 'CLOUDWATCH_METRIC') return;
      const now = epochMs(parts.input, moment.now);
      const { verdict, reason, cause } = evaluateRule(rule, alarms.store, { now, extraPeriods });
      const found = healthOf(verdict, check.insufficientDataHealthStatus);
      const healthy = found === undefined ? undefined : status.find(found);
      if (healthy === undefined) return;
      this.announce(status, { now: moment.now, healthy, cause: cause === 0 ? status.seq : cause, reason });
    };
    const isThere = (): boolean => this.derived.get(id) === status;
    const everySeconds = (): number => {
      const rule = this.copies.get(id);
      return rule === undefined ? 60 : evaluationSeconds(rule);
    };
    return {
      name,
      *start(moment: Moment): Conversation<void> {
        for (;;) {
          yield { kind: 'pause', until: cadence.next(moment.now, everySeconds()) };
          if (!isThere()) return;
          look(moment);
        }
      },
    };
  }
}

function publisherName(id: string): string {
  return `route53/metrics/${id}`;
}

/** Where and how Route 53 publishes (R53 HC-37). */
const METRICS_REGION = 'us-east-1';
const NAMESPACE = 'AWS/Route53';
const DIMENSION = 'HealthCheckId';

function isCalculated(check: DerivedHealthCheck): boolean {
  return check.type === 'CALCULATED';
}

/** Undefined: it stays as it was (R53 HC-29, HC-30). */
function healthOf(
  verdict: ReturnType<typeof evaluateRule>['verdict'],
  withoutData: MetricHealthCheck['insufficientDataHealthStatus'],
): boolean | undefined {
  switch (verdict) {
    case 'OK':
      return true;
    case 'ALARM':
      return false;
    case 'INSUFFICIENT_DATA':
      return withoutData === 'LastKnownStatus' ? undefined : withoutData === 'Healthy';
    case 'keep':
      return undefined;
    default:
      return never(verdict);
  }
}

function refused(code: string, message: string): Judgement {
  return { kind: 'refused', code, message };
}

/** What Route 53 does not take in an update (R53 HC-01, HC-04, HC-15, HC-27). */
function faultOf(
  change: Partial<UpdateHealthCheck>,
  check: HealthCheck | DerivedHealthCheck,
  isCalculatedCheck: (id: string) => boolean,
): string | undefined {
  const { failureThreshold, healthThreshold, childHealthChecks, resourcePath, searchString } = change;
  const outside = (value: number | undefined, least: number, most: number): boolean =>
    value !== undefined && (value < least || value > most);
  if (outside(failureThreshold, 1, 10)) return 'FailureThreshold must be from 1 to 10.';
  if (outside(healthThreshold, 0, 256)) return 'HealthThreshold must be from 0 to 256.';
  if ((resourcePath?.length ?? 0) > 255) return 'ResourcePath may have 255 characters at most.';
  if ((searchString?.length ?? 0) > 255) return 'SearchString may have 255 characters at most.';
  if (childHealthChecks?.some(isCalculatedCheck) === true) {
    return 'A calculated health check cannot be the child of another.';
  }
  const isOfEndpoint = failureThreshold !== undefined || resourcePath !== undefined || searchString !== undefined;
  const isEndpoint = check.type === 'HTTP' || check.type === 'HTTPS' || check.type === 'TCP';
  if (isOfEndpoint && !isEndpoint) return `A ${check.type} health check probes no endpoint.`;
  if ((healthThreshold !== undefined || childHealthChecks !== undefined) && check.type !== 'CALCULATED') {
    return 'HealthThreshold and ChildHealthChecks belong to calculated health checks.';
  }
  return undefined;
}
