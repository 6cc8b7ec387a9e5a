import type { Architecture, Bucket } from '../model/index.ts';
import type { S3Draft } from './s3-draft.ts';
import type { Teller } from './teller.ts';

type Pieces = Pick<Architecture, 'buckets' | 'bucketDeployments' | 'originAccessIdentities' | 'originAccessControls'>;

/** Buckets with their policies, held against each other and against what their replication leads to. */
export function assembleS3({ s3 }: { readonly s3: S3Draft }, tell: Teller): Pieces {
  const { policies, deployments, accessIdentities, accessControls } = s3;
  const buckets = s3.buckets.map((bucket) => ({
    ...bucket,
    policy: policies.filter(({ bucket: name }) => name === bucket.name).flatMap(({ statements }) => statements),
  }));
  tellNamesTwice(buckets, tell);
  for (const bucket of buckets) tellDestinations(bucket, buckets, tell);
  for (const { bucket, at } of policies) {
    if (buckets.some(({ name }) => name === bucket)) continue;
    const says = `The policy is that of the bucket ${bucket}, which is in no template read.`;
    tell.warning('template/not-acted-on', at, says, { remedy: 'Give the template of the bucket too.' });
  }
  return {
    buckets,
    bucketDeployments: deployments,
    originAccessIdentities: accessIdentities,
    originAccessControls: accessControls,
  };
}

/** A name stands for one bucket in the world (RS 5.4). */
function tellNamesTwice(buckets: readonly Bucket[], tell: Teller): void {
  const seen = new Set<string>();
  for (const { name, place } of buckets) {
    if (seen.has(name) && place !== undefined)
      tell.error('template/property', place, `There are two buckets named ${name}; AWS has one of each name.`);
    seen.add(name);
  }
}

function tellDestinations(bucket: Bucket, buckets: readonly Bucket[], tell: Teller): void {
  const { place, name } = bucket;
  for (const { destinationArn, enabled } of bucket.replicationRules) {
    if (!enabled || place === undefined) continue;
    const destination = buckets.find(({ arn }) => arn === destinationArn);
    if (destination === undefined) {
      const says = `${name} is replicated to ${destinationArn}, which is in no template read; nothing arrives there.`;
      tell.warning('template/not-acted-on', place, says, { remedy: 'Give the template of that bucket too.' });
    } else if (destination.versioning !== 'Enabled') {
      const says = `${name} is replicated to ${destination.name}, so the VersioningConfiguration of that bucket must be Enabled.`;
      tell.error('template/property', destination.place ?? place, says, { facts: ['RS 5.24'] });
    }
  }
}
