import { spawn } from 'node:child_process';
import type { Finding } from '../model/index.ts';
import { stateDirectoryFor } from '../doors/index.ts';
import { clientEnvironment } from './client-environment.ts';
import { waitForProgram } from './run-program.ts';
import { BASH_START, PROMPT, promptArguments } from './shell-prompt.ts';
import { UserError } from './user-error.ts';
import { worldIn } from './world-client.ts';

export interface ExecOptions {
  readonly state?: string;
  readonly from?: string;
  readonly outside: readonly string[];
  /** In a network of its own. */
  readonly netns?: boolean;
}

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
  command: readonly string[],
  options: ExecOptions,
  more: Readonly<Record<string, string>>,
): Promise<number> {
  const env: NodeJS.ProcessEnv = { ...process.env, ...environmentFor(options), ...more };
  let [program = '', ...args] = command;
  if (options.netns === true) {
    const { namespaceCommand } = await import('./namespace-command.ts');
    const entered = namespaceCommand(command, stateDirectoryFor(options.state, process.env));
    [program = '', ...args] = entered.command;
    for (const name of entered.without) env[name] = process.env[name];
  }
  return await waitForProgram(program, spawn(program, args, { stdio: 'inherit', env }));
}
