import { facts } from '../facts.ts';

/** Every number of Lambda that the engine goes by. */
export const LAMBDA_FACTS = facts({
  PAYLOAD_BYTES_MAX: { value: 6_291_556, standing: 'documented', line: 'RS 4.20', checked: '2026-11-21' },
  REQUEST_RESPONSE_BYTES_MAX: { value: 6_291_456, standing: 'documented', line: 'RS 4.20', checked: '2026-11-21' },
  EVENT_BYTES_MAX: { value: 1_048_576, standing: 'documented', line: 'RS 4.20', checked: '2026-11-21' },
  PROCESSES_AND_THREADS_MAX: { value: 1024, standing: 'documented', line: 'RS 4.36', checked: '2026-11-21' },
  OPEN_FILES_MAX: { value: 1024, standing: 'documented', line: 'RS 4.36', checked: '2026-11-21' },
  URL_NAME_TTL_SECONDS: { value: 60, standing: 'assumed', line: 'RS 4.26', checked: '2026-11-21' },
});
