import type { Socket as UdpSocket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer } from 'node:net';
import type { DnsReply, Vantage, World } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';
import { decodeQuery, encodeReply, udpBytesMax } from './dns-codec.ts';
import type { DnsQuery } from './dns-codec.ts';
import type { InsideTraffic } from './inside-traffic.ts';
import { socketKey } from './inside-traffic.ts';

/** Connections over TCP at one time. */
const TCP_CONNECTIONS_MAX = 1000;
/** A connection that says nothing for so long is closed, in real milliseconds. */
const TCP_IDLE_MS = 10_000;
/** Tries to find a port that is free for both UDP and TCP. */
const PORT_TRIES_MAX = 8;
const TCP_MESSAGE_BYTES_MAX = 65_535;

export interface DnsSurroundings {
  readonly world: World;
  readonly clock: WorldClock;
  readonly inside: InsideTraffic;
  /** Where an asker from outside stands. */
  readonly vantageOf: (address: string) => Vantage;
}

/** The world's authoritative name servers on one address, UDP and TCP. */
export class DnsServer {
  private readonly around: DnsSurroundings;
  private readonly sockets = new Set<Socket>();
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
      const udp = createSocket({ type: 'udp4', reuseAddr: port !== 0 });
      try {
        udp.bind(port, address);
        await once(udp, 'listening');
        const bound = udp.address().port;
        this.tcp = await this.listen(address, bound);
        udp.on('message', (bytes, { address: from, port: fromPort }) => {
          const reply = this.reply(bytes, from, socketKey(from, fromPort), udpBytesMax);
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

  /** Messages with their length before them, one after another (RFC 7766). */
  private serveTcp(socket: Socket): void {
    this.sockets.add(socket);
    socket.on('close', () => this.sockets.delete(socket));
    socket.on('error', () => socket.destroy());
    socket.setTimeout(TCP_IDLE_MS, () => socket.destroy());
    const { remoteAddress = '', remotePort } = socket;
    let pending: Buffer = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      pending = pending.length === 0 ? chunk : Buffer.concat([pending, chunk]);
      while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
        const end = 2 + pending.readUInt16BE(0);
        const key = socketKey(remoteAddress, remotePort);
        const reply = this.reply(pending.subarray(2, end), remoteAddress, key, () => TCP_MESSAGE_BYTES_MAX);
        pending = pending.subarray(end);
        if (reply === undefined) continue;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(reply.length);
        // Who asks without reading the answers is not served further.
        if (!socket.write(Buffer.concat([length, reply])) && socket.writableLength > TCP_MESSAGE_BYTES_MAX)
          socket.destroy();
      }
    });
  }

  private reply(bytes: Buffer, from: string, key: string, bytesMaxOf: (query: DnsQuery) => number): Buffer | undefined {
    const decoded = decodeQuery(bytes);
    if (decoded.kind === 'drop') return undefined;
    if (decoded.kind === 'refusal') return decoded.reply;
    const { query } = decoded;
    const inside = this.around.inside.questions.get(key);
    const answer = this.answer(query, inside?.from ?? this.around.vantageOf(from));
    if (inside !== undefined) inside.reply = answer;
    if (answer.rcode === 'timeout') return undefined;
    const { rcode, answers, authority } = answer;
    const isAuthoritative = rcode === 'NOERROR' || rcode === 'NXDOMAIN';
    return encodeReply(query, { rcode, isAuthoritative, answers, authority }, bytesMaxOf(query));
  }

  private answer(query: DnsQuery, asker: Vantage): DnsReply {
    if (!query.isInternet) {
      return { kind: 'dns', rcode: 'REFUSED', answers: [], authority: [], negativeTtlSeconds: 0, cause: 0 };
    }
    const { world, clock } = this.around;
    return world.answer({ name: query.name.toLowerCase(), type: query.type }, asker, clock.now());
  }
}
