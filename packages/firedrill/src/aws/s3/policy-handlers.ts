import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { plainProperties } from '../plain-values.ts';
import { BUCKET_POLICY, configured, policyOf } from './configuration.ts';
import type { S3Handlers } from './handlers.ts';

/** Who may do what with a bucket. */
export function policyHandlers(
  cloud: Cloud,
): Pick<S3Handlers, 'GetBucketPolicy' | 'PutBucketPolicy' | 'DeleteBucketPolicy' | 'GetBucketPolicyStatus'> {
  return {
    GetBucketPolicy(input, call) {
      const { contents } = configured(cloud, { action: 's3:GetBucketPolicy', bucket: input.Bucket }, call);
      const document = documentOf(cloud, contents.bucket.name);
      if (document === undefined) throw noPolicy(contents.bucket.name);
      return { Policy: JSON.stringify(document) };
    },
    async PutBucketPolicy(input, call) {
      const { contents } = configured(cloud, { action: 's3:PutBucketPolicy', bucket: input.Bucket }, call);
      const { name, region } = contents.bucket;
      const properties = { Bucket: name, PolicyDocument: documentFrom(input.Policy) };
      const isPublic = contents.bucket.restrictsPublicBuckets && isForEverybody(properties.PolicyDocument);
      if (isPublic)
        throw new AwsError(
          'AccessDenied',
          `User is not authorized to perform: s3:PutBucketPolicy on resource: "${contents.bucket.arn}" because public policies are prevented by the BlockPublicPolicy setting in S3 Block Public Access.`,
          403,
        );
      const before = policyOf(cloud, name);
      if (before === undefined) await cloud.estate.putResource({ region, type: BUCKET_POLICY, properties });
      else await cloud.estate.changeResource(before.physicalId, properties, before);
      return {};
    },
    async DeleteBucketPolicy(input, call) {
      const { contents } = configured(cloud, { action: 's3:DeleteBucketPolicy', bucket: input.Bucket }, call);
      const before = policyOf(cloud, contents.bucket.name);
      if (before !== undefined) await cloud.estate.removeResource(before.physicalId, before);
      return {};
    },
    GetBucketPolicyStatus(input, call) {
      const { contents } = configured(cloud, { action: 's3:GetBucketPolicyStatus', bucket: input.Bucket }, call);
      const document = documentOf(cloud, contents.bucket.name);
      if (document === undefined) throw noPolicy(contents.bucket.name);
      return { PolicyStatus: { IsPublic: isForEverybody(document) } };
    },
  };
}

function documentOf(cloud: Cloud, bucket: string): unknown {
  const resource = policyOf(cloud, bucket);
  return resource === undefined ? undefined : plainProperties(resource.properties)['PolicyDocument'];
}

function noPolicy(bucket: string): AwsError {
  return new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: bucket });
}

function documentFrom(text: string | undefined): unknown {
  try {
    const document: unknown = JSON.parse(text ?? '');
    if (typeof document === 'object' && document !== null) return document;
  } catch {
    // What is no JSON is no policy.
  }
  throw new AwsError('MalformedPolicy', 'Policies must be valid JSON and the first byte must be "{"');
}

/** Whether any statement lets everybody in, without a condition. */
function isForEverybody(document: unknown): boolean {
  const { Statement: statements } = document as { readonly Statement?: unknown };
  const all = Array.isArray(statements) ? (statements as readonly unknown[]) : [statements];
  return all.some((statement) => {
    const { Effect: effect, Principal: principal, Condition: condition } = (statement ?? {}) as Record<string, unknown>;
    const who = JSON.stringify(principal ?? '');
    return (
      effect === 'Allow' &&
      condition === undefined &&
      (who === '"*"' || who === '{"AWS":"*"}' || who === '{"AWS":["*"]}')
    );
  });
}
