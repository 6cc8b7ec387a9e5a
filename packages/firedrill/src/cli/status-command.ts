import { setTimeout as wait } from 'node:timers/promises';
import { stateDirectoryFor } from '../doors/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { renderStatus } from './status-text.ts';
import { askWorld, worldIn } from './world-client.ts';
import type { WorldStatus } from './world-status.ts';

export interface StatusOptions {
  readonly state?: string;
  readonly watch?: boolean;
  readonly json?: boolean;
}

const WATCH_EVERY_MS = 1000;
/** Moves to the upper left corner and clears what is below. */
const CLEAR = '\u001B[H\u001B[J';

/** `firedrill status`: what is in the world that is up, and how it is. */
export async function statusCommand(options: StatusOptions): Promise<ExitCode> {
  const directory = stateDirectoryFor(options.state, process.env);
  const ending = new AbortController();
  if (options.watch === true) process.once('SIGINT', () => ending.abort());
  for (;;) {
    const world = worldIn(directory);
    // The world is the same program.
    const status = (await askWorld(world, 'GET', '/status')) as WorldStatus;
    const text = options.json === true ? `${JSON.stringify(status)}\n` : renderStatus(world, status);
    const clears = options.watch === true && options.json !== true && process.stdout.isTTY;
    process.stdout.write(clears ? `${CLEAR}${text}` : text);
    if (options.watch !== true) return EXIT.asExpected;
    await wait(WATCH_EVERY_MS, undefined, { signal: ending.signal }).catch(() => undefined);
    if (ending.signal.aborted) return EXIT.interrupted;
  }
}
