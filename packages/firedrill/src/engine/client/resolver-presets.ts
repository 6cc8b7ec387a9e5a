import type { ResolverPreset } from '../../model/index.ts';
import type { ResolverPolicy, StalePolicy } from '../resolver.ts';
import { PLAIN_RESOLVER } from '../resolver.ts';
import { CLIENT_FACTS } from './facts.ts';

const {
  BIND_MAX_NEGATIVE_TTL_SECONDS,
  BIND_MAX_TTL_SECONDS,
  COREDNS_MAX_NEGATIVE_TTL_SECONDS,
  COREDNS_MAX_TTL_SECONDS,
  COREDNS_MIN_TTL_SECONDS,
  COREDNS_STALE_KEEP_SECONDS,
  EC2_MAX_TTL_SECONDS,
  MACOS_MIN_TTL_SECONDS,
  MOBILE_MIN_TTL_SECONDS,
  PUBLIC_MIN_TTL_SECONDS,
  STALE_CLIENT_TIMEOUT_MS,
  STALE_KEEP_SECONDS,
  STALE_RETRY_SECONDS,
  STALE_TTL_SECONDS,
  STRETCHED_MIN_TTL_SECONDS,
  STRETCHING_SHARE,
  UNBOUND_MAX_NEGATIVE_TTL_SECONDS,
  UNBOUND_MAX_TTL_SECONDS,
  VPC_MAX_TTL_SECONDS,
} = CLIENT_FACTS;

/** As RFC 8767 recommends it (R53 RV-02). */
const STALE: StalePolicy = {
  ttlSeconds: STALE_TTL_SECONDS.value,
  clientTimeoutMs: STALE_CLIENT_TIMEOUT_MS.value,
  retrySeconds: STALE_RETRY_SECONDS.value,
  keepSeconds: STALE_KEEP_SECONDS.value,
};

const BIND: ResolverPolicy = {
  ...PLAIN_RESOLVER,
  maxTtlSeconds: BIND_MAX_TTL_SECONDS.value,
  maxNegativeTtlSeconds: BIND_MAX_NEGATIVE_TTL_SECONDS.value,
};

const UNBOUND: ResolverPolicy = {
  ...PLAIN_RESOLVER,
  maxTtlSeconds: UNBOUND_MAX_TTL_SECONDS.value,
  maxNegativeTtlSeconds: UNBOUND_MAX_NEGATIVE_TTL_SECONDS.value,
};

const COREDNS: ResolverPolicy = {
  ...PLAIN_RESOLVER,
  minTtlSeconds: COREDNS_MIN_TTL_SECONDS.value,
  maxTtlSeconds: COREDNS_MAX_TTL_SECONDS.value,
  minNegativeTtlSeconds: COREDNS_MIN_TTL_SECONDS.value,
  maxNegativeTtlSeconds: COREDNS_MAX_NEGATIVE_TTL_SECONDS.value,
};

/** Published defaults of resolvers, and what is told or was measured of others (R53 RV-02, RV-04 to RV-07, RV-12 to RV-15). */
export const RESOLVER_PRESETS: Readonly<Record<ResolverPreset, ResolverPolicy>> = {
  plain: PLAIN_RESOLVER,
  bind: BIND,
  // Gives out what has expired only once asking has failed: by default no client's patience is counted.
  'bind-stale': { ...BIND, stale: { ...STALE, clientTimeoutMs: PLAIN_RESOLVER.timeoutMs } },
  unbound: UNBOUND,
  'unbound-stale': { ...UNBOUND, stale: STALE },
  coredns: COREDNS,
  'coredns-stale': { ...COREDNS, stale: { ...STALE, keepSeconds: COREDNS_STALE_KEEP_SECONDS.value } },
  rfc8767: { ...PLAIN_RESOLVER, stale: STALE },
  vpc: { ...PLAIN_RESOLVER, maxTtlSeconds: VPC_MAX_TTL_SECONDS.value },
  'ec2-60s': { ...PLAIN_RESOLVER, maxTtlSeconds: EC2_MAX_TTL_SECONDS.value },
  'public-floor': { ...PLAIN_RESOLVER, minTtlSeconds: PUBLIC_MIN_TTL_SECONDS.value },
  macos: { ...PLAIN_RESOLVER, minTtlSeconds: MACOS_MIN_TTL_SECONDS.value },
  'stretches-ttl': { ...PLAIN_RESOLVER, minTtlSeconds: STRETCHED_MIN_TTL_SECONDS.value },
  'mobile-operator': { ...PLAIN_RESOLVER, minTtlSeconds: MOBILE_MIN_TTL_SECONDS.value },
};

/** Shares that somebody has measured, by the name a drill file calls them. */
export const RESOLVER_MIXES: Readonly<Record<string, Readonly<Partial<Record<ResolverPreset, number>>>>> = {
  /** Resolvers in the wild: so many stretch TTLs (R53 RV-12); all others keep to them. */
  internet: { plain: 1 - STRETCHING_SHARE.value, 'stretches-ttl': STRETCHING_SHARE.value },
};
