import type { Bucket, BucketDeployment } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { idFrom, LOWER_ALPHANUMERIC, UPPER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import { REPLICATION, replicationRulesOf } from './s3-replication.ts';
import { policyStatements } from './s3-policy.ts';
import { WEBSITE, websiteOf } from './s3-website.ts';
import type { Identity } from './scope.ts';
import {
  anyText,
  anything,
  boolean,
  inertFields,
  listOf,
  notYet,
  oneOf,
  optional,
  placed,
  recordOf,
  required,
  shape,
  text,
} from './shape.ts';

const BUCKET = shape('AWS::S3::Bucket', {
  BucketName: optional(placed(text({ most: 63 }))),
  WebsiteConfiguration: optional(WEBSITE),
  VersioningConfiguration: optional(
    shape('VersioningConfiguration', { Status: required(oneOf(['Enabled', 'Suspended'])) }),
  ),
  ReplicationConfiguration: optional(placed(REPLICATION)),
  PublicAccessBlockConfiguration: optional(
    shape('PublicAccessBlockConfiguration', {
      BlockPublicAcls: optional(boolean),
      BlockPublicPolicy: optional(boolean),
      IgnorePublicAcls: optional(boolean),
      RestrictPublicBuckets: optional(boolean),
    }),
  ),
  AccessControl: optional(placed(anyText)),
  LifecycleConfiguration: notYet('No object expires during a drill.'),
  ...inertFields(
    'AbacStatus',
    'AccelerateConfiguration',
    'AnalyticsConfigurations',
    'BucketEncryption',
    'CorsConfiguration',
  ),
  ...inertFields('BucketNamePrefix', 'BucketNamespace', 'IntelligentTieringConfigurations', 'InventoryConfigurations'),
  ...inertFields(
    'LoggingConfiguration',
    'MetadataConfiguration',
    'MetadataTableConfiguration',
    'MetricsConfigurations',
  ),
  ...inertFields(
    'NotificationConfiguration',
    'ObjectLockConfiguration',
    'ObjectLockEnabled',
    'OwnershipControls',
    'Tags',
  ),
});

const BUCKET_POLICY = shape('AWS::S3::BucketPolicy', { Bucket: required(text()), PolicyDocument: required(anything) });

const DEPLOYMENT = shape('Custom::CDKBucketDeployment', {
  SourceBucketNames: optional(listOf(anyText)),
  SourceObjectKeys: required(listOf(placed(text()))),
  SourceMarkers: optional(listOf(recordOf(anyText))),
  DestinationBucketName: required(text()),
  DestinationBucketKeyPrefix: optional(anyText),
  SystemMetadata: optional(recordOf(anyText)),
  ...inertFields('ServiceToken', 'RetainOnDelete', 'Prune', 'Exclude', 'Include', 'UserMetadata', 'DistributionId'),
  ...inertFields(
    'DistributionPaths',
    'WaitForDistributionInvalidation',
    'Extract',
    'OutputObjectKeys',
    'DestinationBucketArn',
  ),
  ...inertFields('SourceMarkersConfig', 'ServiceTimeout'),
});

/** Buckets, who may read them, and what CDK puts into them. */
export const S3_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::S3::Bucket', { standing: 'acted-on', regional: true, read: readBucket }],
  ['AWS::S3::BucketPolicy', { standing: 'acted-on', regional: true, read: readBucketPolicy }],
  ['Custom::CDKBucketDeployment', { standing: 'acted-on', regional: true, read: readDeployment }],
  // Empties a bucket when its stack is deleted; a drill deletes none.
  ['Custom::S3AutoDeleteObjects', { standing: 'inert', regional: true, read: readAutoDelete }],
]);

function readBucket(input: ResourceInput, draft: Draft): Identity {
  const { context, tell } = input;
  const { region, partition, urlSuffix } = context;
  const name = textProperty(input, 'BucketName') ?? defaultName(input);
  const arn = `arn:${partition}:s3:::${name}`;
  const websiteHost = `${name}.${websiteEndpointOf(region, urlSuffix)}`;
  const own = identity(name, {
    Arn: arn,
    DomainName: `${name}.s3.${urlSuffix}`,
    RegionalDomainName: `${name}.s3.${region}.${urlSuffix}`,
    DualStackDomainName: `${name}.s3.dualstack.${region}.${urlSuffix}`,
    WebsiteURL: `http://${websiteHost}`,
  });
  const properties = BUCKET(input.properties, tell);
  if (properties === undefined) return own;
  const { BucketName: written, ReplicationConfiguration: replication, AccessControl: acl } = properties;
  if (written !== undefined && !isBucketName(written.value)) {
    const says = `${written.value} is no name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens.`;
    tell.error('template/property', written.at, says, { facts: ['RS 5.16'] });
  }
  if (acl !== undefined && acl.value.startsWith('PublicRead')) {
    const says = `Firedrill does not act on the ACL ${acl.value}; only a bucket policy lets anybody read ${name}.`;
    tell.warning('template/not-acted-on', acl.at, says, { remedy: 'Write a bucket policy: new buckets have no ACLs.' });
  }
  const versioning = properties.VersioningConfiguration?.Status ?? 'Unversioned';
  if (replication !== undefined && versioning !== 'Enabled') {
    const says = `${name} is replicated, so its VersioningConfiguration must be Enabled.`;
    tell.error('template/property', replication.at, says, { facts: ['RS 5.24'] });
  }
  const website = properties.WebsiteConfiguration && websiteOf(properties.WebsiteConfiguration, tell);
  const bucket: Bucket = {
    name,
    arn,
    region,
    account: context.account,
    ...(website === undefined ? {} : { website }),
    versioning,
    replicationRules:
      replication === undefined || versioning !== 'Enabled' ? [] : replicationRulesOf(replication.value, tell),
    policy: [],
    restrictsPublicBuckets: restrictsPublic(properties),
    stack: context.name,
    logicalId: input.logicalId,
    place: input.at,
  };
  draft.s3.buckets.push(bucket);
  return own;
}

/** New buckets block public access altogether unless the template says otherwise. */
function restrictsPublic({ PublicAccessBlockConfiguration: block }: NonNullable<ReturnType<typeof BUCKET>>): boolean {
  if (block === undefined) return true;
  return block.RestrictPublicBuckets === true || block.BlockPublicPolicy === true;
}

/** Stack, logical id and something random, in lower case, within 63 characters. */
function defaultName({ context, logicalId, seed }: ResourceInput): string {
  const random = idFrom(`bucket ${seed}`, 12, LOWER_ALPHANUMERIC);
  return `${context.name.slice(0, 24)}-${logicalId.slice(0, 24)}-${random}`
    .toLowerCase()
    .replaceAll(/[^a-z0-9-]/g, '-');
}

function isBucketName(name: string): boolean {
  return /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..');
}

/** Regions that write their website endpoints with a dash; all later ones write a dot (RS 5.2). */
const DASHED: ReadonlySet<string> = new Set([
  'us-east-1',
  'us-west-1',
  'us-west-2',
  'eu-west-1',
  'ap-southeast-1',
  'ap-southeast-2',
  'ap-northeast-1',
  'sa-east-1',
  'us-gov-west-1',
]);

/** Where the websites of a Region are (RS 5.2). */
function websiteEndpointOf(region: string, urlSuffix: string): string {
  return DASHED.has(region) ? `s3-website-${region}.${urlSuffix}` : `s3-website.${region}.${urlSuffix}`;
}

function readBucketPolicy(input: ResourceInput, draft: Draft): Identity {
  const own = identity(`${input.context.name}-${input.logicalId}-${idFrom(input.seed, 12, UPPER_ALPHANUMERIC)}`);
  const properties = BUCKET_POLICY(input.properties, input.tell);
  if (properties === undefined) return own;
  const statements = policyStatements(properties.PolicyDocument, input.tell);
  draft.s3.policies.push({ bucket: properties.Bucket, statements, at: input.at });
  return own;
}

function readAutoDelete(input: ResourceInput): Identity {
  return { ...identity(`${input.logicalId}-${idFrom(input.seed, 12, UPPER_ALPHANUMERIC)}`), open: true };
}

/** What CDK's BucketDeployment puts into a bucket: the assets of the assembly, as they lie there. */
function readDeployment(input: ResourceInput, draft: Draft): Identity {
  const own = { ...readAutoDelete(input) };
  const properties = DEPLOYMENT(input.properties, input.tell);
  if (properties === undefined) return own;
  const { DestinationBucketName: bucket, DestinationBucketKeyPrefix: prefix = '', SourceMarkers: markers } = properties;
  properties.SourceObjectKeys.forEach(({ value: key, at }, index) => {
    const found = Object.hasOwn(input.source.code, key) ? input.source.code[key] : undefined;
    if (found?.kind !== 'directory') {
      const says =
        found === undefined
          ? `The files for ${bucket} are the object ${key}, which no assembly beside this template holds.`
          : `The files for ${bucket} are an archive (${found.path}), which Firedrill does not unpack.`;
      input.tell.warning('template/missing-asset', at, says, {
        remedy: 'Give the CDK app or its cdk.out, or name the objects in the drill file under `objects`.',
      });
      return;
    }
    draft.s3.deployments.push({
      bucket,
      prefix: prefix === '' ? '' : prefix.replace(/\/?$/, '/').replace(/^\//, ''),
      path: found.path,
      files: found.files,
      markers: Object.fromEntries(markers?.[index] ?? []),
      cacheControl: properties.SystemMetadata?.get('cache-control') ?? '',
      place: input.at,
    } satisfies BucketDeployment);
  });
  return own;
}

const ACCESS_IDENTITY = shape('AWS::CloudFront::CloudFrontOriginAccessIdentity', {
  CloudFrontOriginAccessIdentityConfig: required(shape('CloudFrontOriginAccessIdentityConfig', inertFields('Comment'))),
});

const ACCESS_CONTROL = shape('AWS::CloudFront::OriginAccessControl', {
  OriginAccessControlConfig: required(
    shape('OriginAccessControlConfig', {
      OriginAccessControlOriginType: required(oneOf(['s3', 'mediastore', 'lambda', 'mediapackagev2'], ['CF 6.5'])),
      SigningBehavior: required(oneOf(['always', 'never', 'no-override'], ['CF 6.5'])),
      SigningProtocol: required(oneOf(['sigv4'], ['CF 6.5'])),
      ...inertFields('Name', 'Description'),
    }),
  ),
});

/** By what a distribution shows an origin who it is. */
export const ORIGIN_ACCESS_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  [
    'AWS::CloudFront::CloudFrontOriginAccessIdentity',
    { standing: 'acted-on', regional: false, read: readAccessIdentity },
  ],
  ['AWS::CloudFront::OriginAccessControl', { standing: 'acted-on', regional: false, read: readAccessControl }],
]);

function readAccessIdentity(input: ResourceInput, draft: Draft): Identity {
  ACCESS_IDENTITY(input.properties, input.tell);
  const id = `E${idFrom(`access identity ${input.seed}`, 13, UPPER_ALPHANUMERIC)}`;
  const canonicalUserId = idFrom(`canonical user ${input.seed}`, 96, '0123456789abcdef');
  draft.s3.accessIdentities.push({ id, canonicalUserId });
  return identity(id, { Id: id, S3CanonicalUserId: canonicalUserId });
}

function readAccessControl(input: ResourceInput, draft: Draft): Identity {
  const id = `E${idFrom(`access control ${input.seed}`, 13, UPPER_ALPHANUMERIC)}`;
  const config = ACCESS_CONTROL(input.properties, input.tell)?.OriginAccessControlConfig;
  if (config !== undefined) {
    const { OriginAccessControlOriginType: originType, SigningBehavior: signing } = config;
    draft.s3.accessControls.push({ id, originType, signing });
  }
  return identity(id, { Id: id });
}
