import type { ChildProcess } from 'node:child_process';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { Resolver } from 'node:dns/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, RecordSet, RoutingPolicy } from '../src/model/index.ts';
import type { LocalWorld } from '../src/live/index.ts';
import { openWorld, PORTS } from '../src/live/index.ts';
import { hybridArchitecture, hybridPlan } from './hybrid-architecture.ts';
import { endAll, startDnsmasq, startUnbound } from './real-resolvers.ts';

/*
 * The world's name servers as others see them that are in use every day: dig, kdig, a resolver that recurses, one that forwards, a
 * C library, a browser. Ports are those of AWS, for some can be told no other: this needs root. A program that is missing makes
 * the tests fail; .ci/run installs them.
 */

const run = promisify(execFile);
const ZONE = 'Z0EXAMPLE';
const PRIVATE_ZONE = 'Z0PRIVATE';
/** Addresses and ports for resolvers between the world and its askers. */
const RECURSIVE = { address: '127.0.0.55', port: 53 };
const STUB = { address: '127.0.0.54', port: 53 };

/** Type, value as templates have it, and how a client prints it. */
const RECORDS = [
  ['A', '192.0.2.1'],
  ['AAAA', '2001:db8::1'],
  ['MX', '10 mail.example.com', '10 mail.example.com.'],
  ['TXT', '"one string" "and \\"another\\""'],
  ['SPF', '"v=spf1 -all"'],
  ['SRV', '1 2 443 target.example.com', '1 2 443 target.example.com.'],
  ['CAA', '0 issue "amazon.com"'],
  ['PTR', 'host.example.org', 'host.example.org.'],
  ['NAPTR', '100 50 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .'],
  ['DS', '12345 13 2 49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC49FD46E6C4B45C55D4AC1234'],
  ['HTTPS', '1 . alpn="h2,h3" ipv4hint=192.0.2.1'],
  ['SVCB', '1 target.example.com. port=8443'],
  ['TLSA', '3 1 1 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF'],
  ['SSHFP', '4 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF'],
] as const;

function recordSet(name: string, type: string, values: readonly string[], differs: Partial<RecordSet> = {}): RecordSet {
  return { zoneId: ZONE, name, type, policy: { kind: 'simple' }, ttlSeconds: 60, values, stack: 'Dns', ...differs };
}

function nearest(region: string, address: string): RecordSet {
  const policy: RoutingPolicy = { kind: 'latency', region, setIdentifier: region };
  return recordSet('near.example.com', 'A', [address], { policy });
}

function architecture(): Architecture {
  const base = hybridArchitecture();
  return {
    ...base,
    hostedZones: [...base.hostedZones, { id: PRIVATE_ZONE, name: 'inside.example.com', private: true }],
    recordSets: [
      ...base.recordSets,
      ...RECORDS.map(([type, value]) => recordSet(`${type.toLowerCase()}.example.com`, type, [value])),
      recordSet('elsewhere.example.com', 'NS', ['ns.elsewhere.example.com', 'ns.example.org']),
      recordSet('ns.elsewhere.example.com', 'A', ['192.0.2.53']),
      recordSet('alias.example.com', 'CNAME', ['a.example.com']),
      recordSet('*.wild.example.com', 'A', ['192.0.2.3']),
      recordSet(
        'many.example.com',
        'A',
        Array.from({ length: 100 }, (_, i) => `198.51.100.${i}`),
      ),
      nearest('eu-west-1', '192.0.2.10'),
      nearest('ap-northeast-1', '192.0.2.20'),
      recordSet('db.inside.example.com', 'A', ['10.0.0.1'], { zoneId: PRIVATE_ZONE }),
    ],
  };
}

let directory = '';
let world: LocalWorld;
const started: ChildProcess[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-peers-'));
  const networks = { '203.0.113.0/24': 'Tokyo', '198.51.100.0/24': 'Dublin' };
  const { probes } = hybridPlan([]);
  world = await openWorld({
    architecture: architecture(),
    plan: hybridPlan([], { networks, probes: probes.map((probe) => ({ ...probe, places: ['Dublin', 'Tokyo'] })) }),
    speed: 1,
    ports: PORTS.aws,
    stateDirectory: join(directory, 'world'),
    sink: () => undefined,
  });
  await Promise.all([recursive(), stub()]);
});
afterAll(async () => {
  await endAll(started);
  await world.close();
  await rm(directory, { recursive: true });
});

/** A resolver that recurses, asks in a mixture of cases (0x20) and tells where its client is (RFC 7871). */
async function recursive(): Promise<void> {
  const { dns } = world;
  const settings = [
    'module-config: "subnetcache iterator"',
    `send-client-subnet: ${dns.address}`,
    'max-client-subnet-ipv4: 24',
    'use-caps-for-id: yes',
    'harden-below-nxdomain: yes',
    'harden-referral-path: yes',
    'edns-buffer-size: 4096',
  ];
  started.push(await startUnbound(join(directory, 'unbound'), { at: RECURSIVE, dns, settings }));
}

async function stub(): Promise<void> {
  started.push(await startDnsmasq({ at: STUB, dns: world.dns }));
}

async function kdig(at: { readonly address: string; readonly port: number }, ...question: string[]): Promise<string> {
  const server = [`@${at.address}`, '-p', String(at.port), '+retry=0', '+timeout=60'];
  // Between an answer that was cut off and the whole one it prints an empty line.
  return (await run('kdig', [...server, ...question])).stdout.trimStart();
}

async function dig(...question: string[]): Promise<string> {
  const { address, port } = world.dns;
  return (await run('dig', [`@${address}`, '-p', String(port), '+tries=1', '+time=60', ...question])).stdout;
}

/** That we do not recurse is no fault of ours. */
const COMPLAINTS = /malformed|extra bytes|mismatch|;; (WARNING|ERROR)(?!: recursion)/i;

/** White space and cases of hexadecimal digits differ between clients, and quotes around what needs none. */
function bare(printed: string): string {
  return printed
    .trim()
    .replaceAll(/(?<=[\dA-F]{8}) (?=[\dA-F]{6})/gi, '')
    .replaceAll('=\\"', '=')
    .replaceAll(/=?"?(h2,h3)"?/g, '=$1');
}

describe('dig and kdig', () => {
  test.each(RECORDS)('read a record of type %s: %s', async (type, value, printed: string = value) => {
    const name = `${type.toLowerCase()}.example.com`;
    for (const transport of ['+notcp', '+tcp']) {
      expect(bare(await dig(name, type, '+short', transport))).toBe(bare(printed));
      expect(bare(await kdig(world.dns, name, type, '+short', transport))).toBe(bare(printed));
    }
    expect(await dig(name, type)).not.toMatch(COMPLAINTS);
    expect(await kdig(world.dns, name, type)).not.toMatch(COMPLAINTS);
  });

  test('R53 WS-04: an answer that does not fit into 512 bytes, or what EDNS allows, comes over TCP', async () => {
    const count = (output: string): number => output.match(/198\.51\.100\.\d+$/gm)?.length ?? 0;
    const cut = await dig('many.example.com', '+noedns', '+ignore');
    expect(cut).toMatch(/flags: qr aa tc/);
    expect(count(cut)).toBe(0);
    expect(await dig('many.example.com', '+bufsize=1232', '+ignore')).toMatch(/flags: qr aa tc/);
    const whole = await dig('many.example.com', '+bufsize=4096', '+ignore');
    expect(whole).not.toMatch(/flags: qr aa tc/);
    expect(count(whole)).toBe(100);
    for (const options of [['+noedns'], ['+bufsize=512'], ['+tcp']]) {
      expect(count(await dig('many.example.com', ...options))).toBe(100);
      expect(count(await kdig(world.dns, 'many.example.com', ...options))).toBe(100);
    }
  });

  test('speak EDNS of another version, options that nobody knows, and cookies, and are answered (RFC 6891)', async () => {
    expect(await dig('a.example.com', '+edns=1', '+noednsneg')).toMatch(/status: BADVERS[\s\S]*version: 0/);
    expect(await dig('a.example.com', '+edns=1', '+short')).toBe('192.0.2.1\n');
    for (const option of [
      '+ednsopt=65001:cafe',
      '+cookie',
      '+nsid',
      '+keepalive',
      '+padding=64',
      '+dnssec',
      '+cdflag',
    ]) {
      const output = await dig('a.example.com', option);
      expect(output).toMatch(/status: NOERROR[\s\S]*192\.0\.2\.1$/m);
      expect(output).not.toMatch(COMPLAINTS);
    }
  });

  test('R53 RP-16: get the answer for the client subnet that they send, and its scope, not that of their own address', async () => {
    const near = async (...options: string[]): Promise<string> =>
      (await dig('near.example.com', ...options)).match(/IN\s+A\s+(\S+)$/m)?.[1] ?? '';
    expect(await near()).toBe('192.0.2.10');
    expect(await near('+subnet=203.0.113.0/24')).toBe('192.0.2.20');
    expect(await near('+subnet=198.51.100.0/24')).toBe('192.0.2.10');
    expect(await near('+subnet=0.0.0.0/0')).toBe('192.0.2.10');
    expect(await dig('near.example.com', '+subnet=203.0.113.0/24')).toMatch(/CLIENT-SUBNET: 203\.0\.113\.0\/24\/24/);
    // Who gets the same as everybody else may be told so.
    expect(await dig('a.example.com', '+subnet=203.0.113.0/24')).toMatch(/CLIENT-SUBNET: 203\.0\.113\.0\/24\/0/);
    expect(await kdig(world.dns, 'near.example.com', '+subnet=203.0.113.0/24')).toMatch(/192\.0\.2\.20/);
    expect(await dig('near.example.com', '+subnet=2001:db8::/48')).not.toMatch(COMPLAINTS);
  });

  test('R53 WS-11: are refused what is not ours, other classes, transfers; other operations are not there', async () => {
    const status = async (...question: string[]): Promise<string | undefined> =>
      /status: (\w+)/.exec(await dig(...question))?.[1];
    expect(await status('www.example.net')).toBe('REFUSED');
    expect(await status('example.com', 'CH', 'TXT')).toBe('REFUSED');
    expect(await status('version.bind', 'CH', 'TXT')).toBe('REFUSED');
    expect(await status('example.com', '+opcode=NOTIFY')).toBe('NOTIMP');
    expect(await status('example.com', '+opcode=UPDATE')).toBe('NOTIMP');
    expect(await status('example.com', '+header-only')).toBe('FORMERR');
    expect(await dig('example.com', 'AXFR')).toMatch(/Transfer failed/);
  });

  test('R53 WS-13: private zones are not seen from outside', async () => {
    const output = await dig('db.inside.example.com', 'A');
    expect(output).toMatch(/status: NXDOMAIN[\s\S]*^example\.com\.\s+900\s+IN\s+SOA/m);
    expect(output).not.toContain('10.0.0.1');
  });

  test('R53 WS-08, WS-10: get wildcards, and something for ANY', async () => {
    expect(await dig('x.y.wild.example.com', '+short')).toBe('192.0.2.3\n');
    expect(await dig('wild.example.com', 'A')).toMatch(/status: NOERROR[\s\S]*ANSWER: 0/);
    expect(await dig('a.example.com', 'ANY', '+notcp')).toMatch(/status: NOERROR[\s\S]*192\.0\.2\.1$/m);
  });

  test('are sent on to the name servers that a name is delegated to, with their addresses and without authority', async () => {
    for (const name of ['elsewhere.example.com', 'deep.below.elsewhere.example.com', 'ns.elsewhere.example.com']) {
      const output = await dig(name, '+norecurse');
      expect(output).toMatch(/status: NOERROR[\s\S]*flags: qr; QUERY: 1, ANSWER: 0, AUTHORITY: 2, ADDITIONAL: 2/);
      expect(output).toMatch(/^elsewhere\.example\.com\.\s+60\s+IN\s+NS\s+ns\.example\.org\.$/m);
      expect(output).toMatch(/^ns\.elsewhere\.example\.com\.\s+60\s+IN\s+A\s+192\.0\.2\.53$/m);
    }
    expect(await dig('elsewhere.example.com', 'DS')).toMatch(/flags: qr aa[\s\S]*^example\.com\.\s+900\s+IN\s+SOA/m);
  });

  test('a hundred questions on one connection are all answered (RFC 7766)', async () => {
    const names = Array.from({ length: 100 }, (_, i) => `x${i}.wild.example.com`);
    const output = await dig('+tcp', '+keepopen', '+short', ...names);
    expect(output.trim().split('\n')).toEqual(names.map(() => '192.0.2.3'));
  });
});

describe('Node', () => {
  test('reads every type that it knows', async () => {
    const resolver = new Resolver({ tries: 1, timeout: 60_000 });
    resolver.setServers([`${world.dns.address}:${world.dns.port}`]);
    expect(await resolver.resolve6('aaaa.example.com')).toEqual(['2001:db8::1']);
    expect(await resolver.resolveTxt('txt.example.com')).toEqual([['one string', 'and "another"']]);
    expect(await resolver.resolveSrv('srv.example.com')).toEqual([
      { priority: 1, weight: 2, port: 443, name: 'target.example.com' },
    ]);
    expect(await resolver.resolveNaptr('naptr.example.com')).toMatchObject([{ service: 'E2U+sip', replacement: '' }]);
    expect(await resolver.resolveCaa('caa.example.com')).toEqual([{ critical: 0, issue: 'amazon.com' }]);
    expect(await resolver.resolvePtr('ptr.example.com')).toEqual(['host.example.org']);
    expect(await resolver.resolve4('many.example.com')).toHaveLength(100);
  });
});

describe('a resolver that recurses (unbound), in a mixture of cases', () => {
  test('finds everything, over what it has to ask more than once for too', async () => {
    for (const [type, value, printed = value] of RECORDS.filter(([type]) => type !== 'DS'))
      expect(bare(await kdig(RECURSIVE, `${type.toLowerCase()}.example.com`, type, '+short'))).toBe(bare(printed));
    expect(await kdig(RECURSIVE, 'many.example.com', '+short')).toMatch(/^(198\.51\.100\.\d+\n){100}$/);
    expect(await kdig(RECURSIVE, 'alias.example.com', 'A', '+short')).toBe('a.example.com.\n192.0.2.1\n');
    expect(await kdig(RECURSIVE, 'dhybrid.cloudfront.net', '+short')).toMatch(/^127\.81\.\d+\.\d+\n$/);
  });

  test('R53 WS-02, WS-06: keeps what is there for its TTL, and what is not for 900 s', async () => {
    expect(await kdig(RECURSIVE, 'api.example.com')).toMatch(
      /^api\.example\.com\.\s+(60|[1-5]?\d)\s+IN\s+A\s+127\.82\./m,
    );
    for (const [name, status] of [
      ['missing.example.com', 'NXDOMAIN'],
      ['aaaa.example.com', 'NOERROR'],
    ] as const) {
      const output = await kdig(RECURSIVE, name, 'A');
      expect(output).toContain(`status: ${status}`);
      expect(output).toMatch(/^example\.com\.\s+(900|[1-8]\d\d)\s+IN\s+SOA/m);
    }
  });

  test('R53 RP-16: passes on where its client is, and keeps the answers apart', async () => {
    for (const _again of [1, 2]) {
      expect(await kdig(RECURSIVE, 'near.example.com', '+short', '+subnet=203.0.113.0/24')).toBe('192.0.2.20\n');
      expect(await kdig(RECURSIVE, 'near.example.com', '+short', '+subnet=198.51.100.0/24')).toBe('192.0.2.10\n');
    }
  });
});

test('a stub that passes everything on (dnsmasq) gives what it was given', async () => {
  for (const [type, value, printed = value] of RECORDS)
    expect(bare(await kdig(STUB, `${type.toLowerCase()}.example.com`, type, '+short'))).toBe(bare(printed));
  expect(await kdig(STUB, 'missing.example.com')).toContain('status: NXDOMAIN');
  expect(await kdig(STUB, 'many.example.com', '+short')).toMatch(/^(198\.51\.100\.\d+\n){100}$/);
});

/** Runs a command that finds a resolver of ours where programs look for the system's. */
async function inside(nameServer: string, command: readonly string[]): Promise<string> {
  const file = join(directory, `resolv-${nameServer}`);
  await writeFile(file, `nameserver ${nameServer}\noptions timeout:30 attempts:1\n`);
  const switchFile = join(directory, 'nsswitch');
  await writeFile(switchFile, 'hosts: files dns\n');
  const mount = 'mount --bind "$1" /etc/resolv.conf && mount --bind "$2" /etc/nsswitch.conf && shift 2 && exec "$@"';
  const { stdout } = await run('unshare', ['--mount', 'sh', '-c', mount, 'sh', file, switchFile, ...command], {
    maxBuffer: 16 * 2 ** 20,
  });
  return stdout;
}

describe.each([
  ['the world itself', '127.83.0.1'],
  ['a stub', STUB.address],
  ['a resolver that recurses', RECURSIVE.address],
])('the C library, with %s as its name server', (_who, nameServer) => {
  test('finds addresses of both families, wildcards, and what is not there', async () => {
    expect([world.dns.address, STUB.address, RECURSIVE.address]).toContain(nameServer);
    expect(await inside(nameServer, ['getent', 'ahostsv4', 'api.example.com'])).toMatch(/^127\.82\.0\.\d+\s+STREAM/);
    expect(await inside(nameServer, ['getent', 'ahostsv6', 'aaaa.example.com'])).toMatch(/^2001:db8::1\s+STREAM/);
    expect(await inside(nameServer, ['getent', 'hosts', 'x.wild.example.com'])).toMatch(/^192\.0\.2\.3\s/);
    const many = await inside(nameServer, ['getent', 'ahostsv4', 'many.example.com']);
    expect(many.match(/^198\.51\.100\.\d+\s+STREAM/gm)).toHaveLength(100);
    await expect(inside(nameServer, ['getent', 'hosts', 'missing.example.com'])).rejects.toMatchObject({ code: 2 });
  });

  test('leads curl to the Region behind the failover name', async () => {
    const output = await inside(nameServer, [
      'curl',
      '-sS',
      '--noproxy',
      '*',
      '--cacert',
      world.caFile,
      'https://api.example.com/orders',
    ]);
    expect(JSON.parse(output)).toEqual({ region: 'eu-west-1', path: '/orders' });
  });
});

test('the C library finds what an alias leads to, when its resolver recurses', async () => {
  expect(await inside(RECURSIVE.address, ['getent', 'hosts', 'alias.example.com'])).toMatch(
    /^192\.0\.2\.1\s+a\.example\.com/,
  );
});

test('Chromium asks with its own resolver, and shows what the Region behind the failover name says', async () => {
  const log = join(directory, 'net-log.json');
  const options = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-proxy-server',
    '--ignore-certificate-errors',
    '--disable-background-networking',
    '--no-first-run',
    '--enable-features=AsyncDns',
    '--disable-dev-shm-usage',
    `--user-data-dir=${join(directory, 'chromium')}`,
    `--log-net-log=${log}`,
    '--dump-dom',
  ];
  const page = await inside(world.dns.address, ['chromium', ...options, 'https://api.example.com/orders']);
  expect(page).toContain('{"region":"eu-west-1","path":"/orders"}');
  const { constants, events } = JSON.parse(await readFile(log, 'utf8')) as {
    readonly constants: { readonly logEventTypes: Readonly<Record<string, number>> };
    readonly events: readonly { readonly type: number; readonly params?: { readonly hostname?: string } }[];
  };
  // Not the C library's doing: the browser wrote the question and read the answer.
  const asked = events.filter(({ type }) => type === constants.logEventTypes['DNS_TRANSACTION']);
  expect(asked.map(({ params }) => params?.hostname)).toContain('api.example.com');
});
