import { facts } from '../facts.ts';

/** Every number of DynamoDB that the engine goes by. */
export const DYNAMODB_FACTS = facts({
  NUMBER_DIGITS_MAX: { value: 38, standing: 'documented', line: 'RS 7.13', checked: '2026-11-21' },
  /** Numbers reach to 9.99…E+125. */
  NUMBER_EXPONENT_MAX: { value: 125, standing: 'documented', line: 'RS 7.13', checked: '2026-11-21' },
  NUMBER_EXPONENT_MIN: { value: -130, standing: 'documented', line: 'RS 7.13', checked: '2026-11-21' },
  ITEM_BYTES_MAX: { value: 400 * 1024, standing: 'documented', line: 'RS 7.14', checked: '2026-11-21' },
  /** Of what one Query or Scan reads, before its filter. */
  PAGE_BYTES_MAX: { value: 1024 * 1024, standing: 'documented', line: 'RS 7.15', checked: '2026-11-21' },
  BATCH_GETS_MAX: { value: 100, standing: 'documented', line: 'RS 7.16', checked: '2026-11-21' },
  BATCH_WRITES_MAX: { value: 25, standing: 'documented', line: 'RS 7.16', checked: '2026-11-21' },
  TRANSACTION_ACTIONS_MAX: { value: 100, standing: 'documented', line: 'RS 7.16', checked: '2026-11-21' },
  EXPRESSION_BYTES_MAX: { value: 4096, standing: 'documented', line: 'RS 7.17', checked: '2026-11-21' },
  /** Levels of maps and lists within each other. */
  DEPTH_MAX: { value: 32, standing: 'documented', line: 'RS 7.14', checked: '2026-11-21' },
  HASH_KEY_BYTES_MAX: { value: 2048, standing: 'documented', line: 'RS 7.14', checked: '2026-11-21' },
  RANGE_KEY_BYTES_MAX: { value: 1024, standing: 'documented', line: 'RS 7.14', checked: '2026-11-21' },
  /** "Usually within about a second"; half a second to two and a half within a geography. */
  REPLICATION_LEAST_SECONDS: { value: 0.5, standing: 'documented', line: 'RS 7.2', checked: '2026-11-21' },
  REPLICATION_MOST_SECONDS: { value: 2.5, standing: 'documented', line: 'RS 7.2', checked: '2026-11-21' },
  /** For how long a Region that cannot be reached is waited for before replication is tried again. */
  REPLICATION_RETRY_SECONDS: { value: 1, standing: 'assumed', line: 'RS 7.2', checked: '2026-11-21' },
});
