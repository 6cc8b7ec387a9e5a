import { facts } from '../facts.ts';

/** Every number of API Gateway that the engine goes by. */
export const API_GATEWAY_FACTS = facts({
  INTEGRATION_TIMEOUT_MS: { value: 29_000, standing: 'documented', line: 'RS 3.18', checked: '2026-11-21' },
  HTTP_API_TIMEOUT_MS: { value: 30_000, standing: 'documented', line: 'RS 3.34', checked: '2026-11-21' },
  HEAD_BYTES_MAX: { value: 10_240, standing: 'documented', line: 'RS 3.22', checked: '2026-11-21' },
  PAYLOAD_BYTES_MAX: { value: 10_485_760, standing: 'documented', line: 'RS 3.22', checked: '2026-11-21' },
});
