import type { ChecksumAlgorithm } from '../../model/index.ts';
import { completedParts, objectBody, PART_NUMBER_MAX } from '../../engine/index.ts';
import { contentOf } from '../../live/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { bucketFor, s3Error } from './buckets.ts';
import { digestOf } from './checksums.ts';
import { copySource } from './copy-source.ts';
import type { S3Handler, S3Handlers } from './handlers.ts';
import { checkWrite, put } from './objects.ts';
import { cut } from './pieces.ts';
import { checkKey, checksumMembers, dateOf, storedObject } from './stored.ts';
import type { Uploaded } from './upload.ts';
import { keep, piecesOf, receive } from './upload.ts';
import type { Part, Upload, UploadName } from './uploads.ts';
import { Uploads } from './uploads.ts';

/** Objects uploaded in parts. */
export function multipartHandlers(
  cloud: Cloud,
): Pick<
  S3Handlers,
  | 'AbortMultipartUpload'
  | 'CompleteMultipartUpload'
  | 'CreateMultipartUpload'
  | 'ListMultipartUploads'
  | 'ListParts'
  | 'UploadPart'
  | 'UploadPartCopy'
> {
  const uploads = new Uploads();
  return {
    CreateMultipartUpload: creation(cloud, uploads),
    async UploadPart(input, call) {
      bucketFor(cloud, { action: 's3:PutObject', bucket: input.Bucket, key: input.Key ?? '' }, call);
      const number = partNumber(input.PartNumber);
      const upload = uploads.find(named(input));
      const uploaded = await receive(input.Body, call, upload.algorithm);
      const part = add(cloud, upload, number, uploaded);
      return { ETag: part.etag, ServerSideEncryption: 'AES256', ...checksumMembersOnly(uploaded) };
    },
    async UploadPartCopy(input, call) {
      bucketFor(cloud, { action: 's3:PutObject', bucket: input.Bucket, key: input.Key ?? '' }, call);
      const number = partNumber(input.PartNumber);
      const upload = uploads.find(named(input));
      const { object } = copySource(cloud, input.CopySource, call);
      const content = contentOf(objectBody(object));
      const range = copyRange(input.CopySourceRange, object.bytes);
      const pieces = piecesOf(range === undefined ? content : cut(content, range));
      const part = add(cloud, upload, number, await keep(pieces, upload.algorithm ?? 'CRC64NVME'));
      return { CopyPartResult: { ETag: part.etag, LastModified: part.modified }, ServerSideEncryption: 'AES256' };
    },
    CompleteMultipartUpload: completion(cloud, uploads),
    AbortMultipartUpload(input, call) {
      bucketFor(cloud, { action: 's3:AbortMultipartUpload', bucket: input.Bucket, key: input.Key ?? '' }, call);
      uploads.end(uploads.find(named(input)).id);
      return {};
    },
    ...partLists(cloud, uploads),
  };
}

function partLists(cloud: Cloud, uploads: Uploads): Pick<S3Handlers, 'ListMultipartUploads' | 'ListParts'> {
  return {
    ListParts(input, call) {
      bucketFor(cloud, { action: 's3:ListMultipartUploadParts', bucket: input.Bucket, key: input.Key ?? '' }, call);
      const upload = uploads.find(named(input));
      const { MaxParts: most = 1000, PartNumberMarker: after = '0' } = input;
      const parts = inOrder(upload).filter(({ number }) => number > Number(after));
      const shown = parts.slice(0, most);
      return {
        Bucket: upload.bucket,
        Key: upload.key,
        UploadId: upload.id,
        MaxParts: most,
        IsTruncated: parts.length > most,
        Parts: shown.map(({ number, etag, bytes, modified }) => ({
          PartNumber: number,
          ETag: etag,
          Size: bytes,
          LastModified: modified,
        })),
        ...(parts.length > most ? { NextPartNumberMarker: String(shown.at(-1)?.number ?? 0) } : {}),
      };
    },
    ListMultipartUploads(input, call) {
      const asking = { action: 's3:ListBucketMultipartUploads', bucket: input.Bucket };
      const { bucket } = bucketFor(cloud, asking, call);
      const { Prefix: prefix = '' } = input;
      const found = uploads.of(bucket.name).filter(({ key }) => key.startsWith(prefix));
      return {
        Bucket: bucket.name,
        Prefix: prefix,
        IsTruncated: false,
        Uploads: found.map(({ id, key, initiated }) => ({ UploadId: id, Key: key, Initiated: initiated })),
      };
    },
  };
}

function creation(cloud: Cloud, uploads: Uploads): S3Handler<'CreateMultipartUpload'> {
  return (input, call) => {
    const key = checkKey(input.Key);
    const { bucket } = bucketFor(cloud, { action: 's3:PutObject', bucket: input.Bucket, key }, call);
    const algorithm = input.ChecksumAlgorithm as ChecksumAlgorithm | undefined;
    const type =
      input.ChecksumType ?? (algorithm === undefined || algorithm === 'CRC64NVME' ? 'FULL_OBJECT' : 'COMPOSITE');
    const settings = { ...input, expires: call.headers['expires'] };
    const initiated = dateOf(cloud, cloud.now());
    const upload = uploads.begin({ bucket: bucket.name, key, initiated, settings, algorithm, type });
    return {
      Bucket: bucket.name,
      Key: key,
      UploadId: upload.id,
      ServerSideEncryption: 'AES256',
      ...(algorithm === undefined ? {} : { ChecksumAlgorithm: algorithm, ChecksumType: type }),
    };
  };
}

function completion(cloud: Cloud, uploads: Uploads): S3Handler<'CompleteMultipartUpload'> {
  return async (input, call) => {
    const upload = uploads.find(named(input));
    const asking = { action: 's3:PutObject', bucket: upload.bucket, key: upload.key };
    checkWrite(bucketFor(cloud, asking, call), upload.key, input);
    const listed = (input.MultipartUpload?.Parts ?? []).map((part) => ({
      number: part.PartNumber ?? 0,
      etag: part.ETag ?? '',
    }));
    const parts = completedParts(listed, upload.parts);
    if (typeof parts === 'string') throw s3Error(parts, { UploadId: upload.id });
    const whole = await joined(upload, parts);
    // The world has gone on while the parts were put together.
    const contents = bucketFor(cloud, asking, call);
    checkWrite(contents, upload.key, input);
    const version = put(cloud, contents, upload.key, {
      ...storedObject(upload.settings, whole),
      parts: parts.map(({ bytes }) => bytes),
    });
    uploads.end(upload.id);
    return {
      Bucket: upload.bucket,
      Key: upload.key,
      Location: `https://${upload.bucket}.s3.${contents.bucket.region}.amazonaws.com/${encodeURI(upload.key)}`,
      ETag: version.etag,
      ServerSideEncryption: 'AES256',
      ...checksumMembers(whole.checksum),
      ...(version.id === 'null' ? {} : { VersionId: version.id }),
    };
  };
}

/** All parts in one; its entity tag is made of theirs, and says how many there were. */
async function joined({ algorithm = 'CRC64NVME', type }: Upload, parts: readonly Part[]): Promise<Uploaded> {
  const whole = await keep(contentsOf(parts), algorithm);
  const md5s = parts.map(({ uploaded }) => Buffer.from(uploaded.md5, 'hex'));
  const md5 = `${(await digestOf('MD5', ...md5s)).toString('hex')}-${parts.length}`;
  if (type === 'FULL_OBJECT') return { ...whole, md5 };
  const sums = parts.map(({ uploaded }) => Buffer.from(uploaded.checksum.value, 'base64'));
  const value = `${(await digestOf(algorithm, ...sums)).toString('base64')}-${parts.length}`;
  return { ...whole, md5, checksum: { algorithm, value, type } };
}

async function* contentsOf(parts: readonly Part[]): AsyncGenerator<Uint8Array> {
  for (const { uploaded } of parts) yield* piecesOf(contentOf(uploaded.content));
}

function add(cloud: Cloud, upload: Upload, number: number, uploaded: Uploaded): Part {
  const modified = dateOf(cloud, cloud.now());
  const part = { number, etag: `"${uploaded.md5}"`, bytes: uploaded.bytes, uploaded, modified };
  upload.parts.set(number, part);
  return part;
}

function inOrder({ parts }: Upload): readonly Part[] {
  return [...parts.values()].toSorted((a, b) => a.number - b.number);
}

function named({ Bucket, Key, UploadId }: Partial<UploadName>): UploadName {
  return { Bucket, Key, UploadId };
}

function partNumber(number: number | undefined): number {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= PART_NUMBER_MAX) return number;
  throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', 400, {
    ArgumentName: 'partNumber',
    ArgumentValue: String(number),
  });
}

function copyRange(
  range: string | undefined,
  bytes: number,
): { readonly first: number; readonly last: number } | undefined {
  if (range === undefined) return undefined;
  const [, first = '', last = ''] = /^bytes=(\d+)-(\d+)$/.exec(range) ?? [];
  if (first !== '' && Number(first) <= Number(last) && Number(last) < bytes)
    return { first: Number(first), last: Number(last) };
  throw new AwsError(
    'InvalidArgument',
    'The x-amz-copy-source-range value must be of the form bytes=first-last where first and last are the zero-based offsets of the first and last bytes to copy',
  );
}

function checksumMembersOnly({ checksum }: Uploaded): ReturnType<typeof checksumMembers> {
  const { ChecksumType: _type, ...members } = checksumMembers(checksum);
  return members;
}
