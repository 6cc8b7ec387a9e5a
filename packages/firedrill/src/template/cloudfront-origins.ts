import { originAccessOf, checkS3Name } from './cloudfront-origin-access.ts';
import type { S3Draft } from './s3-draft.ts';
import type { Origin, OriginGroup } from '../model/index.ts';
import { ORIGIN_SHIELD_REGIONS } from '../model/index.ts';
import { domainName } from './names.ts';
import type { Node } from './node.ts';
import {
  anyText,
  anything,
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

const PORT = integer({ least: 1, most: 65_535, facts: ['CF 4.10'] });
const RESPONSE_TIMEOUT = integer({ least: 1, most: 120, facts: ['CF 1.13'] });

const CUSTOM_ORIGIN = shape('CustomOriginConfig', {
  OriginProtocolPolicy: required(oneOf(['http-only', 'https-only', 'match-viewer'], ['CF 4.10'])),
  HTTPPort: optional(placed(PORT)),
  HTTPSPort: optional(placed(PORT)),
  OriginReadTimeout: optional(placed(RESPONSE_TIMEOUT)),
  // The newer limit; older pages say 120 (CF 1.21).
  OriginKeepaliveTimeout: optional(integer({ least: 1, most: 300, facts: ['CF 1.21'] })),
  OriginMtlsConfig: notYet('Origins ask nobody for a certificate.'),
  ...inertFields('IpAddressType', 'OriginSSLProtocols'),
});

/** Names that CloudFront keeps for itself, or for the connection (CF 3.42). */
const NOT_CUSTOM =
  /^(?:cache-control|connection|content-length|cookie|host|if-.*|max-forwards|pragma|proxy-.*|range|request-range|te|trailer|transfer-encoding|upgrade|via|x-amz-.*|x-amzn-.*|x-edge-.*|x-real-ip)$/i;

function customHeaderName(node: Node, tell: Teller): string | undefined {
  const name = text()(node, tell);
  if (name === undefined || !NOT_CUSTOM.test(name)) return name;
  tell.error('template/property', node.at, `${name} cannot be a custom header of an origin.`, { facts: ['CF 3.42'] });
  return undefined;
}

export const ORIGIN = shape('Origins', {
  Id: required(placed(text())),
  DomainName: required(placed(text({ most: 253 }))),
  OriginPath: optional(placed(anyText)),
  ConnectionAttempts: optional(integer({ least: 1, most: 3, facts: ['CF 1.11', 'CF 9.8'] })),
  ConnectionTimeout: optional(integer({ least: 1, most: 10, facts: ['CF 1.11', 'CF 9.8'] })),
  ResponseCompletionTimeout: optional(placed(integer({ least: 1, most: 86_400, facts: ['CF 1.18'] }))),
  CustomOriginConfig: optional(CUSTOM_ORIGIN),
  S3OriginConfig: optional(
    shape('S3OriginConfig', {
      OriginReadTimeout: optional(placed(RESPONSE_TIMEOUT)),
      OriginAccessIdentity: optional(placed(anyText)),
    }),
  ),
  OriginCustomHeaders: optional(
    listOf(shape('OriginCustomHeaders', { HeaderName: required(customHeaderName), HeaderValue: required(anyText) })),
  ),
  OriginShield: optional(
    shape('OriginShield', { Enabled: optional(boolean), OriginShieldRegion: optional(placed(text())) }),
  ),
  VpcOriginConfig: optional(placed(anything)),
  OriginAccessControlId: optional(placed(anyText)),
});

/** Codes that can be chosen to fail over (CF 1.5). */
const FAILOVER_CODES: ReadonlySet<number> = new Set([400, 403, 404, 416, 429, 500, 502, 503, 504]);

export const ORIGIN_GROUPS = shape('OriginGroups', {
  Quantity: optional(placed(integer({ least: 0, most: 100, facts: ['CF 7.1'] }))),
  Items: optional(
    listOf(
      shape('OriginGroups', {
        Id: required(placed(text())),
        FailoverCriteria: required(
          shape('FailoverCriteria', {
            StatusCodes: required(
              shape('StatusCodes', {
                Quantity: optional(placed(integer({ least: 0, most: 100, facts: ['CF 1.5'] }))),
                Items: required(listOf(placed(integer({ least: 100, most: 599, facts: ['CF 1.5'] })))),
              }),
            ),
          }),
        ),
        Members: required(
          shape('Members', {
            Quantity: optional(placed(integer({ least: 0, most: 100, facts: ['CF 1.1'] }))),
            Items: required(listOf(shape('Members', { OriginId: required(placed(text())) }))),
          }),
        ),
        SelectionCriteria: optional(oneOf(['default', 'media-quality-based'], ['CF 1.37'])),
      }),
    ),
  ),
});

type OriginProperties = NonNullable<ReturnType<typeof ORIGIN>>;
type GroupProperties = NonNullable<NonNullable<ReturnType<typeof ORIGIN_GROUPS>>['Items']>[number];

/** An origin with its defaults (CF 1.11, 1.13, 1.21); undefined when it contradicts itself. */
export function originOf(origin: OriginProperties, tell: Teller, s3Draft: S3Draft): Origin | undefined {
  const { CustomOriginConfig: custom, S3OriginConfig: s3, OriginPath: path } = origin;
  if (custom === undefined && s3 === undefined) {
    if (origin.VpcOriginConfig !== undefined) {
      const says = 'Firedrill does not act on VPC origins yet; a distribution with one cannot be drilled.';
      tell.error('template/not-acted-on', origin.VpcOriginConfig.at, says);
    } else if (!['CustomOriginConfig', 'S3OriginConfig', 'VpcOriginConfig'].some((key) => origin.written.has(key))) {
      tell.error('template/property', origin.at, 'An origin needs CustomOriginConfig or S3OriginConfig.');
    }
    return undefined;
  }
  const shield = checkShield(origin, tell);
  const consistent = [
    shield !== 'wrong',
    checkName(origin, tell),
    checkTimeouts(origin, tell),
    checkPath(path, tell),
    checkPorts(custom, tell),
    checkS3Name(origin, tell),
  ].every(Boolean);
  if (!consistent) return undefined;
  const readTimeout = custom?.OriginReadTimeout ?? s3?.OriginReadTimeout;
  const completion = origin.ResponseCompletionTimeout;
  return {
    id: origin.Id.value,
    domainName: domainName(origin.DomainName.value),
    originPath: path?.value ?? '',
    customHeaders: Object.fromEntries(
      (origin.OriginCustomHeaders ?? []).map(({ HeaderName: name, HeaderValue: value }) => [name, value]),
    ),
    kind: custom === undefined ? 's3' : 'custom',
    protocolPolicy: custom?.OriginProtocolPolicy ?? 'match-viewer',
    httpPort: custom?.HTTPPort?.value ?? 80,
    httpsPort: custom?.HTTPSPort?.value ?? 443,
    connectionAttempts: origin.ConnectionAttempts ?? 3,
    connectionTimeoutSeconds: origin.ConnectionTimeout ?? 10,
    responseTimeoutSeconds: readTimeout?.value ?? 30,
    ...(completion === undefined ? {} : { responseCompletionTimeoutSeconds: completion.value }),
    keepaliveTimeoutSeconds: custom?.OriginKeepaliveTimeout ?? 5,
    ...originAccessOf(origin, s3Draft, tell),
    ...(shield === undefined ? {} : { originShieldRegion: shield }),
    place: origin.at,
  };
}

/** The Region of the shield, when it is on; one that has none is refused (CF 4.13). */
function checkShield({ OriginShield: shield }: OriginProperties, tell: Teller): string | undefined {
  if (shield?.Enabled !== true) return undefined;
  const { OriginShieldRegion: region } = shield;
  if (region !== undefined && ORIGIN_SHIELD_REGIONS.includes(region.value)) return region.value;
  const says =
    region === undefined
      ? 'OriginShield is enabled without OriginShieldRegion.'
      : `There is no Origin Shield in ${region.value}.`;
  tell.error('template/property', region?.at ?? shield.at, says, {
    remedy: `Take the Region nearest to the origin of ${ORIGIN_SHIELD_REGIONS.join(', ')}.`,
    facts: ['CF 4.13'],
  });
  return 'wrong';
}

/** The completion timeout bounds the whole exchange, so it cannot be shorter than one wait within it (CF 1.18). */
function checkTimeouts(origin: OriginProperties, tell: Teller): boolean {
  const completion = origin.ResponseCompletionTimeout;
  const read = (origin.CustomOriginConfig?.OriginReadTimeout ?? origin.S3OriginConfig?.OriginReadTimeout)?.value ?? 30;
  if (completion === undefined || completion.value >= read) return true;
  const says = `ResponseCompletionTimeout is ${completion.value} s, less than the response timeout of ${read} s.`;
  tell.error('template/property', completion.at, says, {
    remedy: 'Raise it, or lower OriginReadTimeout.',
    facts: ['CF 1.18', 'CF 9.8'],
  });
  return false;
}

/** Origins have names in public DNS (CF 4.10). */
function checkName({ DomainName: name }: OriginProperties, tell: Teller): boolean {
  if (!/^\d{1,3}(?:\.\d{1,3}){3}$|:/.test(name.value)) return true;
  tell.error(
    'template/property',
    name.at,
    `DomainName is ${name.value}; an origin has a name, not an address or a port.`,
    {
      remedy: 'Give it a name in public DNS, and ports in CustomOriginConfig.',
      facts: ['CF 4.10'],
    },
  );
  return false;
}

function checkPath(path: OriginProperties['OriginPath'], tell: Teller): boolean {
  if (path === undefined || path.value === '' || /^\/.*[^/]$/.test(path.value)) return true;
  tell.error(
    'template/property',
    path.at,
    `OriginPath is ${path.value}; it begins with a slash and does not end with one.`,
    {
      facts: ['CF 4.9'],
    },
  );
  return false;
}

function checkPorts(custom: OriginProperties['CustomOriginConfig'], tell: Teller): boolean {
  let valid = true;
  for (const port of [custom?.HTTPPort, custom?.HTTPSPort]) {
    if (port === undefined || port.value === 80 || port.value === 443 || port.value >= 1024) continue;
    const says = `Origins listen on 80, 443 or 1024 to 65535; this is ${port.value}.`;
    tell.error('template/property', port.at, says, { facts: ['CF 4.10'] });
    valid = false;
  }
  return valid;
}

/** A group with its two members, or undefined when CloudFront would refuse it (CF 9.8). */
export function originGroupOf(
  group: GroupProperties,
  origins: readonly OriginProperties[],
  tell: Teller,
): OriginGroup | undefined {
  const { Members: members, FailoverCriteria: criteria } = group;
  let valid = true;
  const refuse = (at: GroupProperties['at'], says: string, facts: readonly string[]): void => {
    tell.error('template/property', at, says, { facts });
    valid = false;
  };
  const [primary, secondary] = members.Items;
  if (members.Items.length !== 2) {
    refuse(members.at, `An origin group has exactly two members, primary first; this has ${members.Items.length}.`, [
      'CF 1.1',
      'CF 9.8',
    ]);
  }
  for (const { OriginId: member } of members.Items) {
    if (origins.some(({ Id: id }) => id.value === member.value)) continue;
    refuse(member.at, `The origin group names the origin ${member.value}, which this distribution does not have.`, [
      'CF 9.8',
    ]);
  }
  if (primary !== undefined && primary.OriginId.value === secondary?.OriginId.value) {
    refuse(secondary.OriginId.at, 'Both members of the origin group are the same origin.', ['CF 1.1']);
  }
  for (const code of criteria.StatusCodes.Items) {
    if (FAILOVER_CODES.has(code.value)) continue;
    refuse(code.at, `${code.value} is not a failover code; these are ${[...FAILOVER_CODES].join(', ')}.`, [
      'CF 1.5',
      'CF 9.8',
    ]);
  }
  if (criteria.StatusCodes.Items.length === 0)
    refuse(criteria.at, 'An origin group needs at least one failover code.', ['CF 1.5']);
  checkQuantities(
    [
      [members, members.Items.length],
      [criteria.StatusCodes, criteria.StatusCodes.Items.length],
    ],
    refuse,
  );
  if (!valid || primary === undefined || secondary === undefined) return undefined;
  return {
    id: group.Id.value,
    primary: primary.OriginId.value,
    secondary: secondary.OriginId.value,
    statusCodes: criteria.StatusCodes.Items.map(({ value }) => value),
    ...((group.SelectionCriteria ?? 'default') === 'default' ? {} : { selection: 'media-quality' as const }),
    place: group.at,
  };
}

type Counted = { readonly Quantity: { readonly value: number; readonly at: GroupProperties['at'] } | undefined };

function checkQuantities(
  counts: readonly (readonly [Counted, number])[],
  refuse: (at: GroupProperties['at'], says: string, facts: readonly string[]) => void,
): void {
  for (const [{ Quantity: quantity }, items] of counts) {
    if (quantity === undefined || quantity.value === items) continue;
    refuse(quantity.at, `Quantity is ${quantity.value}, but there are ${items} items.`, ['CF 1.1']);
  }
}
