import type { EncodingType } from '@aws-sdk/client-s3';
import type { ObjectVersion } from '../../engine/index.ts';
import { LIST_KEYS_MAX, listObjects, listVersions } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { bucketFor } from './buckets.ts';
import type { S3Handler, S3Handlers } from './handlers.ts';
import { dateOf } from './stored.ts';

/** Lists of what is in a bucket. */
export function listHandlers(cloud: Cloud): Pick<S3Handlers, 'ListObjects' | 'ListObjectsV2' | 'ListObjectVersions'> {
  return {
    ListObjects: firstList(cloud),
    ListObjectsV2: secondList(cloud),
    ListObjectVersions: versionList(cloud),
  };
}

function firstList(cloud: Cloud): S3Handler<'ListObjects'> {
  return (input, call) => {
    const contents = contentsFor(cloud, 's3:ListBucket', input.Bucket, call);
    const { Prefix: prefix = '', Delimiter: delimiter = '', Marker: after = '' } = input;
    const list = listObjects(contents, { prefix, delimiter, after, maxKeys: maxKeysOf(input.MaxKeys) });
    const encoded = encoder(input.EncodingType);
    return {
      ...asListed(cloud, list, encoded),
      Name: contents.bucket.name,
      Prefix: encoded(prefix),
      Marker: encoded(after),
      MaxKeys: maxKeysOf(input.MaxKeys),
      // Told only where a delimiter groups keys; elsewhere the last key is the marker.
      ...(list.next === undefined || delimiter === '' ? {} : { NextMarker: encoded(list.next) }),
      ...(delimiter === '' ? {} : { Delimiter: encoded(delimiter) }),
      ...encodingMember(input.EncodingType),
    };
  };
}

function secondList(cloud: Cloud): S3Handler<'ListObjectsV2'> {
  return (input, call) => {
    const contents = contentsFor(cloud, 's3:ListBucket', input.Bucket, call);
    const { Prefix: prefix = '', Delimiter: delimiter = '', StartAfter: startAfter = '' } = input;
    const token = input.ContinuationToken;
    const after = token === undefined ? startAfter : keyOfToken(token);
    const list = listObjects(contents, { prefix, delimiter, after, maxKeys: maxKeysOf(input.MaxKeys) });
    const encoded = encoder(input.EncodingType);
    return {
      ...asListed(cloud, list, encoded),
      Name: contents.bucket.name,
      Prefix: encoded(prefix),
      MaxKeys: maxKeysOf(input.MaxKeys),
      KeyCount: list.objects.length + list.commonPrefixes.length,
      ...(token === undefined ? {} : { ContinuationToken: token }),
      ...(list.next === undefined ? {} : { NextContinuationToken: tokenOf(list.next) }),
      ...(startAfter === '' ? {} : { StartAfter: encoded(startAfter) }),
      ...(delimiter === '' ? {} : { Delimiter: encoded(delimiter) }),
      ...encodingMember(input.EncodingType),
    };
  };
}

function versionList(cloud: Cloud): S3Handler<'ListObjectVersions'> {
  return (input, call) => {
    const contents = contentsFor(cloud, 's3:ListBucketVersions', input.Bucket, call);
    const { Prefix: prefix = '', Delimiter: delimiter = '', KeyMarker: keyMarker = '' } = input;
    const { VersionIdMarker: versionIdMarker = '' } = input;
    if (versionIdMarker !== '' && keyMarker === '')
      throw new AwsError('InvalidArgument', 'A version-id marker cannot be specified without a key marker.');
    const maxKeys = maxKeysOf(input.MaxKeys);
    const list = listVersions(contents, { prefix, delimiter, keyMarker, versionIdMarker, maxKeys });
    const encoded = encoder(input.EncodingType);
    const common = ({ key, version, isLatest }: (typeof list.versions)[number]): object => ({
      Key: encoded(key),
      VersionId: version.id,
      IsLatest: isLatest,
      LastModified: dateOf(cloud, version.at),
    });
    const objects = list.versions.filter(({ version }) => version.object !== undefined);
    return {
      Name: contents.bucket.name,
      Prefix: encoded(prefix),
      KeyMarker: encoded(keyMarker),
      VersionIdMarker: versionIdMarker,
      MaxKeys: maxKeys,
      IsTruncated: list.next !== undefined,
      Versions: objects.map((one) => ({ ...common(one), ...about(one.version), StorageClass: 'STANDARD' as const })),
      DeleteMarkers: list.versions.filter((one) => !objects.includes(one)).map(common),
      CommonPrefixes: list.commonPrefixes.map((one) => ({ Prefix: encoded(one) })),
      ...(list.next === undefined
        ? {}
        : { NextKeyMarker: encoded(list.next.key), NextVersionIdMarker: list.next.versionId }),
      ...(delimiter === '' ? {} : { Delimiter: encoded(delimiter) }),
      ...encodingMember(input.EncodingType),
    };
  };
}

function contentsFor(
  cloud: Cloud,
  action: string,
  bucket: string | undefined,
  call: Parameters<typeof bucketFor>[2],
): ReturnType<typeof bucketFor> {
  return bucketFor(cloud, { action, bucket }, call);
}

/** @throws AwsError for a number that S3 does not take. */
function maxKeysOf(asked: number | undefined): number {
  if (asked === undefined) return LIST_KEYS_MAX;
  if (asked >= 0 && Number.isSafeInteger(asked)) return Math.min(asked, LIST_KEYS_MAX);
  throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range', 400, {
    ArgumentName: 'max-keys',
    ArgumentValue: String(asked),
  });
}

function asListed(
  cloud: Cloud,
  { objects, commonPrefixes, next }: ReturnType<typeof listObjects>,
  encoded: (text: string) => string,
): {
  readonly IsTruncated: boolean;
  readonly Contents: { Key: string; LastModified: Date; ETag: string; Size: number; StorageClass: 'STANDARD' }[];
  readonly CommonPrefixes: { Prefix: string }[];
} {
  return {
    IsTruncated: next !== undefined,
    Contents: objects.map(({ key, version }) => ({
      Key: encoded(key),
      LastModified: dateOf(cloud, version.at),
      ...about(version),
      StorageClass: 'STANDARD' as const,
    })),
    CommonPrefixes: commonPrefixes.map((one) => ({ Prefix: encoded(one) })),
  };
}

function about({ etag, object }: ObjectVersion): { readonly ETag: string; readonly Size: number } {
  return { ETag: etag, Size: object?.bytes ?? 0 };
}

/** `encoding-type=url`: keys may have characters that XML cannot hold. */
function encoder(encoding: EncodingType | undefined): (text: string) => string {
  if (encoding !== 'url') return (text) => text;
  return (text) =>
    encodeURIComponent(text)
      .replaceAll('%20', '+')
      .replaceAll('%2F', '/')
      .replaceAll(/[!'()]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);
}

function encodingMember(encoding: EncodingType | undefined): { readonly EncodingType?: EncodingType } {
  return encoding === undefined ? {} : { EncodingType: encoding };
}

/** Clients are told nothing of what is in a token. */
function tokenOf(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function keyOfToken(token: string): string {
  if (!/^[\w-]+$/.test(token)) throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect');
  return Buffer.from(token, 'base64url').toString();
}
