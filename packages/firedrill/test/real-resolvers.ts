import type { ChildProcess } from 'node:child_process';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Resolver } from 'node:dns/promises';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { settles } from './settles.ts';

/* Resolvers that others have written, before the name servers of a world. Each is ready when it knows api.example.com. */

interface At {
  readonly address: string;
  readonly port: number;
}

export interface RealResolver {
  readonly at: At;
  /** The name servers of the world. */
  readonly dns: At;
  /** More of its settings: lines of unbound's `server:` clause, options of dnsmasq. */
  readonly settings?: readonly string[];
}

/** A resolver that recurses. @param home - a directory for its files, which it makes. */
export async function startUnbound(home: string, { at, dns, settings = [] }: RealResolver): Promise<ChildProcess> {
  await mkdir(home);
  const file = join(home, 'unbound.conf');
  const stub = (name: string): string => `stub-zone:\n  name: "${name}"\n  stub-addr: ${dns.address}@${dns.port}\n`;
  const server = [
    `interface: ${at.address}`,
    `port: ${at.port}`,
    'do-daemonize: no',
    'username: ""',
    'chroot: ""',
    `directory: "${home}"`,
    'pidfile: ""',
    'use-syslog: no',
    'do-not-query-localhost: no',
    'access-control: 127.0.0.0/8 allow',
    ...settings,
  ];
  const zones = ['example.com', 'cloudfront.net', 'amazonaws.com'].map(stub).join('');
  await writeFile(file, `server:\n  ${server.join('\n  ')}\nremote-control:\n  control-enable: no\n${zones}`);
  return await startResolver('unbound', ['-d', '-c', file], at);
}

/** A stub on the system's loopback that passes everything on, as systemd-resolved does. */
export async function startDnsmasq({ at, dns, settings = [] }: RealResolver): Promise<ChildProcess> {
  const options = [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--pid-file',
    '--user=root',
    '--log-facility=-',
    '--no-resolv',
    '--no-hosts',
    '--bind-interfaces',
    `--port=${at.port}`,
    `--listen-address=${at.address}`,
    `--server=${dns.address}#${dns.port}`,
    ...settings,
  ];
  return await startResolver('dnsmasq', options, at);
}

/** Starts a resolver and waits until it answers. */
async function startResolver(program: string, options: readonly string[], at: At): Promise<ChildProcess> {
  const child = spawn(program, options, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  child.stderr.on('data', (text: Buffer) => (complaint += text.toString()));
  await once(child, 'spawn');
  const resolver = new Resolver({ tries: 1, timeout: 2000 });
  resolver.setServers([`${at.address}:${at.port}`]);
  const isReady = async (): Promise<boolean> =>
    (await resolver.resolve4('api.example.com').catch(() => [])).length === 1;
  // One that has ended will not answer any more.
  if ((await settles(async () => child.exitCode !== null || (await isReady()))) && child.exitCode === null)
    return child;
  child.kill();
  throw new Error(`${program} does not answer: ${complaint}`);
}

/** Ends resolvers, and waits for it. */
export async function endAll(children: readonly ChildProcess[]): Promise<void> {
  await Promise.all(
    children.map(async (child) => {
      const ended = once(child, 'exit');
      if (child.kill()) await ended;
    }),
  );
}
