import { facts } from '../facts.ts';

/** Every number of Application Recovery Controller that the engine goes by. */
export const RECOVERY_CONTROL_FACTS = facts({
  ENDPOINTS: { value: 5, standing: 'documented', line: 'R53 RC-01', checked: '2026-11-21' },
  QUORUM: { value: 3, standing: 'documented', line: 'R53 RC-01', checked: '2026-11-21' },
  CONTROLS_PER_BATCH_MAX: { value: 10, standing: 'documented', line: 'R53 RC-06', checked: '2026-11-21' },
  MUTATING_CALLS_PER_SECOND_MAX: { value: 3, standing: 'documented', line: 'R53 RC-06', checked: '2026-11-21' },
  /** How long a client waits for an endpoint that does not answer before it tries the next one. */
  CLIENT_TIMEOUT_MS: { value: 5000, standing: 'assumed', line: 'R53 RC-01', checked: '2026-11-21' },
  ZONAL_SHIFT_LEAST_MS: { value: 60_000, standing: 'documented', line: 'R53 ZS-01', checked: '2026-11-21' },
  ZONAL_SHIFT_MOST_MS: { value: 72 * 3_600_000, standing: 'documented', line: 'R53 ZS-01', checked: '2026-11-21' },
  PRACTICE_RUN_MS: { value: 30 * 60_000, standing: 'documented', line: 'R53 ZS-03', checked: '2026-11-21' },
});
