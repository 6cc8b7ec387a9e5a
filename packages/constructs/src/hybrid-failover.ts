import { CfnOutput, type Duration, Stack } from 'aws-cdk-lib';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as route53 from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import type { FailoverApi } from './failover-api.ts';
import { OriginTimeouts } from './origin-timeouts.ts';
import { addRegionalApi, type RegionalApiProps } from './regional-api.ts';

/** Properties of {@link HybridFailover}. */
export interface HybridFailoverProps extends RegionalApiProps {
  /** Region that serves as long as it is healthy, as `eu-west-1`. The distributions' stack is here too. */
  readonly primaryRegion: string;

  /** Region that takes over, as `us-east-1`. */
  readonly backupRegion: string;

  /**
   * Path, without stage, that both health checks ask for.
   *
   * @default 'health'
   */
  readonly healthPath?: string;

  /**
   * Time between two questions of one health checker, 10 or 30 s.
   *
   * @default Duration.seconds(10)
   */
  readonly healthCheckInterval?: Duration;

  /**
   * Failures in a row, or successes, that change a health checker's opinion.
   *
   * @default 3
   */
  readonly failureThreshold?: number;

  /**
   * Answers of the primary Region for which the hybrid distribution asks the backup Region instead. 503 stands for
   * "cannot connect" and 504 for "timed out" as well (CF 1.6): a list without them covers no dead Region. Any of 400,
   * 403, 404, 416, 429, 500, 502, 503 and 504 (CF 1.5).
   *
   * @default [500, 502, 503, 504]
   */
  readonly failoverStatusCodes?: readonly number[];

  /**
   * How long the hybrid distribution tries the failover name before it asks the backup Region.
   *
   * In front of a black-holed primary every GET waits 2 s (30 s with `OriginTimeouts.CLOUDFRONT_DEFAULTS`), in front
   * of a hung one 10 s (90 s with `OriginTimeouts.CLOUDFRONT_DEFAULTS`), until DNS has moved.
   *
   * @default OriginTimeouts.FIRST_OF_TWO
   */
  readonly originTimeouts?: OriginTimeouts;

  /**
   * The same for origins that nothing stands behind: the failover name in the Route 53 distribution, the write paths',
   * and the backup Region's API. A black-holed one costs 4 s and a hung one 20 s before the viewer gets an error.
   *
   * @default OriginTimeouts.LAST_RESORT
   */
  readonly lastResortTimeouts?: OriginTimeouts;

  /**
   * Paths of the hybrid distribution that are written to, as `/orders*`. They go to the failover name alone and take
   * every method; all other paths then take GET, HEAD and OPTIONS only.
   *
   * CloudFront never repeats a write at a second origin (CF 1.3), so writes lose nothing by this. And it has been
   * seen to refuse, at deployment, an origin group whose behavior takes POST, PUT, PATCH or DELETE (CF 1.35).
   *
   * @default - none: every path takes every method, through the origin group
   */
  readonly writePaths?: readonly string[];
}

/**
 * One API in two Regions behind CloudFront, in the two forms that people choose between.
 *
 * - Route 53 alone: the distribution's only origin is the failover name. Users wait for health checks and DNS.
 * - Hybrid: an origin group asks the failover name first and the backup Region's own endpoint second. What can be
 *   repeated (GET, HEAD, OPTIONS) is answered at once; the rest waits for health checks and DNS (CF 1.3).
 *
 * Two stacks: the backup Region's, deployed first, and the primary Region's, which also holds both distributions.
 * The second origin is the backup API's execute-api endpoint: it shares neither DNS zone nor certificate
 * with the name that fails over, so trouble with either still leaves a way. Its id crosses Regions by CDK's
 * `crossRegionReferences`, which works at deployment only; no request depends on it. Replacing the backup API takes two
 * deployments, since an exported value that is in use cannot change: first take the hybrid distribution away.
 */
export class HybridFailover extends Construct {
  /** The primary Region's stack. */
  readonly primaryStack: Stack;
  /** The backup Region's stack; the primary's depends on it. */
  readonly secondaryStack: Stack;
  /** The API in the primary Region. */
  readonly primaryApi: FailoverApi;
  /** The API in the backup Region. */
  readonly secondaryApi: FailoverApi;
  /** The distribution whose only origin is the failover name. */
  readonly route53Distribution: cloudfront.Distribution;
  /** The distribution with the origin group. */
  readonly hybridDistribution: cloudfront.Distribution;

  /** @throws Error when the two Regions are the same, or when a name, number or status code cannot be. */
  constructor(scope: Construct, id: string, props: HybridFailoverProps) {
    super(scope, id);
    if (props.primaryRegion === props.backupRegion) {
      throw new Error(`HybridFailover: both Regions are ${props.primaryRegion}. Name a second one to fail over to.`);
    }
    refuseUnselectable(props.failoverStatusCodes ?? FAILOVER_STATUS_CODES);
    this.secondaryStack = this.addStack('Secondary', props.backupRegion, props);
    this.primaryStack = this.addStack('Primary', props.primaryRegion, props);
    this.primaryStack.addStackDependency(this.secondaryStack);

    this.secondaryApi = addApi(this.secondaryStack, route53.Failover.SECONDARY, props);
    this.primaryApi = addApi(this.primaryStack, route53.Failover.PRIMARY, props);

    this.route53Distribution = this.addRoute53Distribution(props);
    this.hybridDistribution = this.addHybridDistribution(props);
    this.addOutputs();
  }

  private addStack(half: 'Primary' | 'Secondary', region: string, props: HybridFailoverProps): Stack {
    return new Stack(this, half, {
      stackName: `${this.node.id}-${half}`,
      description: `Hybrid failover of ${props.domainName}, ${half.toLowerCase()} Region`,
      env: props.account === undefined ? { region } : { account: props.account, region },
      crossRegionReferences: true,
    });
  }

  private addRoute53Distribution(props: HybridFailoverProps): cloudfront.Distribution {
    return new cloudfront.Distribution(this.primaryStack, 'R53FailoverDistribution', {
      comment: `${props.domainName}: Route 53 failover`,
      defaultBehavior: {
        ...PASS_THROUGH,
        origin: failoverName(props, 'failover-name', props.lastResortTimeouts ?? OriginTimeouts.LAST_RESORT),
      },
    });
  }

  private addHybridDistribution(props: HybridFailoverProps): cloudfront.Distribution {
    const lastResort = props.lastResortTimeouts ?? OriginTimeouts.LAST_RESORT;
    const group = new origins.OriginGroup({
      primaryOrigin: failoverName(props, 'failover-name', props.originTimeouts ?? OriginTimeouts.FIRST_OF_TWO),
      fallbackOrigin: new origins.HttpOrigin(this.secondaryApi.regionalEndpoint, {
        ...timeoutsOf(lastResort),
        originId: 'backup-region',
        originPath: this.secondaryApi.stagePath,
      }),
      fallbackStatusCodes: [...(props.failoverStatusCodes ?? FAILOVER_STATUS_CODES)],
    });
    const writePaths = props.writePaths ?? [];
    const writes = { ...PASS_THROUGH, origin: failoverName(props, 'failover-name-writes', lastResort) };
    return new cloudfront.Distribution(this.primaryStack, 'HybridFailoverDistribution', {
      comment: `${props.domainName}: origin group and Route 53 failover`,
      defaultBehavior: {
        ...PASS_THROUGH,
        ...(writePaths.length === 0 ? {} : { allowedMethods: cloudfront.AllowedMethods.ALLOW_GET_HEAD_OPTIONS }),
        // OPTIONS fails over only where it is a cached method (CF 1.4).
        cachedMethods: cloudfront.CachedMethods.CACHE_GET_HEAD_OPTIONS,
        origin: group,
      },
      additionalBehaviors: Object.fromEntries(writePaths.map((path) => [path, writes])),
    });
  }

  private addOutputs(): void {
    new CfnOutput(this.primaryStack, 'R53FailoverDistribDomain', {
      description: 'Distribution whose only origin is the Route 53 failover name',
      value: this.route53Distribution.distributionDomainName,
    });
    new CfnOutput(this.primaryStack, 'HybridFailoverDistribDomain', {
      description: 'Distribution with the failover name first and the backup Region second',
      value: this.hybridDistribution.distributionDomainName,
    });
  }
}

const FAILOVER_STATUS_CODES: readonly number[] = [500, 502, 503, 504];

/** What a group can fail over for (CF 1.5). */
const SELECTABLE_STATUS_CODES: readonly number[] = [400, 403, 404, 416, 429, 500, 502, 503, 504];

function refuseUnselectable(codes: readonly number[]): void {
  const wrong = codes.filter((code) => !SELECTABLE_STATUS_CODES.includes(code));
  if (codes.length > 0 && wrong.length === 0) return;
  throw new Error(
    `HybridFailover: failoverStatusCodes ${wrong.length > 0 ? `has ${wrong.join(', ')}` : 'is empty'}; ` +
      `CloudFront fails over for any of ${SELECTABLE_STATUS_CODES.join(', ')}.`,
  );
}

/** Nothing is kept at the edge, and the origin gets all that the viewer sent but its Host (CF 3.16, 3.21). */
const PASS_THROUGH = {
  cachePolicy: cloudfront.CachePolicy.CACHING_DISABLED,
  originRequestPolicy: cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
  allowedMethods: cloudfront.AllowedMethods.ALLOW_ALL,
  viewerProtocolPolicy: cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
};

/** The Route 53 failover name as an origin: CloudFront looks it up again when its TTL is over (CF 4.14). */
function failoverName(props: HybridFailoverProps, originId: string, timeouts: OriginTimeouts): origins.HttpOrigin {
  return new origins.HttpOrigin(props.domainName, { ...timeoutsOf(timeouts), originId });
}

function timeoutsOf(timeouts: OriginTimeouts): origins.HttpOriginProps {
  return {
    connectionTimeout: timeouts.connectionTimeout,
    connectionAttempts: timeouts.connectionAttempts,
    readTimeout: timeouts.readTimeout,
  };
}

function addApi(stack: Stack, role: route53.Failover, props: HybridFailoverProps): FailoverApi {
  const { healthPath, healthCheckInterval, failureThreshold } = props;
  return addRegionalApi(stack, props, {
    role,
    ...(healthPath === undefined ? {} : { healthPath }),
    ...(healthCheckInterval === undefined ? {} : { healthCheckInterval }),
    ...(failureThreshold === undefined ? {} : { failureThreshold }),
  });
}
