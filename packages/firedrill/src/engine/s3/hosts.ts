import { GLOBAL_REGION } from './facts.ts';

/** What a host name of S3 stands for. */
export interface S3Host {
  readonly kind: 'rest' | 'website';
  /** Undefined: the name is of no Region, which lands in us-east-1 (RS 5.17). */
  readonly region: string | undefined;
  /** Undefined: the endpoint itself, whose paths begin with the bucket, or the bare website endpoint. */
  readonly bucket: string | undefined;
}

const REST = /^(?:(.+)\.)?s3(?:[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d))?\.amazonaws\.com$/;
const WEBSITE = /^(?:(.+)\.)?s3-website[.-]([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/;

/**
 * Reads a host name: `bucket.s3.region`, `s3.region` with the bucket in the path, the old forms with a dash or without a Region
 * (RS 5.16, 5.17), and both spellings of website endpoints (RS 5.2, 5.3). Undefined for all others.
 */
export function s3HostOf(host: string): S3Host | undefined {
  const website = WEBSITE.exec(host);
  if (website !== null) return { kind: 'website', bucket: website[1], region: website[2] };
  const rest = REST.exec(host);
  return rest === null ? undefined : { kind: 'rest', bucket: rest[1], region: rest[2] };
}

/** The Region whose endpoint a name leads to. A name without Region follows its bucket once DNS has (RS 5.18). */
export function regionBehind(
  { bucket, region }: S3Host,
  bucketRegion: (bucket: string) => string | undefined,
  isFresh: boolean,
): string {
  if (region !== undefined) return region;
  const own = bucket === undefined || isFresh ? undefined : bucketRegion(bucket);
  return own ?? GLOBAL_REGION;
}

/** A request's bucket and key. */
export interface Addressed {
  readonly bucket: string | undefined;
  /** Decoded; empty for the bucket itself. */
  readonly key: string;
  /** Without the question mark. */
  readonly query: string;
  /** Of the host name; undefined when it names none. */
  readonly region: string | undefined;
  /** The host is one of S3's own. */
  readonly isOwnHost: boolean;
}

/** Which bucket and key a REST request is for: any host that is not S3's own is the name of a bucket (RS 5.16). */
export function addressedBy(host: string, target: string): Addressed {
  const at = target.indexOf('?');
  const path = (at < 0 ? target : target.slice(0, at)).slice(1);
  const query = at < 0 ? '' : target.slice(at + 1);
  const lower = host.toLowerCase();
  const found = s3HostOf(lower);
  if (found?.kind !== 'rest') return { bucket: lower, key: decoded(path), query, region: undefined, isOwnHost: false };
  const { bucket, region } = found;
  if (bucket !== undefined) return { bucket, key: decoded(path), query, region, isOwnHost: true };
  const slash = path.indexOf('/');
  const first = slash < 0 ? path : path.slice(0, slash);
  return {
    bucket: first === '' ? undefined : first,
    key: slash < 0 ? '' : decoded(path.slice(slash + 1)),
    query,
    region,
    isOwnHost: true,
  };
}

/** The bucket that a host names; undefined when the path has to. */
export function bucketOfHost(host: string): string | undefined {
  const lower = host.toLowerCase();
  const found = s3HostOf(lower);
  return found?.kind === 'rest' ? found.bucket : lower;
}

/** A key as it was before it was written into a path; as it stands when that is not possible. */
export function decoded(path: string): string {
  if (!path.includes('%')) return path;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** One parameter of a query; an empty text when it is there without a value. */
export function parameterOf(query: string, name: string): string | undefined {
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    if ((at < 0 ? pair : pair.slice(0, at)) === name) return at < 0 ? '' : decoded(pair.slice(at + 1));
  }
  return undefined;
}
