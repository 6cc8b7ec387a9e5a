import { request } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { createServer } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { EdgeWorld } from './edge-world.ts';
import { EDGE_HOST, FIRST, SECOND, withEdge } from './edge-world.ts';
import { settles } from './settles.ts';

/* Servers of a user's own that break the protocol on purpose: what the viewer gets, what the edge keeps, what the server saw. */

interface Server {
  readonly port: number;
  /** Request lines, in order. */
  readonly seen: readonly string[];
  readonly sockets: ReadonlySet<Socket>;
}

/** A server that does on each request what it is told, byte by byte. */
async function withServer<Result>(
  answer: (socket: Socket, n: number) => void,
  use: (server: Server) => Promise<Result>,
): Promise<Result> {
  const seen: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
    let text = '';
    socket.on('data', (chunk: Buffer) => {
      text += chunk.toString('latin1');
      for (let end = text.indexOf('\r\n\r\n'); end >= 0; end = text.indexOf('\r\n\r\n')) {
        seen.push(text.slice(0, text.indexOf('\r\n')));
        text = text.slice(end + 4);
        answer(socket, seen.length);
      }
    });
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  try {
    return await use({ port: (server.address() as AddressInfo).port, seen, sockets });
  } finally {
    for (const socket of sockets) socket.destroy();
    server.close();
  }
}

/** What a viewer gets: status, where it came from, body; `broken off` behind what came of one that is not whole. */
async function get({ address, httpPort }: EdgeWorld, path: string, method = 'GET'): Promise<string> {
  return await new Promise((resolve) => {
    const sent = request({ host: address, port: httpPort, path, method, headers: { Host: EDGE_HOST }, agent: false });
    sent.once('error', () => resolve('no answer'));
    sent.once('response', (incoming) => {
      let bytes = 0;
      let text = '';
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        text = (text + chunk.toString('latin1')).slice(0, 20);
      });
      incoming.on('error', () => undefined);
      incoming.once('close', () => {
        const from = String(incoming.headers['x-cache']).split(' ')[0] ?? '';
        const body = incoming.statusCode === 200 ? ` ${bytes > 20 ? `${bytes} bytes` : text}` : '';
        resolve(`${incoming.statusCode} ${from}${body}${incoming.complete ? '' : ' broken off'}`);
      });
    });
    sent.end();
  });
}

const OK = 'HTTP/1.1 200 OK\r\n';

/** Each is asked for twice at a path that is kept: what is broken must never be kept (CF 2.40). */
const BROKEN: readonly (readonly [what: string, answer: (socket: Socket) => void, expected: string])[] = [
  ['closes without a word', (socket) => socket.destroy(), '502 Error'],
  ['resets the connection', (socket) => socket.resetAndDestroy(), '502 Error'],
  ['says something that is not HTTP', (socket) => socket.write('220 mail ready\r\n\r\n'), '502 Error'],
  ['closes in its head', (socket) => socket.end(`${OK}Content-Le`), '502 Error'],
  ['sends a status line of garbage', (socket) => socket.write('HTTP/1.1 \u0000\u0001\r\n\r\n'), '502 Error'],
  ['sends headers without end', endlessHeaders, '502 Error'],
  [
    'gives two lengths',
    (socket) => socket.write(`${OK}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello`),
    '502 Error',
  ],
  [
    'gives a length beside chunks',
    (socket) => socket.write(`${OK}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`),
    '502 Error',
  ],
  [
    'answers a status that none has',
    (socket) => socket.write('HTTP/1.1 600 No\r\nContent-Length: 0\r\n\r\n'),
    '502 Error',
  ],
  [
    'ends its lines as no server may',
    (socket) => socket.write('HTTP/1.1 200 OK\nContent-Length: 5\n\nhello'),
    '502 Error',
  ],
  [
    'sends more headers than CloudFront takes',
    (socket) => socket.write(`${OK}X-Long: ${'x'.repeat(32_768)}\r\nContent-Length: 2\r\n\r\nhi`),
    '502 Error',
  ],
  ['folds a header', (socket) => socket.write(`${OK}X-A: b\r\n c\r\nContent-Length: 0\r\n\r\n`), '502 Error'],
  ['closes in its body', (socket) => socket.end(`${OK}Content-Length: 10\r\n\r\nhello`), '200 Miss hello broken off'],
  [
    'closes between chunks',
    (socket) => socket.end(`${OK}Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n`),
    '200 Miss hello broken off',
  ],
];

function endlessHeaders(socket: Socket): void {
  socket.write(OK);
  const more = (): void => {
    while (!socket.destroyed && socket.write(`X-Endless: ${'x'.repeat(8192)}\r\n`));
    socket.once('drain', more);
  };
  more();
}

test('CF 2.41: one invitation to go on is passed over, a second is an error', async () => {
  const invited = (times: number) => (socket: Socket) =>
    socket.write(`${'HTTP/1.1 100 Continue\r\n\r\n'.repeat(times)}HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi`);
  for (const [times, expected] of [
    [1, '200 Miss hi'],
    [2, '502 Error'],
  ] as const)
    await withServer(invited(times), async ({ port }) => {
      await withEdge({ origins: { [FIRST]: port } }, async (edge) => expect(await get(edge, '/')).toBe(expected));
    });
});

describe('a server that', () => {
  test.each(BROKEN)('CF 2.40, 9.1: %s', async (_what, answer, expected) => {
    await withServer(answer, async (server) => {
      await withEdge({ origins: { [FIRST]: server.port } }, async (edge) => {
        // Bytes that came before the break may or may not have left for the viewer by then.
        const cut = (text: string): string => text.replace('Miss hello broken off', 'Miss  broken off');
        expect(cut(await get(edge, '/kept/a'))).toBe(cut(expected));
        const isError = expected.startsWith('502');
        // An error of CloudFront's own is kept for ten seconds (CF 2.1); half an answer is not.
        expect(cut(await get(edge, '/kept/a'))).toBe(cut(expected));
        // One that closes before it answers may be asked again over a connection of its own (RFC 9110, 9.2.2).
        expect(server.seen.length).toBe(isError ? 1 : 2);
        expect(new Set(server.seen)).toEqual(new Set(['GET /kept/a HTTP/1.1']));
        expect(await settles(() => server.sockets.size === 0)).toBe(true);
      });
    });
  });

  test('answers more than it was asked for has the rest thrown away and its connection closed', async () => {
    const tooMuch = `${OK}Content-Length: 5\r\n\r\nhello${OK}Content-Length: 6\r\n\r\npoison`;
    await withServer(
      (socket) => socket.write(tooMuch),
      async (server) => {
        await withEdge({ origins: { [FIRST]: server.port } }, async (edge) => {
          expect(await get(edge, '/a')).toBe('200 Miss hello');
          expect(await get(edge, '/b')).toBe('200 Miss hello');
          expect(await settles(() => server.sockets.size === 0)).toBe(true);
        });
      },
    );
  });

  test('never ends its chunks is listened to for as long as the viewer does', async () => {
    await withServer(
      (socket) => {
        socket.write(`${OK}Transfer-Encoding: chunked\r\n\r\n`);
        const more = (): void => {
          while (!socket.destroyed && socket.write(`2000\r\n${'x'.repeat(0x2000)}\r\n`));
          socket.once('drain', more);
        };
        more();
      },
      async (server) => {
        await withEdge({ origins: { [FIRST]: server.port } }, async (edge) => {
          await new Promise<void>((resolve) => {
            const headers = { Host: EDGE_HOST };
            const sent = request({ host: edge.address, port: edge.httpPort, path: '/a', headers }, (incoming) => {
              let bytes = 0;
              incoming.on('error', () => undefined);
              incoming.on('data', (chunk: Buffer) => {
                bytes += chunk.length;
                if (bytes > 1e6) sent.destroy();
              });
              incoming.once('close', resolve);
            });
            sent.on('error', () => undefined);
            sent.end();
          });
          // The viewer has gone, and nobody else wants it.
          expect(await settles(() => server.sockets.size === 0)).toBe(true);
        });
      },
    );
  });

  test('CF 1.15, 2.7: never answers is given up after the response timeout, and its connection closed', async () => {
    await withServer(
      () => undefined,
      async (server) => {
        const settings = { origins: { [FIRST]: server.port }, responseTimeoutSeconds: 20, speed: 40 };
        await withEdge(settings, async (edge) => {
          expect(await get(edge, '/a')).toBe('504 Error');
          expect(await settles(() => server.sockets.size === 0)).toBe(true);
        });
      },
    );
  });

  test('CF 1.3, 1.6: breaks the protocol leads to the second origin, which is asked once', async () => {
    await withServer(
      (socket) => socket.write('garbage\r\n\r\n'),
      async (first) => {
        await withServer(
          (socket) => socket.write(`${OK}Content-Length: 6\r\n\r\nsecond`),
          async (second) => {
            const settings = { origins: { [FIRST]: first.port, [SECOND]: second.port }, failsOver: true };
            await withEdge(settings, async (edge) => {
              expect(await get(edge, '/a')).toBe('200 Miss second');
              expect(await get(edge, '/a', 'POST')).toBe('502 Error');
              expect(first.seen).toEqual(['GET /a HTTP/1.1', 'POST /a HTTP/1.1']);
              expect(second.seen).toEqual(['GET /a HTTP/1.1']);
            });
          },
        );
      },
    );
  });

  test('closes connections that it kept is asked again on a new one, and the viewer sees nothing of it', async () => {
    await withServer(
      (socket, n) => {
        socket.write(`${OK}Content-Length: 5\r\n\r\nhello`);
        // Before the next request, or at the moment when it comes.
        if (n % 2 === 1) socket.end();
      },
      async (server) => {
        await withEdge({ origins: { [FIRST]: server.port } }, async (edge) => {
          for (let n = 0; n < 20; n++) expect(await get(edge, `/${n}`)).toBe('200 Miss hello');
          expect(new Set(server.seen).size).toBe(20);
        });
      },
    );
  });
});
