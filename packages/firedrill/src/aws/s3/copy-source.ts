import type { StoredObject } from '../../model/index.ts';
import type { ObjectVersion } from '../../engine/index.ts';
import { isAllowedByPolicy, lookUp } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { callerOf, s3Error } from './buckets.ts';
import { preconditionFailed } from './stored.ts';

/** What a copy is made of. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly version: ObjectVersion;
  readonly object: StoredObject;
}

/**
 * What `x-amz-copy-source` names: it may be in any Region.
 * @throws AwsError when it is not there, or not as the request wants it.
 */
export function copySource(cloud: Cloud, source: string | undefined, call: Call): CopySource {
  const [path = '', query = ''] = (source ?? '').split('?', 2);
  const [, bucket = '', rest = ''] = /^\/?([^/]+)\/(.+)$/.exec(path) ?? [];
  const key = decoded(rest);
  const versionId = new URLSearchParams(query).get('versionId') ?? undefined;
  if (bucket === '' || key === '')
    throw new AwsError('InvalidArgument', 'Copy Source must mention the source bucket and key: sourcebucket/sourcekey');
  const contents = cloud.world().contentsOf(bucket);
  if (contents === undefined) throw s3Error('NoSuchBucket', { BucketName: bucket });
  const asked = {
    caller: callerOf(call),
    action: 's3:GetObject',
    key,
    isSecure: call.isSecure ?? true,
    referer: undefined,
    userAgent: undefined,
  };
  if (!isAllowedByPolicy(contents.bucket, asked)) throw s3Error('AccessDenied');
  const found = lookUp(contents, key, versionId);
  if (found.kind === 'missing') throw s3Error(found.code, { Key: key });
  checkConditions(call, found.version.etag);
  return { bucket, key, version: found.version, object: found.object };
}

function checkConditions({ headers }: Call, etag: string): void {
  const bare = (text: string): string => text.replaceAll('"', '');
  const match = headers['x-amz-copy-source-if-match'];
  const noneMatch = headers['x-amz-copy-source-if-none-match'];
  if (match !== undefined && match !== '*' && bare(match) !== bare(etag))
    throw preconditionFailed('x-amz-copy-source-If-Match');
  if (noneMatch !== undefined && (noneMatch === '*' || bare(noneMatch) === bare(etag)))
    throw preconditionFailed('x-amz-copy-source-If-None-Match');
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', '%20'));
  } catch {
    return text;
  }
}
