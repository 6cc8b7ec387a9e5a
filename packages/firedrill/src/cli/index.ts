/*
 * What other programs may use: `import { inspectAssembly } from 'firedrill'`. Small on purpose; the rooms have entries
 * of their own, which may change as they like.
 */
export type { IgnoredFinding } from '../check/index.ts';
export type { Finding, FindingCode, Place } from '../model/index.ts';
export { FINDING_CODES } from '../model/index.ts';
export type { AssemblyInspection, InspectAssemblyOptions } from './inspect-assembly.ts';
export { inspectAssembly } from './inspect-assembly.ts';
export { VERSION } from './version.ts';
