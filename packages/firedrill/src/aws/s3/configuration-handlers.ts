import type { BucketVersioningStatus, ObjectOwnership, ServerSideEncryption } from '@aws-sdk/client-s3';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { configured, isTrue, listIn, mapIn, textIn } from './configuration.ts';
import type { S3Handlers } from './handlers.ts';

/** Configuration of buckets that the world acts on, or that is written in their templates. */
export function configurationHandlers(
  cloud: Cloud,
): Pick<
  S3Handlers,
  | 'DeleteBucketEncryption'
  | 'DeleteBucketOwnershipControls'
  | 'DeleteBucketTagging'
  | 'DeletePublicAccessBlock'
  | 'GetBucketEncryption'
  | 'GetBucketOwnershipControls'
  | 'GetBucketTagging'
  | 'GetBucketVersioning'
  | 'GetPublicAccessBlock'
  | 'PutBucketEncryption'
  | 'PutBucketOwnershipControls'
  | 'PutBucketTagging'
  | 'PutBucketVersioning'
  | 'PutPublicAccessBlock'
> {
  return {
    ...versioning(cloud),
    ...publicAccess(cloud),
    ...encryption(cloud),
    ...tagging(cloud),
    ...ownership(cloud),
  };
}

function versioning(cloud: Cloud): Pick<S3Handlers, 'GetBucketVersioning' | 'PutBucketVersioning'> {
  return {
    GetBucketVersioning(input, call) {
      const { contents } = configured(cloud, { action: 's3:GetBucketVersioning', bucket: input.Bucket }, call);
      const { versioning: status } = contents.bucket;
      return status === 'Unversioned' ? {} : { Status: status satisfies BucketVersioningStatus };
    },
    async PutBucketVersioning(input, call) {
      const bucket = configured(cloud, { action: 's3:PutBucketVersioning', bucket: input.Bucket }, call);
      const status = input.VersioningConfiguration?.Status;
      if (status === undefined)
        throw new AwsError('IllegalVersioningConfigurationException', 'The Versioning element must be specified');
      if (status === 'Suspended' && bucket.contents.bucket.replicationRules.length > 0)
        throw new AwsError(
          'InvalidBucketState',
          'A replication configuration is present on this bucket, so you cannot change the versioning state. To change the versioning state, first delete the replication configuration.',
          409,
        );
      await bucket.change({ VersioningConfiguration: { Status: status } });
      return {};
    },
  };
}

const BLOCKS = ['BlockPublicAcls', 'BlockPublicPolicy', 'IgnorePublicAcls', 'RestrictPublicBuckets'] as const;
/** New buckets block public access altogether. */
const ALL_BLOCKED = Object.fromEntries(BLOCKS.map((block) => [block, true]));

function publicAccess(
  cloud: Cloud,
): Pick<S3Handlers, 'GetPublicAccessBlock' | 'PutPublicAccessBlock' | 'DeletePublicAccessBlock'> {
  return {
    GetPublicAccessBlock(input, call) {
      const { properties } = configured(cloud, { action: 's3:GetBucketPublicAccessBlock', bucket: input.Bucket }, call);
      const block = mapIn(properties, 'PublicAccessBlockConfiguration');
      if (block !== undefined && BLOCKS.every((one) => !isTrue(block, one)))
        throw new AwsError(
          'NoSuchPublicAccessBlockConfiguration',
          'The public access block configuration was not found',
          404,
          { BucketName: input.Bucket ?? '' },
        );
      const told = BLOCKS.map((one) => [one, isTrue(block ?? ALL_BLOCKED, one)] as const);
      return { PublicAccessBlockConfiguration: Object.fromEntries(told) };
    },
    async PutPublicAccessBlock(input, call) {
      const bucket = configured(cloud, { action: 's3:PutBucketPublicAccessBlock', bucket: input.Bucket }, call);
      const wanted = input.PublicAccessBlockConfiguration ?? {};
      const block = BLOCKS.map((one) => [one, wanted[one] ?? false] as const);
      await bucket.change({ PublicAccessBlockConfiguration: Object.fromEntries(block) });
      return {};
    },
    async DeletePublicAccessBlock(input, call) {
      const bucket = configured(cloud, { action: 's3:PutBucketPublicAccessBlock', bucket: input.Bucket }, call);
      const block = BLOCKS.map((one) => [one, false] as const);
      await bucket.change({ PublicAccessBlockConfiguration: Object.fromEntries(block) });
      return {};
    },
  };
}

function encryption(
  cloud: Cloud,
): Pick<S3Handlers, 'GetBucketEncryption' | 'PutBucketEncryption' | 'DeleteBucketEncryption'> {
  return {
    GetBucketEncryption(input, call) {
      const { properties } = configured(cloud, { action: 's3:GetEncryptionConfiguration', bucket: input.Bucket }, call);
      const [rule] = listIn(mapIn(properties, 'BucketEncryption') ?? {}, 'ServerSideEncryptionConfiguration');
      const byDefault = rule === undefined ? undefined : mapIn(rule, 'ServerSideEncryptionByDefault');
      const key = textIn(byDefault, 'KMSMasterKeyID');
      // Every bucket encrypts with keys of S3's unless told otherwise.
      const algorithm = (textIn(byDefault, 'SSEAlgorithm') ?? 'AES256') as ServerSideEncryption;
      const ApplyServerSideEncryptionByDefault = {
        SSEAlgorithm: algorithm,
        ...(key === undefined ? {} : { KMSMasterKeyID: key }),
      };
      const BucketKeyEnabled = isTrue(rule, 'BucketKeyEnabled');
      return {
        ServerSideEncryptionConfiguration: { Rules: [{ ApplyServerSideEncryptionByDefault, BucketKeyEnabled }] },
      };
    },
    async PutBucketEncryption(input, call) {
      const bucket = configured(cloud, { action: 's3:PutEncryptionConfiguration', bucket: input.Bucket }, call);
      const rules = (input.ServerSideEncryptionConfiguration?.Rules ?? []).map(
        ({ ApplyServerSideEncryptionByDefault: byDefault, BucketKeyEnabled: isKeyEnabled }) => ({
          ServerSideEncryptionByDefault: byDefault,
          ...(isKeyEnabled === undefined ? {} : { BucketKeyEnabled: isKeyEnabled }),
        }),
      );
      await bucket.change({ BucketEncryption: { ServerSideEncryptionConfiguration: rules } });
      return {};
    },
    async DeleteBucketEncryption(input, call) {
      const bucket = configured(cloud, { action: 's3:PutEncryptionConfiguration', bucket: input.Bucket }, call);
      await bucket.change({ BucketEncryption: undefined });
      return {};
    },
  };
}

function tagging(cloud: Cloud): Pick<S3Handlers, 'GetBucketTagging' | 'PutBucketTagging' | 'DeleteBucketTagging'> {
  return {
    GetBucketTagging(input, call) {
      const { properties } = configured(cloud, { action: 's3:GetBucketTagging', bucket: input.Bucket }, call);
      const tags = listIn(properties, 'Tags');
      if (tags.length === 0)
        throw new AwsError('NoSuchTagSet', 'The TagSet does not exist', 404, { BucketName: input.Bucket ?? '' });
      return { TagSet: tags.map((tag) => ({ Key: textIn(tag, 'Key') ?? '', Value: textIn(tag, 'Value') ?? '' })) };
    },
    async PutBucketTagging(input, call) {
      const bucket = configured(cloud, { action: 's3:PutBucketTagging', bucket: input.Bucket }, call);
      await bucket.change({ Tags: input.Tagging?.TagSet ?? [] });
      return {};
    },
    async DeleteBucketTagging(input, call) {
      const bucket = configured(cloud, { action: 's3:PutBucketTagging', bucket: input.Bucket }, call);
      await bucket.change({ Tags: undefined });
      return {};
    },
  };
}

function ownership(
  cloud: Cloud,
): Pick<S3Handlers, 'GetBucketOwnershipControls' | 'PutBucketOwnershipControls' | 'DeleteBucketOwnershipControls'> {
  const action = (verb: 'Get' | 'Put'): string => `s3:${verb}BucketOwnershipControls`;
  return {
    GetBucketOwnershipControls(input, call) {
      const { properties } = configured(cloud, { action: action('Get'), bucket: input.Bucket }, call);
      const [rule] = listIn(mapIn(properties, 'OwnershipControls') ?? {}, 'Rules');
      const owner = (textIn(rule, 'ObjectOwnership') ?? 'BucketOwnerEnforced') as ObjectOwnership;
      return { OwnershipControls: { Rules: [{ ObjectOwnership: owner }] } };
    },
    async PutBucketOwnershipControls(input, call) {
      const bucket = configured(cloud, { action: action('Put'), bucket: input.Bucket }, call);
      await bucket.change({ OwnershipControls: { Rules: input.OwnershipControls?.Rules } });
      return {};
    },
    async DeleteBucketOwnershipControls(input, call) {
      const bucket = configured(cloud, { action: action('Put'), bucket: input.Bucket }, call);
      await bucket.change({ OwnershipControls: undefined });
      return {};
    },
  };
}
