import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import type { Finding } from '../model/index.ts';
import type { StateDirectory } from '../doors/index.ts';
import { openGate, RESOLVER_ADDRESS } from '../doors/index.ts';
import { waitForProgram } from './run-program.ts';
import { UserError } from './user-error.ts';

/** Where programs of the system look for whom to trust, and whom to ask for names. */
const SYSTEM_BUNDLES = ['/etc/ssl/certs/ca-certificates.crt', '/etc/pki/tls/certs/ca-bundle.crt'];
const RESOLV_CONF = '/etc/resolv.conf';

/** Variables that lead to doors which such a program has no need of. */
const DOORS = [
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_CLOUDFRONT_KEYVALUESTORE',
  'HTTPS_PROXY',
  'https_proxy',
  'HTTP_PROXY',
  'http_proxy',
  'FIREDRILL_DOORS',
  'NODE_OPTIONS',
];

/**
 * The command that runs a program in a network of its own, with the ports of AWS: new namespaces for network and mounts, of an own
 * user where this one may not make them.
 * @throws UserError when the system has no such thing, or does not allow it.
 */
export function namespaceCommand(
  command: readonly string[],
  directory: StateDirectory,
): { readonly command: readonly string[]; readonly without: readonly string[] } {
  const flags = ['--net', '--mount', ...(process.getuid?.() === 0 ? [] : ['--map-root-user'])];
  const trial =
    process.platform === 'linux' ? spawnSync('unshare', [...flags, 'true'], { encoding: 'utf8' }) : undefined;
  if (trial?.status !== 0) throw new UserError([noNamespace(trial?.stderr ?? trial?.error?.message ?? '')]);
  const self = [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
  const inside = ['enter-namespace', '--state', directory.path, '--', ...command];
  return { command: ['unshare', ...flags, ...self, ...inside], without: DOORS };
}

function noNamespace(why: string): Finding {
  return {
    code: 'up/no-namespace',
    weight: 'error',
    says: `This system does not give programs a network of their own${why === '' ? '' : `: ${why.trim()}`}.`,
    remedy: 'Run `firedrill exec` without --netns: proxy and endpoint reach most programs (docs/clients.md).',
  };
}

/** Runs as the first program of such a network: sets it up, then runs the program. Gives its exit code. */
export async function enterNamespace(command: readonly string[], directory: StateDirectory): Promise<number> {
  const resolvConf = directory.write('resolv.conf', `nameserver ${RESOLVER_ADDRESS}\noptions timeout:2 attempts:2\n`);
  execFileSync('ip', ['link', 'set', 'lo', 'up']);
  bind(resolvConf, RESOLV_CONF);
  for (const bundle of SYSTEM_BUNDLES) if (existsSync(bundle)) bind(directory.file('ca-bundle.pem'), bundle);
  await openGate(directory.socketPath());
  const [program = '', ...args] = command;
  return await waitForProgram(program, spawn(program, args, { stdio: 'inherit' }));
}

/** Shows a file in place of another, to this namespace alone. */
function bind(file: string, over: string): void {
  execFileSync('mount', ['--bind', file, realpathSync(over)]);
}
