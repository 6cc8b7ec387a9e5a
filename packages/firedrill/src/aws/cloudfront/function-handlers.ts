import type { FunctionConfig, FunctionSummary } from '@aws-sdk/client-cloudfront';
import type { DeployedResource } from '../../model/index.ts';
import { CLOUDFRONT_FACTS } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { propertiesOf, resourcesOf, textOf } from '../resources.ts';
import type { CloudFrontHandlers } from './distribution-handlers.ts';
import { asCloudFront } from './as-cloudfront.ts';
import { entityTag, holdVersion } from './entity-tag.ts';

const TYPE = 'AWS::CloudFront::Function';
const HOME = 'us-east-1';

type Names =
  | 'CreateFunction'
  | 'DescribeFunction'
  | 'GetFunction'
  | 'ListFunctions'
  | 'UpdateFunction'
  | 'PublishFunction'
  | 'DeleteFunction';

/** A function in one of its stages. */
interface Staged {
  readonly code: string;
  readonly config: FunctionConfig;
}

type Stage = 'DEVELOPMENT' | 'LIVE';

/** CloudFront Functions. What is being developed is the API's; the estate has what was published, which is what edges run. */
export function functionHandlers(cloud: Cloud): Pick<CloudFrontHandlers, Names> {
  /** By ARN: other than what is published. */
  const drafts = new Map<string, Staged>();
  const inStage = (resource: DeployedResource, stage: Stage): Staged | undefined => {
    const draft = drafts.get(resource.physicalId);
    if (stage === 'DEVELOPMENT') return draft ?? stagedOf(resource);
    return isPublished(resource) ? stagedOf(resource) : undefined;
  };
  const seen = (name: string | undefined, stage: string | undefined): Seen => {
    const resource = need(cloud, name);
    const wanted = stage === 'LIVE' ? 'LIVE' : 'DEVELOPMENT';
    const staged = inStage(resource, wanted);
    if (staged === undefined) throw noSuchFunction();
    return { resource, staged, etag: entityTag([wanted, staged]), summary: summaryOf(cloud, resource, staged, wanted) };
  };
  return {
    ...readingHandlers(cloud, seen),
    async CreateFunction({ Name: name = '', FunctionConfig: config, FunctionCode: code }) {
      if (find(cloud, name) !== undefined) {
        const message = 'A function with the same name already exists in this Amazon Web Services account.';
        throw new AwsError('FunctionAlreadyExists', message, 409);
      }
      const staged = given(config, code);
      await asCloudFront(
        cloud.estate.putResource({ region: HOME, type: TYPE, properties: written(name, staged, false) }),
      );
      const { summary, etag } = seen(name, 'DEVELOPMENT');
      const Location = `https://cloudfront.amazonaws.com/2020-05-31/function/${name}`;
      return { FunctionSummary: summary, ETag: etag, Location };
    },
    async UpdateFunction({ Name: name = '', IfMatch, FunctionConfig: config, FunctionCode: code }) {
      const { resource, etag } = seen(name, 'DEVELOPMENT');
      holdVersion(IfMatch, etag);
      const staged = given(config, code);
      if (isPublished(resource)) drafts.set(resource.physicalId, staged);
      else
        await asCloudFront(
          cloud.estate.changeResource(resource.physicalId, written(name, staged, false), { type: TYPE }),
        );
      const after = seen(name, 'DEVELOPMENT');
      return { FunctionSummary: after.summary, ETag: after.etag };
    },
    async PublishFunction({ Name: name = '', IfMatch }) {
      const { resource, staged, etag } = seen(name, 'DEVELOPMENT');
      holdVersion(IfMatch, etag);
      await asCloudFront(cloud.estate.changeResource(resource.physicalId, written(name, staged, true), { type: TYPE }));
      drafts.delete(resource.physicalId);
      return { FunctionSummary: seen(name, 'LIVE').summary };
    },
    async DeleteFunction({ Name: name, IfMatch }) {
      const { resource, etag } = seen(name, 'DEVELOPMENT');
      holdVersion(IfMatch, etag);
      if (isUsed(cloud, resource.physicalId)) {
        const message = 'Cannot delete the function because it is attached to one or more cache behaviors.';
        throw new AwsError('FunctionInUse', message, 409);
      }
      await cloud.estate.removeResource(resource.physicalId, { type: TYPE });
      drafts.delete(resource.physicalId);
      return {};
    },
  };
}

interface Seen {
  readonly resource: DeployedResource;
  readonly staged: Staged;
  readonly etag: string;
  readonly summary: FunctionSummary;
}

function readingHandlers(
  cloud: Cloud,
  seen: (name: string | undefined, stage: string | undefined) => Seen,
): Pick<CloudFrontHandlers, 'DescribeFunction' | 'GetFunction' | 'ListFunctions'> {
  return {
    DescribeFunction({ Name, Stage }) {
      const { summary, etag } = seen(Name, Stage);
      return { FunctionSummary: summary, ETag: etag };
    },
    GetFunction({ Name, Stage }) {
      const { staged, etag } = seen(Name, Stage);
      return { FunctionCode: Buffer.from(staged.code), ETag: etag, ContentType: 'application/octet-stream' };
    },
    ListFunctions({ Stage: stage }) {
      const all = resourcesOf(cloud, TYPE).filter((each) => stage !== 'LIVE' || isPublished(each));
      const items = all.map((each) => seen(textOf(each, 'Name'), stage).summary);
      return { FunctionList: { MaxItems: 100, Quantity: items.length, Items: items } };
    },
  };
}

function find(cloud: Cloud, name: string | undefined): DeployedResource | undefined {
  return resourcesOf(cloud, TYPE).find((each) => textOf(each, 'Name') === name);
}

/** @throws AwsError when there is none. */
function need(cloud: Cloud, name: string | undefined): DeployedResource {
  const found = find(cloud, name);
  if (found === undefined) throw noSuchFunction();
  return found;
}

function noSuchFunction(): AwsError {
  return new AwsError('NoSuchFunctionExists', 'The specified function does not exist.', 404);
}

function given(config: FunctionConfig | undefined, bytes: Uint8Array | undefined): Staged {
  if (config === undefined || bytes === undefined)
    throw new AwsError('InvalidArgument', 'The parameters FunctionConfig and FunctionCode are required.');
  if (bytes.length > CLOUDFRONT_FACTS.FUNCTION_CODE_BYTES.value) {
    const message = 'The function exceeds the maximum size.';
    throw new AwsError('FunctionSizeLimitExceeded', message, 413);
  }
  return { code: Buffer.from(bytes).toString('utf8'), config };
}

function written(name: string, { code, config }: Staged, isLive: boolean): Readonly<Record<string, unknown>> {
  const stores = config.KeyValueStoreAssociations?.Items ?? [];
  return {
    Name: name,
    AutoPublish: isLive,
    FunctionCode: code,
    FunctionConfig: {
      Comment: config.Comment,
      Runtime: config.Runtime,
      ...(stores.length === 0 ? {} : { KeyValueStoreAssociations: stores }),
    },
  };
}

function stagedOf(resource: DeployedResource): Staged {
  const properties = propertiesOf(resource);
  const {
    Comment,
    Runtime,
    KeyValueStoreAssociations: stores,
  } = (properties['FunctionConfig'] ?? {}) as {
    readonly Comment?: string;
    readonly Runtime?: FunctionConfig['Runtime'];
    readonly KeyValueStoreAssociations?: readonly { readonly KeyValueStoreARN: string }[];
  };
  return {
    code: textOf(resource, 'FunctionCode') ?? '',
    config: {
      Comment: Comment ?? '',
      Runtime,
      ...(stores === undefined ? {} : { KeyValueStoreAssociations: { Quantity: stores.length, Items: [...stores] } }),
    },
  };
}

function isPublished(resource: DeployedResource): boolean {
  return textOf(resource, 'AutoPublish') === 'true';
}

function isUsed(cloud: Cloud, arn: string): boolean {
  return cloud
    .world()
    .architecture.distributions.some(({ behaviors }) =>
      behaviors.some(({ functionAssociations = [] }) =>
        functionAssociations.some(({ functionArn }) => functionArn === arn),
      ),
    );
}

function summaryOf(cloud: Cloud, resource: DeployedResource, { config }: Staged, stage: Stage): FunctionSummary {
  const at = new Date(cloud.epochMs());
  return {
    Name: textOf(resource, 'Name') ?? '',
    Status: isPublished(resource)
      ? isUsed(cloud, resource.physicalId)
        ? 'ASSOCIATED'
        : 'UNASSOCIATED'
      : 'UNPUBLISHED',
    FunctionConfig: config,
    FunctionMetadata: { FunctionARN: resource.physicalId, Stage: stage, CreatedTime: at, LastModifiedTime: at },
  };
}
