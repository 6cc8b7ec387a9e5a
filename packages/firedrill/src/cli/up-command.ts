import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { accessSync, closeSync, constants, mkdirSync, openSync } from 'node:fs';
import type { Finding } from '../model/index.ts';
import { CITIES, REGIONS } from '../model/index.ts';
import type { StateDirectory, WorldFile } from '../doors/index.ts';
import { isAlive, stateDirectoryFor, takeLock } from '../doors/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { UserError } from './user-error.ts';
import { turnLog } from './world-log.ts';

export interface UpOptions {
  /** What is deployed at the beginning; usually nothing. */
  readonly paths: readonly string[];
  readonly zone: Readonly<Record<string, string>>;
  /** Servers of this machine, by the names that they stand for. */
  readonly origin: Readonly<Record<string, string>>;
  readonly regions: readonly string[];
  readonly places: readonly string[];
  readonly parameter: Readonly<Record<string, string>>;
  readonly context: Readonly<Record<string, string>>;
  readonly speed: number;
  readonly ports: 'fixed' | 'any' | 'aws';
  readonly endpointPort: number;
  readonly proxyPort: number;
  readonly strictAuth?: boolean;
  readonly state?: string;
  /** Directory for the timeline of the world. */
  readonly out?: string;
  readonly detach?: boolean;
  readonly json?: boolean;
  /** Of the process that stays: where whoever started it waits to hear that the world is up. */
  readonly readyFd?: number;
}

/** What the process that stays tells the one that started it. */
export type ReadyMessage =
  | { readonly kind: 'up'; readonly world: WorldFile; readonly findings: readonly Finding[] }
  | { readonly kind: 'refused'; readonly findings: readonly Finding[] };

/** `firedrill up`: brings a world up, here until it is interrupted, or in a process of its own. */
export async function upCommand(options: UpOptions): Promise<ExitCode> {
  refuseUnknown(options);
  const directory = stateDirectoryFor(options.state, process.env);
  makeDirectories(options, directory);
  if (options.detach === true) return await detached(options, directory);
  const taken = takeLock(directory);
  if (taken.kind === 'held') throw new UserError([alreadyUp(directory, taken.by.pid)]);
  const { keepWorldUp } = await import('./world-daemon.ts');
  return await keepWorldUp(options, directory, taken.lock);
}

function refuseUnknown({ regions, places, zone }: UpOptions): void {
  const findings = [
    ...regions
      .filter((name) => REGIONS[name] === undefined)
      .map((name): Finding => {
        const says = `There is no Region ${nameOf(name)}.`;
        return { code: 'up/unknown-region', weight: 'error', says, remedy: 'Write them as eu-west-1,us-east-1.' };
      }),
    ...places
      .filter((name) => CITIES[name] === undefined)
      .map((name): Finding => {
        const says = `The geography knows no place ${nameOf(name)}.`;
        return { code: 'up/unknown-place', weight: 'error', says, remedy: 'Write cities as Dublin,Tokyo.' };
      }),
    ...Object.entries(zone)
      .filter(([domain, id]) => !ZONE_DOMAIN.test(domain) || !ZONE_ID.test(id))
      .map(([domain, id]): Finding => {
        const says = `--zone ${domain}=${id} is no domain with the id of its hosted zone.`;
        return { code: 'up/no-zone', weight: 'error', says, remedy: 'Write it as example.com=Z0EXAMPLE.' };
      }),
  ];
  if (findings.length > 0) throw new UserError(findings);
}

const ZONE_DOMAIN = /^([a-z0-9_-]{1,63}\.)*[a-z0-9_-]{1,63}\.?$/i;
const ZONE_ID = /^[A-Z0-9]{1,32}$/i;

function nameOf(text: string): string {
  return text === '' ? 'without a name' : text;
}

/** @throws UserError with those that cannot be made, before anything is up. */
function makeDirectories({ out }: UpOptions, directory: StateDirectory): void {
  const findings = [
    ...unwritable('--state', directory.path, () => directory.make()),
    ...(out === undefined ? [] : unwritable('--out', out, () => void mkdirSync(out, { recursive: true }))),
  ];
  if (findings.length > 0) throw new UserError(findings);
}

function unwritable(option: string, path: string, make: () => void): readonly Finding[] {
  try {
    make();
    accessSync(path, constants.W_OK);
    return [];
  } catch (error) {
    const says = `The directory ${path} cannot be written: ${error instanceof Error ? error.message : String(error)}.`;
    return [{ code: 'up/unwritable', weight: 'error', says, remedy: `Name another one: ${option} DIRECTORY.` }];
  }
}

function alreadyUp(directory: StateDirectory, pid: number): Finding {
  return {
    code: 'up/already-up',
    weight: 'error',
    says: `A world is up in ${directory.path} already (process ${pid}).`,
    remedy: 'Use it, end it with `firedrill down`, or have another one beside it: --state DIRECTORY.',
  };
}

/** Starts the process that stays, and waits until its doors are open. */
async function detached(options: UpOptions, directory: StateDirectory): Promise<ExitCode> {
  const up = directory.world();
  if (up !== undefined && isAlive(up)) throw new UserError([alreadyUp(directory, up.pid)]);
  turnLog(directory);
  const log = openSync(directory.file('firedrill.log'), 'a', 0o600);
  const args = process.argv.slice(1).filter((arg) => arg !== '--detach' && arg !== '-d');
  const child = spawn(process.execPath, [...process.execArgv, ...args, '--ready-fd', String(READY_FD)], {
    detached: true,
    stdio: ['ignore', log, log, 'pipe'],
  });
  closeSync(log);
  const message = await firstMessage(child.stdio[READY_FD] as NodeJS.ReadableStream);
  child.unref();
  if (message === undefined) throw new UserError([notStarted(directory)]);
  if (message.kind === 'refused') throw new UserError(message.findings);
  const { renderUp } = await import('./up-text.ts');
  process.stdout.write(renderUp(message.world, directory.path, options.json === true));
  return EXIT.asExpected;
}

const READY_FD = 3;

/** What is said until the other side closes; undefined: it has died without a word. */
async function firstMessage(pipe: NodeJS.ReadableStream): Promise<ReadyMessage | undefined> {
  let text = '';
  pipe.setEncoding('utf8');
  pipe.on('data', (chunk: string) => (text += chunk));
  await once(pipe, 'end');
  return text === '' ? undefined : (JSON.parse(text) as ReadyMessage);
}

function notStarted(directory: StateDirectory): Finding {
  const lines = (directory.read('firedrill.log') ?? '').trimEnd().split('\n').slice(-LOG_LINES_SHOWN);
  return {
    code: 'up/not-started',
    weight: 'error',
    says: `The world has died while it was coming up:\n${lines.join('\n')}`,
    remedy: `Its log is ${directory.file('firedrill.log')}; without --detach it says more.`,
  };
}

const LOG_LINES_SHOWN = 20;
