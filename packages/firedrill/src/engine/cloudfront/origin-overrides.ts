import type { Origin } from '../../model/index.ts';
import type { EdgeCall } from './edge.ts';
import type { SiteOrigin } from './site.ts';
import { readyOrigin } from './site.ts';

/*
 * Settings of origins that helpers of functions give. A reader gives a text when CloudFront would not take them; the helper
 * throws it.
 */

type Fields = Readonly<Record<string, unknown>>;

/** Names that may be given beside the origin's own (CF 5.28). */
const CERTIFICATE_NAMES_MAX = 20;

const OVERRIDES: ReadonlySet<string> = new Set(['hostHeader', 'sni', 'allowedCertificateNames']);

/** What {@link updatedOrigin} takes (CF 5.27). */
const SETTINGS: ReadonlySet<string> = new Set([
  ...OVERRIDES,
  'domainName',
  'originPath',
  'customHeaders',
  'connectionAttempts',
  'timeouts',
  'originShield',
  'originAccessControlConfig',
  'customOriginConfig',
]);

/** Settings by name, in seconds, with their ranges (CF 5.27). */
const TIMEOUTS = {
  readTimeout: ['responseTimeoutSeconds', 1, 120],
  responseCompletionTimeout: ['responseCompletionTimeoutSeconds', 1, 86_400],
  keepAliveTimeout: ['keepaliveTimeoutSeconds', 1, 120],
  connectionTimeout: ['connectionTimeoutSeconds', 1, 10],
} as const;

/** An origin with the few settings that may be overridden when it is chosen by id (CF 5.28). */
export function overriddenOrigin(of: SiteOrigin, overrides: unknown, call: EdgeCall): SiteOrigin | string {
  if (overrides === undefined || overrides === null) return of;
  if (!isObject(overrides)) return 'overrides are an object';
  const unknown = Object.keys(overrides).find((key) => !OVERRIDES.has(key));
  if (unknown !== undefined) return `${unknown} cannot be overridden`;
  return named(of.origin, overrides, undefined, call);
}

/** An origin with settings of its own for this request; what is not given stays as it was (CF 5.27). */
export function updatedOrigin(of: SiteOrigin, settings: unknown, call: EdgeCall): SiteOrigin | string {
  if (!isObject(settings)) return 'updateRequestOrigin takes an object';
  const unknown = Object.keys(settings).find((key) => !SETTINGS.has(key));
  if (unknown !== undefined) return `there is no setting ${unknown}`;
  const { domainName, originPath, connectionAttempts } = settings;
  if (domainName !== undefined && (typeof domainName !== 'string' || !/^[a-z0-9.-]{1,253}$/i.test(domainName)))
    return 'domainName is not the name of a domain';
  if (originPath !== undefined && (typeof originPath !== 'string' || !/^(\/.*[^/])?$/.test(originPath)))
    return 'originPath begins with a slash and does not end with one';
  if (connectionAttempts !== undefined && !isWithin(connectionAttempts, 1, 3)) return 'connectionAttempts is 1 to 3';
  const customHeaders = readHeaders(settings['customHeaders']);
  if (typeof customHeaders === 'string') return customHeaders;
  const timeouts = readTimeouts(settings['timeouts']);
  if (typeof timeouts === 'string') return timeouts;
  const connection = readConnection(settings);
  if (typeof connection === 'string') return connection;
  const origin: Origin = {
    ...of.origin,
    ...(domainName === undefined ? {} : { domainName: domainName.toLowerCase() }),
    ...(originPath === undefined ? {} : { originPath }),
    ...(connectionAttempts === undefined ? {} : { connectionAttempts }),
    ...(customHeaders === undefined ? {} : { customHeaders }),
    ...timeouts,
    ...connection,
  };
  // The name that is given is Host, even where that of the viewer is forwarded (CF 5.30).
  const host = domainName === undefined ? (call.behavior.forwardsHost ? undefined : of.host) : origin.domainName;
  return named(origin, settings, host, call);
}

/** Host, server name and certificate: what is given, else one follows the other (CF 5.30). */
function named(origin: Origin, settings: Fields, otherwise: string | undefined, call: EdgeCall): SiteOrigin | string {
  const { hostHeader = otherwise, sni, allowedCertificateNames = [] } = settings;
  for (const [what, name] of [
    ['hostHeader', hostHeader],
    ['sni', sni],
  ] as const) {
    if (name !== undefined && (typeof name !== 'string' || name === '')) return `${what} is not a name`;
  }
  if (!Array.isArray(allowedCertificateNames) || allowedCertificateNames.length > CERTIFICATE_NAMES_MAX)
    return `allowedCertificateNames is a list of ${CERTIFICATE_NAMES_MAX} at most`;
  const names = allowedCertificateNames as readonly unknown[];
  if (!names.every((name) => typeof name === 'string')) return 'allowedCertificateNames is a list of names';
  const ready = readyOrigin(origin, call.site.distribution);
  const host = hostHeader as string | undefined;
  if (host === undefined && sni === undefined && names.length === 0) return ready;
  const serverName = (sni as string | undefined) ?? host ?? origin.domainName;
  return {
    ...ready,
    host,
    fixesTls: true,
    tls: { serverName, verifyNames: [...new Set([origin.domainName, serverName, ...names])] },
  };
}

function readHeaders(value: unknown): Origin['customHeaders'] | undefined | string {
  if (value === undefined) return undefined;
  if (!isObject(value)) return 'customHeaders is an object';
  const wrong = Object.entries(value).find(([, each]) => typeof each !== 'string');
  return wrong === undefined ? (value as Record<string, string>) : `customHeaders: ${wrong[0]} is not a text`;
}

function readTimeouts(value: unknown): Partial<Origin> | string {
  if (value === undefined) return {};
  if (!isObject(value)) return 'timeouts is an object';
  const read: Record<string, number> = {};
  for (const [key, seconds] of Object.entries(value)) {
    if (!Object.hasOwn(TIMEOUTS, key)) return `there is no timeout ${key}`;
    const [setting, least, most] = TIMEOUTS[key as keyof typeof TIMEOUTS];
    if (!isWithin(seconds, least, most)) return `${key} is ${least} to ${most}`;
    read[setting] = seconds;
  }
  return read;
}

/** How the origin is spoken to. An origin without customOriginConfig stays what it was; access control makes one of S3. */
function readConnection(settings: Fields): Partial<Origin> | string {
  const { customOriginConfig: custom, originAccessControlConfig: access, originShield: shield } = settings;
  for (const [what, value] of Object.entries({ originAccessControlConfig: access, originShield: shield })) {
    if (value !== undefined && (!isObject(value) || typeof value['enabled'] !== 'boolean'))
      return `${what} is an object with enabled`;
  }
  const isS3 = isObject(access) && access['enabled'] === true && access['originType'] === 's3';
  if (custom === undefined) return isS3 ? { kind: 's3', protocolPolicy: 'https-only' } : {};
  if (!isObject(custom)) return 'customOriginConfig is an object';
  const { port, protocol } = custom;
  if (port !== undefined && !isWithin(port, 1, 65_535)) return 'port is 1 to 65535';
  if (protocol !== undefined && protocol !== 'http' && protocol !== 'https') return 'protocol is http or https';
  const isHttp = protocol === 'http';
  return {
    kind: 'custom',
    ...(protocol === undefined ? {} : { protocolPolicy: isHttp ? 'http-only' : 'https-only' }),
    ...(port === undefined ? {} : isHttp ? { httpPort: port } : { httpsPort: port }),
  };
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
