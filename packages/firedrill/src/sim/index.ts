export { simulate, startSimulation } from './run.ts';
export type { SimRun } from './run.ts';
