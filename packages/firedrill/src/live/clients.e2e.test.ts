import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hybridArchitecture, hybridPlan } from '../../test/hybrid-architecture.ts';
import type { LocalWorld } from './index.ts';
import { openWorld, PORTS } from './index.ts';

/*
 * The local world as programs see it that know nothing of it: Debian's dig and curl. One that is missing makes
 * these tests fail.
 */

const run = promisify(execFile);
const DISTRIBUTION = 'droute53.cloudfront.net';

let stateDirectory = '';
let world: LocalWorld;

beforeAll(async () => {
  stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-clients-'));
  const options = {
    architecture: hybridArchitecture(),
    plan: hybridPlan([]),
    speed: 1,
    ports: PORTS.any,
    stateDirectory,
  };
  world = await openWorld({ ...options, sink: () => undefined });
});
afterAll(async () => {
  await world.close();
  await rm(stateDirectory, { recursive: true });
});

/** Complete output of dig. */
async function dig(...question: readonly string[]): Promise<string> {
  const { address, port } = world.dns;
  const { stdout } = await run('dig', [`@${address}`, '-p', String(port), '+tries=1', '+time=60', ...question]);
  return stdout;
}

describe('dig', () => {
  test('reads addresses with their TTLs, from a server with authority that does not recurse', async () => {
    const output = await dig('api.example.com', 'A');
    expect(output).toMatch(/status: NOERROR/);
    expect(output).toMatch(/flags: qr aa rd;/);
    expect(output).toMatch(/^api\.example\.com\.\s+60\s+IN\s+A\s+127\.82\.0\.1$/m);
    expect(output.match(/IN\s+NS\s+ns-\d+\.awsdns-/g)).toHaveLength(4);
    expect(await dig(DISTRIBUTION, 'A', '+short')).toBe('127.81.0.1\n');
  });

  test('sees that there is no IPv6 address, and no such name, with the SOA (R53 WS-02, WS-05)', async () => {
    for (const [name, type, status] of [
      ['api.example.com', 'AAAA', 'NOERROR'],
      ['missing.example.com', 'A', 'NXDOMAIN'],
    ] as const) {
      const output = await dig(name, type);
      expect(output).toContain(`status: ${status}`);
      expect(output).toMatch(/ANSWER: 0, AUTHORITY: 1/);
      expect(output).toMatch(
        /^example\.com\.\s+900\s+IN\s+SOA\s+\S+ awsdns-hostmaster\.amazon\.com\. 1 7200 900 1209600 86400$/m,
      );
    }
  });

  test('is refused for names of no zone', async () => {
    const output = await dig('www.example.net');
    expect(output).toMatch(/status: REFUSED/);
    expect(output).not.toMatch(/flags: qr aa/);
  });

  test.each(['+tcp', '+noedns', '+bufsize=1232', '+subnet=192.0.2.0/24', '+dnssec', '+cookie'])(
    'gets the same answer with %s',
    async (option) => {
      const output = await dig(option, 'api.example.com', 'A');
      expect(output).toMatch(/A\s+127\.82\.0\.1$/m);
      expect(output).not.toMatch(/malformed|extra bytes|FORMERR|mismatch/i);
    },
  );

  test('gets its question back in its own cases (0x20)', async () => {
    const output = await dig('ApI.exAMple.COM', 'A');
    expect(output).toMatch(/^;ApI\.exAMple\.COM\.\s+IN\s+A$/m);
    expect(output).toMatch(/A\s+127\.82\.0\.1$/m);
  });

  test('may ask for any type at all', async () => {
    for (const type of ['HTTPS', 'TYPE65280', 'ANY', 'TXT', 'SOA', 'NS'])
      expect(await dig('example.com', type)).toMatch(/status: NOERROR/);
    expect(await dig('example.com', 'CH', 'TXT')).toMatch(/status: REFUSED/);
  });
});

interface Curled {
  readonly status: number;
  readonly version: string;
  readonly head: string;
  readonly body: string;
}

/** An HTTPS request of curl to a host of the world, which it is told to find at an endpoint. */
async function curl(label: string, url: URL, ...more: readonly string[]): Promise<Curled> {
  const endpoint = world.endpoints.find((open) => open.endpoint.label === label);
  const port = String((url.protocol === 'https:' ? endpoint?.httpsPort : endpoint?.httpPort) ?? 0);
  const resolve = `${url.hostname}:${port}:${endpoint?.address ?? ''}`;
  const there = new URL(url);
  there.port = port;
  const heads = join(stateDirectory, 'head');
  const { stdout } = await run('curl', [
    '--silent',
    '--show-error',
    '--max-time',
    '300',
    '--noproxy',
    '*',
    '--cacert',
    world.caFile,
    '--resolve',
    resolve,
    '--dump-header',
    heads,
    '--write-out',
    '\n%{http_code} %{http_version}',
    ...more,
    there.href,
  ]);
  const at = stdout.lastIndexOf('\n');
  const [status = '', version = ''] = stdout.slice(at + 1).split(' ');
  const { stdout: head } = await run('cat', [heads]);
  return { status: Number(status), version, head, body: stdout.slice(0, at) };
}

describe.each([
  ['--http1.1', '1.1'],
  ['--http2', '2'],
])('curl %s', (flag, version) => {
  test('reaches the function behind CloudFront and API Gateway', async () => {
    const got = await curl('DUB', new URL(`https://${DISTRIBUTION}/orders?id=1`), flag);
    expect(got).toMatchObject({ status: 200, version });
    expect(JSON.parse(got.body)).toEqual({ region: 'eu-west-1', path: '/orders' });
    expect(got.head).toMatch(/^x-cache: Miss from cloudfront\r$/im);
    expect(got.head).toMatch(/^x-amz-cf-pop: DUB/im);
    expect(got.head).toMatch(/^x-amz-cf-id: \S+/im);
  });

  test('reaches API Gateway itself, and sends bodies', async () => {
    const file = join(stateDirectory, 'body');
    await writeFile(file, 'x'.repeat(100_000));
    const url = new URL('https://bbbbbbbbbb.execute-api.us-east-1.amazonaws.com/prod/orders');
    const got = await curl('us-east-1', url, flag, '--data-binary', `@${file}`);
    expect(got).toMatchObject({ status: 200, version });
    expect(JSON.parse(got.body)).toMatchObject({ region: 'us-east-1' });
  });

  test('gets 413 for a body over the limit of API Gateway (RS 3.22)', async () => {
    const file = join(stateDirectory, 'large');
    await writeFile(file, Buffer.alloc(11 * 1024 * 1024, 'x'));
    const url = new URL('https://aaaaaaaaaa.execute-api.eu-west-1.amazonaws.com/prod/');
    expect((await curl('eu-west-1', url, flag, '--data-binary', `@${file}`)).status).toBe(413);
  });

  test('gets no certificate for a name that the endpoint does not have', async () => {
    await expect(curl('DUB', new URL('https://www.example.net/'), flag)).rejects.toMatchObject({ code: 35 });
  });

  test('does not trust the world without its CA', async () => {
    const url = new URL(`https://${DISTRIBUTION}/`);
    await expect(curl('DUB', url, flag, '--cacert', '/etc/ssl/certs/ca-certificates.crt')).rejects.toMatchObject({
      code: expect.toSatisfy((code) => code === 60 || code === 77),
    });
  });
});

test('curl over plain HTTP is sent to HTTPS, as the distribution says', async () => {
  const got = await curl('DUB', new URL(`http://${DISTRIBUTION}/a`));
  expect(got.status).toBe(301);
  expect(got.head).toMatch(new RegExp(`^Location: https://${DISTRIBUTION}/a\\r$`, 'im'));
});

test('curl with a Host that no distribution has gets CloudFront’s refusal', async () => {
  expect((await curl('DUB', new URL(`https://${DISTRIBUTION}/`), '--header', 'Host: www.example.net')).status).toBe(
    403,
  );
});
