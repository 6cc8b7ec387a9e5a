import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, createServer as createHttpServer, get } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Agent as Dispatcher, request } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { EdgeWorld } from './edge-world.ts';
import { EDGE_HOST, FIRST, SECOND, withEdge } from './edge-world.ts';
import { settles } from './settles.ts';

/* Servers that others have written behind the edge (nginx, Python's, Node's), clients that others have written before it. */

const run = promisify(execFile);
const LARGE_BYTES = 3_000_000;

interface Origin {
  readonly port: number;
  /** How many requests it has had for a path. */
  count(path: string): Promise<number>;
}

const directory = mkdtempSync(join(tmpdir(), 'firedrill-peers-'));
const children: ChildProcess[] = [];
const origins = new Map<string, Origin>();

beforeAll(async () => {
  chmodSync(directory, 0o755);
  const files = join(directory, 'files');
  mkdirSync(join(files, 'kept'), { recursive: true });
  for (const folder of [files, join(files, 'kept')]) {
    writeFileSync(join(folder, 'small.txt'), 'hello from a file\n');
    writeFileSync(join(folder, 'large.bin'), 'x'.repeat(LARGE_BYTES));
    writeFileSync(join(folder, 'empty.txt'), '');
  }
  origins.set('nginx', await startNginx(files));
  origins.set('Python', await startPython(files));
  origins.set('Node', await startNode());
});

afterAll(() => {
  for (const child of children) child.kill();
  rmSync(directory, { recursive: true, force: true });
});

const SERVERS = ['nginx', 'Python', 'Node'] as const;

describe.each(SERVERS)('before %s', (name) => {
  const origin = (): Origin => {
    const found = origins.get(name);
    if (found === undefined) throw new Error(`${name} has been started`);
    return found;
  };

  test('CF 1.2, 2.40: curl gets what the server gives, from the cache the second time, whole, over HTTP and TLS', async () => {
    await withEdge({ origins: { [FIRST]: origin().port } }, async (edge) => {
      for (const [path, bytes] of [
        ['/kept/small.txt', 18],
        ['/kept/large.bin', LARGE_BYTES],
        ['/kept/empty.txt', 0],
      ] as const) {
        const before = await origin().count(path);
        expect(await curl(edge, path)).toBe(`200 ${bytes} 1.1 Miss`);
        expect(await curl(edge, path)).toBe(`200 ${bytes} 1.1 Hit`);
        expect(await curl(edge, path, ['--http1.1'], true)).toBe(`200 ${bytes} 1.1 Hit`);
        expect(await curl(edge, path, ['--http2'], true)).toBe(`200 ${bytes} 2 Hit`);
        // A server may write its log when the answer has long been there.
        expect(await settles(async () => (await origin().count(path)) > before)).toBe(true);
        expect((await origin().count(path)) - before).toBe(1);
        expect(await curl(edge, path.replace('/kept', ''), ['--http2'], true)).toBe(`200 ${bytes} 2 Miss`);
      }
      expect(await curl(edge, '/kept/none')).toMatch(/^404 \d+ 1\.1 Error$/);
      expect(await curl(edge, '/small.txt', ['--head'])).toMatch(/^200 0 1\.1 Miss$/);
    });
  });

  test('CF 1.2, 1.10: undici gets the same over HTTP and TLS, on connections that it keeps, several requests on each', async () => {
    await withEdge({ origins: { [FIRST]: origin().port } }, async (edge) => {
      const dispatcher = toEdge(edge);
      for (const base of [`http://${EDGE_HOST}:${edge.httpPort}`, `https://${EDGE_HOST}:${edge.httpsPort}`]) {
        expect(await viaUndici(dispatcher, `${base}/small.txt`)).toBe('200 18 Miss');
        expect(await viaUndici(dispatcher, `${base}/large.bin`)).toBe(`200 ${LARGE_BYTES} Miss`);
        expect(await viaUndici(dispatcher, `${base}/none`)).toMatch(/^404 \d+ Error$/);
        expect(await viaUndici(dispatcher, `${base}/small.txt`, 'HEAD')).toBe('200 0 Miss');
        const many = Array.from({ length: 40 }, () => viaUndici(dispatcher, `${base}/kept/small.txt`));
        // Kept once, whichever way it was asked for.
        const misses = (await Promise.all(many)).filter((answer) => answer !== '200 18 Hit');
        expect(misses).toEqual(base.startsWith('https') ? [] : ['200 18 Miss']);
      }
      await dispatcher.close();
    });
  });

  test('CF 1.3, 1.10: what it refuses is answered by the second origin, each time anew', async () => {
    const closed = await closedPort();
    await withEdge({ origins: { [FIRST]: closed, [SECOND]: origin().port }, failsOver: true }, async (edge) => {
      expect(await curl(edge, '/small.txt')).toBe('200 18 1.1 Miss');
      expect(await curl(edge, '/small.txt')).toBe('200 18 1.1 Miss');
      expect(await curl(edge, '/small.txt', ['--request', 'POST', '--data', 'x'])).toMatch(/^502 \d+ 1\.1 Error$/);
    });
  });

  test('many clients at a time each get what they asked for', async () => {
    await withEdge({ origins: { [FIRST]: origin().port } }, async (edge) => {
      const paths = Array.from({ length: 60 }, (_, n) => (n % 3 === 0 ? '/large.bin' : '/small.txt'));
      const agent = new Agent({ keepAlive: true, maxSockets: 20 });
      const { address, httpPort } = edge;
      const bodies = await Promise.all(
        paths.map(async (path) => {
          const options = { host: address, port: httpPort, path, agent, headers: { Host: EDGE_HOST } };
          const [answer] = (await once(get(options), 'response')) as [IncomingMessage];
          let bytes = 0;
          for await (const chunk of answer as AsyncIterable<Buffer>) bytes += chunk.length;
          return [answer.statusCode, bytes];
        }),
      );
      agent.destroy();
      expect(bodies).toEqual(paths.map((path) => [200, path === '/large.bin' ? LARGE_BYTES : 18]));
    });
  });
});

test('Chromium shows a page that nginx serves, over HTTP/2 and the certificate of the world', async () => {
  const port = origins.get('nginx')?.port ?? 0;
  await withEdge({ origins: { [FIRST]: port } }, async (edge) => {
    const profile = join(directory, 'chromium');
    const { stdout } = await run('chromium', [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--ignore-certificate-errors',
      `--user-data-dir=${profile}`,
      `--host-resolver-rules=MAP ${EDGE_HOST} ${edge.address}, MAP * ~NOTFOUND`,
      '--virtual-time-budget=2000',
      '--dump-dom',
      `https://${EDGE_HOST}:${edge.httpsPort}/small.txt`,
    ]);
    expect(stdout).toContain('hello from a file');
    const isAsked = async (): Promise<boolean> => ((await origins.get('nginx')?.count('/small.txt')) ?? 0) > 0;
    expect(await settles(isAsked)).toBe(true);
  });
});

/** Of undici: for each name it has to do with, the connection goes to the edge; Host and server name stay those of the URL. */
function toEdge({ address, caFile }: EdgeWorld): Dispatcher {
  return new Dispatcher({
    connections: 4,
    pipelining: 1,
    connect: {
      ca: readFileSync(caFile),
      lookup: (_host, options, done) =>
        options.all === true ? done(null, [{ address, family: 4 }]) : done(null, address, 4),
    },
  });
}

async function viaUndici(dispatcher: Dispatcher, url: string, method: 'GET' | 'HEAD' = 'GET'): Promise<string> {
  const { statusCode, headers, body } = await request(url, { dispatcher, method });
  const { byteLength } = await body.arrayBuffer();
  return `${statusCode} ${byteLength} ${String(headers['x-cache']).replace(/ from cloudfront$/, '')}`;
}

/** Status, bytes, version of HTTP, and where CloudFront has it from. */
async function curl(edge: EdgeWorld, path: string, options: readonly string[] = [], tls = false): Promise<string> {
  const port = tls ? edge.httpsPort : edge.httpPort;
  const to = `${EDGE_HOST}:${port}`;
  const { stdout } = await run('curl', [
    '--silent',
    '--show-error',
    '--noproxy',
    '*',
    '--cacert',
    edge.caFile,
    '--resolve',
    `${to}:${edge.address}`,
    '--output',
    '/dev/null',
    '--write-out',
    '%{http_code} %{size_download} %{http_version} %header{x-cache}',
    ...options,
    `${tls ? 'https' : 'http'}://${to}${path}`,
  ]);
  return stdout.replace(/ from cloudfront$/, '');
}

async function closedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function accepts(port: number): Promise<void> {
  const isOpen = async (): Promise<boolean> =>
    await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port }, () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  if (!(await settles(isOpen))) throw new Error(`nobody listens on ${port}`);
}

async function startNginx(files: string): Promise<Origin> {
  const port = await closedPort();
  const log = join(directory, 'nginx-access.log');
  const config = join(directory, 'nginx.conf');
  writeFileSync(
    config,
    `daemon off; worker_processes 1; pid ${directory}/nginx.pid; error_log ${directory}/nginx-error.log;
${process.getuid?.() === 0 ? 'user root;' : ''}
events { worker_connections 512; }
http {
  log_format paths '$uri'; access_log ${log} paths;
  client_body_temp_path ${directory}/n1; proxy_temp_path ${directory}/n2; fastcgi_temp_path ${directory}/n3;
  uwsgi_temp_path ${directory}/n4; scgi_temp_path ${directory}/n5;
  server { listen 127.0.0.1:${port}; root ${files}; default_type text/plain; types { text/plain txt; } }
}
`,
  );
  children.push(spawn('nginx', ['-c', config], { stdio: 'ignore' }));
  await accepts(port);
  return {
    port,
    count: async (path) =>
      readFileSync(log, 'utf8')
        .split('\n')
        .filter((line) => line === path).length,
  };
}

async function startPython(files: string): Promise<Origin> {
  const port = await closedPort();
  const child = spawn(
    'python3',
    ['-u', '-m', 'http.server', String(port), '--bind', '127.0.0.1', '--directory', files],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  children.push(child);
  let log = '';
  child.stderr?.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await accepts(port);
  return { port, count: async (path) => log.split('\n').filter((line) => line.includes(` ${path} `)).length };
}

async function startNode(): Promise<Origin> {
  const seen: string[] = [];
  const bodies = new Map([
    ['small.txt', 'hello from a file\n'],
    ['large.bin', 'x'.repeat(LARGE_BYTES)],
    ['empty.txt', ''],
  ]);
  const server = createHttpServer((request, response) => {
    const path = request.url ?? '';
    seen.push(path);
    const body = bodies.get(path.split('/').at(-1) ?? '');
    request.resume();
    // In chunks, without a length.
    response.writeHead(body === undefined ? 404 : 200, { 'Content-Type': 'text/plain' });
    response.write(body ?? 'no such file');
    response.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  server.unref();
  return {
    port: (server.address() as AddressInfo).port,
    count: async (path) => seen.filter((one) => one === path).length,
  };
}
