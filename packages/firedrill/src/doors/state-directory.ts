import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import type { Finding } from '../model/index.ts';

/** A world that is up, as other commands find it. */
export interface WorldFile {
  readonly version: 1;
  /** Drawn anew by each world. */
  readonly id: string;
  readonly pid: number;
  /** When that process began, as the system has it: a number that is used again is another's. */
  readonly pidBegan: string;
  /** What the controls ask for. */
  readonly token: string;
  readonly ports: { readonly endpoint: number; readonly proxy: number; readonly tls: number; readonly control: number };
  readonly dns: { readonly address: string; readonly port: number };
  /** Certificates of the world's CAs alone, and after those that the system trusts. */
  readonly caFile: string;
  readonly bundleFile: string;
  readonly regions: readonly string[];
  readonly places: readonly { readonly name: string; readonly address: string }[];
  readonly speed: number;
  /** ISO 8601. */
  readonly upSince: string;
}

/** Of `sun_path`, with the byte that ends it (macOS has the fewest). */
const SOCKET_PATH_BYTES_MAX = 103;

/** Where a world keeps its keys, its log and where it is found; nobody but the user can read it. */
export class StateDirectory {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  /** Makes it, and shuts it to others. */
  make(): void {
    mkdirSync(this.path, { recursive: true, mode: 0o700 });
    chmodSync(this.path, 0o700);
  }

  file(
    name:
      | 'world.json'
      | 'lock'
      | 'firedrill.log'
      | 'firedrill.log.1'
      | 'ca.pem'
      | 'ca-bundle.pem'
      | 'crash.txt'
      | 'cdk'
      | 'shell.rc'
      | 'resolv.conf',
  ): string {
    return join(this.path, name);
  }

  /**
   * Where the door for programs in networks of their own is: beside the other files, or, where that path is longer than systems
   * allow for sockets, in a directory for temporary files that only the user can enter.
   */
  socketPath(): string {
    const path = join(this.path, 'door.sock');
    if (Buffer.byteLength(path) <= SOCKET_PATH_BYTES_MAX) return path;
    const name = createHash('sha256').update(this.path).digest('hex').slice(0, 16);
    const directory = join(tmpdir(), `firedrill-${userInfo().uid}-${name}`);
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    return join(directory, 'door.sock');
  }

  /** Whole or not at all, and readable by the user alone. */
  write(name: Parameters<StateDirectory['file']>[0], text: string): string {
    const file = this.file(name);
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, text, { mode: 0o600 });
    renameSync(draft, file);
    return file;
  }

  read(name: Parameters<StateDirectory['file']>[0]): string | undefined {
    try {
      return readFileSync(this.file(name), 'utf8');
    } catch {
      return undefined;
    }
  }

  remove(name: Parameters<StateDirectory['file']>[0]): void {
    rmSync(this.file(name), { force: true });
  }

  /** The world that is said to be up here; it may have died meanwhile. */
  world(): WorldFile | undefined {
    const text = this.read('world.json');
    if (text === undefined) return undefined;
    try {
      const world = JSON.parse(text) as WorldFile;
      return world.version === 1 ? world : undefined;
    } catch {
      return undefined;
    }
  }
}

/**
 * The state directory of a command: the one it is given, the one of the world that it runs in, or the user's own.
 * @param given - what `--state` says.
 */
export function stateDirectoryFor(given: string | undefined, environment: NodeJS.ProcessEnv): StateDirectory {
  const { FIREDRILL_STATE: inside = '', XDG_STATE_HOME: home = '' } = environment;
  if (given !== undefined) return new StateDirectory(resolve(given));
  if (inside !== '') return new StateDirectory(resolve(inside));
  return new StateDirectory(join(home === '' ? join(homedir(), '.local', 'state') : home, 'firedrill'));
}

/** No world is up where a command needs one. */
export function notUp(directory: StateDirectory): Finding {
  const crash = directory.read('crash.txt');
  const says =
    crash === undefined
      ? `No world is up in ${directory.path}.`
      : `The world in ${directory.path} is not up any more: ${crash.trim()}`;
  const remedy = `Start one: firedrill up --detach --zone example.com=Z0EXAMPLE --regions eu-west-1,us-east-1. One in another directory is named with --state.`;
  return { code: 'up/not-up', weight: 'error', says, remedy };
}
