import type { Place } from './finding.ts';

/**
 * Something that answers requests and whose code Firedrill does not run: an instance, an address behind a load balancer.
 * A drill file says what answers in its place.
 */
export interface Server {
  /** Instance id, allocation id of an Elastic IP address, or IP address. */
  readonly id: string;
  readonly region: string;
  readonly zone?: string;
  /** Other names of the same server, as its address and its logical id: a drill file may use any of them. */
  readonly otherNames: readonly string[];
  readonly stack: string;
  readonly place?: Place;
}
