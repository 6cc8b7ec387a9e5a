import type { GetObjectCommandOutput } from '@aws-sdk/client-s3';
import type { StoredObject } from '../../model/index.ts';
import type { BucketContents, ByteRange, Headers, ObjectVersion } from '../../engine/index.ts';
import { conditionOf, lookUp, objectBody, rangeOf } from '../../engine/index.ts';
import { contentOf } from '../../live/index.ts';
import { withDetails } from '../answer-details.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { bucketFor, s3Error } from './buckets.ts';
import type { S3Handlers } from './handlers.ts';
import { cut } from './pieces.ts';
import { checkKey, checksumMembers, describe, preconditionFailed, storedObject } from './stored.ts';
import { receive } from './upload.ts';

/** Objects, one at a time. */
export function objectHandlers(
  cloud: Cloud,
): Pick<S3Handlers, 'PutObject' | 'GetObject' | 'HeadObject' | 'DeleteObject' | 'GetObjectAttributes'> {
  return {
    async PutObject(input, call) {
      const key = checkKey(input.Key);
      const asking = { action: 's3:PutObject', bucket: input.Bucket, key };
      checkWrite(bucketFor(cloud, asking, call), key, input);
      const uploaded = await receive(input.Body, call);
      // The world has gone on while the bytes came.
      const contents = bucketFor(cloud, asking, call);
      checkWrite(contents, key, input);
      const version = put(cloud, contents, key, storedObject({ ...input, expires: call.headers['expires'] }, uploaded));
      return {
        ETag: version.etag,
        ServerSideEncryption: 'AES256',
        ...checksumMembers(uploaded.checksum),
        ...versionMember(version),
      };
    },
    GetObject(input, call) {
      const found = readable(cloud, input, call);
      const range = rangeFor(found.object, call, input.PartNumber);
      const content = contentOf(objectBody(found.object));
      const described = {
        ...describe(cloud, found, input.ChecksumMode === 'ENABLED' && range === undefined),
        ...overrides(input),
      };
      if (range === undefined) return { ...described, Body: asBody(content) };
      const part = {
        ...described,
        Body: asBody(cut(content, range)),
        ContentLength: range.last - range.first + 1,
        ContentRange: `bytes ${range.first}-${range.last}/${found.object.bytes}`,
        ...partsCount(found.object, input.PartNumber),
      };
      return withDetails(part, { status: 206 });
    },
    HeadObject(input, call) {
      const found = readable(cloud, input, call);
      const range = rangeFor(found.object, call, input.PartNumber);
      const described = describe(cloud, found, input.ChecksumMode === 'ENABLED' && range === undefined);
      if (range === undefined) return described;
      const ContentRange = `bytes ${range.first}-${range.last}/${found.object.bytes}`;
      const ContentLength = range.last - range.first + 1;
      const parts = partsCount(found.object, input.PartNumber);
      return withDetails({ ...described, ContentLength, ContentRange, ...parts }, { status: 206 });
    },
    DeleteObject(input, call) {
      const key = checkKey(input.Key);
      const action = input.VersionId === undefined ? 's3:DeleteObject' : 's3:DeleteObjectVersion';
      return remove(cloud, bucketFor(cloud, { action, bucket: input.Bucket, key }, call), key, input.VersionId);
    },
    GetObjectAttributes(input, call) {
      const { version, object } = readable(cloud, input, call);
      const wanted = new Set<string>(input.ObjectAttributes ?? []);
      const { checksum } = object;
      return {
        LastModified: describe(cloud, { version, object }, false).LastModified,
        ...versionMember(version),
        ...(wanted.has('ETag') ? { ETag: version.etag.slice(1, -1) } : {}),
        ...(wanted.has('ObjectSize') ? { ObjectSize: object.bytes } : {}),
        ...(wanted.has('StorageClass') ? { StorageClass: 'STANDARD' as const } : {}),
        ...(wanted.has('Checksum') && checksum !== undefined ? { Checksum: checksumMembers(checksum) } : {}),
      };
    },
  };
}

/** Writes an object, by what the world says of it. */
export function put(cloud: Cloud, contents: BucketContents, key: string, object: StoredObject): ObjectVersion {
  perform(cloud, { kind: 'put-object', bucket: contents.bucket.name, key, object });
  const version = contents.current(key);
  if (version === undefined) throw s3Error('InternalError');
  return version;
}

/** Deletes an object or one version; what is not there is deleted all the same. */
export function remove(
  cloud: Cloud,
  contents: BucketContents,
  key: string,
  versionId: string | undefined,
): { readonly DeleteMarker?: boolean; readonly VersionId?: string } {
  const bucket = contents.bucket.name;
  if (versionId !== undefined) {
    const isMarker =
      contents.version(key, versionId)?.object === undefined && contents.version(key, versionId) !== undefined;
    perform(cloud, { kind: 'delete-object', bucket, key, versionId });
    return isMarker ? { DeleteMarker: true, VersionId: versionId } : { VersionId: versionId };
  }
  perform(cloud, { kind: 'delete-object', bucket, key });
  const marker = contents.current(key);
  return marker === undefined ? {} : { DeleteMarker: true, VersionId: marker.id };
}

function perform(cloud: Cloud, action: Parameters<Cloud['perform']>[0]): void {
  const result = cloud.perform(action);
  if (result.kind === 'refused') throw new AwsError(result.code, result.message, 503);
}

/** Conditional writes: `If-None-Match: *`, and `If-Match` with an entity tag. */
export function checkWrite(
  contents: BucketContents,
  key: string,
  {
    IfMatch: match,
    IfNoneMatch: noneMatch,
  }: { readonly IfMatch?: string | undefined; readonly IfNoneMatch?: string | undefined },
): void {
  const current = contents.current(key);
  const isThere = current?.object !== undefined;
  if (noneMatch !== undefined && noneMatch !== '*')
    throw new AwsError('NotImplemented', 'A header you provided implies functionality that is not implemented', 501, {
      Header: 'If-None-Match',
    });
  if (noneMatch === '*' && isThere) throw preconditionFailed('If-None-Match');
  if (match === undefined) return;
  if (!isThere) throw s3Error('NoSuchKey', { Key: key });
  if (match !== '*' && match.replaceAll('"', '') !== current?.etag.replaceAll('"', ''))
    throw preconditionFailed('If-Match');
}

interface Read {
  readonly Bucket: string | undefined;
  readonly Key: string | undefined;
  readonly VersionId?: string | undefined;
}

/**
 * The object that a call may read, its conditions met.
 * @throws AwsError otherwise; 304 where the reader has it already.
 */
export function readable(
  cloud: Cloud,
  { Bucket: bucket, Key: key = '', VersionId: versionId }: Read,
  call: Call,
): { readonly version: ObjectVersion; readonly object: StoredObject } {
  const action = versionId === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  const contents = bucketFor(cloud, { action, bucket, key }, call);
  const found = lookUp(contents, key, versionId);
  if (found.kind === 'missing') {
    const { code, headers } = found;
    // Who may not list learns nothing of what is missing (RS 5.20).
    bucketFor(cloud, { action: 's3:ListBucket', bucket }, call);
    throw withDetails(s3Error(code, { Key: key }), {
      headers: Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value])),
    });
  }
  const { version, object } = found;
  const modified = describe(cloud, found, false).LastModified?.getTime() ?? 0;
  const condition = conditionOf(headersOf(call), version.etag, modified / 1000);
  if (condition === 304)
    throw withDetails(new AwsError('NotModified', 'Not Modified', 304), { headers: { etag: version.etag } });
  if (condition === 412)
    throw preconditionFailed(call.headers['if-match'] === undefined ? 'If-Unmodified-Since' : 'If-Match');
  return { version, object };
}

function headersOf({ headers }: Call): Headers {
  return Object.entries(headers);
}

/** What of an object is asked for; undefined: all of it. */
function rangeFor(
  object: StoredObject,
  call: Call,
  part: number | undefined,
): { readonly first: number; readonly last: number } | undefined {
  if (part !== undefined) return rangeOfPart(object, part, call);
  const range = rangeOf(headersOf(call), object.bytes);
  if (range !== 'unsatisfiable') return range;
  const more = { RangeRequested: call.headers['range'] ?? '', ActualObjectSize: String(object.bytes) };
  throw withDetails(s3Error('InvalidRange', more), { headers: { 'content-range': `bytes */${object.bytes}` } });
}

/** An object that was uploaded in one is its own first part. */
function rangeOfPart({ bytes, parts = [bytes] }: StoredObject, part: number, call: Call): ByteRange | undefined {
  if (call.headers['range'] !== undefined)
    throw new AwsError('InvalidRequest', 'Cannot specify both Range header and partNumber query parameter');
  const length = parts[part - 1];
  if (length === undefined)
    throw new AwsError('InvalidPartNumber', 'The requested partnumber is not satisfiable', 416, {
      ActualPartCount: String(parts.length),
      PartNumberRequested: String(part),
    });
  const first = parts.slice(0, part - 1).reduce((sum, each) => sum + each, 0);
  return length === 0 ? undefined : { first, last: first + length - 1 };
}

/** Told to those who ask for one part. */
function partsCount({ parts }: StoredObject, part: number | undefined): { readonly PartsCount?: number } {
  return part === undefined || parts === undefined ? {} : { PartsCount: parts.length };
}

/** `response-content-type` and the like, of signed requests. */
function overrides(input: {
  readonly ResponseCacheControl?: string | undefined;
  readonly ResponseContentDisposition?: string | undefined;
  readonly ResponseContentEncoding?: string | undefined;
  readonly ResponseContentLanguage?: string | undefined;
  readonly ResponseContentType?: string | undefined;
}): Partial<Omit<GetObjectCommandOutput, '$metadata'>> {
  const given = {
    CacheControl: input.ResponseCacheControl,
    ContentDisposition: input.ResponseContentDisposition,
    ContentEncoding: input.ResponseContentEncoding,
    ContentLanguage: input.ResponseContentLanguage,
    ContentType: input.ResponseContentType,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function versionMember({ id }: ObjectVersion): { readonly VersionId?: string } {
  return id === 'null' ? {} : { VersionId: id };
}

/** What the protocol writes; the client's type is for what its own side makes of it. */
function asBody(content: unknown): NonNullable<GetObjectCommandOutput['Body']> {
  return content as NonNullable<GetObjectCommandOutput['Body']>;
}
