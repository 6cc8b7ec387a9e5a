import type { FailureInfo, TagFilter } from '@aws-sdk/client-resource-groups-tagging-api';
import type { DeployedResource } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { propertiesOf, tagsOf } from '../resources.ts';

const PAGE_MAX = 100;
/** Region that lists what is in no Region. */
const GLOBAL_REGION = 'us-east-1';

/** Types of AWS's that are in no Region, and how their ARNs go on. */
const GLOBAL_ARNS: Readonly<Record<string, (account: string, id: string) => string>> = {
  'AWS::CloudFront::Distribution': (account, id) => `cloudfront::${account}:distribution/${id}`,
  'AWS::Route53::HealthCheck': (_account, id) => `route53:::healthcheck/${id}`,
  'AWS::Route53::HostedZone': (_account, id) => `route53:::hostedzone/${id}`,
  'AWS::IAM::Role': (account, id) => `iam::${account}:role/${id}`,
};

const REGIONAL_ARNS: Readonly<Record<string, (region: string, account: string, id: string) => string>> = {
  'AWS::S3::Bucket': (_region, _account, id) => `s3:::${id}`,
  'AWS::Lambda::Function': (region, account, id) => `lambda:${region}:${account}:function:${id}`,
  'AWS::DynamoDB::Table': (region, account, id) => `dynamodb:${region}:${account}:table/${id}`,
  'AWS::DynamoDB::GlobalTable': (region, account, id) => `dynamodb:${region}:${account}:table/${id}`,
  'AWS::SSM::Parameter': (region, account, id) => `ssm:${region}:${account}:parameter/${id.replace(/^\//, '')}`,
  'AWS::ApiGateway::RestApi': (region, _account, id) => `apigateway:${region}::/restapis/${id}`,
  'AWS::ApiGatewayV2::Api': (region, _account, id) => `apigateway:${region}::/apis/${id}`,
};

/** Where types keep their tags that do not call them `Tags`. */
const TAG_PROPERTIES: Readonly<Record<string, string>> = {
  'AWS::Route53::HealthCheck': 'HealthCheckTags',
  'AWS::Route53::HostedZone': 'HostedZoneTags',
};

/** Types whose tags are a map from key to value. */
const MAPPED: ReadonlySet<string> = new Set(['AWS::ApiGatewayV2::Api', 'AWS::SSM::Parameter']);
/** Resources and tags that one request changes. */
const ARNS_MAX = 20;
const TAGS_MAX = 50;

/** Tags over the estate: those that templates give, and what is changed by hand. */
export function resourceTagging(cloud: Cloud): Handlers<typeof import('@aws-sdk/client-resource-groups-tagging-api')> {
  return {
    GetResources: (
      { TagFilters = [], ResourceTypeFilters = [], ResourceARNList, PaginationToken, ResourcesPerPage },
      { region },
    ) => {
      const found = taggedIn(cloud, region).filter(
        ({ arn, tags }) =>
          (ResourceARNList === undefined || ResourceARNList.includes(arn)) &&
          (ResourceTypeFilters.length === 0 || ResourceTypeFilters.some((type) => isOfType(arn, type))) &&
          TagFilters.every((filter) => fits(tags, filter)),
      );
      const start = Number(PaginationToken ?? 0) || 0;
      const end = start + Math.min(ResourcesPerPage ?? PAGE_MAX, PAGE_MAX);
      return {
        ResourceTagMappingList: found.slice(start, end).map(({ arn, tags }) => ({ ResourceARN: arn, Tags: [...tags] })),
        PaginationToken: found.length > end ? String(end) : '',
      };
    },
    GetTagKeys: (_input, { region }) => {
      const keys = taggedIn(cloud, region).flatMap(({ tags }) => tags.map(({ Key }) => Key));
      return { TagKeys: [...new Set(keys)].toSorted(), PaginationToken: '' };
    },
    GetTagValues: ({ Key: wanted }, { region }) => {
      const values = taggedIn(cloud, region).flatMap(({ tags }) =>
        tags.flatMap(({ Key, Value }) => (Key === wanted ? [Value] : [])),
      );
      return { TagValues: [...new Set(values)].toSorted(), PaginationToken: '' };
    },
    TagResources: async ({ ResourceARNList = [], Tags = {} }, { region }) => {
      if (Object.keys(Tags).length > TAGS_MAX) throw invalid(`A request gives ${TAGS_MAX} tags at the most.`);
      return await changed(cloud, region, ResourceARNList, (tags) => new Map([...tags, ...Object.entries(Tags)]));
    },
    UntagResources: async ({ ResourceARNList = [], TagKeys = [] }, { region }) =>
      await changed(cloud, region, ResourceARNList, (tags) => {
        for (const key of TagKeys) tags.delete(key);
        return tags;
      }),
  };
}

type Tags = Map<string, string>;

/** Changes the tags of resources, each by itself; what fails is told of each. */
async function changed(
  cloud: Cloud,
  region: string,
  arns: readonly string[],
  change: (tags: Tags) => Tags,
): Promise<{ readonly FailedResourcesMap: Record<string, FailureInfo> }> {
  if (arns.length > ARNS_MAX) throw invalid(`A request names ${ARNS_MAX} resources at the most.`);
  const failed: Record<string, FailureInfo> = {};
  for (const arn of arns) {
    const resource = cloud
      .world()
      .architecture.resources.find((each) => arnOf(cloud, each) === arn && isHere(each, region));
    if (resource === undefined) {
      failed[arn] = { StatusCode: 400, ErrorCode: 'InvalidParameterException', ErrorMessage: `${arn} does not exist` };
      continue;
    }
    const { type, physicalId } = resource;
    const property = TAG_PROPERTIES[type] ?? 'Tags';
    const tags = change(new Map(tagsOf(resource, property).map(({ Key, Value }) => [Key, Value])));
    const written = MAPPED.has(type) ? Object.fromEntries(tags) : [...tags].map(([Key, Value]) => ({ Key, Value }));
    const properties = { ...propertiesOf(resource), [property]: written };
    await cloud.estate.changeResource(physicalId, properties, { type, region: resource.region });
  }
  return { FailedResourcesMap: failed };
}

function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterException', message);
}

function isHere({ type, region: own }: DeployedResource, region: string): boolean {
  return type in GLOBAL_ARNS ? region === GLOBAL_REGION : own === region;
}

interface Tagged {
  readonly arn: string;
  readonly tags: ReturnType<typeof tagsOf>;
}

function taggedIn(cloud: Cloud, region: string): readonly Tagged[] {
  return cloud.world().architecture.resources.flatMap((resource) => {
    const tags = tagsOf(resource, TAG_PROPERTIES[resource.type]);
    const arn = arnOf(cloud, resource);
    return tags.length === 0 || arn === undefined || !isHere(resource, region) ? [] : [{ arn, tags }];
  });
}

function arnOf(cloud: Cloud, { type, physicalId, region, attributes }: DeployedResource): string | undefined {
  const rest =
    GLOBAL_ARNS[type]?.(cloud.account, physicalId) ?? REGIONAL_ARNS[type]?.(region, cloud.account, physicalId);
  if (rest !== undefined) return `arn:aws:${rest}`;
  return attributes['Arn'] ?? (physicalId.startsWith('arn:') ? physicalId : undefined);
}

/** `service` or `service:kind`, as `cloudfront:distribution`. */
function isOfType(arn: string, type: string): boolean {
  const [, , service = '', , , rest = ''] = arn.split(':');
  const [wanted, kind] = type.split(':');
  return (
    service === wanted &&
    (kind === undefined ||
      rest === kind ||
      rest.startsWith(`${kind}/`) ||
      arn.includes(`:${kind}:`) ||
      service === 's3')
  );
}

function fits(tags: Tagged['tags'], { Key: wanted, Values = [] }: TagFilter): boolean {
  return tags.some(({ Key, Value }) => Key === wanted && (Values.length === 0 || Values.includes(Value)));
}
