import { Agent } from 'node:http';
import { connect } from 'node:net';
import {
  CloudFrontClient,
  CreateFunctionCommand,
  CreateKeyValueStoreCommand,
  DeleteFunctionCommand,
  DeleteKeyValueStoreCommand,
  DescribeFunctionCommand,
  DescribeKeyValueStoreCommand,
  GetFunctionCommand,
  ListFunctionsCommand,
  ListKeyValueStoresCommand,
  PublishFunctionCommand,
  UpdateFunctionCommand,
} from '@aws-sdk/client-cloudfront';
import {
  CloudFrontKeyValueStoreClient,
  DeleteKeyCommand,
  DescribeKeyValueStoreCommand as DescribeValuesCommand,
  GetKeyCommand,
  ListKeysCommand,
  PutKeyCommand,
  UpdateKeysCommand,
} from '@aws-sdk/client-cloudfront-keyvaluestore';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';
import { failure } from '../failure.fixture.ts';
import type { TestWorld } from '../world.fixture.ts';
import { openTestWorld } from '../world.fixture.ts';

const RESOURCES = `
  Shop: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: shop } }
`;

async function open() {
  const world = await openTestWorld({ 'us-east-1': RESOURCES });
  return { world, cloudfront: new CloudFrontClient({ ...world.client, region: 'us-east-1' }), values: valuesOf(world) };
}

/** The client of the other API: it puts the account in front of the host, and signs for all Regions, which is no matter here. */
function valuesOf({ endpoint, client }: TestWorld): CloudFrontKeyValueStoreClient {
  const { hostname, port } = new URL(endpoint);
  const agent = new Agent();
  Object.assign(agent, { createConnection: () => connect(Number(port), hostname) });
  return new CloudFrontKeyValueStoreClient({
    region: 'us-east-1',
    credentials: client.credentials,
    maxAttempts: 1,
    endpoint: 'http://cloudfront-kvs.global.api.aws',
    requestHandler: { httpAgent: agent },
    signer: { sign: async (request) => await Promise.resolve(request) },
  });
}

const code = (text: string): Uint8Array => Buffer.from(text);
const FunctionConfig = { Comment: 'routes', Runtime: 'cloudfront-js-2.0' } as const;

test('what is in a store is read and written with the version that it has (CF 5.33)', async () => {
  const { world, cloudfront, values } = await open();
  const made = await cloudfront.send(new CreateKeyValueStoreCommand({ Name: 'routes', Comment: 'where to' }));
  const KvsARN = made.KeyValueStore?.ARN;
  expect(KvsARN).toMatch(/^arn:aws:cloudfront::\d{12}:key-value-store\/[0-9a-f-]{36}$/);
  const { ETag: first } = await values.send(new DescribeValuesCommand({ KvsARN }));
  const put = await values.send(new PutKeyCommand({ KvsARN, Key: 'active', Value: 'ireland', IfMatch: first }));
  expect(put).toMatchObject({ ItemCount: 1, TotalSizeInBytes: 13 });
  expect(await failure(values.send(new PutKeyCommand({ KvsARN, Key: 'a', Value: 'b', IfMatch: first })))).toBe(
    '409 ConflictException',
  );
  const Puts = [
    { Key: 'active', Value: 'virginia' },
    { Key: 'b', Value: '2' },
  ];
  const updated = await values.send(new UpdateKeysCommand({ KvsARN, IfMatch: put.ETag, Puts }));
  expect((await values.send(new GetKeyCommand({ KvsARN, Key: 'active' }))).Value).toBe('virginia');
  const page = await values.send(new ListKeysCommand({ KvsARN, MaxResults: 1 }));
  expect(page.Items).toEqual([{ Key: 'active', Value: 'virginia' }]);
  const rest = await values.send(new ListKeysCommand({ KvsARN, NextToken: page.NextToken }));
  expect([rest.Items, rest.NextToken]).toEqual([[{ Key: 'b', Value: '2' }], undefined]);
  const gone = await values.send(new DeleteKeyCommand({ KvsARN, Key: 'b', IfMatch: updated.ETag }));
  expect(gone.ItemCount).toBe(1);
  expect(await failure(values.send(new GetKeyCommand({ KvsARN, Key: 'b' })))).toBe('404 ResourceNotFoundException');
  const long = { KvsARN, Key: 'k'.repeat(513), Value: 'v', IfMatch: gone.ETag };
  expect(await failure(values.send(new PutKeyCommand(long)))).toBe('400 ValidationException');
  expect(world.mistakes).toEqual([]);
});

test('a function is developed beside what is published, and edges have what is published', async () => {
  const { world, cloudfront } = await open();
  const made = await cloudfront.send(
    new CreateFunctionCommand({ Name: 'route', FunctionConfig, FunctionCode: code('one') }),
  );
  expect(made.FunctionSummary).toMatchObject({
    Name: 'route',
    Status: 'UNPUBLISHED',
    FunctionMetadata: { Stage: 'DEVELOPMENT' },
  });
  const again = new CreateFunctionCommand({ Name: 'route', FunctionConfig, FunctionCode: code('one') });
  expect(await failure(cloudfront.send(again))).toBe('409 FunctionAlreadyExists');
  expect(await failure(cloudfront.send(new DescribeFunctionCommand({ Name: 'route', Stage: 'LIVE' })))).toBe(
    '404 NoSuchFunctionExists',
  );
  await cloudfront.send(new PublishFunctionCommand({ Name: 'route', IfMatch: made.ETag }));
  const update = { Name: 'route', FunctionConfig, FunctionCode: code('two') };
  expect(await failure(cloudfront.send(new UpdateFunctionCommand({ ...update, IfMatch: 'E0' })))).toBe(
    '412 PreconditionFailed',
  );
  const updated = await cloudfront.send(new UpdateFunctionCommand({ ...update, IfMatch: made.ETag }));
  const codeOf = async (Stage: 'DEVELOPMENT' | 'LIVE'): Promise<string> => {
    const { FunctionCode } = await cloudfront.send(new GetFunctionCommand({ Name: 'route', Stage }));
    return Buffer.from(FunctionCode ?? []).toString();
  };
  expect([await codeOf('LIVE'), await codeOf('DEVELOPMENT')]).toEqual(['one', 'two']);
  expect(world.world.architecture.cloudFrontFunctions.map((fn) => fn.code)).toEqual(['one']);
  await cloudfront.send(new PublishFunctionCommand({ Name: 'route', IfMatch: updated.ETag }));
  expect(world.world.architecture.cloudFrontFunctions.map((fn) => fn.code)).toEqual(['two']);
  const { FunctionList } = await cloudfront.send(new ListFunctionsCommand({ Stage: 'LIVE' }));
  expect(FunctionList?.Items?.map(({ Name }) => Name)).toEqual(['route']);
  const tooLong = { ...update, FunctionCode: code('x'.repeat(10_241)), IfMatch: updated.ETag };
  expect(await failure(cloudfront.send(new UpdateFunctionCommand(tooLong)))).toBe('413 FunctionSizeLimitExceeded');
  await cloudfront.send(new DeleteFunctionCommand({ Name: 'route', IfMatch: updated.ETag }));
  expect(world.world.architecture.cloudFrontFunctions).toEqual([]);
  expect(world.mistakes).toEqual([]);
});

test('a store begins with what it imports from a bucket, or is refused (CF 5.33)', async () => {
  const { world, cloudfront, values } = await open();
  const s3 = new S3Client({ ...world.client, region: 'us-east-1', forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'stores' }));
  const Body = JSON.stringify({ data: [{ key: 'active', value: 'ireland' }] });
  await s3.send(new PutObjectCommand({ Bucket: 'stores', Key: 'routes.json', Body }));
  await s3.send(new PutObjectCommand({ Bucket: 'stores', Key: 'other.txt', Body: 'active = ireland' }));
  const importing = (Name: string, key: string) => {
    const ImportSource = { SourceType: 'S3', SourceARN: `arn:aws:s3:::stores/${key}` } as const;
    return cloudfront.send(new CreateKeyValueStoreCommand({ Name, ImportSource }));
  };
  const { KeyValueStore } = await importing('routes', 'routes.json');
  const read = new GetKeyCommand({ KvsARN: KeyValueStore?.ARN, Key: 'active' });
  expect((await values.send(read)).Value).toBe('ireland');
  expect(await failure(importing('none', 'none.json'))).toBe('400 InvalidArgument');
  expect(await failure(importing('other', 'other.txt'))).toBe('400 InvalidArgument');
  expect(world.mistakes).toEqual([]);
});

test('a store that a function reads is not deleted', async () => {
  const { world, cloudfront } = await open();
  const made = await cloudfront.send(new CreateKeyValueStoreCommand({ Name: 'routes' }));
  const twice = cloudfront.send(new CreateKeyValueStoreCommand({ Name: 'routes' }));
  expect(await failure(twice)).toBe('409 EntityAlreadyExists');
  const tooLong = cloudfront.send(new CreateKeyValueStoreCommand({ Name: 'x'.repeat(65) }));
  expect(await failure(tooLong)).toBe('400 InvalidArgument');
  const KeyValueStoreAssociations = { Quantity: 1, Items: [{ KeyValueStoreARN: made.KeyValueStore?.ARN }] };
  const fn = await cloudfront.send(
    new CreateFunctionCommand({
      Name: 'route',
      FunctionConfig: { ...FunctionConfig, KeyValueStoreAssociations },
      FunctionCode: code('function handler(event) { return event.request; }'),
    }),
  );
  const { FunctionSummary } = await cloudfront.send(new DescribeFunctionCommand({ Name: 'route' }));
  expect(FunctionSummary?.FunctionConfig?.KeyValueStoreAssociations).toEqual(KeyValueStoreAssociations);
  await cloudfront.send(new PublishFunctionCommand({ Name: 'route', IfMatch: fn.ETag }));
  const remove = new DeleteKeyValueStoreCommand({ Name: 'routes', IfMatch: made.ETag });
  expect(await failure(cloudfront.send(remove))).toBe('409 CannotDeleteEntityWhileInUse');
  await cloudfront.send(new DeleteFunctionCommand({ Name: 'route', IfMatch: fn.ETag }));
  await cloudfront.send(remove);
  const { KeyValueStoreList } = await cloudfront.send(new ListKeyValueStoresCommand({}));
  expect(KeyValueStoreList?.Quantity).toBe(0);
  expect(await failure(cloudfront.send(new DescribeKeyValueStoreCommand({ Name: 'routes' })))).toBe(
    '404 EntityNotFound',
  );
  expect(world.mistakes).toEqual([]);
});
