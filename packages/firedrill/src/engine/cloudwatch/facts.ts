import { facts } from '../facts.ts';

/** Every number of CloudWatch that the engine goes by. */
export const CLOUDWATCH_FACTS = facts({
  /** Alarms with periods of a minute and more. */
  EVALUATION_SECONDS: { value: 60, standing: 'documented', line: 'RS 1.4', checked: '2026-11-21' },
  /** Alarms with shorter periods. */
  FAST_EVALUATION_SECONDS: { value: 10, standing: 'documented', line: 'RS 1.4', checked: '2026-11-21' },
  /** Alarms whose range is longer than a day. */
  SLOW_EVALUATION_SECONDS: { value: 3600, standing: 'documented', line: 'RS 1.4', checked: '2026-11-21' },
  SLOW_RANGE_SECONDS: { value: 86_400, standing: 'documented', line: 'RS 1.4', checked: '2026-11-21' },
  /** Of one answer of GetMetricStatistics. */
  STATISTICS_DATAPOINTS_MAX: { value: 1440, standing: 'documented', line: 'RS 1.48', checked: '2026-11-21' },
  METRICS_PER_CALL_MAX: { value: 1000, standing: 'documented', line: 'RS 1.43', checked: '2026-11-21' },
  VALUES_PER_METRIC_MAX: { value: 150, standing: 'documented', line: 'RS 1.43', checked: '2026-11-21' },
  DIMENSIONS_MAX: { value: 30, standing: 'documented', line: 'RS 1.43', checked: '2026-11-21' },
  /** Of a value, either side of zero. */
  VALUE_MAX: { value: 2 ** 360, standing: 'documented', line: 'RS 1.43', checked: '2026-11-21' },
  PAST_MAX_SECONDS: { value: 14 * 86_400, standing: 'documented', line: 'RS 1.41', checked: '2026-11-21' },
  FUTURE_MAX_SECONDS: { value: 2 * 3600, standing: 'documented', line: 'RS 1.41', checked: '2026-11-21' },
  /** From this age on a point takes longer to be readable … */
  LATE_AGE_SECONDS: { value: 3 * 3600, standing: 'documented', line: 'RS 1.41', checked: '2026-11-21' },
  LATE_DELAY_SECONDS: { value: 2 * 3600, standing: 'documented', line: 'RS 1.41', checked: '2026-11-21' },
  /** … and from this one on much longer. */
  OLD_AGE_SECONDS: { value: 86_400, standing: 'documented', line: 'RS 1.41', checked: '2026-11-21' },
  OLD_DELAY_SECONDS: { value: 48 * 3600, standing: 'documented', line: 'RS 1.41', checked: '2026-11-21' },
  /** Of points finer than a minute. */
  FINE_RETENTION_SECONDS: { value: 3 * 3600, standing: 'documented', line: 'RS 1.46', checked: '2026-11-21' },
  RETENTION_SECONDS: { value: 15 * 86_400, standing: 'documented', line: 'RS 1.46', checked: '2026-11-21' },
});
