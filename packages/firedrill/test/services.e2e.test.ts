import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CloudFormationClient,
  CreateStackCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { zipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { WorldFile } from '../src/doors/index.ts';
import { ROOT, UpWorld } from './up-world.ts';

/*
 * Each service that a world answers for, written to and read from by the boto3 of Debian, and by the SDK for JavaScript of today:
 * what clients send and understand differs by their age, as Query, CBOR and JSON for CloudWatch.
 */

const SCRIPTS = join(ROOT, 'packages/firedrill/test/clients/services');

const world = new UpWorld();
beforeAll(async () => await world.up('--speed', '20'));
afterAll(async () => await world.remove());

/** What a script has seen of each service. */
async function seenBy(...command: readonly string[]): Promise<Readonly<Record<string, object>>> {
  const { code, out, err } = await world.exec(...command);
  expect(code, `${out}\n${err}`).toBe(0);
  const lines = out.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const { service, ...seen } = JSON.parse(line) as { readonly service: string };
      return [service, seen];
    }),
  );
}

/** What both see, but for their own name in it. */
function seen(who: 'boto3' | 'sdk'): Readonly<Record<string, object>> {
  return {
    cloudformation: { status: 'CREATE_COMPLETE', resources: ['Http', 'Rest', 'Role'] },
    s3: {
      versioning: 'Enabled',
      whole: true,
      parts: '2',
      sameChecksum: true,
      refused: 'BadDigest',
      keys: ['large', 'small'],
    },
    route53: { records: [`NS ${who}.example.net.`, `SOA ${who}.example.net.`, `A www.${who}.example.net.`] },
    cloudfront: { comment: `by ${who}` },
    cloudwatch:
      who === 'sdk'
        ? { byCbor: ['by-sdk'], alarms: ['Down'], contentType: 'application/x-amz-json-1.0' }
        : { alarms: ['Down'], contentType: 'application/x-www-form-urlencoded' },
    lambda: { answer: { twice: 42 }, handler: 'index.handler' },
    apigateway: { name: `rest-by-${who}`, disabled: true },
    apigatewayv2: { name: `http-by-${who}`, disabled: true },
    acm: { name: `${who}.example.com` },
    dynamodb: { n: 1, taken: 'ConditionalCheckFailedException' },
    ssm: { value: 'yes' },
    sts: { account: '123456789012', user: `arn:aws:sts::123456789012:assumed-role/role-of-${who}/session` },
    iam: { name: `by-${who}` },
    tagging: { found: [`by-${who}`] },
  };
}

test("Debian's boto3 writes to and reads from every service, CloudWatch by Query", async () => {
  expect(await seenBy('/usr/bin/python3', join(SCRIPTS, 'services.py'))).toEqual(seen('boto3'));
});

test('the SDK for JavaScript writes to and reads from every service, CloudWatch by JSON and CBOR', async () => {
  expect(await seenBy(process.execPath, join(SCRIPTS, 'services.mjs'))).toEqual(seen('sdk'));
});

/** A bucket, and CDK's resource that fills it with an archive. */
function site(archive: string): string {
  const Deploy = {
    Type: 'Custom::CDKBucketDeployment',
    Properties: {
      ServiceToken: 'arn:aws:lambda:us-east-1:123456789012:function:deploys',
      SourceBucketNames: ['sources'],
      SourceObjectKeys: [archive],
      SourceMarkers: [{ '<<region>>': { Ref: 'AWS::Region' } }],
      DestinationBucketName: { Ref: 'Site' },
      DestinationBucketKeyPrefix: 'docs',
      SystemMetadata: { 'cache-control': 'max-age=300' },
    },
  };
  const Site = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'the-site' } };
  return JSON.stringify({ Resources: { Site, Deploy } });
}

test('what CDK deploys into a bucket by an archive in another one is there once its stack is', async () => {
  const { ports } = JSON.parse(readFileSync(join(world.state, 'world.json'), 'utf8')) as WorldFile;
  const settings = {
    region: 'us-east-1',
    endpoint: `http://127.0.0.1:${ports.endpoint}`,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const client = new CloudFormationClient(settings);
  const read = async () => await s3.send(new GetObjectCommand({ Bucket: 'the-site', Key: 'docs/index.html' }));
  await s3.send(new CreateBucketCommand({ Bucket: 'sources' }));
  for (const [Key, text] of Object.entries({ 'one.zip': 'one in <<region>>', 'two.zip': 'two' })) {
    const Body = zipSync({ 'index.html': Buffer.from(text) });
    await s3.send(new PutObjectCommand({ Bucket: 'sources', Key, Body }));
  }
  const settled = { client, maxWaitTime: 600, minDelay: 1, maxDelay: 1 };
  await client.send(new CreateStackCommand({ StackName: 'site', TemplateBody: site('one.zip') }));
  await waitUntilStackCreateComplete(settled, { StackName: 'site' });
  const first = await read();
  expect(await first.Body?.transformToString()).toBe('one in us-east-1');
  expect(first).toMatchObject({ CacheControl: 'max-age=300', ContentType: 'text/html' });
  await client.send(new UpdateStackCommand({ StackName: 'site', TemplateBody: site('two.zip') }));
  await waitUntilStackUpdateComplete(settled, { StackName: 'site' });
  expect(await (await read()).Body?.transformToString()).toBe('two');
});
