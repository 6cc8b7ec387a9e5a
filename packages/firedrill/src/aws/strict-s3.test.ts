import { createHmac } from 'node:crypto';
import { Readable } from 'node:stream';
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { HttpRequest } from '@smithy/core/protocols';
import { Hash } from '@smithy/core/serde';
import { SignatureV4 } from '@smithy/signature-v4';
import { expect, test } from 'vitest';
import { KEY } from './aws.fixture.ts';
import { ask } from './raw-request.fixture.ts';
import { openTestWorld } from './world.fixture.ts';

const BUCKET = `  B: { Type: AWS::S3::Bucket, Properties: { BucketName: one } }\n`;
const NAME = 'a b/ü+c.txt';

async function open(wallMs: () => number = Date.now) {
  const world = await openTestWorld({ 'eu-west-1': BUCKET }, undefined, { strictAuth: true, wallMs });
  return { ...world, s3: new S3Client({ ...world.client, forcePathStyle: true }) };
}

test('an object of any name is written and read where signatures count', async () => {
  const { s3, mistakes } = await open();
  await s3.send(new PutObjectCommand({ Bucket: 'one', Key: NAME, Body: 'hello' }));
  const read = await s3.send(new GetObjectCommand({ Bucket: 'one', Key: NAME }));
  expect(await read.Body?.transformToString()).toBe('hello');
  expect(mistakes).toEqual([]);
});

test('a stream comes in chunks, and is held against the checksum behind it', async () => {
  const { s3 } = await open();
  const pieces = ['x'.repeat(100_000), 'y'.repeat(100_000)];
  await s3.send(
    new PutObjectCommand({
      Bucket: 'one',
      Key: 'big',
      Body: Readable.from(pieces.map((piece) => Buffer.from(piece))),
      ContentLength: 200_000,
    }),
  );
  const read = await s3.send(new GetObjectCommand({ Bucket: 'one', Key: 'big' }));
  expect(await read.Body?.transformToString()).toBe(pieces.join(''));
});

test('a wrong secret writes nothing', async () => {
  const { client, s3 } = await open();
  const credentials = { ...client.credentials, secretAccessKey: 'another' };
  const thief = new S3Client({ ...client, credentials, forcePathStyle: true });
  const put = thief.send(new PutObjectCommand({ Bucket: 'one', Key: 'k', Body: 'x' }));
  await expect(put).rejects.toMatchObject({ name: 'SignatureDoesNotMatch', $metadata: { httpStatusCode: 403 } });
  await expect(s3.send(new GetObjectCommand({ Bucket: 'one', Key: 'k' }))).rejects.toMatchObject({ name: 'NoSuchKey' });
});

test('clocks that are far apart are told so', async () => {
  const { s3 } = await open(() => Date.now() + 16 * 60_000);
  const get = s3.send(new GetObjectCommand({ Bucket: 'one', Key: NAME }));
  await expect(get).rejects.toMatchObject({ name: 'RequestTimeTooSkewed', $metadata: { httpStatusCode: 403 } });
});

const PATH = `/one/${encodeURIComponent('a b')}/${encodeURIComponent('ü+c.txt')}`;

async function presigned(endpoint: string, secret = KEY.secretAccessKey): Promise<string> {
  const credentials = { accessKeyId: KEY.accessKeyId, secretAccessKey: secret };
  const sha256 = Hash.bind(null, 'sha256');
  const signer = new SignatureV4({ credentials, region: 'eu-west-1', service: 's3', sha256, uriEscapePath: false });
  const { host, hostname } = new URL(endpoint);
  const request = new HttpRequest({
    method: 'GET',
    hostname,
    path: PATH,
    headers: { host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
  });
  const { query = {} } = await signer.presign(request, { expiresIn: 60, unsignableHeaders: new Set() });
  const search = Object.entries(query).map(
    ([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(String(value))}`,
  );
  return `${PATH}?${search.join('&')}`;
}

test('a presigned request is answered while it lasts', async () => {
  let aheadMs = 0;
  const { s3, endpoint } = await open(() => Date.now() + aheadMs);
  await s3.send(new PutObjectCommand({ Bucket: 'one', Key: NAME, Body: 'hello' }));
  expect(await ask(endpoint, { method: 'GET', path: await presigned(endpoint) })).toMatchObject({
    status: 200,
    text: 'hello',
  });
  const wrong = await ask(endpoint, { method: 'GET', path: await presigned(endpoint, 'another') });
  expect(wrong).toMatchObject({ status: 403, text: expect.stringContaining('SignatureDoesNotMatch') as string });
  const path = await presigned(endpoint);
  aheadMs = 61_000;
  const late = await ask(endpoint, { method: 'GET', path });
  expect(late).toMatchObject({ status: 403, text: expect.stringContaining('Request has expired') as string });
  const long = await ask(endpoint, { method: 'GET', path: path.replace('X-Amz-Expires=60', 'X-Amz-Expires=604801') });
  expect(long.text).toContain('<Code>AuthorizationQueryParametersError</Code>');
});

test('so is one of version 2, as older clients still presign', async () => {
  const { s3, endpoint } = await open();
  await s3.send(new PutObjectCommand({ Bucket: 'one', Key: NAME, Body: 'hello' }));
  const get = async (secret: string, expires: number) => {
    const signature = createHmac('sha1', secret).update(`GET\n\n\n${expires}\n${PATH}`).digest('base64');
    const search = `AWSAccessKeyId=${KEY.accessKeyId}&Signature=${encodeURIComponent(signature)}&Expires=${expires}`;
    return await ask(endpoint, { method: 'GET', path: `${PATH}?${search}` });
  };
  const soon = Math.floor(Date.now() / 1000) + 600;
  expect(await get(KEY.secretAccessKey, soon)).toMatchObject({ status: 200, text: 'hello' });
  expect((await get('another', soon)).text).toContain('SignatureDoesNotMatch');
  expect((await get(KEY.secretAccessKey, soon - 1200)).text).toContain('Request has expired');
});

test('nobody gets in without a signature', async () => {
  const { endpoint } = await open();
  expect(await ask(endpoint, { method: 'GET', path: PATH })).toMatchObject({
    status: 403,
    text: expect.stringContaining('AccessDenied') as string,
  });
});
