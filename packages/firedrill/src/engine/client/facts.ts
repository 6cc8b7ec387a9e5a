import { facts } from '../facts.ts';

/** Numbers of clients and resolvers that are not AWS's. */
export const CLIENT_FACTS = facts({
  BROWSER_MIN_TTL_SECONDS: { value: 60, standing: 'documented', line: 'R53 RV-09', checked: '2026-11-21' },
  SDK_ATTEMPTS: { value: 3, standing: 'documented', line: 'R53 RV-18', checked: '2026-11-21' },
  SDK_BACKOFF_BASE_MS: { value: 100, standing: 'assumed', line: 'R53 RV-18', checked: '2026-11-21' },
  SDK_BACKOFF_MAX_MS: { value: 20_000, standing: 'documented', line: 'R53 RV-18', checked: '2026-11-21' },
  BIND_MAX_TTL_SECONDS: { value: 604_800, standing: 'documented', line: 'R53 RV-05', checked: '2026-11-21' },
  BIND_MAX_NEGATIVE_TTL_SECONDS: { value: 10_800, standing: 'documented', line: 'R53 RV-05', checked: '2026-11-21' },
  UNBOUND_MAX_TTL_SECONDS: { value: 86_400, standing: 'documented', line: 'R53 RV-06', checked: '2026-11-21' },
  UNBOUND_MAX_NEGATIVE_TTL_SECONDS: { value: 3600, standing: 'documented', line: 'R53 RV-06', checked: '2026-11-21' },
  COREDNS_MIN_TTL_SECONDS: { value: 5, standing: 'documented', line: 'R53 RV-07', checked: '2026-11-21' },
  COREDNS_MAX_TTL_SECONDS: { value: 3600, standing: 'documented', line: 'R53 RV-07', checked: '2026-11-21' },
  COREDNS_MAX_NEGATIVE_TTL_SECONDS: { value: 1800, standing: 'documented', line: 'R53 RV-07', checked: '2026-11-21' },
  COREDNS_STALE_KEEP_SECONDS: { value: 3600, standing: 'documented', line: 'R53 RV-07', checked: '2026-11-21' },
  STALE_TTL_SECONDS: { value: 30, standing: 'documented', line: 'R53 RV-02', checked: '2026-11-21' },
  STALE_CLIENT_TIMEOUT_MS: { value: 1800, standing: 'documented', line: 'R53 RV-02', checked: '2026-11-21' },
  STALE_RETRY_SECONDS: { value: 30, standing: 'documented', line: 'R53 RV-02', checked: '2026-11-21' },
  STALE_KEEP_SECONDS: { value: 86_400, standing: 'documented', line: 'R53 RV-02', checked: '2026-11-21' },
  VPC_MAX_TTL_SECONDS: { value: 300, standing: 'measured', line: 'R53 RV-04', checked: '2026-11-21' },
  EC2_MAX_TTL_SECONDS: { value: 60, standing: 'measured', line: 'R53 RV-13', checked: '2026-11-21' },
  PUBLIC_MIN_TTL_SECONDS: { value: 30, standing: 'measured', line: 'R53 RV-15', checked: '2026-11-21' },
  MACOS_MIN_TTL_SECONDS: { value: 300, standing: 'measured', line: 'R53 RV-15', checked: '2026-11-21' },
  STRETCHING_SHARE: { value: 0.0874, standing: 'measured', line: 'R53 RV-12', checked: '2026-11-21' },
  /** Nobody says to what; an hour is long enough to outlast a drill. */
  STRETCHED_MIN_TTL_SECONDS: { value: 3600, standing: 'assumed', line: 'R53 RV-12', checked: '2026-11-21' },
  MOBILE_MIN_TTL_SECONDS: { value: 3600, standing: 'assumed', line: 'R53 RV-14', checked: '2026-11-21' },
  JVM_TTL_SECONDS: { value: 30, standing: 'documented', line: 'R53 RV-08', checked: '2026-11-21' },
  JVM_NEGATIVE_TTL_SECONDS: { value: 10, standing: 'documented', line: 'R53 RV-08', checked: '2026-11-21' },
  NEXT_ADDRESS_MS: { value: 250, standing: 'documented', line: 'R53 RV-03', checked: '2026-11-21' },
  /** RFC 6455, 7.1.1, leaves it open; what a widespread client takes. */
  WEBSOCKET_CLOSE_SECONDS: { value: 30, standing: 'assumed', line: 'CF 4.21d', checked: '2026-11-21' },
  CONNECTION_LIFETIME_SECONDS: { value: 3600, standing: 'documented', line: 'R53 RV-16', checked: '2026-11-21' },
});
