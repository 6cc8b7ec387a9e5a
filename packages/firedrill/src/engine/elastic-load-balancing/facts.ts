import { facts } from '../facts.ts';

/** Every number of load balancers that the engine goes by; those with defaults in templates stand in `template/`. */
export const LOAD_BALANCING_FACTS = facts({
  /** Of the load balancer to a target. */
  TARGET_CONNECT_TIMEOUT_MS: { value: 10_000, standing: 'documented', line: 'RS 6.9', checked: '2026-11-21' },
  LAMBDA_PAYLOAD_BYTES_MAX: { value: 1_048_576, standing: 'documented', line: 'RS 6.12', checked: '2026-11-21' },
  FORWARDED_FOR_ADDRESSES_MAX: { value: 30, standing: 'documented', line: 'RS 6.10', checked: '2026-11-21' },
  NAME_TTL_SECONDS: { value: 60, standing: 'documented', line: 'RS 6.14b', checked: '2026-11-21' },
  /** Route 53 watches the address of each zone; how closely is not published, so as its own fast checks. */
  NODE_CHECK_INTERVAL_SECONDS: { value: 10, standing: 'assumed', line: 'R53 ET-01', checked: '2026-11-21' },
  NODE_CHECK_THRESHOLD: { value: 3, standing: 'assumed', line: 'R53 ET-01', checked: '2026-11-21' },
  NODE_CHECK_TIMEOUT_MS: { value: 4000, standing: 'assumed', line: 'R53 ET-01', checked: '2026-11-21' },
});
