import type { CachePolicy, OriginRequestPolicy, ResponseHeadersPolicy } from '../model/index.ts';
import { findCachePolicy, findOriginRequestPolicy, FORWARDED_VALUES, legacyPolicy } from './cloudfront-policies.ts';
import { FUNCTION_ASSOCIATIONS } from './cloudfront-functions.ts';
import { findResponseHeadersPolicy } from './cloudfront-response-headers.ts';
import type { Draft } from './draft.ts';
import { LAMBDA_FUNCTION_ASSOCIATIONS } from './lambda-at-edge.ts';
import type { Node } from './node.ts';
import type { Placed } from './shape.ts';
import {
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

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'PUT', 'POST', 'PATCH', 'DELETE'] as const;
type Method = (typeof METHODS)[number];

const TTL = integer({ least: 0, most: 3_153_600_000, facts: ['CF 3.3'] });

const FIELDS = {
  TargetOriginId: required(placed(text())),
  ViewerProtocolPolicy: required(oneOf(['allow-all', 'https-only', 'redirect-to-https'], ['CF 4.4'])),
  AllowedMethods: optional(placed(methodSet)),
  CachedMethods: optional(cachedMethods),
  CachePolicyId: optional(placed(text())),
  OriginRequestPolicyId: optional(placed(text())),
  ForwardedValues: optional(FORWARDED_VALUES),
  MinTTL: optional(TTL),
  DefaultTTL: optional(TTL),
  MaxTTL: optional(TTL),
  FunctionAssociations: optional(FUNCTION_ASSOCIATIONS),
  LambdaFunctionAssociations: optional(LAMBDA_FUNCTION_ASSOCIATIONS),
  ResponseHeadersPolicyId: optional(placed(text())),
  TrustedKeyGroups: notYet('Requests need no signature.'),
  TrustedSigners: notYet('Requests need no signature.'),
  Compress: optional(boolean),
  ...inertFields('FieldLevelEncryptionId', 'GrpcConfig', 'RealtimeLogConfigArn', 'SmoothStreaming'),
} as const;

const DEFAULT_BEHAVIOR = shape('DefaultCacheBehavior', { ...FIELDS, PathPattern: optional(text({ most: 255 })) });
const PATH_BEHAVIOR = shape('CacheBehaviors', {
  ...FIELDS,
  PathPattern: required(text({ most: 255, facts: ['CF 4.1'] })),
});

export type Behavior = NonNullable<ReturnType<typeof DEFAULT_BEHAVIOR>>;

/** A cache behaviour; those for paths need a pattern, the default one takes what is left (CF 4.1). */
export function behaviorShape(kind: 'default' | 'path'): (node: Node, tell: Teller) => Behavior | undefined {
  return kind === 'path' ? PATH_BEHAVIOR : DEFAULT_BEHAVIOR;
}

/** One of the three sets that CloudFront offers (CF 4.3). */
function methodSet(node: Node, tell: Teller): readonly Method[] | undefined {
  const methods = listOf(oneOf(METHODS, ['CF 4.3']))(node, tell);
  if (methods === undefined) return undefined;
  const set = [...new Set(methods)].toSorted().join(' ');
  if (['GET HEAD', 'GET HEAD OPTIONS', 'DELETE GET HEAD OPTIONS PATCH POST PUT'].includes(set)) return methods;
  tell.error('template/property', node.at, `AllowedMethods is ${methods.join(', ')}; that is none of the three sets.`, {
    remedy: 'GET and HEAD; these and OPTIONS; or all seven.',
    facts: ['CF 4.3'],
  });
  return undefined;
}

function cachedMethods(node: Node, tell: Teller): readonly Method[] | undefined {
  return listOf(oneOf(['GET', 'HEAD', 'OPTIONS'], ['CF 4.3']))(node, tell);
}

/** The policy by id, or what the legacy settings amount to. Undefined when there is none; that has been told. */
export function cachePolicyOf(behavior: Behavior, tell: Teller, draft: Draft): CachePolicy | undefined {
  const { CachePolicyId: id, ForwardedValues: forwarded } = behavior;
  if (id !== undefined) {
    const policy = findCachePolicy(id.value, draft);
    if (policy === undefined) tellMissingPolicy('cache policy', id, tell);
    return policy;
  }
  if (forwarded !== undefined) {
    return legacyPolicy(forwarded, { min: behavior.MinTTL, default: behavior.DefaultTTL, max: behavior.MaxTTL });
  }
  if (behavior.written.has('CachePolicyId') || behavior.written.has('ForwardedValues')) return undefined;
  tell.error('template/property', behavior.at, 'A behaviour needs CachePolicyId, or the older ForwardedValues.', {
    remedy: 'For answers that must not be kept: CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad (CachingDisabled).',
  });
  return undefined;
}

export function originRequestPolicyOf(
  behavior: Behavior,
  tell: Teller,
  draft: Draft,
): OriginRequestPolicy | undefined | 'missing' {
  const id = behavior.OriginRequestPolicyId;
  if (id === undefined) return undefined;
  const policy = findOriginRequestPolicy(id.value, draft);
  if (policy !== undefined) return policy;
  tellMissingPolicy('origin request policy', id, tell);
  return 'missing';
}

export function responseHeadersPolicyOf(
  behavior: Behavior,
  tell: Teller,
  draft: Draft,
): ResponseHeadersPolicy | undefined | 'missing' {
  const id = behavior.ResponseHeadersPolicyId;
  if (id === undefined) return undefined;
  const policy = findResponseHeadersPolicy(id.value, draft);
  if (policy !== undefined) return policy;
  tellMissingPolicy('response headers policy', id, tell);
  return 'missing';
}

function tellMissingPolicy(what: string, id: Placed<string>, tell: Teller): void {
  tell.error(
    'template/property',
    id.at,
    `There is no ${what} ${id.value}: it is not one of AWS's and in no template read.`,
    {
      remedy: 'Give the template that makes it too.',
      facts: ['CF 3.14', 'CF 3.21', 'CF 3.23'],
    },
  );
}
