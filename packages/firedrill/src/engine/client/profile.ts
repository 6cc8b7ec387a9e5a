import type { ClientProfile, RequestEnd } from '../../model/index.ts';
import type { ResolverPolicy } from '../resolver.ts';
import { PLAIN_RESOLVER } from '../resolver.ts';
import { CLIENT_FACTS } from './facts.ts';

/** How one kind of client keeps names and repeats requests. */
export interface Profile {
  readonly resolver: ResolverPolicy;
  /** Whether it keeps names itself, on top of what the resolver of its network keeps. */
  readonly keepsNames: boolean;
  /** How long one of several addresses is given before the next is tried; undefined: all of the client's patience. */
  readonly nextAddressMs: number | undefined;
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

/** Nobody keeps anything longer than this: 30 years. */
const FOR_GOOD_SECONDS = 1e9;

const PLAIN: Profile = {
  resolver: PLAIN_RESOLVER,
  keepsNames: false,
  nextAddressMs: undefined,
  attemptsMax: 1,
  repeats: () => false,
  backoffMs: () => 0,
};

/** Keeps what it finds for one length of time, whatever the TTL (R53 RV-08). */
function jvm(ttlSeconds: number): Profile {
  const negativeTtlSeconds = CLIENT_FACTS.JVM_NEGATIVE_TTL_SECONDS.value;
  const resolver: ResolverPolicy = {
    ...PLAIN_RESOLVER,
    minTtlSeconds: ttlSeconds,
    maxTtlSeconds: ttlSeconds,
    minNegativeTtlSeconds: negativeTtlSeconds,
    maxNegativeTtlSeconds: negativeTtlSeconds,
  };
  return { ...PLAIN, resolver, keepsNames: true };
}

/** Whether a request of this method may be sent twice (RFC 9110, 9.2.2). */
export function isIdempotent(method: string): boolean {
  return IDEMPOTENT.has(method);
}

export const PROFILES: Readonly<Record<ClientProfile, Profile>> = {
  plain: PLAIN,
  // At least a minute, failures not kept (R53 RV-09); a broken connection is tried once more for idempotent methods.
  browser: {
    resolver: { ...PLAIN_RESOLVER, minTtlSeconds: CLIENT_FACTS.BROWSER_MIN_TTL_SECONDS.value, keepsFailures: false },
    keepsNames: true,
    nextAddressMs: CLIENT_FACTS.NEXT_ADDRESS_MS.value,
    attemptsMax: 2,
    repeats: (end, _status, method) => BROKEN.has(end) && IDEMPOTENT.has(method),
    backoffMs: () => 0,
  },
  // Failures without an answer, 5xx and throttling, with exponential back-off and full jitter (R53 RV-18).
  sdk: {
    ...PLAIN,
    attemptsMax: CLIENT_FACTS.SDK_ATTEMPTS.value,
    repeats: (end, status) => end !== 'answered' || TRANSIENT.has(status),
    backoffMs: (n, draw) => {
      const ceiling = CLIENT_FACTS.SDK_BACKOFF_BASE_MS.value * 2 ** (n - 2);
      return draw * Math.min(ceiling, CLIENT_FACTS.SDK_BACKOFF_MAX_MS.value);
    },
  },
  jvm: jvm(CLIENT_FACTS.JVM_TTL_SECONDS.value),
  'jvm-forever': jvm(FOR_GOOD_SECONDS),
  // Names of its configuration are resolved when it starts, and never again (R53 RV-10).
  nginx: {
    ...PLAIN,
    resolver: {
      ...PLAIN_RESOLVER,
      minTtlSeconds: FOR_GOOD_SECONDS,
      maxTtlSeconds: FOR_GOOD_SECONDS,
      keepsFailures: false,
    },
    keepsNames: true,
  },
  'nginx-resolver': { ...PLAIN, keepsNames: true },
};
