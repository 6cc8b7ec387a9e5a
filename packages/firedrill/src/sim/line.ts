import type { Instant, TunnelEnd } from '../model/index.ts';
import { after, NEVER } from '../model/index.ts';
import type { Body, Exchange, ModelledSocket, Tunnel, TunnelFault, World } from '../engine/index.ts';
import { keepsOpen, nextHealing, tunnelFault } from '../engine/index.ts';

/*
 * WebSockets in virtual time. One line is one connection, from whoever has opened it (near) to whoever has taken it (far). Through an
 * edge or a load balancer, a relay is far of one line and near of the next. What goes over a line are messages, and ends.
 */

/** What lines need of a simulation. */
export interface LineSurroundings {
  readonly world: World;
  readonly at: (moment: number, act: (now: Instant) => void) => void;
}

/** How an end shows on a line: closed in order, or broken off. */
export type LineEnd = 'closed' | 'reset';

/** Somebody at an end of a line. */
export interface Party {
  heard(now: Instant): void;
  over(how: LineEnd, now: Instant): void;
  /** Only of who is far: near wishes it to be closed by far (RFC 6455, 7.1.1). */
  asked?(now: Instant): void;
}

/** Where a line goes, as long as it is there. */
export interface LineWay {
  /** With the endpoint where it ends: what befalls it goes by that. */
  readonly exchange: Exchange;
  /** One way, in microseconds. */
  readonly wayUs: number;
  /** Whoever passes it on forgets it when nothing has gone over it for so long (RS 2.19). */
  readonly idleTimeoutMs?: number;
}

/** One connection of a WebSocket, with a party at each end. */
export class Line implements Body {
  readonly bytes = undefined;
  private readonly around: LineSurroundings;
  private readonly way: LineWay;
  near: Party | undefined;
  far: Party | undefined;
  private isOver = false;
  private usedAt: Instant;

  constructor(around: LineSurroundings, way: LineWay, now: Instant) {
    this.around = around;
    this.way = way;
    this.usedAt = now;
    if (way.idleTimeoutMs !== undefined) this.watch(way.idleTimeoutMs);
  }

  fault(now: Instant): TunnelFault {
    return tunnelFault(this.around.world.returnHindrance(this.way.exchange, now));
  }

  /** Near says something: at once, or when the line is not silent any more. @returns false: it has broken by it. */
  say(now: Instant, act: (far: Party, then: Instant) => void = (far, then) => far.heard(then)): void {
    this.whenAudible(now, (then) => {
      if (this.breaks(then)) return;
      this.usedAt = then;
      this.around.at(then + this.way.wayUs, (arrived) => {
        if (!this.isOver && this.far !== undefined) act(this.far, arrived);
      });
    });
  }

  /** Far says something; whether it can be heard is found at the near end. */
  tell(now: Instant): void {
    this.around.at(now + this.way.wayUs, (arrived) =>
      this.whenAudible(arrived, (then) => {
        if (this.isOver || this.breaks(then)) return;
        this.usedAt = then;
        this.near?.heard(then);
      }),
    );
  }

  /** Near ends it: far hears of it as soon as anything can be heard. */
  endNear(how: LineEnd, now: Instant): void {
    const { far } = this;
    this.near = undefined;
    this.whenAudible(now, (then) =>
      this.around.at(then + this.way.wayUs, (arrived) => {
        if (this.isOver) return;
        this.isOver = true;
        far?.over(this.endOf(how, arrived), arrived);
      }),
    );
  }

  /** Far ends it. */
  endFar(how: LineEnd, now: Instant): void {
    this.far = undefined;
    this.around.at(now + this.way.wayUs, (arrived) =>
      this.whenAudible(arrived, (then) => {
        if (this.isOver) return;
        this.isOver = true;
        this.near?.over(this.endOf(how, then), then);
      }),
    );
  }

  /** With a byte over a network that answers nobody the line is over, for both. */
  private breaks(now: Instant): boolean {
    if (this.isOver) return true;
    if (this.fault(now) !== 'broken') return false;
    this.breakOff(now);
    return true;
  }

  /** An end that comes by a network that answers nobody is none that anybody has wished. */
  private endOf(how: LineEnd, now: Instant): LineEnd {
    return this.fault(now) === 'broken' ? 'reset' : how;
  }

  private breakOff(now: Instant): void {
    const { near, far } = this;
    this.isOver = true;
    near?.over('reset', now);
    this.around.at(now + this.way.wayUs, (then) => far?.over('reset', then));
  }

  private whenAudible(now: Instant, act: (then: Instant) => void): void {
    if (this.fault(now) !== 'silent') return act(now);
    const healed = nextHealing(this.around.world, now);
    if (healed < NEVER) this.around.at(healed, (then) => this.whenAudible(then, act));
  }

  private watch(idleTimeoutMs: number): void {
    this.around.at(after(this.usedAt, idleTimeoutMs), (now) => {
      if (this.isOver) return;
      if (now >= after(this.usedAt, idleTimeoutMs)) this.breakOff(now);
      else this.watch(idleTimeoutMs);
    });
  }
}

/** Whoever takes a connection and passes what comes over it on to another one: an edge, a load balancer. */
export function relay(
  { front, behind }: { readonly front: Line; readonly behind: Line },
  tunnel: Tunnel,
  around: LineSurroundings,
  now: Instant,
): void {
  let heardAt = now;
  let isOver = false;
  const end = (why: TunnelEnd, then: Instant): void => {
    if (isOver) return;
    isOver = true;
    tunnel.closed(why, then);
    const how = why === 'reset' ? 'reset' : 'closed';
    front.endFar(how, then);
    behind.endNear(how, then);
  };
  const watch = (): void =>
    around.at(after(heardAt, tunnel.idleTimeoutMs), (then) => {
      if (isOver) return;
      if (then >= after(heardAt, tunnel.idleTimeoutMs)) end('idle', then);
      else watch();
    });
  const pass = (from: 'viewer' | 'origin', then: Instant): void => {
    if (keepsOpen(tunnel, from)) heardAt = then;
  };
  front.far = {
    heard(then) {
      if (isOver) return;
      if (behind.fault(then) === undefined) pass('viewer', then);
      behind.say(then);
    },
    over: (how, then) => end(how === 'reset' ? 'reset' : 'viewer', then),
    asked: (then) => behind.say(then, (far, arrived) => far.asked?.(arrived)),
  };
  behind.near = {
    heard(then) {
      if (isOver) return;
      pass('origin', then);
      front.tell(then);
    },
    over: (how, then) => end(how === 'reset' ? 'reset' : 'origin', then),
  };
  tunnel.opened(now);
  watch();
}

/** Puts the model of a server at the far end of a line. */
export function modelAt(
  line: Line,
  { webSocket, latencyMs }: ModelledSocket,
  around: LineSurroundings,
  now: Instant,
): void {
  let isOver = false;
  const speak = (then: Instant): void => {
    if (!isOver) line.tell(then);
  };
  line.far = {
    heard(then) {
      if (webSocket.answers) around.at(after(then, latencyMs), speak);
    },
    over: () => void (isOver = true),
    asked(then) {
      isOver = true;
      line.endFar('closed', then);
    },
  };
  const { messageIntervalMs } = webSocket;
  if (messageIntervalMs === undefined) return;
  const again = (then: Instant): void => {
    if (isOver) return;
    line.tell(then);
    around.at(after(then, messageIntervalMs), again);
  };
  around.at(after(now, messageIntervalMs), again);
}
