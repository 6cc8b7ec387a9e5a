import type { MetricRule } from './cloudwatch.ts';

const STATISTICS: ReadonlySet<string> = new Set(['Average', 'Minimum', 'Maximum', 'Sum', 'SampleCount']);

/** Why a health check cannot follow an alarm with these settings (R53 HC-31, HC-33); undefined when it can. */
export function whyNotFollowed(
  name: string,
  alarm: Pick<MetricRule, 'statistic' | 'periodSeconds' | 'datapointsToAlarm' | 'evaluationPeriods' | 'metric'>,
): string | undefined {
  if (!STATISTICS.has(alarm.statistic)) {
    return 'InvalidInput: Route 53 does not support extended CloudWatch metric statistics';
  }
  if (alarm.periodSeconds < 60) {
    return `The alarm ${name} has a period of ${alarm.periodSeconds} s; Route 53 does not support high-resolution metrics.`;
  }
  if (alarm.datapointsToAlarm !== alarm.evaluationPeriods) {
    return `The alarm ${name} needs ${alarm.datapointsToAlarm} of ${alarm.evaluationPeriods} datapoints; Route 53 does not support M out of N.`;
  }
  return alarm.metric.dimensions.length > 10
    ? `The alarm ${name} has ${alarm.metric.dimensions.length} dimensions; Route 53 supports 10.`
    : undefined;
}
