import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { existsSync, mkdirSync, readdirSync, readFileSync, readlinkSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { WorldStatus } from '../src/cli/world-status.ts';
import type { WorldFile } from '../src/doors/index.ts';
import { isAlive } from '../src/doors/index.ts';
import type { Report } from '../src/drill/index.ts';
import { expectGone } from './open-function.ts';
import { finished, FIREDRILL, ROOT, UpWorld } from './up-world.ts';

/* `firedrill up`, `down`, `exec` and what they do when something is wrong. */

const HYBRID = [
  join(ROOT, 'examples/hybrid'),
  '--context',
  'primary=eu-west-1',
  'backup=us-east-1',
  'domain=example.com',
  'hostedZoneId=Z0EXAMPLE',
];

const OWN_ORIGIN = `
Resources:
  Distribution:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: own, DomainName: own.example.org, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: own
          ViewerProtocolPolicy: https-only
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
`;

function worldOf(world: UpWorld): WorldFile {
  return JSON.parse(readFileSync(join(world.state, 'world.json'), 'utf8')) as WorldFile;
}

describe('programs in a world', () => {
  const world = new UpWorld();
  beforeAll(async () => await world.up(...HYBRID, '--places', 'Dublin,Tokyo'));
  afterAll(async () => await world.remove());

  test.each(['https', 'http'])('curl reaches a name of the world by %s', async (scheme) => {
    const { code, out } = await world.exec('curl', '-sS', `${scheme}://api.example.com/orders`);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ region: 'eu-west-1', path: '/orders' });
  });

  test('curl speaks HTTP/2 with an edge, and stands where it is told to', async () => {
    const status = JSON.parse((await world.firedrill('status', '--json')).out) as WorldStatus;
    const url = `https://${status.distributions[0]?.domainName}/`;
    const head = async (...more: readonly string[]): Promise<string> =>
      (await world.firedrill('exec', ...more, '--', 'curl', '-sSI', url)).out;
    expect(await head()).toMatch(/^HTTP\/2 200[^]*x-amz-cf-pop: DUB/im);
    expect(await head('--from', 'Tokyo')).toMatch(/^HTTP\/2 200[^]*x-amz-cf-pop: NRT/im);
  });

  test.each(['https', 'http'])("Node's own fetch reaches it by %s, and no other name", async (scheme) => {
    const script = `
      const get = async (url) => console.log(await fetch(url).then(async (r) => r.status + ' ' + await r.text(), (e) => e.cause.code));
      await get('${scheme}://api.example.com/orders');
      await get('${scheme}://www.example.net/');`;
    const { out } = await world.exec('node', '--input-type=module', '-e', script);
    const [reached = '', other] = out.split('\n');
    expect(reached).toMatch(/^200 \{"region":"eu-west-1"/);
    expect(other).toMatch(
      scheme === 'https' ? /^(ECONNRESET|UND_ERR_SOCKET)$/ : /^403 firedrill: www\.example\.net is no name/,
    );
  });

  test('resolvers of programs ask the name servers of the world', async () => {
    const script = `require('dns').resolve4('api.example.com', (error, found) => console.log(error ?? found.join()))`;
    expect((await world.exec('node', '-e', script)).out).toMatch(/^127\.82\.\d+\.\d+\n$/);
  });

  test('no other name is looked up, and the refusal says so', async () => {
    const plain = await world.exec('curl', '-sS', '-w', '%{http_code}', 'http://www.example.net/');
    expect(plain.out).toContain('www.example.net is no name of this world');
    expect(plain.out).toMatch(/403$/);
    const secure = await world.exec('curl', '-sS', 'https://www.example.net/');
    expect(secure.code).toBe(56);
    expect(secure.err).toContain('403');
    const missing = await world.exec('curl', '-sS', 'http://nothing.example.com/');
    expect(missing.out).toContain('nothing.example.com does not resolve in this world: NXDOMAIN');
    const port = await world.exec('curl', '-sS', 'http://api.example.com:8081/');
    expect(port.out).toContain('nobody listens on port 8081');
  });

  test('a program ends as itself: with its code, by its signal, or as one that is not there', async () => {
    expect((await world.exec('bash', '-c', 'exit 7')).code).toBe(7);
    expect((await world.exec('bash', '-c', 'kill -TERM $$')).signal).toBe('SIGTERM');
    expect(await world.exec('no-such-program')).toMatchObject({
      code: 127,
      err: 'firedrill: no-such-program: not found\n',
    });
    const script = `process.on('SIGTERM', () => process.exit(9)); console.log('ready'); setInterval(() => {}, 1000)`;
    const child = world.start(['exec', '--', 'node', '-e', script]);
    await once(child.stdout ?? child, 'data');
    child.kill('SIGTERM');
    expect((await finished(child)).code).toBe(9);
  });

  test('arguments of the program are its own', async () => {
    const script = 'printf "%s " "$@"';
    const shown = await world.exec('bash', '-c', script, 'bash', '--help', '--state', 'x', '--', '-h');
    expect(shown.out).toBe('--help --state x -- -h ');
    expect((await world.firedrill('exec', 'printf', '%s', '--version')).out).toBe('--version');
  });

  test('a shell reads its commands from a pipe, and ends as they do', async () => {
    const child = world.start(['shell'], { SHELL: '/bin/bash' }, 'pipe');
    child.stdin?.end('curl -sS https://api.example.com/s\nexit 3\n');
    const { code, out } = await finished(child);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ path: '/s' });
  });

  test('a shell at a terminal says where it is, and passes Ctrl-C to what runs in it', async () => {
    const command = `"${process.execPath}" "${FIREDRILL}" shell`;
    const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      cwd: world.directory,
      env: { ...process.env, FIREDRILL_STATE: world.state, SHELL: '/bin/bash', HOME: world.directory, TERM: 'dumb' },
      stdio: 'pipe',
    });
    const ended = finished(child);
    let out = '';
    child.stdout.on('data', (text: string) => (out += text));
    const says = async (text: RegExp): Promise<void> => {
      while (!text.test(out) && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), ended]);
      expect(out).toMatch(text);
    };
    await says(/\(firedrill\) /);
    child.stdin.write('curl -sS https://api.example.com/t\n');
    await says(/"path":"\/t"/);
    child.stdin.write('bash -c "echo is-\\waiting; cat"\n');
    await says(/^is-waiting/m);
    // What the terminal sends for Ctrl-C.
    child.stdin.write('\u0003');
    await says(/is-waiting[^]*\(firedrill\) /);
    child.stdin.write('echo code-\\is $?\n');
    await says(/^code-is 130/m);
    child.stdin.write('exit 4\n');
    expect((await ended).code).toBe(4);
  });

  test('a program in a network of its own finds the ports of AWS, by names alone (Linux)', async () => {
    const script = `
      env | grep -ic '^https_proxy\\|^aws_endpoint_url'
      curl -sS --noproxy '*' --cacert /etc/ssl/certs/ca-certificates.crt https://api.example.com/c; echo
      node -e 'fetch("https://api.example.com/n").then((r) => r.text()).then(console.log)'
      env -i python3 -c 'import urllib.request; print(urllib.request.urlopen("https://api.example.com/p").read().decode())'
      dig +short api.example.com
      curl -sS -o /dev/null -w '%{http_version}\\n' https://sts.eu-west-1.amazonaws.com/
      curl -sS https://www.example.net/
      exit 5`;
    const { code, out, err } = await world.firedrill('exec', '--netns', '--', 'bash', '-c', script);
    const [variables, byCurl = '', byNode = '', byPython = '', address, version] = out.split('\n');
    expect(variables).toBe('0');
    for (const [index, said] of [byCurl, byNode, byPython].entries())
      expect(JSON.parse(said)).toMatchObject({ path: ['/c', '/n', '/p'][index] });
    expect(address).toMatch(/^127\.82\.\d+\.\d+$/);
    expect(version).toBe('1.1');
    expect(err).toContain('Could not resolve host: www.example.net');
    expect(code).toBe(5);
  });

  test('a system without such networks is told so', async () => {
    const child = world.start(['exec', '--netns', '--', 'true'], { PATH: '/nowhere' });
    const { code, err } = await finished(child);
    expect(code).toBe(2);
    expect(err).toContain('[up/no-namespace]');
  });

  test('who cannot stand there is told where one can', async () => {
    const { code, err } = await world.firedrill('exec', '--from', 'Paris', '--', 'true');
    expect(code).toBe(2);
    expect(err).toContain('[up/unknown-place]');
    expect(err).toContain('Dublin, Tokyo');
  });

  test('a shell can take the environment over', async () => {
    const { out } = await world.firedrill('env');
    writeFileSync(join(world.directory, 'env.sh'), `${out}\ncurl -sS https://api.example.com/here`);
    const child = world.start(['env', '--format', 'json']);
    expect(JSON.parse((await finished(child)).out)).toMatchObject({ AWS_REGION: 'eu-west-1', AWS_PROFILE: null });
    const { stdout } = spawnSync('bash', ['env.sh'], { cwd: world.directory, encoding: 'utf8' });
    expect(JSON.parse(stdout)).toMatchObject({ path: '/here' });
  });

  test('only loopback listens', () => {
    const listening = listenersOf(worldOf(world).pid);
    expect(listening.length).toBeGreaterThan(8);
    expect(listening.filter((address) => !address.startsWith('127.'))).toEqual([]);
  });

  test('nobody else can read its keys and its token', () => {
    for (const name of ['world.json', 'lock', 'firedrill.log', 'ca/ca.key.pem', 'aws-ca/ca.key.pem'])
      expect(statSync(join(world.state, name)).mode & 0o777, name).toBe(0o600);
    expect(statSync(world.state).mode & 0o777).toBe(0o700);
  });

  test('its controls are for those who know the token', async () => {
    const { ports, token } = worldOf(world);
    const status = `http://127.0.0.1:${ports.control}/status`;
    expect((await fetch(status)).status).toBe(403);
    expect((await fetch(status, { headers: { Authorization: `Bearer ${token.replace(/.$/, 'x')}` } })).status).toBe(
      403,
    );
    expect((await fetch(status, { headers: { Authorization: `Bearer ${token}` } })).status).toBe(200);
  });

  test('pages of others do not reach its doors through a browser (DNS rebinding)', async () => {
    const { ports, token } = worldOf(world);
    const rebound = ['-H', 'Host: attacker.example.net'];
    const page = ['-H', 'Origin: https://attacker.example.net'];
    for (const [port, header] of [
      [ports.endpoint, rebound],
      [ports.endpoint, page],
      [ports.control, rebound],
      [ports.control, page],
      [ports.proxy, rebound],
    ] as const) {
      const args = ['-sS', '-w', '%{http_code}', '-H', `Authorization: Bearer ${token}`, ...header];
      const { out } = await world.exec('curl', ...args, `http://127.0.0.1:${port}/status`);
      expect(out, `${port} ${header[1]}`).toMatch(/^firedrill: .*\n403$/);
    }
  });
});

describe('what happens in a world', () => {
  const world = new UpWorld();
  const out = join(world.directory, 'recorded');
  beforeAll(async () => await world.up('--out', out));
  afterAll(async () => await world.remove());

  test('status is watched until Ctrl-C', async () => {
    const child = world.start(['status', '--watch', '--json']);
    const ended = finished(child);
    let said = '';
    child.stdout?.on('data', (text: string) => (said += text));
    while (said.split('\n').length < 3 && child.exitCode === null)
      await Promise.race([once(child.stdout ?? child, 'data'), ended]);
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
    const stack = { name: 'CDKToolkit', region: 'us-east-1', status: 'CREATE_COMPLETE' };
    for (const line of said.trim().split('\n')) expect((JSON.parse(line) as WorldStatus).stacks).toContainEqual(stack);
  });

  test('is reported on while it is up, and when it is down', async () => {
    await world.firedrill('break', 'name: dead, region: eu-west-1, effect: blackhole');
    const { code, out: soFar } = await world.firedrill('report', out);
    expect(code).toBe(0);
    expect(soFar).toContain('Fault dead: eu-west-1 is black-holed');
    await world.firedrill('down');
    const report = JSON.parse((await world.firedrill('report', out, '--json')).out) as Report;
    expect(report.measures.run.ended).toBe('interrupted');
    expect(report.drill.seconds).toBe(report.measures.run.end);
    expect(readdirSync(out).toSorted()).toEqual([
      'drill.json',
      'junit.xml',
      'report.html',
      'report.json',
      'timeline.jsonl',
    ]);
  });
});

describe('coming up and going down', () => {
  let world: UpWorld;
  beforeEach(() => {
    world = new UpWorld();
  });
  afterEach(async () => await world.remove());

  test('down ends the world and may be said again', async () => {
    await world.up();
    const file = worldOf(world);
    expect(isAlive(file)).toBe(true);
    expect((await world.firedrill('down')).out).toBe('The world is down.\n');
    expect(isAlive(file)).toBe(false);
    expect(existsSync(join(world.state, 'world.json'))).toBe(false);
    expect(existsSync(join(world.state, 'lock'))).toBe(false);
    expect(await world.firedrill('down')).toMatchObject({ code: 0, out: `No world is up in ${world.state}.\n` });
  });

  test('there is one world in a directory', async () => {
    await world.up();
    for (const more of [['--detach'], []]) {
      const { code, err } = await world.firedrill('up', ...more);
      expect(code).toBe(2);
      expect(err).toContain('[up/already-up]');
      expect(err).toContain('firedrill down');
    }
    expect((await world.firedrill('status')).code).toBe(0);
  });

  test('of two that come up at once one does', async () => {
    const both = await Promise.all([world.firedrill('up', '--detach'), world.firedrill('up', '--detach')]);
    expect(both.map(({ code }) => code).toSorted()).toEqual([0, 2]);
  });

  test('without a world there is a word on how to have one', async () => {
    for (const args of [['status'], ['exec', '--', 'true'], ['env']]) {
      const { code, err } = await world.firedrill(...args);
      expect(code).toBe(2);
      expect(err).toContain('[up/not-up]');
      expect(err).toContain('firedrill up --detach');
    }
  });

  test('a world that was killed leaves nothing in the way', async () => {
    await world.up();
    const { pid } = worldOf(world);
    process.kill(pid, 'SIGKILL');
    await expectGone(pid);
    const { code, err } = await world.firedrill('status');
    expect(code).toBe(2);
    expect(err).toContain('[up/not-up]');
    await world.up();
    expect(worldOf(world).pid).not.toBe(pid);
  });

  test('a world that dies on its way up is told with the end of its log', async () => {
    mkdirSync(world.state);
    writeFileSync(join(world.state, 'ca'), 'This is no directory.');
    const { code, err } = await world.firedrill('up', '--detach');
    expect(code).toBe(2);
    expect(err).toContain('[up/not-started]');
    expect(err).toContain('EEXIST');
    const after = await world.firedrill('status');
    expect(after.err).toMatch(/is not up any more: it crashed at \S+ \(Error: EEXIST/);
  });

  test('a server of this machine stands for an origin, and nothing beyond this machine does', async () => {
    const refused = await world.firedrill(
      'up',
      '--detach',
      '--origin',
      'own.example.org=https://elsewhere.example.net',
    );
    expect(refused.code).toBe(2);
    expect(refused.err).toContain('[drill/foreign-origin]');
    const server = createServer((request, response) => response.end(`${request.headers.host} ${request.url}`));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    try {
      writeFileSync(join(world.directory, 'own.yaml'), OWN_ORIGIN);
      await world.up('own.yaml', '--origin', `own.example.org=http://localhost:${port}`);
      const status = JSON.parse((await world.firedrill('status', '--json')).out) as WorldStatus;
      const url = `https://${status.distributions[0]?.domainName}/orders`;
      expect((await world.exec('curl', '-sS', url)).out).toBe('own.example.org /orders');
    } finally {
      server.close();
    }
  });

  test('a port that is taken is told, and nothing stays behind', async () => {
    await world.up();
    const { ports } = worldOf(world);
    const other = join(world.directory, 'other');
    for (const more of [['--detach'], []]) {
      const args = ['up', ...more, '--state', other, '--endpoint-port', String(ports.endpoint)];
      const { code, err } = await world.firedrill(...args);
      expect(code).toBe(2);
      expect(err).toContain(`127.0.0.1:${ports.endpoint}`);
      expect(err).toContain('[live/port-taken]');
      expect(readdirSync(other)).not.toContain('world.json');
      expect(readdirSync(other)).not.toContain('lock');
    }
  });

  test('Regions and cities that there are not are told before anything starts', async () => {
    const { code, err } = await world.firedrill('up', '--regions', 'eu-west-9', '--places', 'Tokio');
    expect(code).toBe(2);
    expect(err).toContain('[up/unknown-region]');
    expect(err).toContain('[up/unknown-place]');
    expect(existsSync(world.state)).toBe(false);
  });

  test.each(['SIGINT', 'SIGTERM'] as const)('%s ends a world in the foreground cleanly', async (signal) => {
    const child = world.start(['up', '--json']);
    await once(child.stdout ?? child, 'data');
    const { pid } = worldOf(world);
    expect(pid).toBe(child.pid);
    child.kill(signal);
    expect(await finished(child)).toMatchObject({ code: 0, err: '' });
    expect(readdirSync(world.state).filter((name) => /world|lock|crash/.test(name))).toEqual([]);
  });
});

/** Local addresses of the TCP sockets that a process listens on, as the system tells. */
function listenersOf(pid: number): string[] {
  const own = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  const LISTEN = '0A';
  return ['tcp', 'tcp6'].flatMap((kind) =>
    readFileSync(`/proc/${pid}/net/${kind}`, 'utf8')
      .trim()
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === LISTEN && own.has(fields[9] ?? ''))
      .map(([, local = '']) => addressOf(local)),
  );
}

/** `0100007F:1F90` as `127.0.0.1:8080`. */
function addressOf(local: string): string {
  const [hex = '', port = ''] = local.split(':');
  const bytes = Buffer.from(hex, 'hex').reverse();
  return `${hex.length === 8 ? [...bytes].join('.') : hex}:${Number.parseInt(port, 16)}`;
}
