export { simulate } from './run.ts';
export type { SimEnded } from './run.ts';
