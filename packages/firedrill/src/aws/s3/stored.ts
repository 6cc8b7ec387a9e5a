import type { HeadObjectCommandOutput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import type { Instant, ObjectChecksum, StoredObject } from '../../model/index.ts';
import type { ObjectVersion } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { s3Error } from './buckets.ts';
import type { Uploaded } from './upload.ts';

/** Bytes of a key in UTF-8. */
const KEY_BYTES_MAX = 1024;
/** Bytes of names and values of a user's metadata. */
const METADATA_BYTES_MAX = 2048;
const TAGS_MAX = 10;

/** What a write says of an object beside its bytes. */
export type ObjectSettings = Pick<
  PutObjectCommandInput,
  | 'CacheControl'
  | 'ContentDisposition'
  | 'ContentEncoding'
  | 'ContentLanguage'
  | 'ContentType'
  | 'Metadata'
  | 'StorageClass'
  | 'Tagging'
  | 'WebsiteRedirectLocation'
> & {
  /** As the header has it. */
  readonly expires?: string | undefined;
};

/** An object to be stored. */
export function storedObject(settings: ObjectSettings, uploaded: Uploaded): StoredObject {
  const { CacheControl: cacheControl, WebsiteRedirectLocation: redirectLocation } = settings;
  const tags = tagsOf(settings.Tagging);
  return {
    bytes: uploaded.bytes,
    content: uploaded.content,
    contentType: settings.ContentType ?? 'binary/octet-stream',
    etag: `"${uploaded.md5}"`,
    checksum: uploaded.checksum,
    headers: headersOf(settings),
    ...(cacheControl === undefined ? {} : { cacheControl }),
    ...(redirectLocation === undefined ? {} : { redirectLocation }),
    ...(tags === undefined ? {} : { tags }),
  };
}

/** @throws AwsError when S3 would not take the key. */
export function checkKey(key: string | undefined): string {
  if (key === undefined || key === '') throw new AwsError('InvalidRequest', 'A key must be specified.');
  if (Buffer.byteLength(key) <= KEY_BYTES_MAX) return key;
  throw new AwsError('KeyTooLongError', 'Your key is too long');
}

/** What an object's answers carry of what was said of it. */
export function headersOf(settings: ObjectSettings): NonNullable<StoredObject['headers']> {
  const { StorageClass: storageClass = 'STANDARD' } = settings;
  // `aws-chunked` is how it came, not what it is.
  const encoding = settings.ContentEncoding?.split(',')
    .map((one) => one.trim())
    .filter((one) => one !== 'aws-chunked' && one !== '')
    .join(',');
  const metadata = Object.entries(settings.Metadata ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  const bytes = metadata.reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value), 0);
  if (bytes > METADATA_BYTES_MAX)
    throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  const named: readonly (readonly [string, string | undefined])[] = [
    ['Content-Encoding', encoding],
    ['Content-Disposition', settings.ContentDisposition],
    ['Content-Language', settings.ContentLanguage],
    ['Expires', settings.expires],
    ['x-amz-storage-class', storageClass === 'STANDARD' ? undefined : storageClass],
    ['x-amz-server-side-encryption', 'AES256'],
    ...metadata.map(([name, value]) => [`x-amz-meta-${name}`, value] as const),
  ];
  return named.flatMap(([name, value]) => (value === undefined || value === '' ? [] : [[name, value] as const]));
}

/** Tags as `x-amz-tagging` has them. */
export function tagsOf(tagging: string | undefined): Readonly<Record<string, string>> | undefined {
  if (tagging === undefined || tagging === '') return undefined;
  return checkTags([...new URLSearchParams(tagging)]);
}

/** @throws AwsError when these are too many tags, or one is named twice. */
export function checkTags(pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> {
  if (pairs.length > TAGS_MAX) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10');
  if (new Set(pairs.map(([name]) => name)).size < pairs.length)
    throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  return Object.fromEntries(pairs);
}

/** What S3 tells of an object in the heads of its answers. */
export function describe(
  cloud: Cloud,
  { version, object }: { readonly version: ObjectVersion; readonly object: StoredObject },
  isChecksumAsked: boolean,
): Omit<HeadObjectCommandOutput, '$metadata'> {
  const own = new Map((object.headers ?? []).map(([name, value]) => [name.toLowerCase(), value]));
  const metadata = [...own].flatMap(([name, value]) =>
    name.startsWith('x-amz-meta-') ? [[name.slice('x-amz-meta-'.length), value] as const] : [],
  );
  return {
    AcceptRanges: 'bytes',
    LastModified: dateOf(cloud, version.at),
    ContentLength: object.bytes,
    ETag: version.etag,
    ContentType: object.contentType,
    CacheControl: object.cacheControl,
    ContentEncoding: own.get('content-encoding'),
    ContentDisposition: own.get('content-disposition'),
    ContentLanguage: own.get('content-language'),
    ExpiresString: own.get('expires'),
    WebsiteRedirectLocation: object.redirectLocation,
    ServerSideEncryption: 'AES256',
    Metadata: Object.fromEntries(metadata),
    StorageClass: own.get('x-amz-storage-class') as HeadObjectCommandOutput['StorageClass'],
    VersionId: version.id === 'null' ? undefined : version.id,
    ReplicationStatus: version.replication,
    PartsCount: undefined,
    TagCount: object.tags === undefined ? undefined : Object.keys(object.tags).length,
    ...(isChecksumAsked ? checksumMembers(object.checksum) : {}),
  };
}

/** A checksum as members of outputs. */
export function checksumMembers(checksum: ObjectChecksum | undefined): {
  readonly [Member in `Checksum${ObjectChecksum['algorithm']}`]?: string;
} & { readonly ChecksumType?: ObjectChecksum['type'] } {
  return checksum === undefined
    ? {}
    : { [`Checksum${checksum.algorithm}`]: checksum.value, ChecksumType: checksum.type };
}

/** A moment of the world as a date, in whole seconds as S3 has them. */
export function dateOf(cloud: Cloud, at: Instant): Date {
  const epochMs = cloud.epochMs() - (cloud.now() - at) / 1000;
  return new Date(Math.floor(epochMs / 1000) * 1000);
}

/** @throws AwsError what stands against a write, or against a reading. */
export function preconditionFailed(condition: string): AwsError {
  return s3Error('PreconditionFailed', { Condition: condition });
}
