import type { Distribution, DistributionConfig, DistributionSummary } from '@aws-sdk/client-cloudfront';
import type { DeployedResource } from '../../model/index.ts';
import { takenAlias } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { plainProperties } from '../plain-values.ts';
import { asCloudFront } from './as-cloudfront.ts';
import { fromTemplate, toTemplate } from './distribution-config.ts';
import { entityTag, holdVersion } from './entity-tag.ts';

export type CloudFrontHandlers = Handlers<typeof import('@aws-sdk/client-cloudfront')>;

const TYPE = 'AWS::CloudFront::Distribution';
/** CloudFront is one for all Regions; what is made by hand is kept where its own resources are. */
const HOME = 'us-east-1';
/** `ListDistributions` gives so many at a time. */
const PAGE = 100;

/** What the API tells that no template holds. */
interface Birth {
  readonly callerReference: string;
  readonly modifiedMs: number;
}

/** Distributions. Every change is there at once: edges of a world do not hear of it one after another. */
export function distributionHandlers(cloud: Cloud): Pick<CloudFrontHandlers, Reading | Creating | Changing> {
  const births = new Map<string, Birth>();
  return { ...readingHandlers(cloud, births), ...creatingHandlers(cloud, births), ...changingHandlers(cloud, births) };
}

type Reading = 'GetDistribution' | 'GetDistributionConfig' | 'ListDistributions';

function readingHandlers(cloud: Cloud, births: ReadonlyMap<string, Birth>): Pick<CloudFrontHandlers, Reading> {
  return {
    GetDistribution({ Id: id }) {
      const { distribution, etag } = seen(cloud, births, need(cloud, id));
      return { Distribution: distribution, ETag: etag };
    },
    GetDistributionConfig({ Id: id }) {
      const { distribution, etag } = seen(cloud, births, need(cloud, id));
      return { DistributionConfig: distribution.DistributionConfig, ETag: etag };
    },
    ListDistributions({ Marker: marker = '', MaxItems: most }) {
      const all = resourcesOf(cloud).filter(({ physicalId }) => physicalId > marker);
      const size = Math.min(PAGE, Number(most ?? PAGE));
      const items = all.slice(0, size).map((each) => summaryOf(seen(cloud, births, each).distribution));
      const isTruncated = all.length > size;
      return {
        DistributionList: {
          Marker: marker,
          MaxItems: size,
          IsTruncated: isTruncated,
          Quantity: items.length,
          Items: items,
          ...(isTruncated ? { NextMarker: all[size - 1]?.physicalId ?? '' } : {}),
        },
      };
    },
  };
}

type Creating = 'CreateDistribution' | 'CreateDistributionWithTags';

function creatingHandlers(cloud: Cloud, births: Map<string, Birth>): Pick<CloudFrontHandlers, Creating> {
  const create = async (config: DistributionConfig | undefined): Promise<Seen> => {
    const { CallerReference: callerReference = '' } = config ?? {};
    if (config === undefined || callerReference === '')
      throw new AwsError('InvalidArgument', 'The parameter CallerReference is required.');
    if ([...births.values()].some((birth) => birth.callerReference === callerReference)) {
      const message =
        'The caller reference that you are using to create a distribution is associated with another distribution.';
      throw new AwsError('DistributionAlreadyExists', message, 409);
    }
    refuseTakenAliases(cloud, '', config);
    const properties = { DistributionConfig: toTemplate(config) };
    const id = await asCloudFront(cloud.estate.putResource({ region: HOME, type: TYPE, properties }));
    births.set(id, { callerReference, modifiedMs: cloud.epochMs() });
    return seen(cloud, births, need(cloud, id));
  };
  const created = async (config: DistributionConfig | undefined): Promise<Created> => {
    const { distribution, etag } = await create(config);
    const Location = `https://cloudfront.amazonaws.com/2020-05-31/distribution/${distribution.Id}`;
    return { Distribution: distribution, ETag: etag, Location };
  };
  return {
    CreateDistribution: async ({ DistributionConfig: config }) => await created(config),
    CreateDistributionWithTags: async ({ DistributionConfigWithTags: tagged }) =>
      await created(tagged?.DistributionConfig),
  };
}

type Changing = 'UpdateDistribution' | 'DeleteDistribution';

function changingHandlers(cloud: Cloud, births: Map<string, Birth>): Pick<CloudFrontHandlers, Changing> {
  return {
    async UpdateDistribution({ Id: id, IfMatch: version, DistributionConfig: config }) {
      const before = need(cloud, id);
      holdVersion(version, seen(cloud, births, before).etag);
      if (config === undefined) throw new AwsError('InvalidArgument', 'The parameter DistributionConfig is required.');
      const { CallerReference: callerReference = '' } = config;
      if (callerReference !== seen(cloud, births, before).distribution.DistributionConfig?.CallerReference)
        throw new AwsError('IllegalUpdate', 'The update contains modifications that are not allowed.');
      refuseTakenAliases(cloud, before.physicalId, config);
      await asCloudFront(cloud.estate.changeResource(before.physicalId, { DistributionConfig: toTemplate(config) }));
      births.set(before.physicalId, { callerReference, modifiedMs: cloud.epochMs() });
      const { distribution, etag } = seen(cloud, births, need(cloud, id));
      return { Distribution: distribution, ETag: etag };
    },
    async DeleteDistribution({ Id: id, IfMatch: version }) {
      const { distribution, etag } = seen(cloud, births, need(cloud, id));
      holdVersion(version, etag);
      if (distribution.DistributionConfig?.Enabled === true) {
        const message = 'The distribution you are trying to delete has not been disabled.';
        throw new AwsError('DistributionNotDisabled', message, 409);
      }
      await cloud.estate.removeResource(id ?? '');
      births.delete(id ?? '');
      return {};
    },
  };
}

interface Created {
  readonly Distribution: Distribution;
  readonly ETag: string;
  readonly Location: string;
}

interface Seen {
  readonly distribution: Distribution;
  /** Changes with the configuration. */
  readonly etag: string;
}

function resourcesOf(cloud: Cloud): readonly DeployedResource[] {
  const all = cloud.estate.architecture().resources.filter(({ type }) => type === TYPE);
  return all.toSorted((a, b) => (a.physicalId < b.physicalId ? -1 : 1));
}

/** @throws AwsError NoSuchDistribution */
function need(cloud: Cloud, id: string | undefined): DeployedResource {
  const found = resourcesOf(cloud).find(({ physicalId }) => physicalId === id);
  if (found === undefined) throw new AwsError('NoSuchDistribution', 'The specified distribution does not exist.', 404);
  return found;
}

function seen(cloud: Cloud, births: ReadonlyMap<string, Birth>, resource: DeployedResource): Seen {
  const { physicalId: id, logicalId, account, attributes, properties } = resource;
  const { callerReference = logicalId, modifiedMs = 0 } = births.get(id) ?? {};
  const { DistributionConfig: written } = plainProperties(properties);
  const isMap = typeof written === 'object' && written !== null && !Array.isArray(written);
  const config = fromTemplate(isMap ? (written as Parameters<typeof fromTemplate>[0]) : {}, callerReference);
  const distribution: Distribution = {
    Id: id,
    ARN: `arn:aws:cloudfront::${account}:distribution/${id}`,
    Status: 'Deployed',
    LastModifiedTime: new Date(modifiedMs === 0 ? cloud.epochMs() : modifiedMs),
    InProgressInvalidationBatches: 0,
    DomainName: attributes['DomainName'] ?? '',
    ActiveTrustedSigners: { Enabled: false, Quantity: 0 },
    ActiveTrustedKeyGroups: { Enabled: false, Quantity: 0 },
    DistributionConfig: config,
  };
  return { distribution, etag: entityTag(config) };
}

function summaryOf({ DistributionConfig: config, ...distribution }: Distribution): DistributionSummary {
  const { Id, ARN, Status, LastModifiedTime, DomainName } = distribution;
  const { CallerReference: _reference, DefaultRootObject: _root, Logging: _logging, ...told } = config ?? {};
  return { Id, ARN, Status, LastModifiedTime, DomainName, ...told } as DistributionSummary;
}

/** CF 4.6. */
function refuseTakenAliases(cloud: Cloud, id: string, { Aliases }: DistributionConfig): void {
  const made = [{ id, logicalId: id, aliases: (Aliases?.Items ?? []).map((alias) => alias.toLowerCase()) }];
  const standing = cloud.estate.architecture().distributions.map((each) => ({ ...each, logicalId: each.id }));
  if (
    takenAlias(
      made,
      standing.filter((each) => each.id !== id),
    ) === undefined
  )
    return;
  const message = 'One or more of the CNAMEs you provided are already associated with a different resource.';
  throw new AwsError('CNAMEAlreadyExists', message, 409);
}
