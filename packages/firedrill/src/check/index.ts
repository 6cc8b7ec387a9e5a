export { check } from './check.ts';
export type { Heeded, IgnoredFinding } from './ignore.ts';
export { heedIgnores } from './ignore.ts';
export type { Rule } from './rule.ts';
export { RULES } from './rules.ts';
