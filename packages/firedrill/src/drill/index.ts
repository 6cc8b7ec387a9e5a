export * from './drill.ts';
export { drillJsonSchema } from './drill-schema.ts';
export { readDrill } from './read-drill.ts';
export { resolveDrill } from './resolve-drill.ts';
