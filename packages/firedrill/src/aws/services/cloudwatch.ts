import type { Cloud } from '../cloud.ts';
import { alarmHandlers } from '../cloudwatch/alarms.ts';
import type { CloudWatchHandlers } from '../cloudwatch/cloudwatch-handlers.ts';
import { metricHandlers } from '../cloudwatch/metrics.ts';

/** Metrics and alarms. */
export function cloudwatch(cloud: Cloud): CloudWatchHandlers {
  return { ...metricHandlers(cloud), ...alarmHandlers(cloud) };
}
