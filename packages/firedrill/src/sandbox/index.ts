export { flawsOf } from './flaws.ts';
export { loadSandbox } from './load.ts';
