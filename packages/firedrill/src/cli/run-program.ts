import type { ChildProcess } from 'node:child_process';
import { constants } from 'node:os';

/** Exit codes of shells for a program that is not there, and for one that cannot be run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;
/** Shells add a signal's number to it. */
const BY_SIGNAL = 128;

/** What is passed on to the program; the terminal itself sends it Ctrl-C. */
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** Waits for a program, with the signals that are meant for it; ends as it ends, be it by a signal. Gives its exit code. */
export async function waitForProgram(program: string, child: ChildProcess): Promise<number> {
  // Ctrl-C reaches the whole group of the terminal; who signals this process alone means the program.
  const passed = [...PASSED_ON, ...(process.stdin.isTTY ? [] : (['SIGINT'] as const))];
  for (const signal of passed) process.on(signal, () => child.kill(signal));
  if (process.stdin.isTTY) process.on('SIGINT', () => undefined);
  return await new Promise((resolve) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      process.stderr.write(`firedrill: ${program}: ${error.code === 'ENOENT' ? 'not found' : error.message}\n`);
      resolve(error.code === 'ENOENT' ? NOT_FOUND : NOT_RUN);
    });
    child.once('exit', (code, signal) => {
      if (signal === null) return resolve(code ?? 0);
      // So that whoever waits sees the signal.
      for (const each of [...passed, 'SIGINT']) process.removeAllListeners(each);
      process.kill(process.pid, signal);
      return resolve(BY_SIGNAL + constants.signals[signal]);
    });
  });
}
