import type { CachePolicy, OriginRequestPolicy, Selection } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { Node } from './node.ts';
import { uuidFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { anyText, boolean, inert, integer, listOf, oneOf, optional, required, shape, text } from './shape.ts';
import type { Teller } from './teller.ts';

const NONE: Selection = { kind: 'none' };
const ALL: Selection = { kind: 'all' };
const only = (...names: string[]): Selection => ({ kind: 'only', names });

const OPTIMIZED = { minTtlSeconds: 1, defaultTtlSeconds: 86_400, maxTtlSeconds: 31_536_000 };
const METHOD_OVERRIDES = ['X-HTTP-Method-Override', 'X-HTTP-Method', 'X-Method-Override'];
const ORIGIN_CONTROLLED = {
  minTtlSeconds: 0,
  defaultTtlSeconds: 0,
  maxTtlSeconds: 31536e3,
  headers: only('Host', 'Origin', ...METHOD_OVERRIDES),
  cookies: ALL,
  gzip: true,
  brotli: true,
};
const EMPTY_KEY = { headers: NONE, cookies: NONE, queryStrings: NONE };

/** Cache policies that AWS manages (CF 3.14 to 3.19). */
const MANAGED_CACHE_POLICIES: readonly CachePolicy[] = [
  {
    id: '658327ea-f89d-4fab-a63d-7e88639e58f6',
    name: 'CachingOptimized',
    ...OPTIMIZED,
    ...EMPTY_KEY,
    gzip: true,
    brotli: true,
  },
  {
    id: 'b2884449-e4de-46a7-ac36-70bc7f1ddd6d',
    name: 'CachingOptimizedForUncompressedObjects',
    ...OPTIMIZED,
    ...EMPTY_KEY,
    gzip: false,
    brotli: false,
  },
  {
    id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
    name: 'CachingDisabled',
    minTtlSeconds: 0,
    defaultTtlSeconds: 0,
    maxTtlSeconds: 0,
    ...EMPTY_KEY,
    gzip: false,
    brotli: false,
  },
  {
    id: '2e54312d-136d-493c-8eb9-b001f22f67d2',
    name: 'Amplify',
    minTtlSeconds: 2,
    defaultTtlSeconds: 2,
    maxTtlSeconds: 600,
    gzip: true,
    brotli: true,
    headers: only('Authorization', 'CloudFront-Viewer-Country', 'Host'),
    cookies: ALL,
    queryStrings: ALL,
  },
  {
    id: '08627262-05a9-4f76-9ded-b50ca2e3a84f',
    name: 'Elemental-MediaPackage',
    minTtlSeconds: 0,
    defaultTtlSeconds: 86400,
    maxTtlSeconds: 31536e3,
    gzip: true,
    brotli: false,
    headers: only('Origin'),
    cookies: NONE,
    queryStrings: only('aws.manifestfilter', 'start', 'end', 'm'),
  },
  {
    id: '83da9c7e-98b4-4e11-a168-04f0df8e2c65',
    name: 'UseOriginCacheControlHeaders',
    ...ORIGIN_CONTROLLED,
    queryStrings: NONE,
  },
  {
    id: '4cc15a8a-d715-48a4-82b8-cc0b614638fe',
    name: 'UseOriginCacheControlHeaders-QueryStrings',
    ...ORIGIN_CONTROLLED,
    queryStrings: ALL,
  },
];

/** Those that CloudFront knew in June 2022 (CF 3.21, 3.43). */
const CLOUDFRONT_HEADERS_2022_06 = [
  'Forwarded-Proto',
  ...['Android', 'Desktop', 'IOS', 'Mobile', 'SmartTV', 'Tablet'].map((device) => `Is-${device}-Viewer`),
  ...['Address', 'ASN', 'City', 'Country', 'Country-Name', 'Country-Region', 'Country-Region-Name', 'Http-Version'].map(
    (what) => `Viewer-${what}`,
  ),
  ...['Latitude', 'Longitude', 'Metro-Code', 'Postal-Code', 'Time-Zone', 'TLS'].map((what) => `Viewer-${what}`),
].map((name) => `CloudFront-${name}`);

/** Origin request policies that AWS manages (CF 3.21, 3.22). */
const MANAGED_ORIGIN_REQUEST_POLICIES: readonly OriginRequestPolicy[] = [
  { id: '216adef6-5c7f-47e4-b989-5492eafa07d3', name: 'AllViewer', headers: ALL, cookies: ALL, queryStrings: ALL },
  {
    id: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
    name: 'AllViewerExceptHostHeader',
    headers: {
      kind: 'except',
      names: ['Host'],
    },
    cookies: ALL,
    queryStrings: ALL,
  },
  {
    id: '33f36d7e-f396-46d9-90e0-52428a34d9dc',
    name: 'AllViewerAndCloudFrontHeaders-2022-06',
    headers: ALL,
    cloudFrontHeaders: CLOUDFRONT_HEADERS_2022_06,
    cookies: ALL,
    queryStrings: ALL,
  },
  {
    id: '59781a5b-3903-41f3-afcb-af62929ccde1',
    name: 'CORS-CustomOrigin',
    headers: only('Origin'),
    cookies: NONE,
    queryStrings: NONE,
  },
  {
    id: '88a5eaf4-2fd4-4709-b370-b4c650ea3fcf',
    name: 'CORS-S3Origin',
    cookies: NONE,
    queryStrings: NONE,
    headers: only('Origin', 'Access-Control-Request-Headers', 'Access-Control-Request-Method'),
  },
  {
    id: 'acba4595-bd28-49b8-b9fe-13317c0390fa',
    name: 'UserAgentRefererHeaders',
    headers: only('User-Agent', 'Referer'),
    cookies: NONE,
    queryStrings: NONE,
  },
  {
    id: '775133bc-15f2-49f9-abea-afb2e0bf67d2',
    name: 'Elemental-MediaTailor-PersonalizedManifests',
    headers: only(
      'Origin',
      'Access-Control-Request-Headers',
      'Access-Control-Request-Method',
      'User-Agent',
      'X-Forwarded-For',
    ),
    cookies: NONE,
    queryStrings: ALL,
  },
  {
    id: 'bf0718e1-ba1e-49d1-88b1-f726733018ae',
    name: 'HostHeaderOnly',
    headers: only('Host'),
    cookies: NONE,
    queryStrings: NONE,
  },
];

/** A cache policy by id: one of AWS's, or one that a template made. */
export function findCachePolicy(id: string, draft: Draft): CachePolicy | undefined {
  return [...MANAGED_CACHE_POLICIES, ...draft.cachePolicies].find((policy) => policy.id === id);
}

/** The same for origin request policies. */
export function findOriginRequestPolicy(id: string, draft: Draft): OriginRequestPolicy | undefined {
  return [...MANAGED_ORIGIN_REQUEST_POLICIES, ...draft.originRequestPolicies].find((policy) => policy.id === id);
}

const TTL = integer({ least: 0, most: 3_153_600_000, facts: ['CF 3.3'] });
const COOKIES = shape('CookiesConfig', {
  CookieBehavior: required(oneOf(['none', 'whitelist', 'allExcept', 'all'])),
  Cookies: optional(listOf(text())),
});
const QUERY_STRINGS = shape('QueryStringsConfig', {
  QueryStringBehavior: required(oneOf(['none', 'whitelist', 'allExcept', 'all'])),
  QueryStrings: optional(listOf(text())),
});

const CACHE_POLICY = shape('AWS::CloudFront::CachePolicy', {
  CachePolicyConfig: required(
    shape('CachePolicyConfig', {
      Name: required(text({ most: 128 })),
      MinTTL: required(TTL),
      DefaultTTL: required(TTL),
      MaxTTL: required(TTL),
      Comment: inert,
      ParametersInCacheKeyAndForwardedToOrigin: required(
        shape('ParametersInCacheKeyAndForwardedToOrigin', {
          CookiesConfig: required(COOKIES),
          EnableAcceptEncodingBrotli: optional(boolean),
          EnableAcceptEncodingGzip: required(boolean),
          HeadersConfig: required(
            shape('HeadersConfig', {
              HeaderBehavior: required(oneOf(['none', 'whitelist'])),
              Headers: optional(listOf(keyHeader)),
            }),
          ),
          QueryStringsConfig: required(QUERY_STRINGS),
        }),
      ),
    }),
  ),
});

/** Headers that an origin may get, and that may not tell entries of a cache apart (CF 3.43). */
const NOT_IN_KEYS: ReadonlySet<string> = new Set(
  ['Address', 'ASN', 'TLS', 'JA3-Fingerprint', 'JA4-Fingerprint'].map((what) =>
    `cloudfront-viewer-${what}`.toLowerCase(),
  ),
);

function keyHeader(node: Node, tell: Teller): string | undefined {
  const name = text()(node, tell);
  if (name === undefined || !NOT_IN_KEYS.has(name.toLowerCase())) return name;
  tell.error('template/property', node.at, `${name} cannot be part of a cache key.`, {
    remedy: 'List it in an origin request policy.',
    facts: ['CF 3.43'],
  });
  return undefined;
}

export function readCachePolicy(input: ResourceInput, draft: Draft): Identity {
  const id = uuidFrom(`cache-policy ${input.seed}`);
  const config = CACHE_POLICY(input.properties, input.tell)?.CachePolicyConfig;
  if (config !== undefined) {
    const key = config.ParametersInCacheKeyAndForwardedToOrigin;
    if (config.MinTTL > config.MaxTTL || config.DefaultTTL < config.MinTTL || config.DefaultTTL > config.MaxTTL) {
      const says = `TTLs must rise: MinTTL ${config.MinTTL}, DefaultTTL ${config.DefaultTTL}, MaxTTL ${config.MaxTTL}.`;
      input.tell.error('template/property', config.at, says, { facts: ['CF 3.3'] });
    }
    draft.cachePolicies.push({
      id,
      name: config.Name,
      minTtlSeconds: config.MinTTL,
      defaultTtlSeconds: config.DefaultTTL,
      maxTtlSeconds: config.MaxTTL,
      headers: selection(key.HeadersConfig.HeaderBehavior, key.HeadersConfig.Headers),
      cookies: selection(key.CookiesConfig.CookieBehavior, key.CookiesConfig.Cookies),
      queryStrings: selection(key.QueryStringsConfig.QueryStringBehavior, key.QueryStringsConfig.QueryStrings),
      gzip: key.EnableAcceptEncodingGzip,
      brotli: key.EnableAcceptEncodingBrotli ?? false,
    });
  }
  return identity(id, { Id: id, LastModifiedTime: '' });
}

const ORIGIN_REQUEST_POLICY = shape('AWS::CloudFront::OriginRequestPolicy', {
  OriginRequestPolicyConfig: required(
    shape('OriginRequestPolicyConfig', {
      Name: required(text({ most: 128 })),
      CookiesConfig: required(COOKIES),
      HeadersConfig: required(
        shape('HeadersConfig', {
          HeaderBehavior: required(
            oneOf(['none', 'whitelist', 'allViewer', 'allViewerAndWhitelistCloudFront', 'allExcept']),
          ),
          Headers: optional(listOf(text())),
        }),
      ),
      QueryStringsConfig: required(QUERY_STRINGS),
      Comment: inert,
    }),
  ),
});

export function readOriginRequestPolicy(input: ResourceInput, draft: Draft): Identity {
  const id = uuidFrom(`origin-request-policy ${input.seed}`);
  const config = ORIGIN_REQUEST_POLICY(input.properties, input.tell)?.OriginRequestPolicyConfig;
  if (config !== undefined) {
    draft.originRequestPolicies.push({
      id,
      name: config.Name,
      headers: selection(config.HeadersConfig.HeaderBehavior, config.HeadersConfig.Headers),
      ...(config.HeadersConfig.HeaderBehavior === 'allViewerAndWhitelistCloudFront'
        ? { cloudFrontHeaders: config.HeadersConfig.Headers ?? [] }
        : {}),
      cookies: selection(config.CookiesConfig.CookieBehavior, config.CookiesConfig.Cookies),
      queryStrings: selection(config.QueryStringsConfig.QueryStringBehavior, config.QueryStringsConfig.QueryStrings),
    });
  }
  return identity(id, { Id: id, LastModifiedTime: '' });
}

type Behavior = 'none' | 'whitelist' | 'allExcept' | 'all' | 'allViewer' | 'allViewerAndWhitelistCloudFront';

function selection(behavior: Behavior, names: readonly string[] | undefined): Selection {
  switch (behavior) {
    case 'none':
      return NONE;
    case 'whitelist':
      return only(...(names ?? []));
    case 'allExcept':
      return { kind: 'except', names: names ?? [] };
    case 'all':
    case 'allViewer':
    case 'allViewerAndWhitelistCloudFront':
      return ALL;
  }
}

/** What a behaviour without a cache policy says in its place (CF 3.13). */
export const FORWARDED_VALUES = shape('ForwardedValues', {
  QueryString: required(boolean),
  QueryStringCacheKeys: optional(listOf(text())),
  Headers: optional(listOf(text())),
  Cookies: optional(
    shape('Cookies', {
      Forward: required(oneOf(['none', 'whitelist', 'all'])),
      WhitelistedNames: optional(listOf(anyText)),
    }),
  ),
});

/** The policy that legacy settings amount to; forwarding all headers switches caching off (CF 3.13). */
export function legacyPolicy(
  forwarded: NonNullable<ReturnType<typeof FORWARDED_VALUES>>,
  ttl: { readonly min: number | undefined; readonly default: number | undefined; readonly max: number | undefined },
): CachePolicy {
  const headers = forwarded.Headers ?? [];
  const all = headers.includes('*');
  const min = ttl.min ?? 0;
  const standard = Math.max(ttl.default ?? 86_400, min);
  return {
    id: 'legacy',
    name: 'ForwardedValues',
    minTtlSeconds: all ? 0 : min,
    defaultTtlSeconds: all ? 0 : standard,
    maxTtlSeconds: all ? 0 : Math.max(ttl.max ?? 31_536_000, standard),
    headers: all ? ALL : headers.length === 0 ? NONE : only(...headers),
    cookies: selection(forwarded.Cookies?.Forward ?? 'none', forwarded.Cookies?.WhitelistedNames),
    queryStrings: !forwarded.QueryString
      ? NONE
      : forwarded.QueryStringCacheKeys === undefined
        ? ALL
        : only(...forwarded.QueryStringCacheKeys),
    gzip: false,
    brotli: false,
    forwardsOthers: true,
  };
}
