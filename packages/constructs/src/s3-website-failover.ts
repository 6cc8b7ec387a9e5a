import { CfnOutput, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as acm from 'aws-cdk-lib/aws-certificatemanager';
import * as cloudfront from 'aws-cdk-lib/aws-cloudfront';
import * as origins from 'aws-cdk-lib/aws-cloudfront-origins';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as route53 from 'aws-cdk-lib/aws-route53';
import * as s3 from 'aws-cdk-lib/aws-s3';
import * as s3deploy from 'aws-cdk-lib/aws-s3-deployment';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { Construct } from 'constructs';

/** Properties of {@link S3WebsiteFailover}. */
export interface S3WebsiteFailoverProps {
  /** Region of the bucket behind CloudFront, as `eu-west-1`. */
  readonly primaryRegion: string;

  /** Region of the bucket that takes over as a website, as `us-west-2`. */
  readonly backupRegion: string;

  /**
   * The site's name, as `www.example.com`. The backup bucket is called so too: S3 finds a website by the name that users
   * ask for (RS 5.4, R53 AL-07). Bucket names are taken worldwide, so see first that this one is free.
   */
  readonly domainName: string;

  /** Name of the public hosted zone, as `example.com`. */
  readonly hostedZoneName: string;

  /** Id of the public hosted zone, as `Z0123456789ABCDEFGHIJ`. */
  readonly hostedZoneId: string;

  /** ARN of a certificate in us-east-1 that covers the site's name. */
  readonly certificateArn: string;

  /**
   * Account of both stacks.
   *
   * @default - the account of the credentials that deploy
   */
  readonly account?: string;

  /**
   * Folder with the site. It is put into the primary bucket; replication takes it to the backup bucket.
   *
   * @default - none: put the site into the primary bucket yourself
   */
  readonly contentPath?: string;

  /**
   * The document of the site's root.
   *
   * @default 'index.html'
   */
  readonly indexDocument?: string;

  /**
   * The document for what is missing. It has to be among the objects (RS 5.9).
   *
   * @default - none
   */
  readonly errorDocument?: string;

  /**
   * Object that health checkers ask the primary bucket itself for: everybody may read it, and nothing else. It has to be
   * among the objects; a check of the site's own name would follow the failover and so end it.
   *
   * @default 'health.txt'
   */
  readonly healthCheckKey?: string;

  /**
   * Time between two questions of one health checker, 10 or 30 s. When the primary bucket fails, users who come by
   * HTTP are with the backup website 105 s later at the most: health checkers give up, then the answers of DNS run out (60 s).
   *
   * @default 10
   */
  readonly healthCheckIntervalSeconds?: 10 | 30;

  /**
   * Failures in a row, or successes, that change a health checker's opinion.
   *
   * @default 3
   */
  readonly failureThreshold?: number;

  /**
   * What CloudFront does with plain HTTP. The backup website has no HTTPS (RS 5.1): whoever is sent to HTTPS, or comes
   * by it, is refused for as long as the backup serves. Browsers that have once been sent there keep coming by HTTPS.
   *
   * @default cloudfront.ViewerProtocolPolicy.ALLOW_ALL
   */
  readonly viewerProtocolPolicy?: cloudfront.ViewerProtocolPolicy;

  /**
   * For how long CloudFront keeps what. What it keeps, it serves on while the primary bucket fails, to all who still ask it.
   *
   * @default cloudfront.CachePolicy.CACHING_OPTIMIZED
   */
  readonly cachePolicy?: cloudfront.ICachePolicy;

  /**
   * Whether 99.99 % of objects are promised to be in the backup bucket within 15 minutes (RS 5.29). Without, most are, and
   * some take hours (RS 5.28): after a failover users may see older objects, or none.
   *
   * @default true
   */
  readonly replicationTimeControl?: boolean;
}

/**
 * A static site that outlives the loss of its Region: CloudFront in front of one bucket, and a website in another Region
 * that Route 53 leads to when the first bucket's own health check fails.
 *
 * What this pattern cannot do is part of it. The backup serves plain HTTP only. An alias belongs to one distribution,
 * so the backup is the website itself. Only one bucket can have the site's name, so there is one backup. For HTTPS on both
 * sides put an origin group with two buckets behind one distribution instead.
 *
 * Two stacks: the backup Region's, deployed first, and the primary Region's, whose bucket copies into the other.
 */
export class S3WebsiteFailover extends Construct {
  /** The primary Region's stack. */
  readonly primaryStack: Stack;
  /** The backup Region's stack; the primary's depends on it. */
  readonly backupStack: Stack;
  /** The bucket behind CloudFront. */
  readonly primaryBucket: s3.Bucket;
  /** The bucket with the site's name. */
  readonly backupBucket: s3.Bucket;
  /** The distribution in front of the primary bucket. */
  readonly distribution: cloudfront.Distribution;

  /** @throws Error when the two Regions are the same, or when the site's name is not in the zone. */
  constructor(scope: Construct, id: string, props: S3WebsiteFailoverProps) {
    super(scope, id);
    refuseImpossible(props);
    this.backupStack = this.addStack('Backup', props.backupRegion, props);
    this.primaryStack = this.addStack('Primary', props.primaryRegion, props);
    // Its bucket is the destination of the other's replication.
    this.primaryStack.addStackDependency(this.backupStack);

    this.backupBucket = addBackupBucket(this.backupStack, props);
    addRecord(this.backupStack, props, {
      role: 'SECONDARY',
      dnsName: websiteEndpoint(props.backupRegion),
      zoneId: websiteZoneId(props.backupRegion),
    });

    this.primaryBucket = addPrimaryBucket(this.primaryStack, props);
    this.distribution = addDistribution(this.primaryStack, this.primaryBucket, props);
    addRecord(this.primaryStack, props, {
      role: 'PRIMARY',
      dnsName: this.distribution.distributionDomainName,
      zoneId: CLOUDFRONT_ZONE_ID,
      healthCheckId: addHealthCheck(this.primaryStack, this.primaryBucket, props).attrHealthCheckId,
    });
    new CfnOutput(this.primaryStack, 'DistributionDomain', { value: this.distribution.distributionDomainName });
    new CfnOutput(this.primaryStack, 'PrimaryBucketName', { value: this.primaryBucket.bucketName });
    new CfnOutput(this.backupStack, 'BackupWebsite', { value: this.backupBucket.bucketWebsiteUrl });
  }

  private addStack(half: 'Primary' | 'Backup', region: string, props: S3WebsiteFailoverProps): Stack {
    return new Stack(this, half, {
      stackName: `${this.node.id}-${half}`,
      description: `S3 website failover of ${props.domainName}, ${half.toLowerCase()} Region`,
      env: props.account === undefined ? { region } : { account: props.account, region },
    });
  }
}

function refuseImpossible({ primaryRegion, backupRegion, domainName, hostedZoneName }: S3WebsiteFailoverProps): void {
  if (primaryRegion === backupRegion)
    throw new Error(`S3WebsiteFailover: both Regions are ${primaryRegion}. Name a second one to fail over to.`);
  if (domainName !== hostedZoneName && !domainName.endsWith(`.${hostedZoneName}`))
    throw new Error(`S3WebsiteFailover: ${domainName} is not in the hosted zone ${hostedZoneName}.`);
}

/** Zone of every distribution's name (R53 AL-12). */
const CLOUDFRONT_ZONE_ID = 'Z2FDTNDATAQYW2';

function websiteEndpoint(region: string): string {
  return known(RegionInfo.get(region).s3StaticWebsiteEndpoint, region);
}

function websiteZoneId(region: string): string {
  return known(RegionInfo.get(region).s3StaticWebsiteHostedZoneId, region);
}

function known(value: string | undefined, region: string): string {
  if (value === undefined) throw new Error(`S3WebsiteFailover: no website endpoint of ${region} is known.`);
  return value;
}

/** A public website by the site's name, with versions, as replication needs them (RS 5.24). */
function addBackupBucket(stack: Stack, props: S3WebsiteFailoverProps): s3.Bucket {
  const { domainName, indexDocument = 'index.html', errorDocument } = props;
  return new s3.Bucket(stack, 'BackupBucket', {
    bucketName: domainName,
    websiteIndexDocument: indexDocument,
    ...(errorDocument === undefined ? {} : { websiteErrorDocument: errorDocument }),
    publicReadAccess: true,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY,
    versioned: true,
    removalPolicy: RemovalPolicy.RETAIN,
  });
}

/** CloudFront may read all of it, everybody the object that health checkers ask for. */
function addPrimaryBucket(stack: Stack, props: S3WebsiteFailoverProps): s3.Bucket {
  const hasTimeControl = props.replicationTimeControl ?? true;
  const bucket = new s3.Bucket(stack, 'PrimaryBucket', {
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ACLS_ONLY,
    versioned: true,
    replicationRules: [
      {
        destination: s3.Bucket.fromBucketName(stack, 'Destination', props.domainName),
        deleteMarkerReplication: true,
        ...(hasTimeControl
          ? {
              replicationTimeControl: s3.ReplicationTimeValue.FIFTEEN_MINUTES,
              metrics: s3.ReplicationTimeValue.FIFTEEN_MINUTES,
            }
          : {}),
      },
    ],
    removalPolicy: RemovalPolicy.RETAIN,
  });
  bucket.addToResourcePolicy(
    new iam.PolicyStatement({
      sid: 'HealthCheckers',
      principals: [new iam.AnyPrincipal()],
      actions: ['s3:GetObject'],
      resources: [bucket.arnForObjects(healthCheckKey(props))],
    }),
  );
  // The library's own types of a bucket do not agree about an optional property.
  if (props.contentPath !== undefined)
    new s3deploy.BucketDeployment(stack, 'Content', {
      destinationBucket: bucket as s3.IBucket,
      sources: [s3deploy.Source.asset(props.contentPath)],
    });
  return bucket;
}

function healthCheckKey({ healthCheckKey: key = 'health.txt' }: S3WebsiteFailoverProps): string {
  return key;
}

function addDistribution(stack: Stack, bucket: s3.Bucket, props: S3WebsiteFailoverProps): cloudfront.Distribution {
  return new cloudfront.Distribution(stack, 'Distribution', {
    comment: `${props.domainName}: primary bucket`,
    domainNames: [props.domainName],
    certificate: acm.Certificate.fromCertificateArn(stack, 'Certificate', props.certificateArn),
    defaultRootObject: props.indexDocument ?? 'index.html',
    defaultBehavior: {
      origin: origins.S3BucketOrigin.withOriginAccessControl(bucket as s3.IBucket, { originId: 'primary-bucket' }),
      viewerProtocolPolicy: props.viewerProtocolPolicy ?? cloudfront.ViewerProtocolPolicy.ALLOW_ALL,
      cachePolicy: props.cachePolicy ?? cloudfront.CachePolicy.CACHING_OPTIMIZED,
    },
  });
}

/** Asks the bucket's own endpoint: neither the site's name nor the distribution is in the way. */
function addHealthCheck(stack: Stack, bucket: s3.Bucket, props: S3WebsiteFailoverProps): route53.CfnHealthCheck {
  return new route53.CfnHealthCheck(stack, 'HealthCheck', {
    healthCheckConfig: {
      type: 'HTTPS',
      fullyQualifiedDomainName: bucket.bucketRegionalDomainName,
      port: 443,
      resourcePath: `/${healthCheckKey(props)}`,
      enableSni: true,
      requestInterval: props.healthCheckIntervalSeconds ?? 10,
      failureThreshold: props.failureThreshold ?? 3,
    },
  });
}

function addRecord(
  stack: Stack,
  { domainName, hostedZoneId }: S3WebsiteFailoverProps,
  target: {
    readonly role: 'PRIMARY' | 'SECONDARY';
    readonly dnsName: string;
    readonly zoneId: string;
    readonly healthCheckId?: string;
  },
): void {
  new route53.CfnRecordSet(stack, 'Record', {
    name: domainName,
    type: 'A',
    hostedZoneId,
    failover: target.role,
    setIdentifier: target.role.toLowerCase(),
    ...(target.healthCheckId === undefined ? {} : { healthCheckId: target.healthCheckId }),
    aliasTarget: { dnsName: target.dnsName, hostedZoneId: target.zoneId, evaluateTargetHealth: false },
  });
}
