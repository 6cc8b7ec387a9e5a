export type { AwsApi } from './aws-door.ts';
export type { Controls } from './control-door.ts';
export type { Doors } from './open-doors.ts';
export { isAlive, ownProcess } from './processes.ts';
export { notUp, StateDirectory, stateDirectoryFor } from './state-directory.ts';
export type { WorldFile } from './state-directory.ts';
export { systemCertificates } from './trust-bundle.ts';
export { RESOLVER_ADDRESS } from './namespace-gate.ts';
export { WORLD_KEY } from './world-key.ts';
export { takeLock } from './world-lock.ts';
export type { WorldLock } from './world-lock.ts';

/** Loaded when a world comes up: commands that only look for one have no use for servers. */
export async function openDoors(
  ...options: Parameters<typeof import('./open-doors.ts').openDoors>
): Promise<import('./open-doors.ts').Doors> {
  const doors = await import('./open-doors.ts');
  return await doors.openDoors(...options);
}

/** The same for the other end, inside of a network of its own. */
export async function openGate(doorPath: string): Promise<void> {
  const gate = await import('./namespace-gate.ts');
  await gate.openGate(doorPath);
}
