import type { ClientRequest } from 'node:http';
import { request as httpRequest } from 'node:http';
import type { Headers, HttpRequest, Outcome } from '../engine/index.ts';
import { StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';
import { framed, headersOf, lengthOf, sendable, upgradeLines } from './framing.ts';
import type { ServerAddress } from './origin-client.ts';
import { TunnelBody } from './tunnel.ts';

/** The handshake of a WebSocket with a server of this machine that is not part of the world, on a connection of its own. */
export class OriginHandshake {
  /** At the head of the answer, whatever that is. */
  readonly outcome: Promise<Outcome>;
  private readonly sent: ClientRequest;

  constructor(address: ServerAddress, request: HttpRequest, clock: WorldClock) {
    const { method, target: path, host, headers } = request;
    const lines: Headers = [['Host', host], ...upgradeLines(request), ...framed(sendable(headers), 0, false)];
    // As an array of pairs, headers are sent as they are: in this order and with repetitions.
    this.sent = httpRequest({ ...address, method, path, agent: false, headers: lines as unknown as readonly string[] });
    const { sent } = this;
    this.outcome = new Promise((resolve) => {
      const answered = (status: number, lines_: readonly string[], body: StreamedBody): void =>
        resolve({
          kind: 'answered',
          status,
          headers: headersOf(lines_),
          body,
          firstByteAt: clock.now(),
          account: undefined,
        });
      sent.once('upgrade', ({ statusCode = 0, rawHeaders }, socket, head) =>
        answered(statusCode, rawHeaders, new TunnelBody(socket, head)),
      );
      sent.once('response', (incoming) => {
        const { statusCode: status = 0, rawHeaders } = incoming;
        answered(status, rawHeaders, new StreamedBody(incoming, lengthOf(headersOf(rawHeaders), status, method)));
      });
      sent.on('error', ({ code }: NodeJS.ErrnoException) =>
        resolve({ kind: 'unanswered', why: code === 'ECONNREFUSED' ? 'refused' : 'reset' }),
      );
      sent.once('close', () => resolve({ kind: 'unanswered', why: 'reset' }));
    });
    sent.end();
  }

  /** Before the answer; what has come about by it is somebody else's. */
  destroy(): void {
    this.sent.destroy();
  }
}
