import { randomInt } from 'node:crypto';
import type { Socket as UdpSocket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { DnsReply, Query } from '../engine/index.ts';
import type { Alarm, WorldClock } from './clock.ts';
import type { DecodedReply } from './dns-codec.ts';
import { decodeReply, encodeQuestion } from './dns-codec.ts';
import type { InsideQuestion, InsideTraffic } from './inside-traffic.ts';
import { socketKey } from './inside-traffic.ts';

export interface DnsClientSurroundings {
  readonly clock: WorldClock;
  readonly inside: InsideTraffic;
  /** Where the world's name server really is. */
  readonly server: { readonly address: string; readonly port: number };
  /** Whether every vantage has a loopback address of its own to send from. */
  readonly hasOwnAddresses: boolean;
}

/** Asks the world's name servers with real packets: UDP, then TCP when the answer is cut off. */
export class DnsClient {
  private readonly around: DnsClientSurroundings;
  private readonly under = new Set<Asking>();

  constructor(around: DnsClientSurroundings) {
    this.around = around;
  }

  /** Resolves with the answer, or with `timeout` when none has come in time. */
  ask(need: Query): Promise<DnsReply> {
    return new Promise((resolve) => {
      const asking: Asking = new Asking(need, this.around, (reply) => {
        this.under.delete(asking);
        resolve(reply);
      });
      this.under.add(asking);
      asking.start();
    });
  }

  close(): void {
    for (const asking of this.under) asking.end();
  }
}

/** One question under way. */
class Asking {
  private readonly need: Query;
  private readonly around: DnsClientSurroundings;
  private readonly settle: (reply: DnsReply) => void;
  private readonly id = randomInt(65_536);
  private readonly inside: InsideQuestion;
  private alarm: Alarm | undefined;
  private udp: UdpSocket | undefined;
  private tcp: Socket | undefined;
  private key = '';

  constructor(need: Query, around: DnsClientSurroundings, settle: (reply: DnsReply) => void) {
    this.need = need;
    this.around = around;
    this.settle = settle;
    this.inside = { from: need.from, reply: undefined };
  }

  start(): void {
    const { clock, server } = this.around;
    const { question, timeoutMs } = this.need;
    this.alarm = clock.after(timeoutMs, () => this.finish('timeout'));
    const udp = createSocket('udp4');
    this.udp = udp;
    udp.on('error', () => this.finish('SERVFAIL'));
    udp.on('message', (bytes, { address, port }) => {
      // Only what comes from the server, and answers this very question, counts (RFC 5452).
      const isFromServer = address === server.address && port === server.port;
      const reply = isFromServer ? decodeReply(bytes) : undefined;
      if (reply?.id !== this.id) return;
      if (reply.isTruncated) this.askOverTcp();
      else this.finish(reply);
    });
    udp.bind({ port: 0, ...this.source() }, () => {
      this.announce(udp.address().address, udp.address().port);
      udp.send(encodeQuestion(this.id, question), server.port, server.address);
    });
  }

  /** Ends without an answer. */
  end(): void {
    this.alarm?.cancel();
    this.udp?.close();
    this.tcp?.destroy();
    this.around.inside.questions.delete(this.key);
  }

  private askOverTcp(): void {
    const { server } = this.around;
    const { question } = this.need;
    const { address } = this.source();
    const options = { host: server.address, port: server.port };
    const tcp = connect(address === undefined ? options : { ...options, localAddress: address });
    this.tcp = tcp;
    let pending: Buffer = Buffer.alloc(0);
    tcp.on('connect', () => {
      this.announce(tcp.localAddress ?? '', tcp.localPort ?? 0);
      const message = encodeQuestion(this.id, question);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(message.length);
      tcp.write(Buffer.concat([length, message]));
    });
    tcp.on('data', (chunk: Buffer) => {
      pending = Buffer.concat([pending, chunk]);
      if (pending.length < 2 || pending.length < 2 + pending.readUInt16BE(0)) return;
      this.finish(decodeReply(pending.subarray(2, 2 + pending.readUInt16BE(0))) ?? 'SERVFAIL');
    });
    tcp.on('error', () => this.finish('SERVFAIL'));
    tcp.on('end', () => this.finish('SERVFAIL'));
  }

  private source(): { readonly address?: string } {
    return this.around.hasOwnAddresses ? { address: this.need.from.address } : {};
  }

  private announce(address: string, port: number): void {
    const { questions } = this.around.inside;
    questions.delete(this.key);
    this.key = socketKey(address === '0.0.0.0' ? '127.0.0.1' : address, port);
    questions.set(this.key, this.inside);
  }

  private finish(result: DecodedReply | 'timeout' | 'SERVFAIL'): void {
    if (this.alarm === undefined) return;
    this.end();
    this.alarm = undefined;
    // What does not travel in packets was left beside them.
    const { negativeTtlSeconds = 0, cause = 0, subnetScope, isReferral } = this.inside.reply ?? {};
    const scope = subnetScope === undefined ? {} : { subnetScope };
    const referral = isReferral === undefined ? {} : { isReferral };
    const beside = { kind: 'dns', negativeTtlSeconds, cause, ...scope, ...referral } as const;
    if (typeof result === 'string') this.settle({ ...beside, rcode: result, answers: [], authority: [] });
    else this.settle({ ...beside, rcode: result.rcode, answers: result.answers, authority: result.authority });
  }
}
