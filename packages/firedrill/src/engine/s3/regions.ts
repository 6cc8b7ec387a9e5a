import type { S3ErrorCode } from './errors.ts';
import { GLOBAL_REGION, LATER_REGIONS } from './facts.ts';
import type { S3Host } from './hosts.ts';

/** What S3 answers somebody who asks at an endpoint that is not the bucket's. */
export interface WrongRegion {
  readonly code: Extract<
    S3ErrorCode,
    'AuthorizationHeaderMalformed' | 'IllegalLocationConstraintException' | 'PermanentRedirect' | 'TemporaryRedirect'
  >;
  /** Undefined: the usual one. */
  readonly message?: string;
  /** Elements after the message. */
  readonly more: Readonly<Record<string, string>>;
}

interface Whose {
  readonly name: string;
  readonly region: string;
}

/** A request that nobody signed, at an endpoint of another Region; the global one knows nothing of later Regions (RS 5.18). */
export function wrongEndpoint(bucket: Whose, endpoint: string | undefined): WrongRegion {
  const more = { Endpoint: `${bucket.name}.s3.${bucket.region}.amazonaws.com`, Bucket: bucket.name };
  if (endpoint !== undefined) return { code: 'PermanentRedirect', more };
  return LATER_REGIONS.has(bucket.region)
    ? { code: 'IllegalLocationConstraintException', more: {} }
    : { code: 'TemporaryRedirect', more };
}

/** A signature for a Region that is not the endpoint's. */
export function wrongScope(signed: string, expected: string): WrongRegion {
  return {
    code: 'AuthorizationHeaderMalformed',
    message: `The authorization header is malformed; the region '${signed}' is wrong; expecting '${expected}'`,
    more: { Region: expected },
  };
}

/**
 * What stands against a request that a client of AWS's has signed (RS 5.18, 5.19): the endpoint checks the signature's Region
 * before it looks for the bucket. Undefined: nothing does.
 * @param host of the request; undefined when it is no name of S3: then the endpoint is that of the Region signed for.
 */
export function signedElsewhere(bucket: Whose, host: S3Host | undefined, signed: string): WrongRegion | undefined {
  // DNS has followed a bucket that its own name leads to; without the bucket the global name is us-east-1's (RS 5.17).
  const global = host?.bucket === undefined ? GLOBAL_REGION : bucket.region;
  const endpoint = host === undefined ? signed : (host.region ?? global);
  if (endpoint !== signed) return wrongScope(signed, endpoint);
  return endpoint === bucket.region ? undefined : wrongEndpoint(bucket, endpoint);
}
