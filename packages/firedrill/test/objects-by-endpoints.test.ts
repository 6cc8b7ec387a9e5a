import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  ListPartsCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { beforeEach, expect, test } from 'vitest';
import { KEY, openTestAws } from '../src/aws/aws.fixture.ts';
import type { ApiWorld } from './api-world.ts';
import { openApiWorld } from './api-world.ts';

/* What is written at S3's endpoints in the world itself, and through CloudFront, on real sockets. */

const REGION = 'eu-west-1';
const Bucket = 'shop';
const REST = `${Bucket}.s3.${REGION}.amazonaws.com`;
const MIB = 1024 * 1024;

let world: ApiWorld;

beforeEach(async () => {
  world = await openApiWorld();
  const { aws } = await openTestAws({ parts: world.cloud, strictAuth: true });
  world.local.serveApi(async (call, body) => await aws.answerWithin(call, body));
});

/** Makes resources in the account, one after the other. */
async function make(
  ...resources: readonly (readonly [type: string, properties: Record<string, unknown>])[]
): Promise<void> {
  for (const [type, properties] of resources)
    await world.cloud.estate.putResource({ region: REGION, type, properties });
}

function bucketNamed(name: string, more: Record<string, unknown> = {}): readonly [string, Record<string, unknown>] {
  return ['AWS::S3::Bucket', { BucketName: name, ...more }];
}

function whereIs(kind: 's3' | 's3-website' | 'edge'): { readonly host: string; readonly port: number } {
  const open = world.local.endpoints.find(
    ({ endpoint }) => endpoint.kind === kind && (kind === 'edge' || endpoint.label === REGION),
  );
  return { host: open?.address ?? '', port: open?.httpPort ?? 0 };
}

interface Asked {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly body?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Asks as curl would, and tells status and body. */
async function ask(kind: 's3' | 'edge', { method, host, path, body, headers }: Asked): Promise<string> {
  const sent = request({ ...whereIs(kind), method, path, headers: { host, ...headers } });
  sent.end(body);
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  const text = Buffer.concat(await answer.toArray()).toString();
  return `${answer.statusCode ?? 0} ${/<Code>(\w+)</.exec(text)?.[1] ?? text}`;
}

/** A client of AWS's that speaks to the endpoint of the world by its own name. */
function clientAt(forcePathStyle: boolean, secretAccessKey = KEY.secretAccessKey): S3Client {
  const agent = new Agent();
  Object.assign(agent, { createConnection: () => connect(whereIs('s3')) });
  return new S3Client({
    region: REGION,
    endpoint: `http://s3.${REGION}.amazonaws.com`,
    credentials: { accessKeyId: KEY.accessKeyId, secretAccessKey },
    forcePathStyle,
    maxAttempts: 1,
    requestHandler: { httpAgent: agent },
  });
}

const textOf = (key: string, bucket = Bucket): string | undefined => {
  const object = world.local.world.contentsOf(bucket)?.current(key)?.object;
  return object === undefined ? undefined : String(object.bytes);
};

test.each([true, false])(
  'a client writes, reads and deletes at the endpoint itself; path style: %s',
  async (forcePathStyle) => {
    await make(bucketNamed(Bucket));
    const client = clientAt(forcePathStyle);
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/b c', Body: 'hello' }));
    const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: 'a/b c' }));
    expect(await Body?.transformToString()).toBe('hello');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'a/b c' }));
    expect(textOf('a/b c')).toBeUndefined();
  },
);

test('an upload in parts at the endpoint is one object in the end', async () => {
  await make(bucketNamed(Bucket));
  const client = clientAt(false);
  const at = { Bucket, Key: 'big' };
  const { UploadId } = await client.send(new CreateMultipartUploadCommand(at));
  const sizes = [5 * MIB, 10];
  const Parts = [];
  for (const [index, size] of sizes.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await client.send(
      new UploadPartCommand({ ...at, UploadId, PartNumber, Body: Buffer.alloc(size, index) }),
    );
    Parts.push({ PartNumber, ETag });
  }
  expect((await client.send(new ListPartsCommand({ ...at, UploadId }))).Parts?.length).toBe(2);
  await client.send(new CompleteMultipartUploadCommand({ ...at, UploadId, MultipartUpload: { Parts } }));
  expect(textOf('big')).toBe(String(5 * MIB + 10));
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'big' }] } }));
  expect([Deleted?.[0]?.Key, textOf('big')]).toEqual(['big', undefined]);
});

test('who signs with another secret writes nothing, nor does who does not sign', async () => {
  await make(bucketNamed(Bucket));
  const put = clientAt(false, 'wrong').send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'no' }));
  await expect(put).rejects.toThrow(/signature/i);
  expect(await ask('s3', { method: 'PUT', host: REST, path: '/x', body: 'no' })).toBe('403 AccessDenied');
  expect(await ask('s3', { method: 'PUT', host: 'new.s3.eu-west-1.amazonaws.com', path: '/' })).toBe(
    '404 NoSuchBucket',
  );
  expect(await ask('s3', { method: 'PUT', host: REST, path: '/' })).toBe('403 AccessDenied');
  expect(await ask('s3', { method: 'DELETE', host: REST, path: '/' })).toBe('403 AccessDenied');
  expect(textOf('x')).toBeUndefined();
});

test('a policy that denies what does not come by TLS denies it to those who sign, too', async () => {
  const secure = { Bool: { 'aws:SecureTransport': 'false' } };
  const denied = {
    Effect: 'Deny',
    Principal: '*',
    Action: 's3:*',
    Resource: `arn:aws:s3:::${Bucket}/*`,
    Condition: secure,
  };
  await make(bucketNamed(Bucket), ['AWS::S3::BucketPolicy', { Bucket, PolicyDocument: { Statement: [denied] } }]);
  const put = clientAt(false).send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'in the clear' }));
  await expect(put).rejects.toMatchObject({ name: 'AccessDenied' });
  expect(textOf('x')).toBeUndefined();
});

test('whom the policy lets write without a signature writes, that and nothing else', async () => {
  const allowed = { Effect: 'Allow', Principal: '*', Action: 's3:PutObject', Resource: `arn:aws:s3:::${Bucket}/in/*` };
  await make(bucketNamed(Bucket, { PublicAccessBlockConfiguration: {} }), [
    'AWS::S3::BucketPolicy',
    { Bucket, PolicyDocument: { Statement: [allowed] } },
  ]);
  expect(await ask('s3', { method: 'PUT', host: REST, path: '/in/x', body: 'hello' })).toBe('200 ');
  expect(await ask('s3', { method: 'PUT', host: REST, path: '/out/x', body: 'hello' })).toBe('403 AccessDenied');
  expect(await ask('s3', { method: 'DELETE', host: REST, path: '/in/x' })).toBe('403 AccessDenied');
  expect([textOf('in/x'), textOf('out/x')]).toEqual(['5', undefined]);
});

test('a viewer uploads through CloudFront what its access control may put, and the copy goes on to the other Region', async () => {
  const versioned = { VersioningConfiguration: { Status: 'Enabled' } };
  const rule = { Status: 'Enabled', Destination: { Bucket: 'arn:aws:s3:::copy' }, Id: 'all' };
  await make(
    bucketNamed('copy', versioned),
    bucketNamed(Bucket, {
      ...versioned,
      ReplicationConfiguration: { Role: 'arn:aws:iam::123456789012:role/r', Rules: [rule] },
    }),
    [
      'AWS::CloudFront::OriginAccessControl',
      {
        OriginAccessControlConfig: {
          Name: 'oac',
          OriginAccessControlOriginType: 's3',
          SigningBehavior: 'always',
          SigningProtocol: 'sigv4',
        },
      },
    ],
  );
  const control = world.cloud.estate.architecture().resources.find(({ type }) => type.endsWith('OriginAccessControl'));
  await make([
    'AWS::CloudFront::Distribution',
    {
      DistributionConfig: {
        Enabled: true,
        Origins: [{ Id: 'shop', DomainName: REST, S3OriginConfig: {}, OriginAccessControlId: control?.physicalId }],
        DefaultCacheBehavior: {
          TargetOriginId: 'shop',
          ViewerProtocolPolicy: 'allow-all',
          AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
          CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        },
      },
    },
  ]);
  const [distribution] = world.cloud.estate.architecture().distributions;
  const host = distribution?.domainName ?? '';
  const arn = `arn:aws:cloudfront::123456789012:distribution/${distribution?.id ?? ''}`;
  const condition = { StringEquals: { 'AWS:SourceArn': arn } };
  const may = {
    Effect: 'Allow',
    Principal: { Service: 'cloudfront.amazonaws.com' },
    Action: ['s3:GetObject', 's3:PutObject'],
    Resource: `arn:aws:s3:::${Bucket}/*`,
    Condition: condition,
  };
  await make(['AWS::S3::BucketPolicy', { Bucket, PolicyDocument: { Statement: [may] } }]);
  expect(
    await ask('edge', { method: 'PUT', host, path: '/up/x', body: 'hello', headers: { 'content-type': 'text/x' } }),
  ).toBe('200 ');
  expect(await ask('edge', { method: 'GET', host, path: '/up/x' })).toBe('200 hello');
  expect(await ask('edge', { method: 'DELETE', host, path: '/up/x' })).toBe('403 AccessDenied');
  expect(world.local.world.contentsOf(Bucket)?.current('up/x')?.replication).toBe('PENDING');
});

test('S3 that is down in its Region takes nothing at its endpoint', async () => {
  await make(bucketNamed(Bucket));
  world.local.startFault({
    name: 'down',
    target: { kind: 'service', region: REGION, service: 's3' },
    effect: { kind: 'status', status: 503 },
    share: 1,
  });
  const put = clientAt(false).send(new PutObjectCommand({ Bucket, Key: 'x', Body: 'no' }));
  await expect(put).rejects.toMatchObject({ $metadata: { httpStatusCode: 503 } });
  world.local.endFault('down');
  expect(textOf('x')).toBeUndefined();
});
