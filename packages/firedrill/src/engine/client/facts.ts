import { facts } from '../facts.ts';

/** Numbers of clients and resolvers that are not AWS's. */
export const CLIENT_FACTS = facts({
  BROWSER_MIN_TTL_SECONDS: { value: 60, standing: 'documented', line: 'R53 RV-09', checked: '2026-11-21' },
  SDK_ATTEMPTS: { value: 3, standing: 'documented', line: 'R53 RV-18', checked: '2026-11-21' },
  SDK_BACKOFF_BASE_MS: { value: 100, standing: 'assumed', line: 'R53 RV-18', checked: '2026-11-21' },
  SDK_BACKOFF_MAX_MS: { value: 20_000, standing: 'documented', line: 'R53 RV-18', checked: '2026-11-21' },
});
