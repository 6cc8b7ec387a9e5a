import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { Finding } from '../model/index.ts';
import { stateDirectoryFor } from '../doors/index.ts';
import { clientEnvironment } from './client-environment.ts';
import { EXIT } from './exit-codes.ts';
import { BASH_START, PROMPT, promptArguments } from './shell-prompt.ts';
import { UserError } from './user-error.ts';
import { worldIn } from './world-client.ts';

export interface ExecOptions {
  readonly state?: string;
  readonly from?: string;
  readonly outside: readonly string[];
}

/** Exit codes of shells for a program that is not there, and for one that cannot be run. */
const NOT_FOUND = 127;
const NOT_RUN = 126;
/** Shells add a signal's number to it. */
const BY_SIGNAL = 128;

/** What is passed on to the program; the terminal itself sends it Ctrl-C. */
const PASSED_ON = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;

/** `firedrill exec -- COMMAND`: runs a program in the world that is up; ends as it ends. */
export async function execCommand(command: readonly string[], options: ExecOptions): Promise<void> {
  process.exitCode = await runInWorld(command, options, {});
}

/** `firedrill shell`: the same with the user's shell, whose prompt says where it is. */
export async function shellCommand(options: ExecOptions): Promise<void> {
  const shell = process.env['SHELL'] ?? '/bin/sh';
  const start = stateDirectoryFor(options.state, process.env).write('shell.rc', BASH_START);
  process.exitCode = await runInWorld([shell, ...promptArguments(shell, start)], options, { PS1: PROMPT });
}

/** The environment of programs in the world that is up, as {@link clientEnvironment} has it. */
export function environmentFor({ state, from, outside }: ExecOptions): Readonly<Record<string, string | undefined>> {
  const directory = stateDirectoryFor(state, process.env);
  const world = worldIn(directory);
  if (from !== undefined && !world.places.some(({ name }) => name === from)) {
    const finding: Finding = {
      code: 'up/unknown-place',
      weight: 'error',
      says: `Nobody can stand in ${from}: this world has ${world.places.map(({ name }) => name).join(', ')}.`,
      remedy: 'Name the cities when it starts: firedrill up --places Dublin,Tokyo.',
    };
    throw new UserError([finding]);
  }
  return clientEnvironment({ world, directory, outside, ...(from === undefined ? {} : { from }) }, process.env);
}

async function runInWorld(
  [program = '', ...args]: readonly string[],
  options: ExecOptions,
  more: Readonly<Record<string, string>>,
): Promise<number> {
  const env = { ...process.env, ...environmentFor(options), ...more };
  const child = spawn(program, args, { stdio: 'inherit', env });
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
      if (signal === null) return resolve(code ?? EXIT.asExpected);
      // Ends as the program has ended, so that whoever waits sees the signal.
      for (const each of [...passed, 'SIGINT']) process.removeAllListeners(each);
      process.kill(process.pid, signal);
      return resolve(BY_SIGNAL + constants.signals[signal]);
    });
  });
}
