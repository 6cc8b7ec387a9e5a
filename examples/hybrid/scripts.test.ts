import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const GOOD = ['eu-west-1', 'us-east-1', 'example.com', 'Z0EXAMPLE'];

/** Runs a script with an `npx` that writes down how it was called, in place of the one that would go to AWS. */
function runWithoutAws(script: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const bin = mkdtempSync(join(tmpdir(), 'firedrill-bin-'));
  const log = join(bin, 'calls');
  writeFileSync(log, '');
  writeFileSync(join(bin, 'npx'), `#!/bin/sh\nprintf '%s\\n' "$*" >> '${log}'\nexit "\${NPX_EXIT:-0}"\n`);
  chmodSync(join(bin, 'npx'), 0o755);
  const { status, stdout, stderr } = spawnSync(join(HERE, script), args, {
    cwd: tmpdir(),
    encoding: 'utf8',
    env: { ...process.env, PATH: `${bin}${delimiter}${process.env['PATH']}`, ...env },
  });
  return { status, stdout, stderr, calls: readFileSync(log, 'utf8').split('\n').slice(0, -1) };
}

const CONTEXT =
  '-c primary=eu-west-1 -c backup=us-east-1 -c domain=example.com -c hostedZoneId=Z0EXAMPLE -c timeouts=ours';

describe.each(['deploy.sh', 'destroy.sh'])('%s', (script) => {
  test('it says how it is used and ends with 2 when arguments are missing', () => {
    const { status, stderr, calls } = runWithoutAws(script, GOOD.slice(0, 3));
    expect(status).toBe(2);
    expect(stderr).toContain(`Usage: ${script} PRIMARY_REGION BACKUP_REGION DOMAIN HOSTED_ZONE_ID`);
    expect(calls).toEqual([]);
  });

  test('it tells every wrong argument at once and touches nothing', () => {
    const { status, stderr, calls } = runWithoutAws(script, ['Dublin', 'Dublin', 'example', '123'], {
      TIMEOUTS: 'short',
    });
    expect(status).toBe(2);
    for (const name of ['PRIMARY_REGION', 'BACKUP_REGION', 'Both Regions', 'DOMAIN', 'HOSTED_ZONE_ID', 'TIMEOUTS']) {
      expect(stderr).toContain(`${name} `);
    }
    expect(calls).toEqual([]);
  });

  test('Regions of all forms are taken', () => {
    const { status } = runWithoutAws(script, ['ap-southeast-2', 'us-gov-west-1', 'a-b.example.co.uk', 'Z0EXAMPLE']);
    expect(status).toBe(0);
  });
});

describe('deploy.sh and destroy.sh', () => {
  test('both stacks are deployed by one call, in the order of their dependencies', () => {
    expect(runWithoutAws('deploy.sh', GOOD).calls).toEqual([
      `--no-install cdk deploy --all --require-approval never --concurrency 1 ${CONTEXT} -c writePaths=/orders*`,
    ]);
  });

  test('timeouts and write paths are passed on', () => {
    const { calls } = runWithoutAws('deploy.sh', GOOD, { TIMEOUTS: 'cloudfront-defaults', WRITE_PATHS: '' });
    expect(calls[0]).toMatch(/ -c timeouts=cloudfront-defaults -c writePaths=$/);
  });

  test('a deployment that fails makes the script fail and says what to look for', () => {
    const { status, stderr } = runWithoutAws('deploy.sh', GOOD, { NPX_EXIT: '1' });
    expect(status).toBe(1);
    expect(stderr).toContain('npx cdk bootstrap aws://ACCOUNT/eu-west-1 aws://ACCOUNT/us-east-1');
  });

  test('both stacks are destroyed by one call, without a question for each', () => {
    expect(runWithoutAws('destroy.sh', GOOD).calls).toEqual([
      `--no-install cdk destroy --all --force ${CONTEXT} -c writePaths=/orders*`,
    ]);
  });
});

/** Runs test.sh against a server on loopback, and gives its rows, cut at blanks. */
async function runTest(listener: RequestListener, count: string, env: Readonly<Record<string, string>> = {}) {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const child = spawn(join(HERE, 'test.sh'), [`http://127.0.0.1:${port}/`, count], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
  server.closeAllConnections();
  server.close();
  return {
    status,
    rows: text
      .trimEnd()
      .split('\n')
      .map((line) => line.trim().split(/\s+/)),
  };
}

describe('test.sh', () => {
  test('it prints who answered, when, with which status and after how long', async () => {
    const { status, rows } = await runTest((_request, response) => response.end('{"region":"eu-west-1"}'), '2');
    expect(status).toBe(0);
    const time = expect.stringMatching(/^\d\d:\d\d:\d\d$/);
    const seconds = expect.stringMatching(/^\d+\.\d+$/);
    expect(rows).toEqual([
      ['request', 'origin', 'time', 'status', 'ttfb'],
      ['1', 'eu-west-1', time, '200', seconds, 's'],
      ['2', 'eu-west-1', time, '200', seconds, 's'],
      ['2', 'sent,', '0', 'failed'],
    ]);
  });

  test('errors of the server and requests without an answer count as failed', async () => {
    const failing = await runTest((_request, response) => response.writeHead(503).end('no'), '1');
    expect(failing.rows.slice(1).map((row) => row.filter((_cell, index) => index !== 2 && index !== 4))).toEqual([
      ['1', '-', '503', 's'],
      ['1', 'sent,', 'failed'],
    ]);
    const silent = await runTest(() => {}, '1', { MAX_TIME: '0.2' });
    expect(silent.rows[1]?.[3]).toBe('000');
    expect(Number(silent.rows[1]?.[4])).toBeGreaterThan(0.1);
  });

  test('CURL_OPTS are options of curl, blanks between them', async () => {
    const seen: string[] = [];
    await runTest(
      (request, response) => {
        seen.push(`${request.method} ${request.headers['x-star']}`);
        response.end();
      },
      '1',
      { CURL_OPTS: '-X POST -H x-star:*' },
    );
    expect(seen).toEqual(['POST *']);
  });

  test('Ctrl-C ends it with a summary', async () => {
    const server = createServer(() => child.kill('SIGINT'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const child = spawn(join(HERE, 'test.sh'), [`http://127.0.0.1:${port}/`], {
      env: { ...process.env, MAX_TIME: '0.5' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const status = await new Promise<number | null>((resolve) => child.on('close', resolve));
    server.closeAllConnections();
    server.close();
    expect(status).toBe(0);
    expect(text.trimEnd().split('\n').at(-1)).toMatch(/^\d+ sent, \d+ failed$/);
  });

  test.each([[[]], [['ftp://example.com/']], [['https://example.com/', 'many']], [['a', 'b', 'c']]])(
    'arguments %j are refused with 2',
    (args) => {
      const { status, stderr } = spawnSync(join(HERE, 'test.sh'), args, { encoding: 'utf8' });
      expect(status).toBe(2);
      expect(stderr).toContain('Usage: test.sh URL [COUNT]');
    },
  );
});
