import type { Socket as UdpSocket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { Vantage, World } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';
import { PreparedQuestions, wireReplyOf } from './dns-prepared.ts';
import type { DnsQuery } from './dns-query.ts';
import type { QueryLog } from './dns-query-log.ts';
import { questionOf, readQuery } from './dns-query.ts';
import type { WireReply } from './dns-reply.ts';
import { encodeReply, udpBytesMax } from './dns-reply.ts';
import { serveStream } from './dns-stream.ts';
import { TCP_BYTES_MAX } from './dns-types.ts';
import type { InsideTraffic } from './inside-traffic.ts';
import { socketKey } from './inside-traffic.ts';

/** Connections over TCP at one time. */
const TCP_CONNECTIONS_MAX = 1000;
/** Tries to find a port that is free for both UDP and TCP. */
const PORT_TRIES_MAX = 8;

/** Who asks, and how. */
export interface Asking {
  readonly address: string;
  readonly port: number;
  readonly protocol: 'UDP' | 'TCP';
}

export interface DnsSurroundings {
  readonly world: World;
  readonly clock: WorldClock;
  readonly inside: InsideTraffic;
  /** Where an asker from outside stands. */
  readonly vantageOf: (address: string) => Vantage;
  /** Gets every question that is answered. */
  readonly log?: QueryLog;
}

/** The world's authoritative name servers on one address, UDP and TCP. */
export class DnsServer {
  private readonly around: DnsSurroundings;
  private readonly sockets = new Set<Socket>();
  private readonly prepared = new PreparedQuestions();
  private udp: UdpSocket | undefined;
  private tcp: Server | undefined;

  constructor(around: DnsSurroundings) {
    this.around = around;
  }

  /**
   * Binds both sockets; with port 0 to one port that is free for both.
   * @throws the system's error when the port cannot be bound; nothing stays open then.
   */
  async open(address: string, port: number): Promise<number> {
    for (let tries = 1; ; tries++) {
      // Multicast DNS holds the usual port on every address of many desktops, and shares it with those who share it
      // too. Another world on this address is found out by its TCP socket, which nobody shares.
      const udp = createSocket({ type: 'udp4', reuseAddr: port !== 0, lookup: asItIs });
      try {
        const listening = once(udp, 'listening');
        udp.bind(port, address);
        await listening;
        const bound = udp.address().port;
        this.tcp = await this.listen(address, bound);
        udp.on('message', (bytes, { address: from, port: fromPort }) => {
          const reply = this.reply(bytes, { address: from, port: fromPort, protocol: 'UDP' });
          if (reply !== undefined) udp.send(reply, fromPort, from);
        });
        // A datagram that could not be sent is a lost datagram.
        udp.on('error', () => undefined);
        this.udp = udp;
        return bound;
      } catch (error) {
        udp.close();
        const isTakenByChance = port === 0 && (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
        if (!isTakenByChance || tries === PORT_TRIES_MAX) throw error;
      }
    }
  }

  close(): void {
    this.udp?.close();
    this.tcp?.close();
    for (const socket of this.sockets) socket.destroy();
    this.udp = undefined;
    this.tcp = undefined;
  }

  private async listen(address: string, port: number): Promise<Server> {
    const server = createServer((socket) => this.serveTcp(socket));
    server.maxConnections = TCP_CONNECTIONS_MAX;
    server.listen(port, address);
    await once(server, 'listening');
    return server;
  }

  private serveTcp(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    const from: Asking = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0, protocol: 'TCP' };
    serveStream(socket, (message) => this.reply(message, from));
  }

  /** Undefined: nothing is said. */
  private reply(bytes: Buffer, asking: Asking): Buffer | undefined {
    const read = readQuery(bytes);
    if (read.kind === 'drop') return undefined;
    if (read.kind === 'refusal') return read.reply;
    const { query } = read;
    const { inside, vantageOf, world, clock } = this.around;
    const bytesMax = asking.protocol === 'TCP' ? TCP_BYTES_MAX : udpBytesMax(query);
    if (!query.isInternet || isAboutTransfer(query) || (query.edns?.version ?? 0) > 0)
      return encodeReply(query, REFUSAL, bytesMax);
    const prepared = this.prepared.of(query);
    const question = prepared?.question ?? questionOf(query);
    const known =
      inside.questions.size === 0 ? undefined : inside.questions.get(socketKey(asking.address, asking.port));
    const asker = known?.from ?? vantageOf(asking.address);
    const answer = world.answer(question, asker, clock.now());
    if (known !== undefined) known.reply = answer;
    if (answer.rcode === 'timeout') return undefined;
    this.around.log?.add(question, answer, asker, asking);
    return prepared?.replyTo(query, answer, bytesMax) ?? encodeReply(query, wireReplyOf(answer), bytesMax);
  }
}

/** Answers go to addresses: there is nothing to look up. */
function asItIs(
  address: string,
  _options: unknown,
  found: (error: null, address: string, family: number) => void,
): void {
  found(null, address, 4);
}

const REFUSAL: WireReply = { rcode: 'REFUSED', isAuthoritative: false, answers: [], authority: [] };

/** Nobody gets a whole zone: transfers, and the other types that are no types of records (RFC 6895, 3.1), are refused. */
function isAboutTransfer({ typeCode }: DnsQuery): boolean {
  return typeCode >= 249 && typeCode <= 254;
}
