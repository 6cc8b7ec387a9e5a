import { facts } from '../facts.ts';

/** Every number of S3 that the engine goes by. */
export const S3_FACTS = facts({
  /** Names of REST endpoints; AWS publishes no TTL. */
  NAME_TTL_SECONDS: { value: 5, standing: 'assumed', line: 'RS 5.18', checked: '2026-11-21' },
  /** Most objects arrive within so long, with and without Replication Time Control. */
  REPLICATION_USUAL_MINUTES: { value: 15, standing: 'documented', line: 'RS 5.28', checked: '2026-11-21' },
  /** "A couple of hours", for those that take longer. */
  REPLICATION_LONG_MINUTES: { value: 120, standing: 'documented', line: 'RS 5.28', checked: '2026-11-21' },
  /** "Most". */
  REPLICATION_USUAL_SHARE: { value: 0.95, standing: 'assumed', line: 'RS 5.28', checked: '2026-11-21' },
  /** Of objects under Replication Time Control, those within 15 minutes. */
  TIME_CONTROL_SHARE: { value: 0.9999, standing: 'documented', line: 'RS 5.29', checked: '2026-11-21' },
  /** "Most in seconds", of objects under Replication Time Control. */
  TIME_CONTROL_SECONDS_SHARE: { value: 0.95, standing: 'assumed', line: 'RS 5.29', checked: '2026-11-21' },
  /** For how long an outage is waited out before replication is tried again. */
  REPLICATION_RETRY_SECONDS: { value: 60, standing: 'assumed', line: 'RS 5.30', checked: '2026-11-21' },
});

/** Regions launched after 20 March 2019: the global endpoint knows nothing of their buckets (RS 5.18). */
export const LATER_REGIONS: ReadonlySet<string> = new Set([
  'af-south-1',
  'ap-east-1',
  'ap-east-2',
  'ap-south-2',
  'ap-southeast-3',
  'ap-southeast-4',
  'ap-southeast-5',
  'ap-southeast-6',
  'ap-southeast-7',
  'ca-west-1',
  'eu-central-2',
  'eu-south-1',
  'eu-south-2',
  'il-central-1',
  'me-central-1',
  'me-south-1',
  'mx-central-1',
]);

/** Where requests with no Region in their host name land (RS 5.17). */
export const GLOBAL_REGION = 'us-east-1';
