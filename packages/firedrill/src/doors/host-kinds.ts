/** Who answers for a host name. */
export type HostKind =
  /** The APIs of AWS. */
  | 'aws-api'
  /** The world's name servers know, or nobody does. */
  | 'world';

/** Under which AWS has its APIs. */
const API_DOMAINS = ['amazonaws.com', 'api.aws'];

/**
 * Names below those domains that are no API but somebody's own endpoint, which the world has: stages of API Gateway, websites
 * of S3, load balancers, accelerators.
 */
const ENDPOINT_NAMES = [
  /\.execute-api\.[a-z0-9-]+\.amazonaws\.com$/,
  /(?:^|\.)s3-website[.-][a-z0-9-]+\.amazonaws\.com$/,
  /\.elb(?:\.[a-z0-9-]+)?\.amazonaws\.com$/,
];

/** Tells hosts of AWS's APIs from those that are looked up in the world. Port and case do not matter. */
export function hostKind(host: string): HostKind {
  const name = host.toLowerCase().replace(/\.$/, '');
  const isAws = API_DOMAINS.some((domain) => name === domain || name.endsWith(`.${domain}`));
  return isAws && !ENDPOINT_NAMES.some((pattern) => pattern.test(name)) ? 'aws-api' : 'world';
}

/** A host and its port, as a request line or a `Host` header has them; undefined when it is neither. */
export function splitAuthority(
  authority: string,
  port: number,
): { readonly host: string; readonly port: number } | undefined {
  const found = /^(\[[0-9a-f:.]+\]|[^\s:/@[\]]+)(?::(\d{1,5}))?$/i.exec(authority);
  if (found?.[1] === undefined) return undefined;
  const named = found[2] === undefined ? port : Number(found[2]);
  if (named < 1 || named > PORT_MAX) return undefined;
  return { host: found[1].toLowerCase(), port: named };
}

const PORT_MAX = 65_535;
