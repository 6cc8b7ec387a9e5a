import type { SwitchMetric } from './switch-metric.ts';

export interface Allowed {
  /** The standby Region. */
  readonly region: string;
  readonly namespace: SwitchMetric['metric']['namespace'];
  /** Name or ARN of the standby's stack, when commands are to be told by it what they have to know. */
  readonly stack?: string;
}

/**
 * The least that the credentials of whoever operates the failover must be allowed: to describe alarms of the standby Region,
 * and to publish into the one namespace. `cloudwatch:PutMetricData` knows no resources; the namespace is its condition key.
 * With a stack, to read that stack's outputs too.
 */
export function leastPolicy({ region, namespace, stack }: Allowed): object {
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
      ...(stack === undefined ? [] : [readsStack(region, stack)]),
    ],
  };
}

/** By its name in any account: whoever runs this knows the name alone. */
function readsStack(region: string, stack: string): object {
  const arn = `arn:${partitionOf(region)}:cloudformation:${region}:*:stack/${stack}/*`;
  return {
    Sid: 'ReadTheStandbysOutputs',
    Effect: 'Allow',
    Action: 'cloudformation:DescribeStacks',
    Resource: stack.startsWith('arn:') ? stack : arn,
  };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
