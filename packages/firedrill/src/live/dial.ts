import type { SecureContext } from 'node:tls';
import type { Endpoint, Exchange, World } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';
import type { Came, Failed } from './course.ts';
import type { Member } from './crowd.ts';
import { Crowd } from './crowd.ts';
import { ExchangeAttempt } from './exchange-attempt.ts';
import { KeptSockets } from './kept-sockets.ts';
import type { InsideTraffic } from './inside-traffic.ts';
import type { NearSurroundings } from './near-exchange.ts';
import { isNear, NearExchange } from './near-exchange.ts';

/** Where a socket really is. */
export interface SocketAddress {
  readonly address: string;
  readonly port: number;
}

export interface DialSurroundings {
  readonly world: World;
  readonly clock: WorldClock;
  /** Connections between two requests; undefined: none is kept. */
  readonly kept?: KeptSockets;
  readonly inside: InsideTraffic;
  /** Trusts the world's own CA and nobody else. */
  readonly trust: SecureContext;
  /** The socket behind an endpoint's address and the port that AWS uses; undefined: nobody listens. */
  readonly socketOf: (address: string, port: number) => SocketAddress | undefined;
  /** Whether every vantage has a loopback address of its own to send from. */
  readonly hasOwnAddresses: boolean;
}

/** Opens the connections of the world's own conversations, each anew unless it is to be kept. Dials endpoints of the world and nothing else. */
export class Dialer {
  private readonly around: DialSurroundings;
  private readonly kept: KeptSockets;
  private readonly near: NearSurroundings;
  private readonly under = new Crowd<Member & { end(): void }>();

  constructor(around: DialSurroundings, near: Pick<NearSurroundings, 'serve' | 'abandon'>) {
    this.near = { ...near, world: around.world, clock: around.clock };
    this.kept = new KeptSockets(around.clock);
    this.around = { ...around, kept: this.kept };
  }

  /**
   * Tells of the head of the answer, or that it is given up.
   * @param failed is told when this machine has no sockets left: that is no outcome of the world's.
   */
  exchange(need: Exchange, came: Came, failed: Failed): void {
    const endpoint = this.around.world.endpointAt(need.to);
    if (endpoint !== undefined && isNear(need, endpoint)) return this.exchangeNear(need, endpoint, came, failed);
    const attempt: ExchangeAttempt = new ExchangeAttempt(need, this.around, {
      // Not before it has put all in order behind it.
      settled: (outcome) => queueMicrotask(() => came(outcome)),
      broken: failed,
      over: () => this.under.delete(attempt),
    });
    this.under.add(attempt);
    attempt.start();
  }

  private exchangeNear(need: Exchange, endpoint: Endpoint, came: Came, failed: Failed): void {
    const exchange: NearExchange = new NearExchange(need, endpoint, this.near, {
      settled: came,
      over: () => this.under.delete(exchange),
    });
    this.under.add(exchange);
    exchange.start(failed);
  }

  close(): void {
    this.under.dismiss((attempt) => attempt.end());
    this.kept.close();
  }
}
