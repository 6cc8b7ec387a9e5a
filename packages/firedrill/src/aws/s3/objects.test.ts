import { createHash } from 'node:crypto';
import { request } from 'node:http';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { failure } from '../failure.fixture.ts';
import { openStores } from '../stores.fixture.ts';

async function opened(
  more: { readonly region?: 'us-east-1'; readonly isVersioned?: true } = {},
): Promise<{ client: S3Client; following: S3Client; endpoint: string }> {
  const stores = await openStores();
  const settings = { ...stores.client, forcePathStyle: true };
  const maker = new S3Client({ ...settings, region: more.region ?? settings.region });
  const LocationConstraint = more.region === undefined ? { LocationConstraint: settings.region as 'eu-west-1' } : {};
  await maker.send(new CreateBucketCommand({ Bucket: 'shop', CreateBucketConfiguration: LocationConstraint }));
  if (more.isVersioned === true) {
    const VersioningConfiguration = { Status: 'Enabled' as const };
    await maker.send(new PutBucketVersioningCommand({ Bucket: 'shop', VersioningConfiguration }));
  }
  const following = new S3Client({ ...settings, followRegionRedirects: true });
  return { client: new S3Client(settings), following, endpoint: stores.endpoint };
}

const AT = { Bucket: 'shop', Key: 'docs/index.html' } as const;

describe('an object', () => {
  test('comes back as it was put, with everything that was said of it', async () => {
    const { client } = await opened({ isVersioned: true });
    const put = await client.send(
      new PutObjectCommand({
        ...AT,
        Body: 'hello',
        ContentType: 'text/html',
        CacheControl: 'max-age=60',
        ContentEncoding: 'identity',
        Metadata: { Colour: 'green' },
        Tagging: 'a=1&b=2',
      }),
    );
    expect(put.ETag).toBe(`"${createHash('md5').update('hello').digest('hex')}"`);
    const got = await client.send(new GetObjectCommand(AT));
    expect(await got.Body?.transformToString()).toBe('hello');
    expect(got).toMatchObject({
      ContentType: 'text/html',
      CacheControl: 'max-age=60',
      ContentEncoding: 'identity',
      ContentLength: 5,
      Metadata: { colour: 'green' },
      ETag: put.ETag,
      VersionId: put.VersionId,
      TagCount: 2,
      ServerSideEncryption: 'AES256',
      LastModified: new Date(Date.UTC(2026, 10, 21)),
    });
    expect(put.VersionId).toBeDefined();
  });

  test('of many megabytes comes back byte for byte, as a part too', async () => {
    const { client } = await opened();
    const content = Buffer.alloc(6 * 1024 * 1024);
    for (let i = 0; i < content.length; i += 1) content[i] = (i * 7 + (i >> 9)) & 255;
    await client.send(new PutObjectCommand({ ...AT, Body: content }));
    const whole = await (await client.send(new GetObjectCommand(AT))).Body?.transformToByteArray();
    expect(
      createHash('sha256')
        .update(whole ?? '')
        .digest('hex'),
    ).toBe(createHash('sha256').update(content).digest('hex'));
    const part = await client.send(new GetObjectCommand({ ...AT, Range: 'bytes=5000000-5000099' }));
    expect([part.$metadata.httpStatusCode, part.ContentRange]).toEqual([
      206,
      `bytes 5000000-5000099/${content.length}`,
    ]);
    expect(
      Buffer.from((await part.Body?.transformToByteArray()) ?? []).equals(content.subarray(5_000_000, 5_000_100)),
    ).toBe(true);
  });

  test.each(['CRC32', 'CRC32C', 'CRC64NVME', 'SHA1', 'SHA256'] as const)(
    'has its %s, and one that differs is refused',
    async (algorithm) => {
      const { client } = await opened();
      const put = await client.send(new PutObjectCommand({ ...AT, Body: 'hello', ChecksumAlgorithm: algorithm }));
      const head = await client.send(new HeadObjectCommand({ ...AT, ChecksumMode: 'ENABLED' }));
      expect(head[`Checksum${algorithm}`]).toBe(put[`Checksum${algorithm}`]);
      expect(head[`Checksum${algorithm}`]?.length).toBeGreaterThan(4);
      const wrong = new PutObjectCommand({
        ...AT,
        Body: 'other',
        [`Checksum${algorithm}`]: put[`Checksum${algorithm}`],
      });
      expect(await failure(client.send(wrong))).toBe('400 BadDigest');
      // What was refused has changed nothing.
      expect((await client.send(new HeadObjectCommand(AT))).ETag).toBe(put.ETag);
    },
  );

  test('that is not there is 404, its delete marker says so', async () => {
    const { client } = await opened({ isVersioned: true });
    expect(await failure(client.send(new GetObjectCommand(AT)))).toBe('404 NoSuchKey');
    expect(await failure(client.send(new HeadObjectCommand(AT)))).toBe('404 NotFound');
    const { VersionId } = await client.send(new PutObjectCommand({ ...AT, Body: 'x' }));
    const marker = await client.send(new DeleteObjectCommand(AT));
    expect(marker.DeleteMarker).toBe(true);
    expect(await failure(client.send(new GetObjectCommand(AT)))).toBe('404 NoSuchKey');
    expect(await failure(client.send(new GetObjectCommand({ ...AT, VersionId: marker.VersionId })))).toBe(
      '405 MethodNotAllowed',
    );
    expect((await client.send(new HeadObjectCommand({ ...AT, VersionId }))).ContentLength).toBe(1);
    await client.send(new DeleteObjectCommand({ ...AT, VersionId: marker.VersionId }));
    expect((await client.send(new HeadObjectCommand(AT))).VersionId).toBe(VersionId);
  });

  test('is written only under conditions that hold, and read only so', async () => {
    const { client } = await opened();
    const first = new PutObjectCommand({ ...AT, Body: 'one', IfNoneMatch: '*' });
    const { ETag } = await client.send(first);
    expect(await failure(client.send(first))).toBe('412 PreconditionFailed');
    expect(await failure(client.send(new PutObjectCommand({ ...AT, Body: 'two', IfMatch: '"other"' })))).toBe(
      '412 PreconditionFailed',
    );
    expect(await failure(client.send(new PutObjectCommand({ ...AT, Body: 'two', IfMatch: ETag })))).toBe('done');
    expect(await failure(client.send(new PutObjectCommand({ ...AT, Key: 'none', Body: 'x', IfMatch: ETag })))).toBe(
      '404 NoSuchKey',
    );
    expect(await failure(client.send(new GetObjectCommand({ ...AT, IfMatch: ETag })))).toBe('412 PreconditionFailed');
    const now = (await client.send(new HeadObjectCommand(AT))).ETag;
    expect(await failure(client.send(new GetObjectCommand({ ...AT, IfNoneMatch: now })))).toContain('304');
    expect(await failure(client.send(new GetObjectCommand({ ...AT, Range: 'bytes=100-' })))).toBe('416 InvalidRange');
  });

  test('may be called what paths are called, and stays within its bucket', async () => {
    const { client } = await opened();
    const keys = ['../../etc/passwd', '/', 'a//b', '..', 'ünï/✓ +&', '%2e%2e/x'];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket: 'shop', Key, Body: Key }));
    for (const Key of keys) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket: 'shop', Key }));
      expect(await Body?.transformToString()).toBe(Key);
    }
    const { Contents } = await client.send(new ListObjectsV2Command({ Bucket: 'shop' }));
    expect(Contents?.map(({ Key }) => Key).toSorted()).toEqual(keys.toSorted());
  });

  test('with a name that is too long is refused', async () => {
    const { client } = await opened();
    const long = new PutObjectCommand({ Bucket: 'shop', Key: 'k'.repeat(1025), Body: '' });
    expect(await failure(client.send(long))).toBe('400 KeyTooLongError');
  });
});

describe('a bucket', () => {
  test('that is not there, or elsewhere, says so', async () => {
    const { client, following } = await opened({ region: 'us-east-1' });
    expect(await failure(client.send(new GetObjectCommand({ Bucket: 'nowhere', Key: 'x' })))).toBe('404 NoSuchBucket');
    expect(await failure(client.send(new GetObjectCommand(AT)))).toBe('301 PermanentRedirect');
    await following.send(new PutObjectCommand({ ...AT, Body: 'found' }));
    expect(await (await following.send(new GetObjectCommand(AT))).Body?.transformToString()).toBe('found');
  });

  test('lets nobody in whom its policy does not know, and everybody whom it does', async () => {
    const { client, endpoint } = await opened();
    const Statement = [
      { Effect: 'Allow', Principal: '*', Action: 's3:GetObject', Resource: 'arn:aws:s3:::shop/public/*' },
    ];
    const opening = new PutBucketPolicyCommand({ Bucket: 'shop', Policy: JSON.stringify({ Statement }) });
    // New buckets let nobody open them to everybody.
    expect(await failure(client.send(opening))).toBe('403 AccessDenied');
    const PublicAccessBlockConfiguration = { BlockPublicPolicy: false };
    await client.send(new PutPublicAccessBlockCommand({ Bucket: 'shop', PublicAccessBlockConfiguration }));
    await client.send(opening);
    for (const Key of ['public/a', 'b']) await client.send(new PutObjectCommand({ Bucket: 'shop', Key, Body: 'x' }));
    const status = (path: string, method: string): Promise<number> =>
      new Promise((resolve, reject) => {
        const asked = request(
          `${endpoint}${path}`,
          { method, headers: { host: 'shop.s3.eu-west-1.amazonaws.com' } },
          (answer) => {
            answer.resume();
            resolve(answer.statusCode ?? 0);
          },
        );
        asked.once('error', reject).end();
      });
    expect(await status('/public/a', 'GET')).toBe(200);
    expect(await status('/b', 'GET')).toBe(403);
    expect(await status('/public/a', 'PUT')).toBe(403);
    expect(await status('/', 'GET')).toBe(403);
  });

  test('is listed page by page, folder by folder', async () => {
    const { client } = await opened();
    for (const Key of ['a/1', 'a/2', 'b', 'c/1'])
      await client.send(new PutObjectCommand({ Bucket: 'shop', Key, Body: Key }));
    const first = await client.send(new ListObjectsV2Command({ Bucket: 'shop', Delimiter: '/', MaxKeys: 2 }));
    expect([first.CommonPrefixes, first.Contents?.map(({ Key }) => Key), first.IsTruncated]).toEqual([
      [{ Prefix: 'a/' }],
      ['b'],
      true,
    ]);
    const second = await client.send(
      new ListObjectsV2Command({ Bucket: 'shop', Delimiter: '/', ContinuationToken: first.NextContinuationToken }),
    );
    expect([second.CommonPrefixes, second.KeyCount, second.IsTruncated]).toEqual([[{ Prefix: 'c/' }], 1, false]);
  });
});
