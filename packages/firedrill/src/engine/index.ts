export * from './conversation.ts';
export * from './world.ts';
