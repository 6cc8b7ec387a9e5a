import type { ClientProfile } from '../model/index.ts';

/** Users of one probe at one place; more would only make its curve smoother. */
export const CLIENTS_MAX = 10_000;

/** What a probe's client can be, in the order that they are offered. */
export const CLIENT_PROFILES = [
  'plain',
  'browser',
  'sdk',
  'jvm',
  'jvm-forever',
  'nginx',
  'nginx-resolver',
] as const satisfies readonly ClientProfile[];
