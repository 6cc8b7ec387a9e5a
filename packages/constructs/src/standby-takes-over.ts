import { CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import * as cloudwatch from 'aws-cdk-lib/aws-cloudwatch';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { FailoverApi } from './failover-api.ts';
import { addRegionalApi, type RegionalApiProps } from './regional-api.ts';

/** Properties of {@link StandbyTakesOver}. */
export interface StandbyTakesOverProps extends RegionalApiProps {
  /** Region that serves until the standby takes over, as `eu-west-1`. */
  readonly primaryRegion: string;

  /** Region that takes over, as `us-east-1`. Alarm and metric are here: nothing of the primary is needed to leave it. */
  readonly standbyRegion: string;

  /**
   * Namespace of the metric by which the standby takes over.
   *
   * @default 'Failover'
   */
  readonly metricNamespace?: string;

  /**
   * Name of that metric. 1 or more: the standby takes over. 0: the primary is given back. The last value counts until
   * the next one, however long that takes.
   *
   * @default 'StandbyTakesOver'
   */
  readonly metricName?: string;

  /**
   * Name of the alarm in the standby Region. A name and no reference, since the health check asks for it by name from the
   * other stack.
   *
   * @default - `StandbyTakesOver-` and the failover name
   */
  readonly alarmName?: string;
}

/**
 * One API in two Regions whose standby takes over by the decision of an operator, or of an operator's script: by one metric
 * value, published in the standby Region.
 *
 * The primary's failover record carries a CLOUDWATCH_METRIC health check on that metric. Publishing it touches neither the
 * primary Region, which may be dead, nor Route 53's control plane, which is in us-east-1 alone (R53 ST-01, ST-04, ST-06). The
 * check reads the metric and not the alarm's state, so setting the state by hand does nothing (R53 HC-29); silence
 * leaves everything as it is (LastKnownStatus).
 *
 * From the value to the last user in the other Region 30 s to 190 s pass: a period of the metric, an evaluation, the
 * propagation of a status, and a TTL of 60 s.
 *
 * The standby's record has no health check: when somebody has decided, it is the answer. Nothing fails over by itself;
 * where that is wanted, take {@link HybridFailover}.
 *
 * Two stacks: the standby Region's, deployed first, since the health check asks for its alarm, and the primary Region's.
 * A change of the alarm reaches the health check only when the check itself is updated (R53 HC-32).
 */
export class StandbyTakesOver extends Construct {
  /** The primary Region's stack; it depends on the standby's. */
  readonly primaryStack: Stack;
  /** The standby Region's stack. */
  readonly standbyStack: Stack;
  /** The API in the primary Region. */
  readonly primaryApi: FailoverApi;
  /** The API in the standby Region. */
  readonly standbyApi: FailoverApi;
  /** The alarm in the standby Region. */
  readonly alarm: cloudwatch.Alarm;

  /** @throws Error when the two Regions are the same. */
  constructor(scope: Construct, id: string, props: StandbyTakesOverProps) {
    super(scope, id);
    if (props.primaryRegion === props.standbyRegion) {
      throw new Error(`StandbyTakesOver: both Regions are ${props.primaryRegion}. Name a second one that takes over.`);
    }
    this.standbyStack = this.addStack('Standby', props.standbyRegion, props);
    this.primaryStack = this.addStack('Primary', props.primaryRegion, props);
    this.primaryStack.addStackDependency(this.standbyStack);

    const alarmName = props.alarmName ?? `StandbyTakesOver-${props.domainName}`;
    this.alarm = addAlarm(this.standbyStack, alarmName, props);
    this.standbyApi = addRegionalApi(this.standbyStack, props, {
      role: route53.Failover.SECONDARY,
      healthCheck: 'none',
    });
    this.primaryApi = addRegionalApi(this.primaryStack, props, {
      role: route53.Failover.PRIMARY,
      healthCheck: addHealthCheck(this.primaryStack, alarmName, props.standbyRegion),
    });
    this.addOutputs(props);
  }

  private addStack(half: 'Primary' | 'Standby', region: string, props: StandbyTakesOverProps): Stack {
    return new Stack(this, half, {
      stackName: `${this.node.id}-${half}`,
      description: `Standby takes over ${props.domainName}, ${half.toLowerCase()} Region`,
      env: props.account === undefined ? { region } : { account: props.account, region },
    });
  }

  /** What to type in an emergency, where people look first; and what `firedrill failover --stack` reads. */
  private addOutputs(props: StandbyTakesOverProps): void {
    const { alarmName } = this.alarm;
    new CfnOutput(this.standbyStack, 'FailoverName', {
      description: 'The name that fails over',
      value: props.domainName,
    });
    new CfnOutput(this.standbyStack, 'FailoverAlarm', { description: 'The alarm that decides', value: alarmName });
    new CfnOutput(this.standbyStack, 'StandbyName', {
      description: 'Where the name leads while the standby serves',
      value: this.standbyApi.recordTarget,
    });
    const { namespace, metricName } = metricOf(props);
    const command = `aws cloudwatch put-metric-data --region ${props.standbyRegion} --namespace ${namespace} --metric-name ${metricName}`;
    new CfnOutput(this.standbyStack, 'TakeOverCommand', {
      description: 'The standby takes over',
      value: `${command} --value 1`,
    });
    new CfnOutput(this.standbyStack, 'GiveBackCommand', {
      description: 'The primary is given back',
      value: `${command} --value 0`,
    });
  }
}

function metricOf(props: StandbyTakesOverProps): { readonly namespace: string; readonly metricName: string } {
  return {
    namespace: props.metricNamespace ?? 'Failover',
    metricName: props.metricName ?? 'StandbyTakesOver',
  };
}

/** With settings that a health check supports: one point of a period of 60 s, a plain statistic (R53 HC-31). */
function addAlarm(stack: Stack, alarmName: string, props: StandbyTakesOverProps): cloudwatch.Alarm {
  return new cloudwatch.Alarm(stack, 'TakeOver', {
    alarmName,
    alarmDescription: `${props.domainName} is served by ${props.standbyRegion} while this is in alarm`,
    metric: new cloudwatch.Metric({ ...metricOf(props), statistic: 'Maximum', period: Duration.minutes(1) }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    // Shows the last word until there is another, as the health check goes by it.
    treatMissingData: cloudwatch.TreatMissingData.IGNORE,
  });
}

/** Healthy as long as nobody has said that the standby takes over. */
function addHealthCheck(stack: Stack, alarmName: string, region: string): route53.IHealthCheck {
  const { attrHealthCheckId: healthCheckId } = new route53.CfnHealthCheck(stack, 'StandbyIsQuiet', {
    healthCheckConfig: {
      type: 'CLOUDWATCH_METRIC',
      alarmIdentifier: { name: alarmName, region },
      insufficientDataHealthStatus: 'LastKnownStatus',
    },
  });
  return route53.HealthCheck.fromHealthCheckId(stack, 'StandbyIsQuietCheck', healthCheckId);
}
