import type { DistributionConfig } from '@aws-sdk/client-cloudfront';

/*
 * A distribution's configuration as the API has it and as CloudFormation has it: lists with their quantity here, plain lists there,
 * a few names written otherwise, and defaults that the API always tells.
 */

type Json = string | number | boolean | null | undefined | readonly Json[] | JsonMap;
interface JsonMap {
  readonly [key: string]: Json;
}

/** Names that differ: of the API, and of CloudFormation. */
const NAMES: readonly (readonly [string, string])[] = [
  ['IsIPV6Enabled', 'IPV6Enabled'],
  ['ACMCertificateArn', 'AcmCertificateArn'],
  ['IAMCertificateId', 'IamCertificateId'],
  ['SSLSupportMethod', 'SslSupportMethod'],
  ['OriginSslProtocols', 'OriginSSLProtocols'],
  ['CustomHeaders', 'OriginCustomHeaders'],
];
const TO_TEMPLATE = new Map(NAMES);
const FROM_TEMPLATE = new Map(NAMES.map(([api, template]) => [template, api] as const));

/** What only the API has. */
const NOT_IN_TEMPLATES = new Set(['CallerReference', 'Certificate', 'CertificateSource', 'ConnectionMode']);

/** `DistributionConfig` of a resource for one of the API. */
export function toTemplate(config: DistributionConfig): JsonMap {
  return mapToTemplate(config as unknown as JsonMap);
}

function mapToTemplate(map: JsonMap): JsonMap {
  const entries = Object.entries(map).flatMap(([key, value]): (readonly [string, Json])[] => {
    // An empty text is how clients of the API say that there is none.
    if (value === undefined || value === null || value === '' || NOT_IN_TEMPLATES.has(key)) return [];
    if (key === 'OriginGroups') return quantityOf(value) === 0 ? [] : [[key, value]];
    if (key === 'Logging' || key === 'OriginShield')
      return isOn(value) ? [[key, key === 'Logging' ? without(value, 'Enabled') : value]] : [];
    if (key === 'AllowedMethods') return methodsToTemplate(value);
    if (key === 'GeoRestriction' && isMap(value))
      return [[key, { RestrictionType: value['RestrictionType'], Locations: itemsOf(value) }]];
    return [[TO_TEMPLATE.get(key) ?? key, valueToTemplate(value)]];
  });
  return Object.fromEntries(entries);
}

function valueToTemplate(value: Json): Json {
  if (!isMap(value)) return value;
  if (value['Quantity'] === undefined) return mapToTemplate(value);
  return itemsOf(value).map((item) => (isMap(item) ? mapToTemplate(item) : item));
}

function methodsToTemplate(value: Json): (readonly [string, Json])[] {
  if (!isMap(value)) return [];
  const cached = value['CachedMethods'];
  return [['AllowedMethods', itemsOf(value)], ...(isMap(cached) ? [['CachedMethods', itemsOf(cached)] as const] : [])];
}

/** Members whose value is a number; in templates they may be texts. */
const NUMBERS = new Set([
  'HTTPPort',
  'HTTPSPort',
  'OriginKeepaliveTimeout',
  'OriginReadTimeout',
  'ConnectionAttempts',
  'ConnectionTimeout',
  'ResponseCompletionTimeout',
  'ErrorCode',
  'ErrorCachingMinTTL',
  'MinTTL',
  'MaxTTL',
  'DefaultTTL',
]);

/** Members that are lists with a quantity in the API. */
const LISTS = new Set([
  'Aliases',
  'CacheBehaviors',
  'CustomErrorResponses',
  'CustomHeaders',
  'FunctionAssociations',
  'Headers',
  'LambdaFunctionAssociations',
  'Origins',
  'OriginSslProtocols',
  'QueryStringCacheKeys',
  'TrustedKeyGroups',
  'TrustedSigners',
  'WhitelistedNames',
]);

/** A distribution's configuration as `GetDistributionConfig` tells it: what was not said is there with its default. */
export function fromTemplate(properties: Readonly<Record<string, Json>>, callerReference: string): DistributionConfig {
  const config = mapFromTemplate(properties);
  const behaviour = (value: Json): JsonMap => ({
    TrustedSigners: { Enabled: false, Quantity: 0 },
    TrustedKeyGroups: { Enabled: false, Quantity: 0 },
    SmoothStreaming: false,
    Compress: false,
    LambdaFunctionAssociations: { Quantity: 0 },
    FunctionAssociations: { Quantity: 0 },
    FieldLevelEncryptionId: '',
    ...(isMap(value) ? value : {}),
  });
  const behaviours = itemsOf(config['CacheBehaviors']);
  return {
    Comment: '',
    Aliases: { Quantity: 0 },
    DefaultRootObject: '',
    OriginGroups: { Quantity: 0 },
    CustomErrorResponses: { Quantity: 0 },
    Logging: { Enabled: false, IncludeCookies: false, Bucket: '', Prefix: '' },
    PriceClass: 'PriceClass_All',
    Enabled: true,
    ViewerCertificate: { CloudFrontDefaultCertificate: true, MinimumProtocolVersion: 'TLSv1', SSLSupportMethod: 'vip' },
    Restrictions: { GeoRestriction: { RestrictionType: 'none', Quantity: 0 } },
    WebACLId: '',
    HttpVersion: 'http1.1',
    IsIPV6Enabled: false,
    Staging: false,
    ...config,
    CallerReference: callerReference,
    DefaultCacheBehavior: behaviour(config['DefaultCacheBehavior']),
    CacheBehaviors: listOf(behaviours.map(behaviour)),
  } as unknown as DistributionConfig;
}

function mapFromTemplate(map: JsonMap): JsonMap {
  const { AllowedMethods: allowed, CachedMethods: cached, ...rest } = map;
  const methods = Array.isArray(allowed)
    ? { AllowedMethods: { ...listOf(allowed), ...(Array.isArray(cached) ? { CachedMethods: listOf(cached) } : {}) } }
    : {};
  const entries = Object.entries(rest).map(([key, value]): readonly [string, Json] => {
    const name = FROM_TEMPLATE.get(key) ?? key;
    if (key === 'OriginGroups') return [name, withNumbers(value)];
    if (key === 'Logging' && isMap(value))
      return [name, { Enabled: true, IncludeCookies: false, Prefix: '', ...mapFromTemplate(value) }];
    if (key === 'GeoRestriction' && isMap(value)) {
      const { Locations: places, RestrictionType } = value;
      return [name, { RestrictionType, ...listOf(Array.isArray(places) ? places : []) }];
    }
    if (LISTS.has(name) && Array.isArray(value)) {
      const list = listOf(value.map((item) => valueFromTemplate(item)));
      return [name, name.startsWith('Trusted') ? { Enabled: value.length > 0, ...list } : list];
    }
    return [name, NUMBERS.has(name) ? Number(value) : valueFromTemplate(value)];
  });
  return { ...methods, ...Object.fromEntries(entries) } as JsonMap;
}

function valueFromTemplate(value: Json): Json {
  if (value === 'true' || value === 'false') return value === 'true';
  return isMap(value) ? mapFromTemplate(value) : value;
}

/** Origin groups are written alike; only their numbers may be texts. */
function withNumbers(value: Json): Json {
  if (Array.isArray(value)) return value.map(withNumbers);
  if (!isMap(value)) return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value;
  const entries = Object.entries(value).map(([key, item]) => [key, key.endsWith('Id') ? item : withNumbers(item)]);
  return Object.fromEntries(entries);
}

function listOf(items: readonly Json[]): { readonly Quantity: number; readonly Items?: Json } {
  return items.length === 0 ? { Quantity: 0 } : { Quantity: items.length, Items: items };
}

function itemsOf(value: Json): readonly Json[] {
  const items = isMap(value) ? value['Items'] : undefined;
  return Array.isArray(items) ? items : [];
}

function quantityOf(value: Json): number {
  return isMap(value) ? Number(value['Quantity'] ?? 0) : 0;
}

function isOn(value: Json): boolean {
  return isMap(value) && (value['Enabled'] === true || value['Enabled'] === 'true');
}

function without(value: Json, key: string): Json {
  return isMap(value) ? Object.fromEntries(Object.entries(value).filter(([name]) => name !== key)) : value;
}

function isMap(value: Json): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
