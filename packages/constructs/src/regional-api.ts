import { Duration, type Stack } from 'aws-cdk-lib';
import * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { FailoverApi, type FailoverApiProps } from './failover-api.ts';

/** What the API of either Region is made of, in patterns that bring their own stacks. */
export interface RegionalApiProps {
  /** The name that fails over, as `api.example.com`. It lies in the hosted zone. */
  readonly domainName: string;

  /** Name of the public hosted zone, as `example.com`. */
  readonly hostedZoneName: string;

  /** Id of the public hosted zone, as `Z0123456789ABCDEFGHIJ`. */
  readonly hostedZoneId: string;

  /** Folder with the function's code. The same code runs in both Regions. */
  readonly codePath: string;

  /**
   * Account of both stacks.
   *
   * @default - the account of the credentials that deploy
   */
  readonly account?: string;

  /**
   * The function's entry point in the folder.
   *
   * @default 'index.handler'
   */
  readonly handler?: string;

  /**
   * The function's runtime.
   *
   * @default lambda.Runtime.NODEJS_22_X
   */
  readonly runtime?: lambda.Runtime;

  /**
   * The function's own limit. Keep it below the edge's `readTimeout` (10 s), so that a slow function ends in an
   * answer of its API instead of in an edge that stops waiting.
   *
   * @default Duration.seconds(8)
   */
  readonly functionTimeout?: Duration;

  /**
   * Environment of the function.
   *
   * @default - none
   */
  readonly environment?: Readonly<Record<string, string>>;

  /**
   * Name of both APIs' stage.
   *
   * @default 'prod'
   */
  readonly stageName?: string;
}

/** One Region's function and API, by what both Regions share. */
export function addRegionalApi(
  stack: Stack,
  props: RegionalApiProps,
  own: Pick<FailoverApiProps, 'role' | 'healthPath' | 'healthCheckInterval' | 'failureThreshold' | 'healthCheck'>,
): FailoverApi {
  const handler = new lambda.Function(stack, 'Function', {
    code: lambda.Code.fromAsset(props.codePath),
    handler: props.handler ?? 'index.handler',
    runtime: props.runtime ?? lambda.Runtime.NODEJS_22_X,
    timeout: props.functionTimeout ?? Duration.seconds(8),
    ...(props.environment === undefined ? {} : { environment: { ...props.environment } }),
  });
  const hostedZone = route53.HostedZone.fromHostedZoneAttributes(stack, 'Zone', {
    zoneName: props.hostedZoneName,
    hostedZoneId: props.hostedZoneId,
  });
  return new FailoverApi(stack, 'FailoverApi', {
    ...own,
    handler,
    hostedZone,
    domainName: props.domainName,
    ...(props.stageName === undefined ? {} : { stageName: props.stageName }),
  });
}
