import { request as httpRequest } from 'node:http';
import { pipeline } from 'node:stream';
import { assert } from '../model/index.ts';
import type { Forward, Headers, Outcome } from '../engine/index.ts';
import { contentOf, StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';
import { framed, headersOf, lengthOf } from './framing.ts';

/** Names and addresses of this machine itself; requests are never passed on to any other. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * Passes a request on to a server of the user's on this machine, and its answer back as it comes. It has no patience of its
 * own: whoever asked gives up in world time.
 */
export function forward({ url, request }: Forward, clock: WorldClock): Promise<Outcome> {
  const { protocol, hostname, port } = new URL(url);
  assert(protocol === 'http:' && LOOPBACK.test(hostname), `origins are servers of this machine, not ${url}`);
  const { method, target: path, host, headers, body } = request;
  const lines: Headers = [['Host', host], ...framed(headers, body?.bytes, body !== undefined)];
  return new Promise((resolve) => {
    const sent = httpRequest({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: port === '' ? 80 : Number(port),
      method,
      path,
      headers: lines as unknown as readonly string[],
      agent: false,
    });
    sent.once('error', (error: NodeJS.ErrnoException) => {
      resolve({ kind: 'unanswered', why: error.code === 'ECONNREFUSED' ? 'refused' : 'reset' });
    });
    sent.once('response', (incoming) => {
      const { statusCode: status = 0 } = incoming;
      const answered = headersOf(incoming.rawHeaders);
      const content = new StreamedBody(incoming, lengthOf(answered, status, method));
      resolve({
        kind: 'answered',
        status,
        headers: answered,
        body: content,
        firstByteAt: clock.now(),
        account: undefined,
      });
    });
    const content = contentOf(body);
    if (Buffer.isBuffer(content)) sent.end(content);
    else pipeline(content, sent, () => undefined);
  });
}
