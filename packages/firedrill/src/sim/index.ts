export { simulate, startSimulation, worldAt } from './run.ts';
export type { SimRun } from './run.ts';
