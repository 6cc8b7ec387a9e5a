import { chmodSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { OutsideClients } from '../live/index.ts';
import { answerAsResolver } from '../live/index.ts';
import { hostKind } from './host-kinds.ts';
import { openWay, relay } from './relay.ts';

/** Where programs in a network of their own find the APIs of AWS. */
const AWS_ADDRESS = '127.80.0.1';

/** The first line says what a connection is for; one that is longer is none. */
const FIRST_LINE_BYTES_MAX = 100;
const DNS_BYTES_MAX = 65_535;

export interface NamespaceSurroundings {
  readonly outside: Pick<OutsideClients, 'places' | 'wayTo' | 'addressesOf'>;
  /** Takes connections that begin with TLS, and such that do not. */
  readonly secure: (socket: Socket) => void;
  readonly plain: (socket: Socket) => void;
}

/**
 * The way in for programs that have a network of their own (`firedrill exec --netns`): a socket of the file system, which
 * crosses networks. A connection begins with `tcp ADDRESS PORT` or `dns`; what follows the answer `ok` is what a client sends to
 * that address, or questions as DNS has them over TCP.
 */
export class NamespaceDoor {
  private readonly around: NamespaceSurroundings;
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private path = '';

  constructor(around: NamespaceSurroundings) {
    this.around = around;
    this.server = createServer((socket) => {
      this.sockets.add(socket);
      socket.on('error', () => undefined);
      socket.once('close', () => this.sockets.delete(socket));
      this.greet(socket);
    });
  }

  async open(path: string): Promise<void> {
    rmSync(path, { force: true });
    this.path = path;
    this.server.listen(path);
    await once(this.server, 'listening');
    chmodSync(path, 0o600);
  }

  close(): void {
    this.server.close();
    for (const socket of this.sockets) socket.destroy();
    if (this.path !== '') rmSync(this.path, { force: true });
  }

  private greet(socket: Socket): void {
    let line = '';
    const hear = (chunk: Buffer): void => {
      line += chunk.toString('latin1');
      if (line.length > FIRST_LINE_BYTES_MAX) return void socket.destroy();
      if (!line.endsWith('\n')) return;
      socket.off('data', hear);
      socket.pause();
      this.lead(socket, line.trim().split(' ')).catch(() => socket.destroy());
    };
    socket.on('data', hear);
  }

  private async lead(socket: Socket, [kind, address = '', port = '']: readonly string[]): Promise<void> {
    const { outside, secure, plain } = this.around;
    if (kind === 'dns') return this.answer(socket);
    if (kind !== 'tcp') return void socket.destroy();
    if (address === AWS_ADDRESS) {
      const accept = port === '443' ? secure : plain;
      socket.write('ok\n');
      return accept(socket);
    }
    const way = await outside.wayTo(address, Number(port));
    if (way.kind !== 'open') return void socket.destroy();
    const server = await openWay(way);
    socket.write('ok\n');
    return relay(socket, server, Buffer.alloc(0));
  }

  private answer(socket: Socket): void {
    let pending: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      if (pending.length < 2 || pending.length < 2 + pending.readUInt16BE(0)) return;
      const question = pending.subarray(2, 2 + pending.readUInt16BE(0));
      answerAsResolver(question, this.around.outside, (name) =>
        hostKind(name) === 'aws-api' ? AWS_ADDRESS : undefined,
      ).then(
        (reply) => {
          if (reply === undefined || reply.length > DNS_BYTES_MAX) return socket.destroy();
          const length = Buffer.alloc(2);
          length.writeUInt16BE(reply.length);
          return socket.end(Buffer.concat([length, reply]));
        },
        () => socket.destroy(),
      );
    });
    socket.write('ok\n');
    socket.resume();
  }
}
