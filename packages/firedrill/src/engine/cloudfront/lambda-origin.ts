import type { Origin } from '../../model/index.ts';
import type { SiteOrigin } from './site.ts';
import { readyOrigin } from './site.ts';
import type { LambdaHeaders } from './lambda-headers.ts';
import { lambdaHeadersOf, readLambdaHeaders } from './lambda-headers.ts';

/** An origin as functions at origin events have it: one of the two (CF 5.7). */
export type LambdaOrigin = { readonly custom: LambdaCustomOrigin } | { readonly s3: LambdaS3Origin };

interface LambdaCustomOrigin {
  readonly customHeaders: LambdaHeaders;
  readonly domainName: string;
  readonly keepaliveTimeout: number;
  readonly path: string;
  readonly port: number;
  readonly protocol: 'http' | 'https';
  readonly readTimeout: number;
  readonly responseCompletionTimeout?: number;
  readonly sslProtocols: readonly string[];
}

interface LambdaS3Origin {
  readonly authMethod: 'none' | 'origin-access-identity';
  readonly customHeaders: LambdaHeaders;
  readonly domainName: string;
  readonly path: string;
  readonly readTimeout: number;
  readonly region: string;
}

/** What CloudFront offers an origin unless it is told otherwise. */
const SSL_PROTOCOLS = ['TLSv1', 'TLSv1.1', 'TLSv1.2'];

/** @param isHttps whether it is spoken to over TLS; an origin that follows the viewer differs from request to request. */
export function lambdaOriginOf({ origin }: SiteOrigin, isHttps: boolean): LambdaOrigin {
  const customHeaders = lambdaHeadersOf(Object.entries(origin.customHeaders));
  const { domainName, originPath: path, responseTimeoutSeconds: readTimeout } = origin;
  if (origin.kind === 's3') {
    const region = /\.s3[.-]([a-z]{2}(?:-[a-z]+)+-\d)\./.exec(domainName)?.[1] ?? 'us-east-1';
    return { s3: { authMethod: 'none', customHeaders, domainName, path, readTimeout, region } };
  }
  return {
    custom: {
      customHeaders,
      domainName,
      keepaliveTimeout: origin.keepaliveTimeoutSeconds,
      path,
      port: isHttps ? origin.httpsPort : origin.httpPort,
      protocol: isHttps ? 'https' : 'http',
      readTimeout,
      sslProtocols: SSL_PROTOCOLS,
    },
  };
}

/**
 * The origin that a function has put in place of another: it need not be one of the distribution's, and an S3 origin may take
 * the place of a custom one or the reverse (CF 5.9). What the event does not speak of, as attempts, stays.
 * @returns a text when it is none, saying why.
 */
export function readLambdaOrigin(value: unknown, before: Origin): SiteOrigin | string {
  if (typeof value !== 'object' || value === null) return 'origin is not an object';
  const { custom, s3 } = value as { readonly custom?: unknown; readonly s3?: unknown };
  const isCustom = typeof custom === 'object' && custom !== null;
  const isS3 = typeof s3 === 'object' && s3 !== null;
  if (isCustom === isS3) return 'origin must have one of custom and s3';
  const given = (isCustom ? custom : s3) as Readonly<Record<string, unknown>>;
  const common = readCommon(given, before);
  if (typeof common === 'string') return common;
  if (isS3) return readS3(given, common);
  return readCustom(given, common);
}

/** A host name of at most 253 characters, no address and without a port (CF 5.7). */
function isDomainName(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    value.length <= 253 &&
    /^[a-z0-9_-]+(\.[a-z0-9_-]+)+$/i.test(value) &&
    !/^\d+(\.\d+){3}$/.test(value)
  );
}

/** A map that a function has made may have no text. */
function said(value: unknown): string {
  return typeof value === 'string' ? value : `a ${typeof value}`;
}

function readCommon(given: Readonly<Record<string, unknown>>, before: Origin): Origin | string {
  const { domainName, path = '', customHeaders, readTimeout } = given;
  if (!isDomainName(domainName)) return `${said(domainName)} is no domain name of an origin`;
  if (typeof path !== 'string' || path.length > 255 || (path !== '' && (!path.startsWith('/') || path.endsWith('/'))))
    return `${said(path)} is no path of an origin`;
  const headers = readLambdaHeaders(customHeaders);
  if (typeof headers === 'string') return headers;
  const seconds = readTimeout ?? before.responseTimeoutSeconds;
  // Whether more than the origin is configured for is allowed, AWS does not say (CF 5.8).
  if (!isWithin(seconds, 1, Math.max(60, before.responseTimeoutSeconds))) return 'readTimeout is out of its range';
  return {
    ...before,
    domainName: domainName.toLowerCase(),
    originPath: path,
    customHeaders: Object.fromEntries(headers),
    responseTimeoutSeconds: seconds,
  };
}

function readCustom(given: Readonly<Record<string, unknown>>, common: Origin): SiteOrigin | string {
  const { protocol, port, keepaliveTimeout, sslProtocols } = given;
  if (protocol !== 'http' && protocol !== 'https') return 'protocol must be http or https';
  if (!isWithin(port, 1, 65_535) || (port !== 80 && port !== 443 && port < 1024))
    return 'port must be 80, 443 or from 1024 to 65535';
  const keepalive = keepaliveTimeout ?? common.keepaliveTimeoutSeconds;
  if (!isWithin(keepalive, 1, Math.max(60, common.keepaliveTimeoutSeconds)))
    return 'keepaliveTimeout is out of its range';
  if (sslProtocols !== undefined && !Array.isArray(sslProtocols)) return 'sslProtocols is not a list';
  return readyOrigin({
    ...common,
    kind: 'custom',
    keepaliveTimeoutSeconds: keepalive,
    protocolPolicy: protocol === 'https' ? 'https-only' : 'http-only',
    ...(protocol === 'https' ? { httpsPort: port } : { httpPort: port }),
  });
}

function readS3(given: Readonly<Record<string, unknown>>, common: Origin): SiteOrigin | string {
  const { authMethod, region } = given;
  if (authMethod !== 'none' && authMethod !== 'origin-access-identity')
    return 'authMethod must be none or origin-access-identity';
  if (region !== undefined && typeof region !== 'string') return 'region is not a text';
  return readyOrigin({ ...common, kind: 's3', protocolPolicy: 'https-only', httpsPort: 443, httpPort: 80 });
}

function isWithin(value: unknown, least: number, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
}
