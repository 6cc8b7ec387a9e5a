import type { ClientProfile, RequestEnd } from '../../model/index.ts';
import type { ResolverPolicy } from '../resolver.ts';
import { PLAIN_RESOLVER } from '../resolver.ts';
import { CLIENT_FACTS } from './facts.ts';

/** How one kind of client keeps names and repeats requests. */
export interface Profile {
  readonly resolver: ResolverPolicy;
  readonly attemptsMax: number;
  /** Whether an end calls for another attempt. */
  readonly repeats: (end: RequestEnd, status: number, method: string) => boolean;
  /** Wait before attempt `n` (2 for the first repetition), given a draw in [0, 1). */
  readonly backoffMs: (n: number, draw: number) => number;
}

const IDEMPOTENT: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE']);
/** Statuses that an SDK takes for transient or for throttling (R53 RV-18). */
const TRANSIENT: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const BROKEN: ReadonlySet<RequestEnd> = new Set(['refused', 'reset']);

export const PROFILES: Readonly<Record<ClientProfile, Profile>> = {
  plain: { resolver: PLAIN_RESOLVER, attemptsMax: 1, repeats: () => false, backoffMs: () => 0 },
  // At least a minute, failures not kept (R53 RV-09); a broken connection is tried once more for idempotent methods.
  browser: {
    resolver: { ...PLAIN_RESOLVER, minTtlSeconds: CLIENT_FACTS.BROWSER_MIN_TTL_SECONDS.value, keepsFailures: false },
    attemptsMax: 2,
    repeats: (end, _status, method) => BROKEN.has(end) && IDEMPOTENT.has(method),
    backoffMs: () => 0,
  },
  // Failures without an answer, 5xx and throttling, with exponential back-off and full jitter (R53 RV-18).
  sdk: {
    resolver: PLAIN_RESOLVER,
    attemptsMax: CLIENT_FACTS.SDK_ATTEMPTS.value,
    repeats: (end, status) => end !== 'answered' || TRANSIENT.has(status),
    backoffMs: (n, draw) => {
      const ceiling = CLIENT_FACTS.SDK_BACKOFF_BASE_MS.value * 2 ** (n - 2);
      return draw * Math.min(ceiling, CLIENT_FACTS.SDK_BACKOFF_MAX_MS.value);
    },
  },
};
