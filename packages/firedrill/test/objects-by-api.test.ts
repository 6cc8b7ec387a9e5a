import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import {
  CreateBucketCommand,
  PutBucketPolicyCommand,
  PutBucketWebsiteCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeEach, expect, test } from 'vitest';
import { openTestAws } from '../src/aws/aws.fixture.ts';
import type { Cloud } from '../src/aws/cloud.ts';
import type { LocalWorld } from '../src/live/index.ts';
import { openApiWorld } from './api-world.ts';
import { settles } from './settles.ts';

/* What a client of AWS's puts into a bucket is what the world's own endpoints serve, on real sockets. */

const Bucket = 'shop';
const LARGE = Buffer.alloc(6 * 1024 * 1024, 'abcdefghij');

let local: LocalWorld;
let cloud: Cloud;
/** Where functions find the APIs. */
let endpoint = '';

beforeEach(async () => {
  endpoint = '';
  ({ local, cloud } = await openApiWorld(() => ({ AWS_ENDPOINT_URL: endpoint })));
});

/** A bucket that everybody may read, in eu-west-1. */
async function openBucket(): Promise<S3Client> {
  const { client: settings } = await openTestAws({ parts: cloud });
  const client = new S3Client({ ...settings, forcePathStyle: true });
  await client.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  await client.send(new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: {} }));
  const Statement = [{ Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: `arn:aws:s3:::${Bucket}/*` }];
  await client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify({ Statement }) }));
  return client;
}

interface Answer {
  readonly status: number;
  readonly body: Buffer;
  readonly headers: IncomingMessage['headers'];
}

/** Asks an endpoint of the world. */
async function ask(
  kind: 's3' | 's3-website' | 'edge',
  host: string,
  path: string,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const open = local.endpoints.find(
    ({ endpoint }) => endpoint.kind === kind && (kind === 'edge' || endpoint.label === 'eu-west-1'),
  );
  const asked = request({ host: open?.address, port: open?.httpPort, path, headers: { host, ...headers } }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  return { status: answer.statusCode ?? 0, body: Buffer.concat(await answer.toArray()), headers: answer.headers };
}

test('an object that was put by a client is what the REST endpoint and the website show, large ones and parts too', async () => {
  const client = await openBucket();
  await client.send(
    new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration: { IndexDocument: { Suffix: 'i.html' } } }),
  );
  const page = { Bucket, Key: 'i.html', Body: '<p>hello', ContentType: 'text/html', Metadata: { a: '1' } };
  const { ETag } = await client.send(new PutObjectCommand(page));
  await client.send(new PutObjectCommand({ Bucket, Key: 'large', Body: LARGE }));

  const site = await ask('s3-website', `${Bucket}.s3-website-eu-west-1.amazonaws.com`, '/');
  expect([site.status, site.body.toString(), site.headers.etag]).toEqual([200, '<p>hello', ETag]);
  const rest = `${Bucket}.s3.eu-west-1.amazonaws.com`;
  const plain = await ask('s3', rest, '/i.html');
  expect([plain.body.toString(), plain.headers['x-amz-meta-a'], plain.headers['content-type']]).toEqual([
    '<p>hello',
    '1',
    'text/html',
  ]);
  expect((await ask('s3', rest, '/large')).body.equals(LARGE)).toBe(true);
  const part = await ask('s3', rest, '/large', { range: 'bytes=5000001-5000010' });
  expect([part.status, part.body.toString()]).toEqual([206, LARGE.subarray(5_000_001, 5_000_011).toString()]);
  expect((await ask('s3', rest, '/none')).status).toBe(403);
});

test('an object that is put anew is seen through CloudFront once the old one may not be kept any more', async () => {
  const client = await openBucket();
  const put = async (Key: string, Body: string, CacheControl: string): Promise<unknown> =>
    await client.send(new PutObjectCommand({ Bucket, Key, Body, CacheControl }));
  await put('kept', 'one', 'max-age=3600');
  await put('fresh', 'one', 'max-age=0');
  await cloud.estate.putResource({
    region: 'us-east-1',
    type: 'AWS::CloudFront::Distribution',
    properties: {
      DistributionConfig: {
        Enabled: true,
        Origins: [{ Id: 'shop', DomainName: `${Bucket}.s3.eu-west-1.amazonaws.com`, S3OriginConfig: {} }],
        DefaultCacheBehavior: {
          TargetOriginId: 'shop',
          ViewerProtocolPolicy: 'allow-all',
          CachePolicyId: '658327ea-f89d-4fab-a63d-7e88639e58f6',
        },
      },
    },
  });
  const [distribution] = cloud.estate.architecture().distributions;
  const seen = async (path: string): Promise<string> =>
    (await ask('edge', distribution?.domainName ?? '', path)).body.toString();
  expect([await seen('/kept'), await seen('/fresh')]).toEqual(['one', 'one']);
  await put('kept', 'two', 'max-age=3600');
  await put('fresh', 'two', 'max-age=0');
  expect(await seen('/kept')).toBe('one');
  // The managed policy keeps everything for a second at least.
  expect(await settles(async () => (await seen('/fresh')) === 'two')).toBe(true);
});

/** Reads an item by DynamoDB's own protocol, as its client would. */
const READER = `exports.handler = async () => {
  const answer = await fetch(process.env.AWS_ENDPOINT_URL, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': 'DynamoDB_20120810.GetItem',
      authorization: 'AWS4-HMAC-SHA256 Credential=' + process.env.AWS_ACCESS_KEY_ID + '/20261121/' + process.env.AWS_REGION + '/dynamodb/aws4_request, SignedHeaders=host, Signature=00',
    },
    body: JSON.stringify({ TableName: process.env.TABLE, Key: { pk: { S: '/' } } }),
  });
  return (await answer.json()).Item.target.S;
};`;

test('a function of the world reads the tables of the world', async () => {
  const opened = await openTestAws({ parts: cloud });
  ({ endpoint } = opened);
  const tables = new DynamoDBClient(opened.client);
  await tables.send(
    new CreateTableCommand({
      TableName: 'rules',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  await tables.send(new PutItemCommand({ TableName: 'rules', Item: { pk: { S: '/' }, target: { S: 'ireland' } } }));
  await cloud.estate.putResource({
    region: 'eu-west-1',
    type: 'AWS::Lambda::Function',
    properties: {
      FunctionName: 'reader',
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Role: 'arn:aws:iam::123456789012:role/reader',
      Timeout: 60,
      Code: { ZipFile: READER },
      Environment: { Variables: { TABLE: 'rules' } },
    },
  });
  const [reader] = cloud.estate.architecture().functions;
  if (reader === undefined) throw new Error('there is a function');
  const called = await local.callFunction(reader, {});
  expect(called).toMatchObject({ invocation: { kind: 'returned', payload: 'ireland' } });
});
