import type { DeployedResource } from '../../model/index.ts';
import type { BucketContents } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { plainProperties } from '../plain-values.ts';
import { bucketFor } from './buckets.ts';

export const BUCKET = 'AWS::S3::Bucket';
export const BUCKET_POLICY = 'AWS::S3::BucketPolicy';

/** Properties of a resource, as they are written, without what could not be evaluated. */
export type Properties = Readonly<Record<string, unknown>>;

/** A bucket as the estate has it. */
export interface Configured {
  readonly contents: BucketContents;
  readonly properties: Properties;
  /** Writes properties in place of what was there; undefined takes one away. */
  change(properties: Properties): Promise<void>;
}

/**
 * The bucket that a call wants to read or change the configuration of.
 * @throws AwsError when there is none, it is elsewhere, or the caller may not.
 */
export function configured(
  cloud: Cloud,
  { action, bucket: name }: { readonly action: string; readonly bucket: string | undefined },
  call: Call,
): Configured {
  const contents = bucketFor(cloud, { action, bucket: name }, call);
  const { bucket } = contents;
  // Of the bucket's own owner alone: no policy gives it to others here.
  if (call.accessKeyId === undefined) throw new AwsError('AccessDenied', 'Access Denied', 403);
  const resource = resourceOf(cloud, BUCKET, (each) => each.physicalId === bucket.name);
  const properties = resource === undefined ? {} : plainProperties(resource.properties);
  return {
    contents,
    properties,
    async change(changes) {
      const all = Object.entries({ ...properties, ...changes }).filter(([, value]) => value !== undefined);
      await cloud.estate.changeResource(bucket.name, Object.fromEntries(all), { type: BUCKET, region: bucket.region });
    },
  };
}

/** The policy of a bucket. */
export function policyOf(cloud: Cloud, bucket: string): DeployedResource | undefined {
  return resourceOf(cloud, BUCKET_POLICY, ({ properties }) => textIn(plainProperties(properties), 'Bucket') === bucket);
}

function resourceOf(
  cloud: Cloud,
  type: string,
  isMeant: (resource: DeployedResource) => boolean,
): DeployedResource | undefined {
  return cloud.estate.architecture().resources.find((each) => each.type === type && isMeant(each));
}

/** A property that is a map; undefined: it is not there. */
export function mapIn(properties: Properties, name: string): Properties | undefined {
  const value = properties[name];
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Properties) : undefined;
}

/** A property that is a list; none when it is not there. */
export function listIn(properties: Properties, name: string): readonly Properties[] {
  const value = properties[name];
  return Array.isArray(value) ? (value as readonly Properties[]) : [];
}

/** A property that is a text. */
export function textIn(properties: Properties | undefined, name: string): string | undefined {
  const value = properties?.[name];
  return typeof value === 'string' ? value : undefined;
}

/** Of a property that is true or false; templates write both as text. */
export function isTrue(properties: Properties | undefined, name: string): boolean {
  const value = properties?.[name];
  return value === true || value === 'true';
}
