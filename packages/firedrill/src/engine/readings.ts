import type {
  CompositeAlarm,
  DerivedHealthCheck,
  HealthCheck,
  Instant,
  MetricAlarm,
  MetricIdentity,
  RecordSet,
  RoutingControlState,
} from '../model/index.ts';
import { BEGINNING } from '../model/index.ts';
import type { Alarms } from './alarms.ts';
import { epochMs } from './alarms.ts';
import type { AlarmStatus } from './cloudwatch/alarm-status.ts';
import type { HealthChecks } from './health-checks.ts';
import type { MetricAnswer, MetricFilter, MetricQuery } from './metric-readings.ts';
import { metricsLike, metricStatistics } from './metric-readings.ts';
import type { Parts } from './parts.ts';
import type { RecoveryControls } from './recovery-controls.ts';
import { HealthCheckStatus } from './route53/health-check.ts';
import type { HealthCheckObservation } from './route53/observation.ts';
import type { ZoneRequests } from './zone-requests.ts';
import type { ZoneVersions } from './zone-versions.ts';

/** A health check as it is now. */
export interface HealthCheckReading {
  /** As it is configured now. */
  readonly check: HealthCheck | DerivedHealthCheck;
  /** HealthCheckVersion (R53 HC-45). */
  readonly version: number;
  readonly healthy: boolean;
  /** What each checker found last, and when it failed last; none of a check without checkers (R53 HC-47). */
  readonly observations: readonly HealthCheckObservation[];
  readonly lastFailures: readonly HealthCheckObservation[];
}

/** An alarm as it is now: its configuration, its state with the reason and since when, and the states that it came from. */
export type AlarmReading = Pick<
  AlarmStatus<MetricAlarm | CompositeAlarm>,
  'alarm' | 'state' | 'reason' | 'changedAt' | 'history'
>;

/** What operators see of a world: what AWS's APIs tell, without the time and the failures of a call. Nothing is recorded. */
export interface Readings {
  /** Undefined: there is no health check of that id. */
  healthCheck(id: string): HealthCheckReading | undefined;
  healthChecks(): readonly HealthCheckReading[];
  /** All alarms of all Regions. */
  alarms(): readonly AlarmReading[];
  /** Metrics that anything was ever published for, as `ListMetrics` gives them. */
  metrics(filter: MetricFilter): readonly MetricIdentity[];
  /** `GetMetricStatistics`, with its refusals; moments of query and answer are those of the calendar, in milliseconds since 1970. */
  metricStatistics(query: MetricQuery, now: Instant): MetricAnswer;
  /** What a zone holds, as the API knows it: changes that name servers have not heard of included; unsorted, without the zone's own NS and SOA. */
  recordSets(hostedZoneId: string): readonly RecordSet[];
  /** Of a change by its `changeId`; undefined: there was none (R53 CH-08). */
  changeStatus(changeId: string, now: Instant): 'PENDING' | 'INSYNC' | undefined;
  /** Undefined: there is no such control. */
  routingControl(arn: string): RoutingControlState | undefined;
}

/** Who knows it. */
export interface Read {
  readonly health: HealthChecks;
  readonly alarms: Alarms;
  readonly zones: ZoneVersions;
  readonly zoneRequests: ZoneRequests;
  readonly recoveryControls: RecoveryControls;
}

export function readingsOf(
  { input }: Parts,
  { health, alarms, zones, zoneRequests, recoveryControls }: Read,
): Readings {
  const healthCheck = (id: string): HealthCheckReading | undefined => {
    const status = health.statusOf(id);
    if (status === undefined) return undefined;
    const { check, healthy } = status;
    const isProbed = status instanceof HealthCheckStatus;
    return {
      check,
      version: health.versionOf(id),
      healthy,
      observations: isProbed ? status.observations() : [],
      lastFailures: isProbed ? status.lastFailures() : [],
    };
  };
  return {
    healthCheck,
    healthChecks: () => [...health.statuses.keys()].flatMap((id) => healthCheck(id) ?? []),
    alarms: () => alarms.all,
    metrics: (filter) => metricsLike(alarms.store, filter),
    metricStatistics: (query, now) => {
      // What CloudWatch's clock shows here when the calendar has begun.
      const aheadMs = epochMs(input, BEGINNING) - input.beganAtEpochMs;
      const { from, until } = query;
      const asked = { ...query, from: from + aheadMs, until: until + aheadMs };
      const answer = metricStatistics(alarms.store, asked, epochMs(input, now));
      if (answer.kind === 'refused') return answer;
      const datapoints = answer.datapoints.map((point) => ({ ...point, timestamp: point.timestamp - aheadMs }));
      return { kind: 'datapoints', datapoints };
    },
    recordSets: (hostedZoneId) => zones.recordsOf(hostedZoneId),
    changeStatus: (changeId, now) => zoneRequests.changeStatus(changeId, now),
    routingControl: (arn) => recoveryControls.stateOf(arn),
  };
}
