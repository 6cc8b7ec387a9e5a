import type { BucketLocationConstraint } from '@aws-sdk/client-s3';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { bucketFor } from './buckets.ts';
import { BUCKET, policyOf } from './configuration.ts';
import type { S3Handler, S3Handlers } from './handlers.ts';

/** Where buckets without a constraint are. */
const HOME_REGION = 'us-east-1';

/** Buckets themselves. */
export function bucketHandlers(
  cloud: Cloud,
): Pick<S3Handlers, 'CreateBucket' | 'DeleteBucket' | 'HeadBucket' | 'ListBuckets' | 'GetBucketLocation'> {
  return {
    CreateBucket: creation(cloud),
    async DeleteBucket(input, call) {
      const { bucket, isEmpty } = bucketFor(cloud, { action: 's3:DeleteBucket', bucket: input.Bucket }, call);
      if (!isEmpty)
        throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409, {
          BucketName: bucket.name,
        });
      // Its policy goes with it.
      const policy = policyOf(cloud, bucket.name);
      if (policy !== undefined) await cloud.estate.removeResource(policy.physicalId, policy);
      await cloud.estate.removeResource(bucket.name, { type: BUCKET, region: bucket.region });
      return {};
    },
    HeadBucket(input, call) {
      const { bucket } = bucketFor(cloud, { action: 's3:ListBucket', bucket: input.Bucket }, call);
      return { BucketRegion: bucket.region, BucketArn: bucket.arn, AccessPointAlias: false };
    },
    ListBuckets: listing(cloud),
    GetBucketLocation(input, call) {
      const { bucket } = bucketFor(cloud, { action: 's3:GetBucketLocation', bucket: input.Bucket }, call);
      // us-east-1 has no constraint: the answer is empty.
      if (bucket.region === HOME_REGION) return {};
      return { LocationConstraint: bucket.region as BucketLocationConstraint };
    },
  };
}

function creation(cloud: Cloud): S3Handler<'CreateBucket'> {
  return async (input, call) => {
    const region = constraintOf(input.CreateBucketConfiguration?.LocationConstraint, call.region);
    const name = input.Bucket ?? '';
    checkName(name);
    const known = cloud.world().contentsOf(name)?.bucket;
    // In us-east-1 it is told as made once more; everywhere else it is an error.
    if (known !== undefined && (region !== HOME_REGION || known.region !== HOME_REGION))
      throw new AwsError(
        'BucketAlreadyOwnedByYou',
        'Your previous request to create the named bucket succeeded and you already own it.',
        409,
        { BucketName: name },
      );
    if (known === undefined)
      await cloud.estate.putResource({
        region,
        type: BUCKET,
        properties: {
          BucketName: name,
          ...(input.ObjectOwnership === undefined ? {} : ownership(input.ObjectOwnership)),
        },
      });
    return { Location: region === HOME_REGION ? `/${name}` : `http://${name}.s3.amazonaws.com/` };
  };
}

function listing(cloud: Cloud): S3Handler<'ListBuckets'> {
  return (input) => {
    const {
      Prefix: prefix = '',
      BucketRegion: region,
      MaxBuckets: most = 10_000,
      ContinuationToken: after = '',
    } = input;
    const all = cloud
      .world()
      .architecture.buckets.filter(
        (bucket) => bucket.name.startsWith(prefix) && (region ?? bucket.region) === bucket.region,
      )
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .filter(({ name }) => name > after);
    const shown = all.slice(0, most);
    return {
      Buckets: shown.map((bucket) => ({
        Name: bucket.name,
        // Nobody has told when it was made: that is when the world began.
        CreationDate: new Date(cloud.epochMs() - cloud.now() / 1000),
        BucketRegion: bucket.region,
      })),
      Owner: { ID: ownerId(cloud.account) },
      ...(all.length > most ? { ContinuationToken: shown.at(-1)?.name ?? '' } : {}),
    };
  };
}

/** As the canonical ids of AWS look. */
function ownerId(account: string): string {
  return account.repeat(6).slice(0, 64).padEnd(64, '0');
}

function ownership(objectOwnership: string): object {
  return { OwnershipControls: { Rules: [{ ObjectOwnership: objectOwnership }] } };
}

function constraintOf(constraint: string | undefined, region: string): string {
  const wanted = constraint === 'EU' ? 'eu-west-1' : constraint;
  if (wanted === HOME_REGION)
    throw new AwsError('InvalidLocationConstraint', 'The specified location-constraint is not valid', 400, {
      LocationConstraint: wanted,
    });
  if (wanted === undefined && region !== HOME_REGION) throw illegalConstraint('unspecified');
  if (wanted !== undefined && region !== HOME_REGION && wanted !== region) throw illegalConstraint(wanted);
  return wanted ?? HOME_REGION;
}

function illegalConstraint(constraint: string): AwsError {
  return new AwsError(
    'IllegalLocationConstraintException',
    `The ${constraint} location constraint is incompatible for the region specific endpoint this request was sent to.`,
  );
}

/** @throws AwsError for what is no name of a bucket. */
function checkName(name: string): void {
  const isGood =
    /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name) && !name.includes('..') && !/^\d+\.\d+\.\d+\.\d+$/.test(name);
  if (!isGood) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
}
