import { setTimeout as wait } from 'node:timers/promises';
import type { StateDirectory, WorldFile } from '../doors/index.ts';
import { isAlive, stateDirectoryFor } from '../doors/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { askWorld } from './world-client.ts';

/** How long a world may take to end, in milliseconds: asked, then by SIGTERM, at last by SIGKILL. */
const PATIENCE_MS = 15_000;
const LOOK_EVERY_MS = 25;

export interface DownOptions {
  readonly state?: string;
  readonly json?: boolean;
}

/** `firedrill down`: ends the world of a state directory, and that one only; without one there is nothing to do. */
export async function downCommand(options: DownOptions): Promise<ExitCode> {
  const directory = stateDirectoryFor(options.state, process.env);
  const world = directory.world();
  const wasUp = world !== undefined && isAlive(world);
  if (wasUp) await end(world);
  // What a world leaves that had no time to tidy up.
  if (world !== undefined) tidy(directory, world);
  const text = wasUp ? 'The world is down.' : `No world is up in ${directory.path}.`;
  process.stdout.write(`${options.json === true ? JSON.stringify({ wasUp, state: directory.path }) : text}\n`);
  return EXIT.asExpected;
}

async function end(world: WorldFile): Promise<void> {
  await askWorld(world, 'POST', '/down').catch(() => undefined);
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    if (await isGoneSoon(world)) return;
    // Looked at just before: the number is still its own.
    process.kill(world.pid, signal);
  }
  await isGoneSoon(world);
}

async function isGoneSoon(world: WorldFile): Promise<boolean> {
  for (const until = performance.now() + PATIENCE_MS; performance.now() < until; await wait(LOOK_EVERY_MS))
    if (!isAlive(world)) return true;
  return !isAlive(world);
}

function tidy(directory: StateDirectory, world: WorldFile): void {
  if (isAlive(world) || directory.world()?.id !== world.id) return;
  directory.remove('world.json');
  directory.remove('lock');
}
