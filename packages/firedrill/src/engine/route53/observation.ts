import type { Instant } from '../../model/index.ts';
import type { Verdict } from './checker.ts';

/** What one checker reports, as GetHealthCheckStatus and GetHealthCheckLastFailureReason list it (R53 HC-47). */
export interface HealthCheckObservation {
  readonly region: string;
  /** Of the checker. */
  readonly ipAddress: string;
  readonly status: string;
  readonly checkedAt: Instant;
}

/**
 * What was found, in words like AWS's. Of its texts only two are published: that of a connection that does not come about in
 * time, and the one of a handshake that fails (R53 HC-12).
 */
export function statusText({ healthy, reason, address }: Verdict): string {
  const status = /^status (\d+)$/.exec(reason)?.[1];
  const resolved = address === '' ? '' : ` Resolved IP: ${address}.`;
  if (status !== undefined) return `${healthy ? 'Success' : 'Failure'}: HTTP Status Code ${status}.${resolved}`;
  if (healthy) return `Success: TCP connection established.${resolved}`;
  return `Failure: ${FAILURES.get(reason) ?? `${reason}.`}${resolved}`;
}

const FAILURES: ReadonlyMap<string, string> = new Map([
  ['connect-timeout', 'The health checker could not establish a connection within the timeout limit.'],
  ['response-timeout', 'The endpoint did not respond within the timeout limit.'],
  ['tls', 'SSL alert handshake_failure.'],
  ['string not found', 'The response body does not contain the search string.'],
]);
