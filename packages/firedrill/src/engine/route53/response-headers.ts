import type { Headers } from '../conversation.ts';
import { ROUTE53_FACTS } from './facts.ts';

/** What stands around a field on the wire: a colon, a space, the end of the line. */
const AROUND_BYTES = 4;

/**
 * Whether the headers of an answer are more than a health checker takes (R53 HC-10). Their syntax needs no look: what a world
 * answers itself is well formed, and an answer of somebody else's server that is not ends as one that never came.
 */
export function areTooLarge(headers: Headers): boolean {
  let bytes = 0;
  for (const [name, value] of headers) bytes += name.length + value.length + AROUND_BYTES;
  return bytes > ROUTE53_FACTS.RESPONSE_HEADERS_BYTES_MAX.value;
}
