/** The alarm that has a standby take over, as templates and CloudWatch's API write it. */
export const TAKE_OVER_ALARM = {
  AlarmName: 'take-over',
  Namespace: 'Failover',
  MetricName: 'TakeOver',
  Statistic: 'Maximum',
  Period: 60,
  EvaluationPeriods: 1,
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
} as const;
