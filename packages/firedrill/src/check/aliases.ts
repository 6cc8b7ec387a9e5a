import type { Architecture, DeployedResource } from '../model/index.ts';
import { resourcesOf, textAt, valueAt } from './deployed.ts';
import {
  isApiGatewayHost,
  isApiHost,
  isCloudFrontHost,
  isS3WebsiteHost,
  listed,
  regionOfHost,
  targetsOf,
} from './names.ts';
import { failoverGroups, isFailover, ofRole } from './record-groups.ts';
import type { Offence, Rule } from './rule.ts';
import { writtenNamed, writtenRecords } from './written-records.ts';

/** CloudFront's aliases cannot evaluate health (R53 ET-04). */
const TARGET_HEALTH_ON_CLOUDFRONT: Rule = {
  code: 'check/target-health-on-cloudfront',
  weight: 'error',
  facts: ['R53 ET-04'],
  costs: 'refused',
  find: ({ recordSets }) =>
    recordSets
      .filter(({ alias }) => alias?.evaluateTargetHealth === true && isCloudFrontHost(alias.dnsName))
      .map(({ name, place }) => ({
        place,
        says: `The alias ${name} targets CloudFront with EvaluateTargetHealth; Route 53 refuses that.`,
        remedy: 'Set EvaluateTargetHealth to false.',
      })),
};

/** Accepted, and true as long as the service as a whole works in the Region (R53 ET-05). Failover records have rules of their own. */
const BLIND_TARGET_HEALTH: Rule = {
  code: 'check/blind-target-health',
  weight: 'warning',
  facts: ['R53 ET-05', 'R53 PP-02'],
  costs: 'the whole outage, for the users of that record',
  find: (architecture) =>
    writtenRecords(architecture)
      .filter(({ policy, healthCheckId }) => !['simple', 'failover'].includes(policy) && healthCheckId === undefined)
      .flatMap(({ name, evaluatesTarget, targets: [target = ''], properties }): Offence[] => {
        const what = isApiGatewayHost(target) ? 'an API' : isS3WebsiteHost(target) ? 'an S3 website' : undefined;
        if (what === undefined || evaluatesTarget !== true) return [];
        return [
          {
            place: properties.at,
            says: `The record ${name} relies on EvaluateTargetHealth of ${what}: it turns unhealthy only when the whole service fails in the Region, never when yours does.`,
            remedy: 'Give it a HealthCheckId of a check on its own endpoint.',
          },
        ];
      }),
};

/** Route 53 must answer from such a branch even when all its leaves fail (R53 ET-09). */
const UNEVALUATED_BRANCH: Rule = {
  code: 'check/unevaluated-branch',
  weight: 'warning',
  facts: ['R53 ET-09', 'R53 ET-06'],
  costs: 'the whole outage, for the users of that branch',
  find: (architecture) =>
    writtenRecords(architecture)
      .filter(({ policy, healthCheckId }) => policy !== 'simple' && healthCheckId === undefined)
      .flatMap(({ name, zone, evaluatesTarget, targets: [target = ''], properties }): Offence[] => {
        const leaves = writtenNamed(target, architecture).filter((leaf) => leaf.zone === zone);
        if (evaluatesTarget !== false || !leaves.some((leaf) => leaf.healthCheckId !== undefined)) return [];
        return [
          {
            place: properties.at,
            says: `The record ${name} is an alias to ${target}, whose records have health checks, but does not evaluate them: it is answered from even when all of them fail.`,
            remedy: 'Set EvaluateTargetHealth to true.',
          },
        ];
      }),
};

/** Two distributions cannot have one name, so CloudFront cannot stand on both sides (R53 AL-08, PP-01). */
const CLOUDFRONT_ON_BOTH_SIDES: Rule = {
  code: 'check/cloudfront-on-both-sides',
  weight: 'error',
  facts: ['R53 AL-08', 'R53 PP-01', 'CF 4.6'],
  costs: 'the second side answers 403 to everybody',
  find: ({ recordSets }) =>
    failoverGroups(recordSets).flatMap((group): Offence[] => {
      const [primary, secondary] = [ofRole(group, 'PRIMARY'), ofRole(group, 'SECONDARY')];
      if (primary === undefined || secondary === undefined) return [];
      const hosts = [primary, secondary].map((record) => targetsOf(record).find(isCloudFrontHost));
      if (hosts.includes(undefined) || hosts[0] === hosts[1]) return [];
      return [
        {
          place: secondary.place,
          says: `Both failover records of ${primary.name} lead to CloudFront, to two distributions; only one of them can have that name, and the other answers 403.`,
          remedy:
            'Put one distribution in front, and fail over between its origins: an origin group, or a failover name as origin.',
        },
      ];
    }),
};

/** CloudFront serves names that the distribution lists (R53 AL-08). */
const NAME_MISSING_AT_DISTRIBUTION: Rule = {
  code: 'check/name-missing-at-distribution',
  weight: 'warning',
  facts: ['R53 AL-08', 'CF 2.28'],
  costs: 'every request through that record: 403',
  find: ({ recordSets, distributions }) =>
    recordSets.flatMap((record): Offence[] => {
      const targets = targetsOf(record);
      const distribution = distributions.find(({ domainName }) => targets.includes(domainName));
      if (distribution === undefined || distribution.aliases.some((alias) => coversName(alias, record.name))) return [];
      const has = distribution.aliases.length === 0 ? 'none' : listed(distribution.aliases);
      return [
        {
          place: record.place,
          says: `${record.name} leads to the distribution ${distribution.logicalId}, which does not list it among its aliases (${has}): CloudFront answers 403.`,
          remedy: `Add ${record.name} to Aliases of the distribution, and to its certificate.`,
        },
      ];
    }),
};

/** A Regional endpoint answers 403 to names that are not registered in its Region, and has no certificate for them (RS 3.44, 3.46). */
const NAME_MISSING_AT_API: Rule = {
  code: 'check/name-missing-at-api',
  weight: 'warning',
  facts: ['R53 AL-09', 'RS 3.39', 'RS 3.44', 'RS 3.46'],
  costs: 'every request through that record: a certificate error, or 403',
  find: (architecture) =>
    architecture.recordSets.flatMap((record): Offence[] => {
      const target = targetsOf(record).find(isApiGatewayHost);
      const region = target === undefined ? undefined : regionOfHost(target);
      // Leading to it by a name in between is told of that name; a name of another zone's template is not known here.
      if (target === undefined || region === undefined || !isKnownApi(target, architecture)) return [];
      const registered = architecture.apiDomainNames.filter((domain) => domain.region === region);
      const direct = isApiHost(target);
      if (!direct && registered.some(({ name }) => coversName(name, record.name))) return [];
      const side = isFailover(record) ? ` as ${record.policy.role}` : '';
      const why = direct
        ? 'an API itself, whose certificate is for its own name only'
        : `an endpoint in ${region} where no custom domain name ${record.name} is registered`;
      return [
        {
          place: record.place,
          says: `${record.name} leads${side} to ${why}: clients get a certificate error, or 403.`,
          remedy: `Register ${record.name} as a custom domain name in ${region}, with a certificate there, and point the record to its regional domain name.`,
        },
      ];
    }),
};

function isKnownApi(host: string, { apiDomainNames, restApis, httpApis }: Architecture): boolean {
  const [id] = host.split('.');
  return (
    apiDomainNames.some(({ regionalDomainName }) => regionalDomainName === host) ||
    [...restApis, ...httpApis].some((api) => api.id === id)
  );
}

/** A wildcard alias stands for one label or several (CF 4.6). */
function coversName(pattern: string, name: string): boolean {
  return pattern === name || (pattern.startsWith('*.') && name.endsWith(pattern.slice(1)));
}

/** The bucket is found by the record's name (R53 AL-07, RS 5.4); only when buckets are in the templates can we tell. */
const S3_WEBSITE_BUCKET_NAME: Rule = {
  code: 'check/website-bucket-name',
  weight: 'error',
  facts: ['R53 AL-07', 'R53 PP-11', 'RS 5.4'],
  costs: 'every request through that record: 404 NoSuchBucket',
  find: (architecture) =>
    writtenRecords(architecture).flatMap((record): Offence[] => {
      const target = record.targets.find(isS3WebsiteHost);
      const region = target === undefined ? undefined : regionOfHost(target);
      const buckets = resourcesOf(architecture, 'AWS::S3::Bucket');
      if (region === undefined || buckets.length === 0) return [];
      const named = buckets.filter((bucket) => textAt(bucket.properties, 'BucketName')?.toLowerCase() === record.name);
      const [there] = named.filter((bucket) => bucket.region === region);
      const why =
        there !== undefined
          ? !isWebsite(there) && 'that bucket is no website'
          : named[0] === undefined
            ? buckets.some((bucket) => bucket.region === region && isWebsite(bucket)) &&
              `no website of these templates in ${region} has that name`
            : `that bucket is in ${named[0].region}`;
      if (why === false) return [];
      return [
        {
          place: record.properties.at,
          says: `The alias ${record.name} leads to the S3 websites of ${region}, which look for a bucket named ${record.name}; ${why}.`,
          remedy: `A name stands for one bucket in the world. Give the bucket the record's name, or put CloudFront in front of two buckets with names of their own.`,
        },
      ];
    }),
};

function isWebsite({ properties }: DeployedResource): boolean {
  return valueAt(properties, 'WebsiteConfiguration') !== undefined;
}

/** R53 AL-07. */
const S3_WEBSITE_TWICE: Rule = {
  code: 'check/website-twice',
  weight: 'error',
  facts: ['R53 AL-07', 'R53 PP-11'],
  costs: 'the second side answers 404 to everybody',
  find: (architecture) => {
    const websites = writtenRecords(architecture).filter(
      ({ setIdentifier, targets }) => setIdentifier !== undefined && targets.some(isS3WebsiteHost),
    );
    const names = [...new Set(websites.map(({ name, type }) => `${name} ${type}`))];
    return names.flatMap((key): Offence[] => {
      const [, second] = websites.filter(({ name, type }) => `${name} ${type}` === key);
      if (second === undefined) return [];
      return [
        {
          place: second.properties.at,
          says: `${second.name} has two records that lead to S3 websites; both would need the bucket ${second.name}, and there can be one.`,
          remedy: 'Put CloudFront in front, with an origin group of two buckets.',
        },
      ];
    });
  },
};

/** Traps of where records lead. */
export const ALIAS_RULES: readonly Rule[] = [
  TARGET_HEALTH_ON_CLOUDFRONT,
  BLIND_TARGET_HEALTH,
  UNEVALUATED_BRANCH,
  CLOUDFRONT_ON_BOTH_SIDES,
  NAME_MISSING_AT_DISTRIBUTION,
  NAME_MISSING_AT_API,
  S3_WEBSITE_BUCKET_NAME,
  S3_WEBSITE_TWICE,
];
