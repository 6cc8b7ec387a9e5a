import { createHash } from 'node:crypto';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectsCommand,
  GetBucketLifecycleConfigurationCommand,
  GetObjectCommand,
  GetObjectTaggingCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  ListPartsCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
  UploadPartCommand,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';
import { failure } from '../failure.fixture.ts';
import { openStores } from '../stores.fixture.ts';

const Bucket = 'shop';
const AT = { Bucket, Key: 'big.bin' } as const;
const MIB = 1024 * 1024;

async function opened(): Promise<{ client: S3Client; mistakes: unknown[] }> {
  const stores = await openStores();
  const client = new S3Client({ ...stores.client, region: 'us-east-1', forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket }));
  return { client, mistakes: stores.mistakes };
}

async function bytesAt(client: S3Client, Key: string): Promise<Buffer> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

describe('an upload in parts', () => {
  test('is there when it is completed, and its entity tag says of how many parts', async () => {
    const { client, mistakes } = await opened();
    const { UploadId } = await client.send(new CreateMultipartUploadCommand({ ...AT, ContentType: 'x/y' }));
    const contents = [Buffer.alloc(5 * MIB, 1), Buffer.alloc(5 * MIB, 2), Buffer.from('end')];
    const Parts = [];
    for (const [index, Body] of contents.entries()) {
      const PartNumber = index + 1;
      const part = await client.send(new UploadPartCommand({ ...AT, UploadId, PartNumber, Body }));
      Parts.push({ PartNumber, ETag: part.ETag, ChecksumCRC32: part.ChecksumCRC32 });
    }
    expect(await failure(client.send(new HeadObjectCommand(AT)))).toBe('404 NotFound');
    const listed = await client.send(new ListPartsCommand({ ...AT, UploadId, MaxParts: 2 }));
    expect([listed.Parts?.map(({ Size }) => Size), listed.NextPartNumberMarker]).toEqual([[5 * MIB, 5 * MIB], '2']);
    expect((await client.send(new ListMultipartUploadsCommand({ Bucket }))).Uploads?.map(({ Key }) => Key)).toEqual([
      'big.bin',
    ]);
    const done = await client.send(new CompleteMultipartUploadCommand({ ...AT, UploadId, MultipartUpload: { Parts } }));
    const md5s = contents.map((content) => createHash('md5').update(content).digest());
    expect(done.ETag).toBe(`"${createHash('md5').update(Buffer.concat(md5s)).digest('hex')}-3"`);
    expect((await bytesAt(client, AT.Key)).equals(Buffer.concat(contents))).toBe(true);
    const third = await client.send(new GetObjectCommand({ ...AT, PartNumber: 3 }));
    expect(await third.Body?.transformToString()).toBe('end');
    expect([third.PartsCount, third.ContentRange]).toEqual([3, 'bytes 10485760-10485762/10485763']);
    const head = await client.send(new HeadObjectCommand({ ...AT, PartNumber: 1 }));
    expect([head.PartsCount, head.ContentLength]).toEqual([3, 5 * MIB]);
    expect(await failure(client.send(new GetObjectCommand({ ...AT, PartNumber: 4 })))).toBe('416 InvalidPartNumber');
    // It is in a file by now: who reads a part of it leaves it whole for the next.
    expect((await bytesAt(client, AT.Key)).equals(Buffer.concat(contents))).toBe(true);
    expect(
      await failure(client.send(new CompleteMultipartUploadCommand({ ...AT, UploadId, MultipartUpload: { Parts } }))),
    ).toBe('404 NoSuchUpload');
    expect(mistakes).toEqual([]);
  });

  test('wants its parts large, in order and as they were uploaded', async () => {
    const { client, mistakes } = await opened();
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(AT));
    const part = async (PartNumber: number): Promise<{ PartNumber: number; ETag: string | undefined }> => {
      const { ETag } = await client.send(new UploadPartCommand({ ...AT, UploadId, PartNumber, Body: 'small' }));
      return { PartNumber, ETag };
    };
    const [one, two] = [await part(1), await part(2)];
    const completed = async (Parts: (typeof one)[]): Promise<string> =>
      await failure(client.send(new CompleteMultipartUploadCommand({ ...AT, UploadId, MultipartUpload: { Parts } })));
    expect(await completed([one, two])).toBe('400 EntityTooSmall');
    expect(await completed([two, one])).toBe('400 InvalidPartOrder');
    expect(await completed([{ ...one, ETag: '"other"' }])).toBe('400 InvalidPart');
    expect(await completed([one])).toBe('done');
    expect(await failure(client.send(new AbortMultipartUploadCommand({ ...AT, UploadId })))).toBe('404 NoSuchUpload');
    expect(mistakes).toEqual([]);
  });

  test('takes parts out of other objects', async () => {
    const { client, mistakes } = await opened();
    await client.send(new PutObjectCommand({ Bucket, Key: 'source', Body: '0123456789' }));
    const { UploadId } = await client.send(new CreateMultipartUploadCommand(AT));
    const copy = { ...AT, UploadId, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange: 'bytes=2-4' };
    const { CopyPartResult } = await client.send(new UploadPartCopyCommand(copy));
    const Parts = [{ PartNumber: 1, ETag: CopyPartResult?.ETag }];
    await client.send(new CompleteMultipartUploadCommand({ ...AT, UploadId, MultipartUpload: { Parts } }));
    expect((await bytesAt(client, AT.Key)).toString()).toBe('234');
    expect(mistakes).toEqual([]);
  });
});

describe('a copy', () => {
  test('has what its source has, or what is said instead', async () => {
    const { client, mistakes } = await opened();
    const Key = 'a b/ü';
    await client.send(
      new PutObjectCommand({ Bucket, Key, Body: 'x', ContentType: 'text/css', Metadata: { a: '1' }, Tagging: 't=1' }),
    );
    const CopySource = `${Bucket}/${encodeURIComponent(Key)}`;
    await client.send(new CopyObjectCommand({ ...AT, CopySource }));
    expect(await client.send(new HeadObjectCommand(AT))).toMatchObject({
      ContentType: 'text/css',
      Metadata: { a: '1' },
      TagCount: 1,
    });
    await client.send(
      new CopyObjectCommand({ ...AT, CopySource, MetadataDirective: 'REPLACE', ContentType: 'text/plain' }),
    );
    expect(await client.send(new HeadObjectCommand(AT))).toMatchObject({ ContentType: 'text/plain', Metadata: {} });
    const itself = new CopyObjectCommand({ ...AT, CopySource: `${Bucket}/${AT.Key}` });
    expect(await failure(client.send(itself))).toBe('400 InvalidRequest');
    expect(await failure(client.send(new CopyObjectCommand({ ...AT, CopySource: `${Bucket}/none` })))).toBe(
      '404 NoSuchKey',
    );
    expect(mistakes).toEqual([]);
  });
});

test('several objects are deleted at once, those that are not there too', async () => {
  const { client, mistakes } = await opened();
  for (const Key of ['a', 'b', 'c']) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));
  const Objects = [{ Key: 'a' }, { Key: 'b' }, { Key: 'none' }];
  const { Deleted } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
  expect(Deleted?.map(({ Key }) => Key)).toEqual(['a', 'b', 'none']);
  expect((await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key)).toEqual(['c']);
  expect(mistakes).toEqual([]);
});

test('versions are listed with their delete markers, and tags belong to a version', async () => {
  const { client, mistakes } = await opened();
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: 'Enabled' } }));
  const { VersionId } = await client.send(new PutObjectCommand({ ...AT, Body: 'one' }));
  await client.send(new PutObjectTaggingCommand({ ...AT, Tagging: { TagSet: [{ Key: 'k', Value: 'v' }] } }));
  await client.send(new PutObjectCommand({ ...AT, Body: 'two' }));
  expect((await client.send(new GetObjectTaggingCommand({ ...AT, VersionId }))).TagSet).toEqual([
    { Key: 'k', Value: 'v' },
  ]);
  expect((await client.send(new GetObjectTaggingCommand(AT))).TagSet).toEqual([]);
  await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: AT.Key }] } }));
  const { Versions, DeleteMarkers } = await client.send(new ListObjectVersionsCommand({ Bucket }));
  expect([Versions?.map(({ IsLatest }) => IsLatest), DeleteMarkers?.map(({ IsLatest }) => IsLatest)]).toEqual([
    [false, false],
    [true],
  ]);
  expect(mistakes).toEqual([]);
});

test('lifecycle rules are kept, and nothing expires', async () => {
  const { client, mistakes } = await opened();
  expect(await failure(client.send(new GetBucketLifecycleConfigurationCommand({ Bucket })))).toBe(
    '404 NoSuchLifecycleConfiguration',
  );
  const Rules = [{ ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'logs/' }, Expiration: { Days: 1 } }];
  await client.send(new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration: { Rules } }));
  expect((await client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }))).Rules).toEqual(Rules);
  expect(mistakes).toEqual([]);
});
