import { API_GATEWAY_FACTS } from './api-gateway/facts.ts';
import type { Endpoint } from './world.ts';
import { CLOUDFRONT_FACTS } from './cloudfront/facts.ts';

/** What a request's line and headers may come to, and the status of what is longer. */
export interface HeadLimit {
  readonly bytesMax: number;
  readonly status: number;
}

/** CloudFront's (CF 2.28, 7.2) and API Gateway's (RS 3.22, 3.22a); for others, a bound of our own, with the status that HTTP has for it (RFC 6585, 5). */
export function headLimitOf({ kind }: Endpoint): HeadLimit {
  if (kind === 'edge') return { bytesMax: CLOUDFRONT_FACTS.REQUEST_HEAD_BYTES.value, status: 413 };
  if (kind === 'api-gateway') return { bytesMax: API_GATEWAY_FACTS.HEAD_BYTES_MAX.value, status: 413 };
  return { bytesMax: 64 * 1024, status: 431 };
}
