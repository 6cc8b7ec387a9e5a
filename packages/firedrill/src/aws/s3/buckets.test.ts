import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteBucketPolicyCommand,
  GetBucketEncryptionCommand,
  GetBucketLocationCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetBucketWebsiteCommand,
  GetPublicAccessBlockCommand,
  HeadBucketCommand,
  ListBucketsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketReplicationCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { failure } from '../failure.fixture.ts';
import { BEGINNING } from '../../model/index.ts';
import type { Cloud } from '../cloud.ts';
import { openStores } from '../stores.fixture.ts';

const Bucket = 'shop';

async function opened(): Promise<{ ireland: S3Client; virginia: S3Client; mistakes: unknown[]; cloud: Cloud }> {
  const stores = await openStores();
  const settings = { ...stores.client, forcePathStyle: true };
  return {
    ireland: new S3Client(settings),
    virginia: new S3Client({ ...settings, region: 'us-east-1' }),
    mistakes: stores.mistakes,
    cloud: stores.cloud,
  };
}

const IN_IRELAND = { Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' as const } };

test('a bucket is made once, where its constraint says, and deleted when it is empty', async () => {
  const { ireland, virginia, mistakes } = await opened();
  const elsewhere = { Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-2' as const } };
  expect(await failure(ireland.send(new CreateBucketCommand(elsewhere)))).toBe(
    '400 IllegalLocationConstraintException',
  );
  expect(await failure(ireland.send(new CreateBucketCommand({ ...IN_IRELAND, Bucket: 'No_Name' })))).toBe(
    '400 InvalidBucketName',
  );
  await ireland.send(new CreateBucketCommand(IN_IRELAND));
  expect(await failure(ireland.send(new CreateBucketCommand(IN_IRELAND)))).toBe('409 BucketAlreadyOwnedByYou');
  expect((await ireland.send(new HeadBucketCommand({ Bucket }))).BucketRegion).toBe('eu-west-1');
  expect((await ireland.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-west-1');
  await virginia.send(new CreateBucketCommand({ Bucket: 'other' }));
  await virginia.send(new CreateBucketCommand({ Bucket: 'other' }));
  expect((await virginia.send(new GetBucketLocationCommand({ Bucket: 'other' }))).LocationConstraint).toBeUndefined();
  expect((await ireland.send(new ListBucketsCommand({}))).Buckets?.map(({ Name }) => Name)).toEqual(['other', 'shop']);
  await ireland.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
  expect(await failure(ireland.send(new DeleteBucketCommand({ Bucket })))).toBe('409 BucketNotEmpty');
  await virginia.send(new DeleteBucketCommand({ Bucket: 'other' }));
  expect(await failure(virginia.send(new HeadBucketCommand({ Bucket: 'other' })))).toBe('404 NotFound');
  expect(mistakes).toEqual([]);
});

test('what is configured is told again, and what is not says so', async () => {
  const { ireland, mistakes } = await opened();
  await ireland.send(new CreateBucketCommand(IN_IRELAND));
  expect((await ireland.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
  expect(await failure(ireland.send(new GetBucketWebsiteCommand({ Bucket })))).toBe('404 NoSuchWebsiteConfiguration');
  expect(await failure(ireland.send(new GetBucketPolicyCommand({ Bucket })))).toBe('404 NoSuchBucketPolicy');
  expect(await failure(ireland.send(new GetBucketTaggingCommand({ Bucket })))).toBe('404 NoSuchTagSet');
  const { ServerSideEncryptionConfiguration } = await ireland.send(new GetBucketEncryptionCommand({ Bucket }));
  expect(ServerSideEncryptionConfiguration?.Rules?.[0]?.ApplyServerSideEncryptionByDefault?.SSEAlgorithm).toBe(
    'AES256',
  );

  const website = {
    IndexDocument: { Suffix: 'index.html' },
    ErrorDocument: { Key: 'error.html' },
    RoutingRules: [{ Condition: { KeyPrefixEquals: 'old/' }, Redirect: { ReplaceKeyPrefixWith: 'new/' } }],
  };
  await ireland.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: website }));
  expect(await ireland.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject(website);
  await ireland.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [{ Key: 'team', Value: 'web' }] } }));
  expect((await ireland.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual([{ Key: 'team', Value: 'web' }]);
  // The one has not undone the other.
  expect(await ireland.send(new GetBucketWebsiteCommand({ Bucket }))).toMatchObject(website);

  const block = (await ireland.send(new GetPublicAccessBlockCommand({ Bucket }))).PublicAccessBlockConfiguration;
  expect(block).toEqual({
    BlockPublicAcls: true,
    BlockPublicPolicy: true,
    IgnorePublicAcls: true,
    RestrictPublicBuckets: true,
  });
  await ireland.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} }));
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }];
  await ireland.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement }) }));
  expect(JSON.parse((await ireland.send(new GetBucketPolicyCommand({ Bucket }))).Policy ?? '')).toEqual({ Statement });
  expect((await ireland.send(new GetBucketPolicyStatusCommand({ Bucket }))).PolicyStatus?.IsPublic).toBe(true);
  await ireland.send(new DeleteBucketPolicyCommand({ Bucket }));
  expect(await failure(ireland.send(new GetBucketPolicyCommand({ Bucket })))).toBe('404 NoSuchBucketPolicy');
  expect(mistakes).toEqual([]);
});

test('replication wants versioning at both ends, and comes back as it was given (RS 5.24)', async () => {
  const { ireland, virginia, mistakes } = await opened();
  await ireland.send(new CreateBucketCommand(IN_IRELAND));
  await virginia.send(new CreateBucketCommand({ Bucket: 'copy' }));
  const ReplicationConfiguration = {
    Role: 'arn:aws:iam::111122223333:role/replication',
    Rules: [
      {
        ID: 'all',
        Status: 'Enabled' as const,
        Priority: 1,
        Filter: { Prefix: '' },
        DeleteMarkerReplication: { Status: 'Disabled' as const },
        Destination: { Bucket: 'arn:aws:s3:::copy' },
      },
    ],
  };
  const replicating = new PutBucketReplicationCommand({ Bucket, ReplicationConfiguration });
  expect(await failure(ireland.send(replicating))).toBe('400 InvalidRequest');
  const VersioningConfiguration = { Status: 'Enabled' as const };
  await ireland.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
  await virginia.send(new PutBucketVersioningCommand({ Bucket: 'copy', VersioningConfiguration }));
  await ireland.send(replicating);
  const told = await ireland.send(new GetBucketReplicationCommand({ Bucket }));
  expect(told.ReplicationConfiguration).toEqual(ReplicationConfiguration);
  const put = await ireland.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' }));
  expect(put.VersionId).toBeDefined();
  const suspended = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Suspended' } });
  expect(await failure(ireland.send(suspended))).toBe('409 InvalidBucketState');
  expect(mistakes).toEqual([]);
});

test('a Region whose S3 is down answers nobody, and the others go on', async () => {
  const { ireland, virginia, cloud } = await opened();
  await ireland.send(new CreateBucketCommand(IN_IRELAND));
  await virginia.send(new CreateBucketCommand({ Bucket: 'other' }));
  const target = { kind: 'service', service: 's3', region: 'eu-west-1' } as const;
  const fault = { name: 's3-down', target, effect: { kind: 'status', status: 503 }, share: 1 } as const;
  cloud.world().control.startFault(fault, { now: BEGINNING });
  expect(await failure(ireland.send(new ListObjectsV2Command({ Bucket })))).toBe('503 ServiceUnavailable');
  expect(await failure(ireland.send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'x' })))).toBe(
    '503 ServiceUnavailable',
  );
  expect(await failure(virginia.send(new PutObjectCommand({ Bucket: 'other', Key: 'x', Body: 'x' })))).toBe('done');
  cloud.world().control.endFault('s3-down', { now: BEGINNING });
  expect(await failure(ireland.send(new ListObjectsV2Command({ Bucket })))).toBe('done');
});
