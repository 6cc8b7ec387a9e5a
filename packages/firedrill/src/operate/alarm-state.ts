import type { MetricAlarm } from '@aws-sdk/client-cloudwatch';
import { CloudWatchClient, DescribeAlarmsCommand, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { PATIENCE } from './patience.ts';
import type { SwitchMetric } from './switch-metric.ts';
import type { Direction, TakeOver } from './take-over.ts';

/** CloudWatch in the standby Region. Destroy it after use. */
export function cloudWatchIn(region: string): CloudWatchClient {
  return new CloudWatchClient({ region, ...PATIENCE });
}

/** The alarm of a switch as CloudWatch has it in the standby Region; undefined: there is no metric alarm of that name. */
export async function describeAlarm(
  client: CloudWatchClient,
  { alarm }: Pick<TakeOver, 'alarm'>,
): Promise<MetricAlarm | undefined> {
  const { MetricAlarms } = await client.send(
    new DescribeAlarmsCommand({ AlarmNames: [alarm], AlarmTypes: ['MetricAlarm'] }),
  );
  return MetricAlarms?.[0];
}

/** Publishes the one value that moves traffic. Saying it again changes nothing. */
export async function publish(
  client: CloudWatchClient,
  { metric, value, unit: Unit }: SwitchMetric,
  way: Direction,
): Promise<void> {
  const Dimensions = metric.dimensions.map((each) => ({ Name: each.name, Value: each.value }));
  await client.send(
    new PutMetricDataCommand({
      Namespace: metric.namespace,
      MetricData: [{ MetricName: metric.metricName, Dimensions, Value: value[way], Unit }],
    }),
  );
}

/** The state that the alarm comes to when traffic goes that way. */
export const STATE_OF = { failover: 'ALARM', failback: 'OK' } as const satisfies Record<Direction, string>;
