export { loadSandbox } from './load.ts';
