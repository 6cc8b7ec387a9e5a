import { facts } from '../facts.ts';

/** Every number of Global Accelerator that the engine goes by; those with defaults in templates stand in `template/`. */
export const GLOBAL_ACCELERATOR_FACTS = facts({
  /** So many of the groups nearest to the client are looked through for a healthy endpoint. */
  GROUPS_TRIED_MAX: { value: 3, standing: 'documented', line: 'RS 2.16', checked: '2026-11-21' },
  TCP_IDLE_TIMEOUT_SECONDS: { value: 340, standing: 'documented', line: 'RS 2.19', checked: '2026-11-21' },
  /** Its checks come from Route 53's checkers, so theirs are its timeouts. */
  CHECK_CONNECT_TIMEOUT_MS: { value: 4000, standing: 'assumed', line: 'RS 2.9', checked: '2026-11-21' },
  CHECK_STATUS_TIMEOUT_MS: { value: 2000, standing: 'assumed', line: 'RS 2.9', checked: '2026-11-21' },
  CHECK_TCP_TIMEOUT_MS: { value: 10_000, standing: 'assumed', line: 'RS 2.9', checked: '2026-11-21' },
  NAME_TTL_SECONDS: { value: 60, standing: 'assumed', line: 'R53 AL-05', checked: '2026-11-21' },
});
