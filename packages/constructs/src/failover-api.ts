import { Duration, Stack, Token } from 'aws-cdk-lib';
import * as apigateway from 'aws-cdk-lib/aws-apigateway';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';

/** Properties of {@link FailoverApi}. */
export interface FailoverApiProps {
  /** The function that answers every method of every path, the health path included. In the API's own stack. */
  readonly handler: lambda.IFunction;

  /**
   * The name that fails over, as `api.example.com`: the same in both Regions, inside the hosted zone. Clients and
   * CloudFront reach the API by it.
   */
  readonly domainName: string;

  /** The public hosted zone that holds the failover records and validates the certificate. */
  readonly hostedZone: route53.IHostedZone;

  /** `PRIMARY` for the Region that serves as long as it is healthy, `SECONDARY` for the other (R53 RP-05). */
  readonly role: route53.Failover;

  /**
   * Path, without stage, that the health check asks for. Healthy is any status from 200 to 399 within 2 s of
   * connecting (R53 HC-05, HC-09). Let it say no when the Region cannot do its work, and yes otherwise.
   *
   * @default 'health'
   */
  readonly healthPath?: string;

  /**
   * Time from one answer to the next question, of each of some 16 checkers (R53 HC-03, HC-19). 10 or 30 s; it cannot be
   * changed after creation (R53 HC-02). Fast checks cost extra, and halve the time that users wait for DNS to move.
   *
   * @default Duration.seconds(10)
   */
  readonly healthCheckInterval?: Duration;

  /**
   * Failures in a row, or successes, that change a checker's opinion. 1 to 10 (R53 HC-04).
   *
   * @default 3
   */
  readonly failureThreshold?: number;

  /**
   * What steers the failover record in the place of a check that asks this API; `none`: the record has no health check. The
   * other three properties of health checks then mean nothing.
   *
   * @default - a health check that asks this API by its execute-api name
   */
  readonly healthCheck?: route53.IHealthCheck | 'none';

  /**
   * Name of the API's stage. It is part of the execute-api URL and of no other.
   *
   * @default 'prod'
   */
  readonly stageName?: string;
}

/**
 * One Region's half of a Route 53 failover pair: a regional REST API in front of a function, its own
 * certificate and custom domain for the shared name, a health check, and the failover record.
 *
 * The health check asks the API by its execute-api name, never by the name that fails over: a check that
 * follows the record it steers gives unpredictable results (R53 HC-17).
 */
export class FailoverApi extends Construct {
  /** The REST API. */
  readonly api: apigateway.RestApi;
  /** The health check that steers the failover record; undefined when there is none. */
  readonly healthCheck: route53.IHealthCheck | undefined;
  /** Host name of the API in its own Region, as `a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com`. */
  readonly regionalEndpoint: string;
  /** Path of the stage on {@link regionalEndpoint}, as `/prod`. */
  readonly stagePath: string;
  /** What the failover record leads to, as `d-a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com`. */
  readonly recordTarget: string;

  /** @throws Error when the name lies outside the zone, or the check's values outside what Route 53 accepts. */
  constructor(scope: Construct, id: string, props: FailoverApiProps) {
    super(scope, id);
    const stageName = props.stageName ?? 'prod';
    refuseForeignName(props.domainName, props.hostedZone.zoneName);

    this.api = new apigateway.LambdaRestApi(this, 'Api', {
      handler: props.handler,
      restApiName: props.domainName,
      description: `${props.domainName} in ${Stack.of(this).region} (${props.role})`,
      endpointTypes: [apigateway.EndpointType.REGIONAL],
      deployOptions: { stageName },
      integrationOptions: { allowTestInvoke: false },
      cloudWatchRole: false,
    });
    this.regionalEndpoint = `${this.api.restApiId}.execute-api.${Stack.of(this).region}.amazonaws.com`;
    this.stagePath = `/${stageName}`;

    const domain = this.addDomain(props);
    this.recordTarget = domain.domainNameAliasDomainName;
    const steering = props.healthCheck ?? this.addHealthCheck(props);
    this.healthCheck = steering === 'none' ? undefined : steering;
    this.addFailoverRecord(props, domain);
  }

  private addDomain(props: FailoverApiProps): apigateway.DomainName {
    const certificate = new acm.Certificate(this, 'Certificate', {
      domainName: props.domainName,
      validation: acm.CertificateValidation.fromDns(props.hostedZone),
    });
    return this.api.addDomainName('Domain', {
      domainName: props.domainName,
      certificate,
      endpointType: apigateway.EndpointType.REGIONAL,
      securityPolicy: apigateway.SecurityPolicy.TLS_1_2,
    });
  }

  private addHealthCheck(props: FailoverApiProps): route53.IHealthCheck {
    const interval = props.healthCheckInterval ?? Duration.seconds(10);
    if (interval.toSeconds() !== 10 && interval.toSeconds() !== 30) {
      throw new Error(
        `FailoverApi: healthCheckInterval is ${interval.toSeconds()} s; Route 53 offers 10 s and 30 s (R53 HC-03).`,
      );
    }
    const threshold = props.failureThreshold ?? 3;
    if (!Number.isInteger(threshold) || threshold < 1 || threshold > 10) {
      throw new Error(`FailoverApi: failureThreshold is ${threshold}; Route 53 accepts 1 to 10 (R53 HC-04).`);
    }
    const path = (props.healthPath ?? 'health').replace(/^\/+/, '');
    const healthCheck = new route53.HealthCheck(this, 'HealthCheck', {
      type: route53.HealthCheckType.HTTPS,
      fqdn: this.regionalEndpoint,
      port: 443,
      resourcePath: `${this.stagePath}/${path}`,
      requestInterval: interval,
      failureThreshold: threshold,
      enableSNI: true,
    });
    // Checked from the first moment at which it can answer, and no longer than it can.
    healthCheck.node.addDependency(this.api.deploymentStage);
    return healthCheck;
  }

  private addFailoverRecord(props: FailoverApiProps, domain: apigateway.DomainName): void {
    new route53.ARecord(this, 'Record', {
      zone: props.hostedZone,
      // The closing dot: without it CDK would add the zone's name to one that it does not recognise as within it.
      recordName: `${props.domainName}.`,
      failover: props.role,
      setIdentifier: `${props.role.toLowerCase()}-${Stack.of(this).region}`,
      ...(this.healthCheck === undefined ? {} : { healthCheck: this.healthCheck }),
      target: route53.RecordTarget.fromAlias({
        bind: () => ({
          dnsName: domain.domainNameAliasDomainName,
          hostedZoneId: domain.domainNameAliasHostedZoneId,
          evaluateTargetHealth: true,
        }),
      }),
    });
  }
}

function refuseForeignName(name: string, zoneName: string): void {
  // A zone made in the same app may have no name yet: CloudFormation will tell.
  if (Token.isUnresolved(name) || Token.isUnresolved(zoneName)) return;
  if (name === zoneName || name.endsWith(`.${zoneName}`)) return;
  throw new Error(
    `FailoverApi: ${name} does not lie in the hosted zone ${zoneName}. Name something like api.${zoneName}.`,
  );
}
