import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/* A world that `firedrill up` has brought up, and programs in it: the built program, as users run it. Run `npm run build` first. */

export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
/** The built program. */
export const FIREDRILL = join(ROOT, 'packages/firedrill/bin/firedrill.js');

export interface Finished {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

/** A state directory of its own; every world in it ends with the test. */
export class UpWorld {
  readonly directory = mkdtempSync(join(tmpdir(), 'firedrill-up-'));
  readonly state = join(this.directory, 'state');

  /** Starts `firedrill` with arguments; it has nothing to read unless it is given a pipe. */
  start(args: readonly string[], env: NodeJS.ProcessEnv = {}, input: 'ignore' | 'pipe' = 'ignore'): ChildProcess {
    return spawn(process.execPath, [FIREDRILL, ...args], {
      cwd: this.directory,
      env: { ...process.env, FIREDRILL_STATE: this.state, ...env },
      stdio: [input, 'pipe', 'pipe'],
    });
  }

  async firedrill(...args: readonly string[]): Promise<Finished> {
    return await finished(this.start(args));
  }

  /** Brings the world up. */
  async up(...args: readonly string[]): Promise<void> {
    const { code, out, err } = await this.firedrill('up', '--detach', ...args, '--zone', 'example.com=Z0EXAMPLE');
    if (code !== 0) throw new Error(`firedrill up: ${out}${err}`);
  }

  /** Runs a program in the world. */
  async exec(...command: readonly string[]): Promise<Finished> {
    return await this.firedrill('exec', '--', ...command);
  }

  /** The same with more in its environment. */
  async execWith(env: NodeJS.ProcessEnv, ...command: readonly string[]): Promise<Finished> {
    return await finished(this.start(['exec', '--', ...command], env));
  }

  async remove(): Promise<void> {
    await this.firedrill('down');
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Everything a program has said by its end. */
export async function finished(child: ChildProcess): Promise<Finished> {
  const said = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, ...said };
}
