import type { SwitchMetric } from './switch-metric.ts';

/**
 * The least that the credentials of whoever operates the failover must be allowed: to describe alarms of the standby Region,
 * and to publish into the one namespace. `cloudwatch:PutMetricData` knows no resources; the namespace is its condition key.
 */
export function leastPolicy(region: string, namespace: SwitchMetric['metric']['namespace']): object {
  return {
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'SeeTheSwitch',
        Effect: 'Allow',
        Action: 'cloudwatch:DescribeAlarms',
        Resource: '*',
        Condition: { StringEquals: { 'aws:RequestedRegion': region } },
      },
      {
        Sid: 'ThrowTheSwitch',
        Effect: 'Allow',
        Action: 'cloudwatch:PutMetricData',
        Resource: '*',
        Condition: { StringEquals: { 'cloudwatch:namespace': namespace, 'aws:RequestedRegion': region } },
      },
    ],
  };
}
