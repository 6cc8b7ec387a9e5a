import type { CacheBehavior, CachePolicy, CustomErrorResponse, Distribution } from '../model/index.ts';
import {
  behaviorShape,
  cachePolicyOf,
  originRequestPolicyOf,
  responseHeadersPolicyOf,
} from './cloudfront-behaviors.ts';
import type { Behavior } from './cloudfront-behaviors.ts';
import { ORIGIN, ORIGIN_GROUPS, originGroupOf, originOf } from './cloudfront-origins.ts';
import { readCachePolicy, readOriginRequestPolicy } from './cloudfront-policies.ts';
import { functionAssociationsOf, readCloudFrontFunction, readKeyValueStore } from './cloudfront-functions.ts';
import { readResponseHeadersPolicy } from './cloudfront-response-headers.ts';
import type { Draft } from './draft.ts';
import { lambdaAssociationsOf } from './lambda-at-edge.ts';
import { countriesOf, RESTRICTIONS } from './geo-restriction.ts';
import { domainName } from './names.ts';
import type { Node } from './node.ts';
import { idFrom, LOWER_ALPHANUMERIC, UPPER_ALPHANUMERIC } from './physical-id.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import {
  anyText,
  boolean,
  inertFields,
  integer,
  listOf,
  notYet,
  oneOf,
  optional,
  placed,
  required,
  shape,
  text,
} from './shape.ts';
import type { Teller } from './teller.ts';

/** Codes that a custom error response can be keyed on; the answer may carry 200 or any of these (CF 2.16). */
const ERROR_CODES = ['400', '403', '404', '405', '414', '416', '500', '501', '502', '503', '504'] as const;

const CONFIG = shape('DistributionConfig', {
  Enabled: required(boolean),
  Origins: required(listOf(ORIGIN)),
  OriginGroups: optional(ORIGIN_GROUPS),
  DefaultCacheBehavior: required(behaviorShape('default')),
  CacheBehaviors: optional(listOf(behaviorShape('path'))),
  Aliases: optional(listOf(aliasName)),
  DefaultRootObject: optional(anyText),
  CustomErrorResponses: optional(
    listOf(
      shape('CustomErrorResponses', {
        ErrorCode: required(oneOf(ERROR_CODES, ['CF 2.16'])),
        ErrorCachingMinTTL: optional(integer({ least: 0, most: 3_153_600_000, facts: ['CF 2.1'] })),
        ResponseCode: optional(oneOf(['200', ...ERROR_CODES], ['CF 2.16'])),
        ResponsePagePath: optional(text()),
      }),
    ),
  ),
  ViewerCertificate: optional(
    shape('ViewerCertificate', {
      AcmCertificateArn: optional(placed(text())),
      ...inertFields('CloudFrontDefaultCertificate', 'IamCertificateId', 'MinimumProtocolVersion', 'SslSupportMethod'),
    }),
  ),
  Restrictions: optional(RESTRICTIONS),
  WebACLId: notYet('No request is refused by the web ACL.'),
  ContinuousDeploymentPolicyId: notYet('All requests go to the primary distribution.'),
  AnycastIpListId: notYet('Edges keep their own addresses.'),
  CNAMEs: notYet('Use Aliases.'),
  CustomOrigin: notYet('Use Origins.'),
  S3Origin: notYet('Use Origins.'),
  ...inertFields('Comment', 'ConnectionMode', 'HttpVersion', 'IPV6Enabled', 'Logging', 'PriceClass', 'Staging'),
  ...inertFields('TenantConfig', 'ViewerMtlsConfig', 'ConnectionFunctionAssociation'),
});

const DISTRIBUTION = shape('AWS::CloudFront::Distribution', {
  DistributionConfig: required(CONFIG),
  ...inertFields('Tags'),
});

/** A name, whose first label may be `*` and no other (CF 4.6). */
function aliasName(node: Node, tell: Teller): string | undefined {
  const name = text({ most: 253 })(node, tell);
  if (name === undefined || !name.replace(/^\*\./, '').includes('*')) return name;
  tell.error(
    'template/property',
    node.at,
    `${name} is no alias: a wildcard is the whole first label, as in *.example.com.`,
    {
      facts: ['CF 4.6'],
    },
  );
  return undefined;
}

type Config = NonNullable<ReturnType<typeof CONFIG>>;

/** Distributions and the policies that their behaviours name. */
export const CLOUDFRONT_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::CloudFront::Distribution', { standing: 'acted-on', regional: false, read: readDistribution }],
  ['AWS::CloudFront::Function', { standing: 'acted-on', regional: false, read: readCloudFrontFunction }],
  ['AWS::CloudFront::KeyValueStore', { standing: 'acted-on', regional: false, read: readKeyValueStore }],
  ['AWS::CloudFront::CachePolicy', { standing: 'acted-on', regional: false, read: readCachePolicy }],
  ['AWS::CloudFront::OriginRequestPolicy', { standing: 'acted-on', regional: false, read: readOriginRequestPolicy }],
  [
    'AWS::CloudFront::ResponseHeadersPolicy',
    { standing: 'acted-on', regional: false, read: readResponseHeadersPolicy },
  ],
]);

function readDistribution(input: ResourceInput, draft: Draft): Identity {
  const id = `E${idFrom(`distribution ${input.seed}`, 13, UPPER_ALPHANUMERIC)}`;
  const name = `d${idFrom(`distribution domain ${input.seed}`, 13, LOWER_ALPHANUMERIC)}.cloudfront.net`;
  const config = DISTRIBUTION(input.properties, input.tell)?.DistributionConfig;
  const distribution = config === undefined ? undefined : distributionOf(config, { id, name }, input, draft);
  if (distribution !== undefined) draft.distributions.push(distribution);
  return identity(id, { Id: id, DomainName: name });
}

function distributionOf(
  config: Config,
  { id, name }: { readonly id: string; readonly name: string },
  input: ResourceInput,
  draft: Draft,
): Distribution | undefined {
  const { tell } = input;
  const aliases = (config.Aliases ?? []).map(domainName);
  const origins = config.Origins.map((origin) => originOf(origin, tell, draft.s3)).filter(
    (origin) => origin !== undefined,
  );
  const groups = (config.OriginGroups?.Items ?? [])
    .map((group) => originGroupOf(group, config.Origins, tell))
    .filter((group) => group !== undefined);
  tellTwice(config, tell);
  const all = [...(config.CacheBehaviors ?? []), config.DefaultCacheBehavior];
  const behaviors = all
    .map((behavior) => cacheBehaviorOf(behavior, config, input, draft))
    .filter((behavior) => behavior !== undefined);
  const certificate = config.ViewerCertificate?.AcmCertificateArn;
  if (certificate !== undefined) {
    const { value: arn, at } = certificate;
    draft.certificateUses.push({
      arn,
      names: aliases,
      region: 'us-east-1',
      by: `the distribution ${input.logicalId}`,
      at,
    });
  }
  // What is left of a distribution with mistakes would name origins that it does not have.
  const complete =
    origins.length === config.Origins.length &&
    groups.length === (config.OriginGroups?.Items ?? []).length &&
    behaviors.length === all.length;
  if (!complete) return undefined;
  const countries = countriesOf(config.Restrictions, tell);
  return {
    id,
    domainName: name,
    aliases,
    enabled: config.Enabled,
    origins,
    originGroups: groups,
    behaviors,
    customErrorResponses: customErrorsOf(config, tell),
    defaultRootObject: (config.DefaultRootObject ?? '').replace(/^\//, ''),
    ...(countries === undefined ? {} : { countries }),
    account: input.context.account,
    stack: input.context.name,
    logicalId: input.logicalId,
    place: input.at,
  };
}

function tellTwice(config: Config, tell: ResourceInput['tell']): void {
  const ids = new Set<string>();
  for (const { Id: id } of [...config.Origins, ...(config.OriginGroups?.Items ?? [])]) {
    if (ids.has(id.value)) {
      tell.error('template/property', id.at, `The id ${id.value} stands for two origins or origin groups.`);
    }
    ids.add(id.value);
  }
}

function cacheBehaviorOf(
  behavior: Behavior,
  config: Config,
  { tell }: ResourceInput,
  draft: Draft,
): CacheBehavior | undefined {
  const target = behavior.TargetOriginId;
  const isOrigin = config.Origins.some(({ Id: id }) => id.value === target.value);
  const isGroup = (config.OriginGroups?.Items ?? []).some(({ Id: id }) => id.value === target.value);
  if (!isOrigin && !isGroup) {
    const known = [...config.Origins, ...(config.OriginGroups?.Items ?? [])].map(({ Id: id }) => id.value);
    const says = `TargetOriginId names ${target.value}, which is neither an origin nor an origin group of this distribution.`;
    tell.error('template/property', target.at, says, { remedy: `It has ${known.join(', ')}.`, facts: ['CF 9.8'] });
    return undefined;
  }
  const cachePolicy = cachePolicyOf(behavior, tell, draft);
  const originRequestPolicy = originRequestPolicyOf(behavior, tell, draft);
  const responseHeadersPolicy = responseHeadersPolicyOf(behavior, tell, draft);
  if (cachePolicy === undefined || originRequestPolicy === 'missing' || responseHeadersPolicy === 'missing')
    return undefined;
  return {
    pathPattern: behavior.PathPattern ?? '*',
    targetOriginId: target.value,
    viewerProtocolPolicy: behavior.ViewerProtocolPolicy,
    allowedMethods: behavior.AllowedMethods?.value ?? ['GET', 'HEAD'],
    cachedMethods: behavior.CachedMethods ?? ['GET', 'HEAD'],
    cachePolicy: compressingAsBefore(cachePolicy, behavior),
    ...(behavior.Compress === true ? { compress: true } : {}),
    ...(originRequestPolicy === undefined ? {} : { originRequestPolicy }),
    ...(responseHeadersPolicy === undefined ? {} : { responseHeadersPolicy }),
    ...lambdaAssociationsOf(behavior.LambdaFunctionAssociations),
    ...functionAssociationsOf(behavior, tell),
    place: behavior.at,
  };
}

/** Under older settings what is compressed is gzip, and Accept-Encoding is in the key (CF 3.33, 3.35). */
function compressingAsBefore(policy: CachePolicy, { Compress: compress, CachePolicyId: id }: Behavior): CachePolicy {
  return compress === true && id === undefined ? { ...policy, gzip: true } : policy;
}

function customErrorsOf(config: Config, tell: ResourceInput['tell']): readonly CustomErrorResponse[] {
  return (config.CustomErrorResponses ?? []).map((response) => {
    const { ResponseCode: code, ResponsePagePath: page } = response;
    if ((code === undefined) !== (page === undefined)) {
      tell.error('template/property', response.at, 'ResponseCode and ResponsePagePath go together.', {
        facts: ['CF 2.16'],
      });
    }
    return {
      errorCode: Number(response.ErrorCode),
      errorCachingMinTtlSeconds: response.ErrorCachingMinTTL ?? 10,
      ...(page === undefined ? {} : { responsePagePath: page }),
      ...(code === undefined ? {} : { responseCode: Number(code) }),
    };
  });
}
