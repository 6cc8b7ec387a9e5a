import type { MetricRule } from '../../model/index.ts';
import { assert } from '../../model/index.ts';
import { CLOUDWATCH_FACTS } from './facts.ts';
import type { Datapoint, DatapointsVerdict } from './judge-datapoints.ts';
import { isBreaching, judgeDatapoints } from './judge-datapoints.ts';
import type { MetricStore } from './metric-store.ts';
import { statisticOf } from './statistics.ts';

/** What one look at a metric found. */
export interface Evaluation {
  readonly verdict: DatapointsVerdict;
  /** In CloudWatch's words as far as they are known (RS 1.31). */
  readonly reason: string;
  /** `seq` of the event behind the newest datapoint that was looked at; 0 for none. */
  readonly cause: number;
}

/** From one evaluation to the next (RS 1.4, R53 TL-06). */
export function evaluationSeconds({ periodSeconds, evaluationPeriods }: MetricRule): number {
  const { EVALUATION_SECONDS, FAST_EVALUATION_SECONDS, SLOW_EVALUATION_SECONDS, SLOW_RANGE_SECONDS } = CLOUDWATCH_FACTS;
  if (periodSeconds * evaluationPeriods > SLOW_RANGE_SECONDS.value) return SLOW_EVALUATION_SECONDS.value;
  return periodSeconds < 60 ? FAST_EVALUATION_SECONDS.value : EVALUATION_SECONDS.value;
}

interface Look {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How many more periods than it needs an alarm fetches (RS 1.16). */
  readonly extraPeriods: number;
}

/** Evaluates a rule on what can be read now: whole periods only, so the one that is running does not count (R53 TL-07). */
export function evaluateRule(rule: MetricRule, store: MetricStore, look: Look): Evaluation {
  const statistic = statisticOf(rule.statistic);
  assert(statistic !== undefined, `${rule.statistic} is a statistic, the reader has seen to it`);
  const points: { readonly breaches: Datapoint; readonly value: number | undefined; readonly from: number }[] = [];
  const periodMs = rule.periodSeconds * 1000;
  const last = lastEnd(rule, look.now);
  let cause = 0;
  for (let back = rule.evaluationPeriods + look.extraPeriods; back > 0; back -= 1) {
    const from = last - back * periodMs;
    const unit = rule.unit === undefined ? {} : { unit: rule.unit };
    const samples = store.read(rule.region, rule.metric, { from, until: from + periodMs, now: look.now, ...unit });
    const value = samples.length === 0 ? undefined : statistic(samples);
    const breaches = value === undefined ? undefined : isBreaching(value, rule.comparisonOperator, rule.threshold);
    for (const sample of samples) cause = Math.max(cause, sample.cause);
    points.push({ breaches, value, from });
  }
  const verdict = judgeDatapoints(
    points.map(({ breaches }) => breaches),
    // Alarms on DynamoDB's metrics always ignore what is missing (RS 1.15).
    rule.metric.namespace === 'AWS/DynamoDB' ? { ...rule, treatMissingData: 'ignore' } : rule,
  );
  return { verdict, reason: reasonOf(rule, points), cause };
}

/** Until when data is looked at: the last whole minute, hour or period. */
function lastEnd(rule: MetricRule, now: number): number {
  const everyMs = evaluationSeconds(rule) * 1000;
  const gridMs = rule.alignedToClock ? Math.max(everyMs, rule.periodSeconds * 1000) : everyMs;
  return Math.floor(now / gridMs) * gridMs;
}

const COMPARED = {
  GreaterThanOrEqualToThreshold: 'greater than or equal to',
  GreaterThanThreshold: 'greater than',
  LessThanThreshold: 'less than',
  LessThanOrEqualToThreshold: 'less than or equal to',
} as const;

function reasonOf(
  rule: MetricRule,
  points: readonly { readonly breaches: Datapoint; readonly value: number | undefined }[],
): string {
  const real = points.filter(({ value }) => value !== undefined).slice(-rule.evaluationPeriods);
  const missing = rule.evaluationPeriods - real.length;
  if (real.length === 0) {
    const { treatMissingData, evaluationPeriods } = rule;
    const filled = `${missing} missing ${missing === 1 ? 'datapoint was' : 'datapoints were'} treated as`;
    const periods = `no datapoints were received for ${evaluationPeriods} ${evaluationPeriods === 1 ? 'period' : 'periods'}`;
    return treatMissingData === 'breaching' || treatMissingData === 'notBreaching'
      ? `Threshold Crossed: ${periods} and ${filled} [${treatMissingData === 'breaching' ? 'Breaching' : 'NonBreaching'}].`
      : `Insufficient Data: ${periods}.`;
  }
  const values = real.map(({ value }) => numberText(value ?? 0)).join(', ');
  const breaching = real.filter(({ breaches }) => breaches === true).length;
  const many = `${real.length} ${real.length === 1 ? 'datapoint' : 'datapoints'} [${values}]`;
  const verb = real.length === 1 ? 'was' : 'were';
  const not = breaching >= rule.datapointsToAlarm ? '' : 'not ';
  return `Threshold Crossed: ${many} ${verb} ${not}${COMPARED[rule.comparisonOperator]} the threshold (${numberText(rule.threshold)}).`;
}

/** As CloudWatch writes numbers: with a fraction even where it is nothing. */
function numberText(value: number): string {
  return Number.isInteger(value) ? `${value}.0` : String(value);
}
