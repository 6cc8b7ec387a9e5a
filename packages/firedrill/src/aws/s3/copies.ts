import type { CopyObjectCommandInput } from '@aws-sdk/client-s3';
import type { StoredObject } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { bucketFor, s3Error } from './buckets.ts';
import type { CopySource } from './copy-source.ts';
import { copySource } from './copy-source.ts';
import type { S3Handlers } from './handlers.ts';
import { checkWrite, put, readable, remove } from './objects.ts';
import { checkKey, checksumMembers, checkTags, dateOf, headersOf, tagsOf } from './stored.ts';

/** Keys that one request deletes. */
const DELETIONS_MAX = 1000;

/** Objects made of others, several deleted at once, and their tags. */
export function copyHandlers(
  cloud: Cloud,
): Pick<S3Handlers, 'CopyObject' | 'DeleteObjects' | 'DeleteObjectTagging' | 'GetObjectTagging' | 'PutObjectTagging'> {
  return {
    CopyObject(input, call) {
      const key = checkKey(input.Key);
      const contents = bucketFor(cloud, { action: 's3:PutObject', bucket: input.Bucket, key }, call);
      checkWrite(contents, key, input);
      const source = copySource(cloud, input.CopySource, call);
      const isItself = source.bucket === contents.bucket.name && source.key === key;
      const version = put(cloud, contents, key, copied(source, input, isItself, call.headers['expires']));
      return {
        CopyObjectResult: {
          ETag: version.etag,
          LastModified: dateOf(cloud, version.at),
          ...checksumMembers(source.object.checksum),
        },
        ServerSideEncryption: 'AES256',
        ...(version.id === 'null' ? {} : { VersionId: version.id }),
        ...(source.version.id === 'null' ? {} : { CopySourceVersionId: source.version.id }),
      };
    },
    DeleteObjects(input, call) {
      const contents = bucketFor(cloud, { action: 's3:DeleteObject', bucket: input.Bucket }, call);
      const objects = input.Delete?.Objects ?? [];
      if (objects.length === 0 || objects.length > DELETIONS_MAX) throw s3Error('MalformedXML');
      const deleted = objects.map(({ Key: key = '', VersionId: versionId }) => {
        const { DeleteMarker: isMarker, VersionId: id } = remove(cloud, contents, key, versionId);
        return {
          Key: key,
          ...(versionId === undefined ? {} : { VersionId: versionId }),
          ...(isMarker === true && id !== undefined ? { DeleteMarker: true, DeleteMarkerVersionId: id } : {}),
        };
      });
      return input.Delete?.Quiet === true ? {} : { Deleted: deleted };
    },
    GetObjectTagging(input, call) {
      const { version, object } = readable(cloud, input, call);
      const TagSet = Object.entries(object.tags ?? {}).map(([Key, Value]) => ({ Key, Value }));
      return { TagSet, ...(version.id === 'null' ? {} : { VersionId: version.id }) };
    },
    PutObjectTagging(input, call) {
      const { version } = readable(cloud, input, call);
      const pairs = (input.Tagging?.TagSet ?? []).map(
        ({ Key: name = '', Value: value = '' }) => [name, value] as const,
      );
      const asking = { action: 's3:PutObjectTagging', bucket: input.Bucket, key: input.Key ?? '' };
      bucketFor(cloud, asking, call).retag(input.Key ?? '', version.id, checkTags(pairs));
      return version.id === 'null' ? {} : { VersionId: version.id };
    },
    DeleteObjectTagging(input, call) {
      const { version } = readable(cloud, input, call);
      const asking = { action: 's3:DeleteObjectTagging', bucket: input.Bucket, key: input.Key ?? '' };
      bucketFor(cloud, asking, call).retag(input.Key ?? '', version.id, undefined);
      return version.id === 'null' ? {} : { VersionId: version.id };
    },
  };
}

/** A copy has its source's settings unless they are replaced; where a website sends its visitors is never copied. */
function copied(
  { object, version }: CopySource,
  input: CopyObjectCommandInput,
  isItself: boolean,
  expires: string | undefined,
): StoredObject {
  const { MetadataDirective: directive = 'COPY', WebsiteRedirectLocation: redirectLocation } = input;
  if (isItself && directive === 'COPY' && redirectLocation === undefined && input.StorageClass === undefined)
    throw new AwsError(
      'InvalidRequest',
      "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    );
  const { isOlderThanRules: _old, redirectLocation: _redirect, cacheControl, tags: before, ...own } = object;
  const tags = input.TaggingDirective === 'REPLACE' ? tagsOf(input.Tagging) : before;
  const kept = { ...own, etag: version.etag, ...(tags === undefined ? {} : { tags }) };
  const redirect = redirectLocation === undefined ? {} : { redirectLocation };
  if (directive === 'COPY') return { ...kept, ...redirect, ...(cacheControl === undefined ? {} : { cacheControl }) };
  return {
    ...kept,
    ...redirect,
    contentType: input.ContentType ?? 'binary/octet-stream',
    headers: headersOf({ ...input, expires }),
    ...(input.CacheControl === undefined ? {} : { cacheControl: input.CacheControl }),
  };
}
