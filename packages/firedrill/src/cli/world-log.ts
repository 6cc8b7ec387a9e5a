import { copyFileSync, statSync, truncateSync } from 'node:fs';
import type { StateDirectory } from '../doors/index.ts';

/** A log that is longer becomes `firedrill.log.1`, in place of the one before it: two of them are all that is kept. */
const LOG_BYTES_MAX = 10 * 1024 * 1024;

/**
 * Says something in the log of a world. In the background that is `firedrill.log`, which is this process's standard error;
 * as that stays open on the file, it is the content that moves when the log is full.
 */
export function sayInLog(directory: StateDirectory, text: string): void {
  turnLog(directory);
  process.stderr.write(text);
}

/** Begins a log that is full anew. */
export function turnLog(directory: StateDirectory): void {
  const file = directory.file('firedrill.log');
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < LOG_BYTES_MAX) return;
  copyFileSync(file, directory.file('firedrill.log.1'));
  truncateSync(file);
}
