import type { ImportSource, KeyValueStore } from '@aws-sdk/client-cloudfront';
import type { DeployedResource } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import { bytesOf, objectAt } from '../cloudformation/stack-code.ts';
import { resourceOf, resourcesOf, textOf } from '../resources.ts';
import { asCloudFront } from './as-cloudfront.ts';
import type { CloudFrontHandlers } from './distribution-handlers.ts';
import { entityTag, holdVersion } from './entity-tag.ts';

const TYPE = 'AWS::CloudFront::KeyValueStore';
const HOME = 'us-east-1';

type Names =
  | 'CreateKeyValueStore'
  | 'DescribeKeyValueStore'
  | 'ListKeyValueStores'
  | 'UpdateKeyValueStore'
  | 'DeleteKeyValueStore';

/** Key value stores themselves; what is in them has an API of its own. */
export function keyValueStoreHandlers(cloud: Cloud): Pick<CloudFrontHandlers, Names> {
  const seen = (name: string | undefined): { readonly KeyValueStore: KeyValueStore; readonly ETag: string } => {
    const resource = need(cloud, name);
    const store = viewOf(cloud, resource);
    return { KeyValueStore: store, ETag: entityTag([store.ARN, store.Comment]) };
  };
  return {
    async CreateKeyValueStore({ Name: name = '', Comment, ImportSource }) {
      if (resourceOf(cloud, TYPE, name) !== undefined)
        throw new AwsError('EntityAlreadyExists', 'The entity already exists. You must provide a unique entity.', 409);
      const imported = ImportSource === undefined ? {} : { ImportSource: await fetched(cloud, ImportSource) };
      await asCloudFront(
        cloud.estate.putResource({ region: HOME, type: TYPE, properties: { Name: name, Comment, ...imported } }),
      );
      return { ...seen(name), Location: `https://cloudfront.amazonaws.com/2020-05-31/key-value-store/${name}` };
    },
    DescribeKeyValueStore: ({ Name }) => seen(Name),
    ListKeyValueStores() {
      const items = resourcesOf(cloud, TYPE).map((each) => viewOf(cloud, each));
      return { KeyValueStoreList: { MaxItems: 100, Quantity: items.length, Items: items } };
    },
    async UpdateKeyValueStore({ Name: name = '', Comment, IfMatch }) {
      holdVersion(IfMatch, seen(name).ETag);
      const changed = { Name: name, Comment };
      await asCloudFront(cloud.estate.changeResource(need(cloud, name).physicalId, changed, { type: TYPE }));
      return seen(name);
    },
    async DeleteKeyValueStore({ Name: name, IfMatch }) {
      const { KeyValueStore: store, ETag } = seen(name);
      holdVersion(IfMatch, ETag);
      if (cloud.world().architecture.cloudFrontFunctions.some(({ keyValueStoreArn }) => keyValueStoreArn === store.ARN))
        throw new AwsError('CannotDeleteEntityWhileInUse', 'The entity cannot be deleted while it is in use.', 409);
      await cloud.estate.removeResource(need(cloud, name).physicalId, { type: TYPE });
      return {};
    },
  };
}

/** Has the object at hand that a store imports, as a template names it (CF 5.33). */
async function fetched(cloud: Cloud, { SourceType, SourceARN: arn = '' }: Partial<ImportSource>): Promise<object> {
  const [, bucket = '', key = ''] = /^arn:[^:]*:s3:::([^/]+)\/(.+)$/.exec(arn) ?? [];
  const object = objectAt(cloud.world(), { bucket, key, versionId: undefined });
  if (typeof object === 'string') throw new AwsError('InvalidArgument', `The import source cannot be read: ${object}`);
  const text = (await bytesOf(object)).toString('utf8');
  cloud.estate.addCode(key, { kind: 'data', path: key, files: [], text });
  return { SourceType, SourceArn: arn };
}

/** @throws AwsError when there is none. */
function need(cloud: Cloud, name: string | undefined): DeployedResource {
  const found = resourceOf(cloud, TYPE, name ?? '');
  if (found === undefined) throw new AwsError('EntityNotFound', 'The entity was not found.', 404);
  return found;
}

function viewOf(cloud: Cloud, resource: DeployedResource): KeyValueStore {
  const { Arn = '', Id = '' } = resource.attributes;
  const values = cloud.world().keyValuesOf(Arn);
  return {
    Name: resource.physicalId,
    Id,
    Comment: textOf(resource, 'Comment') ?? '',
    ARN: Arn,
    Status: 'READY',
    LastModifiedTime: new Date(values?.createdAt ?? cloud.epochMs()),
  };
}
