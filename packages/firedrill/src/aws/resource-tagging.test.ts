import {
  GetResourcesCommand,
  ResourceGroupsTaggingAPIClient,
  TagResourcesCommand,
  UntagResourcesCommand,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { GetBucketTaggingCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { openTestWorld } from './world.fixture.ts';

const RESOURCES = `
  Files: { Type: AWS::S3::Bucket, Properties: { BucketName: files, Tags: [{ Key: team, Value: shop }] } }
`;

test('tags are given and taken away, and the service of the resource tells the same', async () => {
  const world = await openTestWorld({ 'eu-west-1': RESOURCES });
  const tagging = new ResourceGroupsTaggingAPIClient(world.client);
  const s3 = new S3Client({ ...world.client, forcePathStyle: true });
  const files = 'arn:aws:s3:::files';
  const given = await tagging.send(
    new TagResourcesCommand({ ResourceARNList: [files, 'arn:aws:s3:::none'], Tags: { stage: 'prod', team: 'web' } }),
  );
  expect(given.FailedResourcesMap).toMatchObject({ 'arn:aws:s3:::none': { ErrorCode: 'InvalidParameterException' } });
  const found = async (): Promise<unknown> => (await tagging.send(new GetResourcesCommand({}))).ResourceTagMappingList;
  const both = [
    { Key: 'team', Value: 'web' },
    { Key: 'stage', Value: 'prod' },
  ];
  expect(await found()).toEqual([{ ResourceARN: files, Tags: both }]);
  expect((await s3.send(new GetBucketTaggingCommand({ Bucket: 'files' }))).TagSet).toEqual(both);
  await tagging.send(new UntagResourcesCommand({ ResourceARNList: [files], TagKeys: ['stage', 'nothing'] }));
  expect(await found()).toEqual([{ ResourceARN: files, Tags: [{ Key: 'team', Value: 'web' }] }]);
  expect(world.mistakes).toEqual([]);
});
