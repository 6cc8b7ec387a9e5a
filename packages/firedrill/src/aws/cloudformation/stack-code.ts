import type { Readable } from 'node:stream';
import type { DeployedResource, StoredObject } from '../../model/index.ts';
import type { Failure, PlainValue, World } from '../../engine/index.ts';
import { handlerMessage, objectBody } from '../../engine/index.ts';
import { contentOf } from '../../live/index.ts';
import type { CodeLocation } from '../../template/index.ts';
import { plainProperties } from '../plain-values.ts';
import type { CodeObjects } from './code-objects.ts';
import { UnusableObject } from './code-objects.ts';

/** An object that a resource is made of. */
interface Wanted {
  readonly logicalId: string;
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string | undefined;
}

/** What was found of it; a resource whose object is not there, or is no archive, fails. */
export interface FoundCode {
  readonly code: Readonly<Record<string, CodeLocation>>;
  readonly failures: readonly Failure[];
}

/** Fetches from buckets what functions, deployments of files and key value stores are made of, and unpacks it. */
export async function fetchCode(
  resources: readonly DeployedResource[],
  world: World,
  objects: CodeObjects,
): Promise<FoundCode> {
  const code: Record<string, CodeLocation> = {};
  const failures: Failure[] = [];
  for (const wanted of resources.flatMap(wantedBy)) {
    const fail = (says: string): unknown =>
      failures.push({ logicalId: wanted.logicalId, reason: handlerMessage(says, 'InvalidRequest') });
    const object = objectAt(world, wanted);
    if (typeof object === 'string') {
      fail(`${object} (Service: Lambda, Status Code: 400)`);
      continue;
    }
    try {
      code[wanted.key] = await objects.place(await bytesOf(object));
    } catch (error) {
      if (!(error instanceof UnusableObject)) throw error;
      fail(error.message);
    }
  }
  return { code, failures };
}

function wantedBy({ logicalId, type, properties: value }: DeployedResource): readonly Wanted[] {
  const properties = plainProperties(value);
  const at = (bucket: PlainValue | undefined, key: PlainValue | undefined, version?: PlainValue): Wanted[] =>
    typeof bucket === 'string' && typeof key === 'string'
      ? [{ logicalId, bucket, key, versionId: typeof version === 'string' ? version : undefined }]
      : [];
  switch (type) {
    case 'AWS::Lambda::Function':
      return at(
        below(properties['Code'], 'S3Bucket'),
        below(properties['Code'], 'S3Key'),
        below(properties['Code'], 'S3ObjectVersion'),
      );
    case 'AWS::CloudFront::KeyValueStore': {
      const source = below(properties['ImportSource'], 'SourceArn');
      const [, bucket, key] = (typeof source === 'string' && /^arn:[^:]*:s3:::([^/]+)\/(.+)$/.exec(source)) || [];
      return at(bucket, key);
    }
    case 'Custom::CDKBucketDeployment': {
      const [buckets, keys] = [properties['SourceBucketNames'], properties['SourceObjectKeys']];
      return isList(keys) ? keys.flatMap((key, index) => at(isList(buckets) ? buckets[index] : undefined, key)) : [];
    }
    default:
      return [];
  }
}

/** The object, or why it cannot be had, in Lambda's words. */
export function objectAt(
  world: World,
  { bucket, key, versionId }: Pick<Wanted, 'bucket' | 'key' | 'versionId'>,
): StoredObject | string {
  const contents = world.contentsOf(bucket);
  const refused = (code: string, message: string): string =>
    `Error occurred while GetObject. S3 Error Code: ${code}. S3 Error Message: ${message}`;
  if (contents === undefined) return refused('NoSuchBucket', 'The specified bucket does not exist');
  const version = versionId === undefined ? contents.current(key) : contents.version(key, versionId);
  return version?.object ?? refused('NoSuchKey', 'The specified key does not exist.');
}

/** All bytes of an object. */
export async function bytesOf(object: StoredObject): Promise<Buffer> {
  const content: Buffer | Readable = contentOf(objectBody(object));
  if (Buffer.isBuffer(content)) return content;
  const pieces: Buffer[] = [];
  for await (const piece of content) pieces.push(Buffer.from(piece as Uint8Array));
  return Buffer.concat(pieces);
}

function below(value: PlainValue | undefined, key: string): PlainValue | undefined {
  return typeof value === 'object' && value !== null && !isList(value) ? value[key] : undefined;
}

function isList(value: PlainValue | undefined): value is readonly PlainValue[] {
  return Array.isArray(value);
}
