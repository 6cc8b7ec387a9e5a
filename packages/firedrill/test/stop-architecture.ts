import type { Architecture, MetricAlarm, MetricHealthCheck, Plan, PlannedAction } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { BACKUP, hybridArchitecture, hybridPlan, PRIMARY, probe } from './hybrid-architecture.ts';

/** The alarm of the sample, in the standby Region: a value of 1 is the word to take over (R53 MT-01). */
export const TAKE_OVER: MetricAlarm = {
  name: 'take-over',
  arn: `arn:aws:cloudwatch:${BACKUP}:123456789012:alarm:take-over`,
  region: BACKUP,
  metric: { namespace: 'STOP', metricName: 'failover', dimensions: [] },
  statistic: 'Maximum',
  periodSeconds: 60,
  evaluationPeriods: 1,
  datapointsToAlarm: 1,
  comparisonOperator: 'GreaterThanOrEqualToThreshold',
  threshold: 1,
  treatMissingData: 'missing',
  alignedToClock: false,
  actions: { enabled: true, ok: [], alarm: [], insufficientData: [] },
  stack: BACKUP,
};

export const STOP_CHECK = 'stop-check';

/** "Standby takes over primary": the primary's record follows a metric that lives in the standby Region (R53 MT-01). */
export function stopArchitecture(
  check: Partial<MetricHealthCheck> = {},
  alarm: Partial<MetricAlarm> = {},
): Architecture {
  const whole = hybridArchitecture();
  return {
    ...whole,
    healthChecks: [],
    derivedHealthChecks: [
      {
        id: STOP_CHECK,
        type: 'CLOUDWATCH_METRIC',
        alarmRegion: BACKUP,
        alarmName: TAKE_OVER.name,
        insufficientDataHealthStatus: 'LastKnownStatus',
        inverted: false,
        disabled: false,
        stack: PRIMARY,
        ...check,
      },
    ],
    metricAlarms: [{ ...TAKE_OVER, ...alarm }],
    recordSets: whole.recordSets.map(({ healthCheckId: _checked, ...record }) =>
      record.policy.kind === 'failover' && record.policy.role === 'PRIMARY'
        ? { ...record, healthCheckId: STOP_CHECK }
        : record,
    ),
  };
}

/** Somebody, or a script, puts a value at a moment. */
export function putting(value: number, atSecond: number): PlannedAction {
  return {
    name: `put ${value}`,
    at: atSeconds(atSecond),
    action: {
      kind: 'put-metric-data',
      region: BACKUP,
      namespace: 'STOP',
      metricData: [{ metricName: 'failover', value }],
    },
  };
}

/** A client that asks anew every 5 s, as in the sample's screenshots. */
export function stopPlan(
  actions: readonly PlannedAction[],
  more: Partial<Plan> & { readonly endSeconds?: number } = {},
): Plan {
  const client = probe('client', 'https://api.example.com/', { ratePerSecond: 0.2, methods: ['GET'] });
  return { ...hybridPlan([], { probes: [client], endSeconds: 600, ...more }), actions };
}
