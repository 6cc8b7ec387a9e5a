import type { MetricAlarm as AlarmInAws, StandardUnit } from '@aws-sdk/client-cloudwatch';
import { isBreaching } from '../engine/index.ts';
import type { ComparisonOperator, MetricIdentity } from '../model/index.ts';
import { whyNotFollowed } from '../model/index.ts';
import type { Direction } from './take-over.ts';

/** The metric by which the standby takes over, and the value for either way. */
export interface SwitchMetric {
  readonly metric: MetricIdentity;
  readonly value: Readonly<Record<Direction, number>>;
  /** Of the alarm, which sees values of this unit only (RS 1.12); undefined: it has none. */
  readonly unit?: StandardUnit;
}

const OPERATORS: ReadonlySet<string> = new Set<ComparisonOperator>([
  'GreaterThanOrEqualToThreshold',
  'GreaterThanThreshold',
  'LessThanThreshold',
  'LessThanOrEqualToThreshold',
]);

/**
 * What an alarm, as CloudWatch describes it, says of the switch: its metric, and of 1, 0 and the threshold's neighbours the
 * first value that breaches it and the first that does not.
 *
 * @returns a sentence when the alarm cannot be what a health check follows (R53 HC-31).
 */
export function switchMetricOf(alarm: AlarmInAws): SwitchMetric | string {
  const { Namespace: namespace, MetricName: metricName, ComparisonOperator: operator, Threshold: threshold } = alarm;
  const name = alarm.AlarmName ?? '';
  if (namespace === undefined || metricName === undefined || threshold === undefined || !isOperator(operator)) {
    return `The alarm ${name} is not on one metric with a threshold; a health check follows no other.`;
  }
  const dimensions = (alarm.Dimensions ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
  const metric: MetricIdentity = { namespace, metricName, dimensions };
  const evaluationPeriods = alarm.EvaluationPeriods ?? 1;
  if (alarm.Statistic === 'SampleCount') {
    return `The alarm ${name} counts values and does not look at what they say: no value brings traffic back.`;
  }
  const refusal = whyNotFollowed(name, {
    metric,
    statistic: alarm.ExtendedStatistic ?? alarm.Statistic ?? '',
    periodSeconds: alarm.Period ?? 60,
    evaluationPeriods,
    datapointsToAlarm: alarm.DatapointsToAlarm ?? evaluationPeriods,
  });
  if (refusal !== undefined) return refusal;
  const breaches = (value: number): boolean => isBreaching(value, operator, threshold);
  const values = [threshold, threshold + 1, threshold - 1];
  const failover = [1, ...values].find(breaches);
  const failback = [0, ...values].find((value) => !breaches(value));
  if (failover === undefined || failback === undefined) {
    return `The alarm ${name} has the threshold ${threshold}, on one side of which there is no value.`;
  }
  return { metric, value: { failover, failback }, ...(alarm.Unit === undefined ? {} : { unit: alarm.Unit }) };
}

function isOperator(text: string | undefined): text is ComparisonOperator {
  return text !== undefined && OPERATORS.has(text);
}
