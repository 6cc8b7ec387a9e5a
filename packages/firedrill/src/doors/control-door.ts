import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import { strangerAt } from './endpoint-door.ts';
import { Listener } from './listener.ts';
import { refuse } from './refusals.ts';

/** What other commands of Firedrill ask of a world that is up. */
export interface Controls {
  /** Anything that can be written as JSON. */
  readonly status: () => unknown;
  readonly down: () => void;
  /** Begins faults of the body; ends those it names. Answers anything that can be written as JSON. */
  readonly faults: (order: unknown) => Promise<unknown>;
}

/** More than any fault needs. */
const ORDER_BYTES_MAX = 65_536;

/** The door of `firedrill status`, `down`, `break` and `mend`: for those who know the token of the state directory. */
export function controlDoor(token: string, controls: Controls): Listener {
  const server = createServer((request, response) => {
    const refusal = strangerAt(request);
    if (refusal !== undefined) return refuse(response, refusal);
    if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`))
      return refuse(response, { status: 403, says: 'This needs the token of the state directory.' });
    const { pathname } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (request.method === 'GET' && pathname === '/status') {
      response.setHeader('Content-Type', 'application/json').end(JSON.stringify(controls.status()));
      return undefined;
    }
    if (request.method === 'POST' && pathname === '/down') {
      response.end('{}');
      response.once('close', controls.down);
      return undefined;
    }
    if (request.method === 'POST' && pathname === '/faults') {
      orderIn(request)
        .then(
          async (order) => {
            const answer = JSON.stringify(await controls.faults(order));
            response.setHeader('Content-Type', 'application/json').end(answer);
          },
          () => response.writeHead(400).end(),
        )
        .catch(() => response.writeHead(500).end());
      return undefined;
    }
    return void response.writeHead(404).end();
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return new Listener(server);
}

/** Rejects when the body is too large or no JSON. */
async function orderIn(request: IncomingMessage): Promise<unknown> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) {
    text += chunk;
    if (text.length > ORDER_BYTES_MAX) throw new Error('the order is too large');
  }
  return JSON.parse(text) as unknown;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
