import type { Instant } from '../model/index.ts';
import { after, NEVER } from '../model/index.ts';
import type { Arrival, Exchange, Hindrance, World } from '../engine/index.ts';
import { nextHealing, tunnelFault } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';
import type { TunnelWay } from './tunnel.ts';

/** What is to be done with a request from outside, as far as the network has a say. */
export type Passage = 'passes' | 'reset' | 'mute';

/**
 * Faults of the network, as a client from outside meets them. The server cannot keep the system from accepting a
 * connection, so a black hole shows as a connection that is accepted and then stays mute, and a refusal as one
 * that is reset. A mute connection comes to life when the fault is healed.
 */
export class OutsideFaults {
  private readonly world: World;
  private readonly clock: WorldClock;

  constructor(world: World, clock: WorldClock) {
    this.world = world;
    this.clock = clock;
  }

  /** What stands in the way in; undefined: it passes at once. */
  met(arrival: Arrival, port: number): Hindrance | undefined {
    return this.world.hindrance(exchangeOf(arrival, port), this.clock.now());
  }

  /** On the way in, past what was met first. Takes as long as the fault makes it. */
  async passIn(first: Hindrance, arrival: Arrival, port: number, isGone: () => boolean): Promise<Passage> {
    let hindrance: Hindrance | undefined = first;
    for (;;) {
      const now = this.clock.now();
      switch (hindrance?.kind) {
        case undefined:
          return 'passes';
        case 'slow':
          await this.clock.until(after(now, hindrance.delayMs));
          return 'passes';
        case 'refuse':
        case 'reset':
        case 'tls':
          return 'reset';
        case 'blackhole':
        case 'hang': {
          const healed = this.nextHealing(now);
          if (healed === NEVER) return 'mute';
          await this.clock.until(healed);
          if (isGone()) return 'mute';
        }
      }
      hindrance = this.met(arrival, port);
    }
  }

  /** On the way back. */
  passBack(arrival: Arrival, port: number): Passage {
    const hindrance = this.world.returnHindrance(exchangeOf(arrival, port), this.clock.now());
    if (hindrance?.kind === 'blackhole' || hindrance?.kind === 'hang') return 'mute';
    return hindrance?.kind === 'reset' ? 'reset' : 'passes';
  }

  /** What befalls a connection that has become a tunnel; one of the world's own clients too. */
  ofTunnel(arrival: Arrival, port: number): TunnelWay['fault'] {
    const exchange = exchangeOf(arrival, port);
    return () => tunnelFault(this.world.returnHindrance(exchange, this.clock.now()));
  }

  nextHealing(now: Instant): Instant {
    return nextHealing(this.world, now);
  }
}

function exchangeOf({ from, to, tls, serverName, request }: Arrival, port: number): Exchange {
  return {
    kind: 'exchange',
    from,
    to,
    port,
    tls: tls ? { serverName, verifyNames: undefined } : undefined,
    request,
    connectTimeoutMs: 0,
    responseTimeoutMs: 0,
    until: NEVER,
  };
}
