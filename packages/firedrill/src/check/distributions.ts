import type { Architecture, CacheBehavior, Distribution, Origin, Selection } from '../model/index.ts';
import { itemsAt, resourcesOf, textAt } from './deployed.ts';
import { isApiGatewayHost, isS3WebsiteHost, listed, namesBehind, regionsBehind } from './names.ts';
import type { Offence, Rule } from './rule.ts';

/** The Region where edge functions are kept (CF 5.22). */
const EDGE_FUNCTION_REGION = 'us-east-1';

/** How long an error may be kept before we speak of it: what CloudFront does by itself (CF 2.1). */
const ERROR_SECONDS_MAX = 10;

/** A name belongs to one distribution in the world (CF 4.6). */
const SHARED_ALIAS: Rule = {
  code: 'check/shared-alias',
  weight: 'error',
  facts: ['CF 4.6', 'CF 4.7', 'R53 PP-01'],
  costs: 'refused',
  find: ({ distributions }) => {
    const owners = new Map<string, Distribution>();
    return distributions.flatMap((distribution) =>
      distribution.aliases.flatMap((alias): Offence[] => {
        const owner = owners.get(alias);
        if (owner === undefined) {
          owners.set(alias, distribution);
          return [];
        }
        return [
          {
            place: distribution.place,
            says: `${alias} is an alias of ${owner.logicalId} and of ${distribution.logicalId}; CloudFront refuses the second (CNAMEAlreadyExists).`,
            remedy: 'Give each distribution names of its own; fail over behind one distribution, not between two.',
          },
        ];
      }),
    );
  },
};

/** An API and an S3 bucket find out whom a request is for by its Host (RS 3.44, 5.16; CF 3.20, 3.38, 8.4). */
const HOST_FORWARDED: Rule = {
  code: 'check/host-forwarded',
  weight: 'warning',
  facts: ['CF 3.38', 'CF 3.20', 'CF 8.4', 'RS 3.44', 'RS 5.4'],
  costs: 'every request to that origin: 403',
  find: (architecture) =>
    architecture.distributions.flatMap((distribution) =>
      distribution.behaviors.filter(forwardsHost).flatMap((behavior) =>
        originsOf(behavior, distribution).flatMap((origin): Offence[] => {
          const strange = strangeHosts(origin, distribution, architecture);
          if (strange.length === 0) return [];
          return [
            {
              place: behavior.place,
              says: `The behaviour ${behavior.pathPattern} passes the viewer's Host (${listed(strange)}) on to the origin ${origin.id}, ${origin.domainName}, which does not know that name and answers 403.`,
              remedy: 'Use AllViewerExceptHostHeader as origin request policy, and leave Host out of the cache policy.',
            },
          ];
        }),
      ),
    ),
};

function originsOf({ targetOriginId }: CacheBehavior, { origins, originGroups }: Distribution): readonly Origin[] {
  const group = originGroups.find(({ id }) => id === targetOriginId);
  const ids = group === undefined ? [targetOriginId] : [group.primary, group.secondary];
  return origins.filter(({ id }) => ids.includes(id));
}

function forwardsHost({ cachePolicy, originRequestPolicy }: CacheBehavior): boolean {
  return (
    selects(cachePolicy.headers, 'host') ||
    (originRequestPolicy !== undefined && selects(originRequestPolicy.headers, 'host'))
  );
}

function selects(selection: Selection, header: string): boolean {
  switch (selection.kind) {
    case 'all':
      return true;
    case 'none':
      return false;
    case 'only':
      return selection.names.some((name) => name.toLowerCase() === header);
    case 'except':
      return !selection.names.some((name) => name.toLowerCase() === header);
  }
}

/** Hosts of viewers that the origin does not answer to. */
function strangeHosts(origin: Origin, distribution: Distribution, architecture: Architecture): readonly string[] {
  const hosts = distribution.aliases.length === 0 ? [distribution.domainName] : distribution.aliases;
  const names = namesBehind(origin.domainName, architecture);
  if (origin.kind === 's3' || names.some(isS3WebsiteHost)) return hosts.filter((host) => host !== origin.domainName);
  if (!names.some(isApiGatewayHost)) return [];
  const regions = regionsBehind(origin.domainName, architecture);
  const known = architecture.apiDomainNames.filter(({ region }) => regions.has(region)).map(({ name }) => name);
  return hosts.filter((host) => !known.includes(host));
}

/** An error stays at each edge after the origin has recovered (CF 2.1, 2.5). */
const LONG_ERROR_CACHING: Rule = {
  code: 'check/long-error-caching',
  weight: 'warning',
  facts: ['CF 2.1', 'CF 2.5'],
  costs: 'up to that long after the recovery, at each edge',
  find: ({ distributions }) =>
    distributions.flatMap(({ customErrorResponses, logicalId, place }) =>
      customErrorResponses
        .filter(
          ({ errorCode, errorCachingMinTtlSeconds }) =>
            errorCode >= 500 && errorCachingMinTtlSeconds > ERROR_SECONDS_MAX,
        )
        .map(({ errorCode, errorCachingMinTtlSeconds }) => ({
          place,
          says: `The distribution ${logicalId} keeps a ${errorCode} for ${errorCachingMinTtlSeconds} s: users near an edge that has one get it for so long after the origin has recovered.`,
          remedy: 'Lower ErrorCachingMinTTL of 5xx codes to 10 or less.',
        })),
    ),
};

/** Edge functions are numbered versions in us-east-1 (CF 5.22). */
const EDGE_FUNCTION_ELSEWHERE: Rule = {
  code: 'check/edge-function-elsewhere',
  weight: 'error',
  facts: ['CF 5.22'],
  costs: 'refused',
  find: (architecture) =>
    resourcesOf(architecture, 'AWS::CloudFront::Distribution').flatMap(({ properties, logicalId }) =>
      ['DefaultCacheBehavior', 'CacheBehaviors']
        .flatMap((key) => itemsAt(properties, `DistributionConfig.${key}`))
        .flatMap((behavior) => itemsAt(behavior, 'LambdaFunctionAssociations'))
        .flatMap((association): Offence[] => {
          const arn = textAt(association, 'LambdaFunctionARN') ?? '';
          const [, , service, region = '', , , , version = ''] = arn.split(':');
          if (service !== 'lambda') return [];
          const why =
            region !== EDGE_FUNCTION_REGION
              ? `it is in ${region}`
              : /^\d+$/.test(version) || version === ''
                ? version === '' && 'it names no version'
                : `${version} is no numbered version`;
          if (why === false) return [];
          return [
            {
              place: association.at,
              says: `The distribution ${logicalId} has an edge function that CloudFront refuses: ${why}.`,
              remedy: `Name a numbered version of a function in ${EDGE_FUNCTION_REGION}; in CDK, cloudfront.experimental.EdgeFunction makes one.`,
            },
          ];
        }),
    ),
};

/** Traps of distributions and their behaviours. */
export const DISTRIBUTION_RULES: readonly Rule[] = [
  SHARED_ALIAS,
  HOST_FORWARDED,
  LONG_ERROR_CACHING,
  EDGE_FUNCTION_ELSEWHERE,
];
