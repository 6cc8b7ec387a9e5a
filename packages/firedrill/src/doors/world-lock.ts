import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import type { ProcessId } from './processes.ts';
import { isAlive, ownProcess } from './processes.ts';
import type { StateDirectory } from './state-directory.ts';

/** How often a lock that a dead process has left is removed before it counts as held: each time somebody was quicker. */
const TRIES_MAX = 10;

/** Held by the one world of a state directory while it is up. */
export interface WorldLock {
  release(): void;
}

/** Takes the lock of a directory; gives the process that holds it when another does. One of a process that has died is taken over. */
export function takeLock(
  directory: StateDirectory,
): { readonly kind: 'taken'; readonly lock: WorldLock } | { readonly kind: 'held'; readonly by: ProcessId } {
  const file = directory.file('lock');
  const own = ownProcess();
  // Written aside and linked into place: whoever sees a lock sees whose it is.
  const aside = `${file}.${own.pid}`;
  writeFileSync(aside, JSON.stringify(own), { mode: 0o600 });
  let by: ProcessId = own;
  try {
    for (let n = 0; n < TRIES_MAX; n++) {
      try {
        linkSync(aside, file);
        return { kind: 'taken', lock: { release: () => release(file, own) } };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      const holder = holderOf(file);
      if (holder !== undefined && isAlive(holder)) return { kind: 'held', by: holder };
      by = holder ?? by;
      clear(file, `${aside}.old`);
    }
  } finally {
    rmSync(aside, { force: true });
  }
  return { kind: 'held', by };
}

function holderOf(file: string): ProcessId | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProcessId;
  } catch {
    return undefined;
  }
}

/** Takes a dead process's lock away; one that somebody else has put there meanwhile is put back. */
function clear(file: string, old: string): void {
  try {
    renameSync(file, old);
  } catch {
    return;
  }
  const moved = holderOf(old);
  if (moved !== undefined && isAlive(moved)) {
    try {
      linkSync(old, file);
    } catch {
      // A third one has it.
    }
  }
  rmSync(old, { force: true });
}

function release(file: string, own: ProcessId): void {
  if (holderOf(file)?.pid === own.pid) rmSync(file, { force: true });
}
