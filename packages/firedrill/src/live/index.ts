export type { WorldClock } from './clock.ts';
export { LiveError } from './live-error.ts';
export { openWorld, PORTS } from './local-world.ts';
export type { LocalWorld, LocalWorldOptions, OpenEndpoint, Ports } from './local-world.ts';
export { contentOf, KeptBody } from './bodies.ts';
export { BodyKeeper } from './body-keeper.ts';
export { PieceCutter } from './body-pieces.ts';
