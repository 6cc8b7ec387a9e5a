import type { Duplex } from 'node:stream';
import type { Instant, TunnelEnd } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import type { Body, Tunnel, TunnelFault } from '../engine/index.ts';
import { keepsOpen } from '../engine/index.ts';
import { StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';

/** The connection behind a 101: whoever has it as the body of an answer joins it to the one in front. */
export class TunnelBody extends StreamedBody {
  readonly connection: Duplex;
  /** Of the way between: nothing befalls it unless somebody says so. */
  fault: () => TunnelFault = () => undefined;

  /** @param head what has come behind the answer already. */
  constructor(connection: Duplex, head: Buffer) {
    super(connection, undefined);
    this.connection = connection;
    if (head.length > 0) connection.unshift(head);
  }
}

/** Whether a body is the connection behind a 101. */
export function isTunnel(body: Body): body is TunnelBody {
  return body instanceof TunnelBody;
}

/** Surroundings of a tunnel, or of one connection of it. */
export interface TunnelWay {
  readonly clock: WorldClock;
  /** What befalls the connection; of a tunnel, the one in front. */
  readonly fault: () => TunnelFault;
  /** The next moment at which a fault may have ended. */
  readonly nextHealing: (now: Instant) => Instant;
  /** Ends the connection in front so that the other side sees it break off. */
  readonly breakOff?: () => void;
}

/** How a connection ends: in order, or broken off. */
export type ConnectionEnd = 'closed' | 'reset';

/** Told of what comes over a connection. */
export interface ConnectionListener {
  chunk(chunk: Buffer): void;
  /** Once. */
  over(how: ConnectionEnd): void;
}

/**
 * A connection of a tunnel as its faults let it be heard: what a silent network keeps back waits at its edge, as a sender's bytes
 * would, and goes on when it is healed; its end is not heard before either. A broken one ends with the next byte.
 */
export class AudibleConnection {
  private readonly stream: Duplex;
  private readonly way: TunnelWay;
  private readonly listener: ConnectionListener;
  private readonly fault: TunnelWay['fault'];
  private isOver = false;
  private readonly held: Buffer[] = [];
  private heldBytes = 0;

  /** @param fault what befalls bytes, where it is more than what befalls this connection. */
  constructor(stream: Duplex, way: TunnelWay, listener: ConnectionListener, fault = way.fault) {
    this.stream = stream;
    this.way = way;
    this.listener = listener;
    this.fault = fault;
    stream.on('data', (chunk: Buffer) => {
      if (this.isOver) return;
      const found = fault();
      if (found === 'broken') this.over('reset');
      else if (found === 'silent' || this.held.length > 0) this.hold(chunk);
      else listener.chunk(chunk);
    });
    stream.once('end', () => this.whenHeard(() => this.over('closed')));
    stream.on('error', () => this.whenHeard(() => this.over('reset')));
    stream.once('close', () => this.whenHeard(() => this.over('closed')));
  }

  /** Sends, as soon as it can be heard. */
  write(bytes: Buffer): void {
    this.whenHeard(() => {
      if (this.way.fault() === 'broken') this.over('reset');
      else if (this.stream.writable) this.stream.write(bytes);
    });
  }

  /** At once, unless nothing is heard over the network. */
  whenHeard(act: () => void): void {
    if (this.isOver) return;
    if (this.way.fault() === 'silent') this.whenHealed(() => this.whenHeard(act));
    else act();
  }

  private over(how: ConnectionEnd): void {
    if (this.isOver) return;
    this.isOver = true;
    this.held.length = 0;
    // An end that comes by a network that answers nobody is none that anybody has wished.
    this.listener.over(this.way.fault() === 'broken' ? 'reset' : how);
  }

  /** Read, it waits here; only when there is too much of it the sender waits. So the end that follows is heard. */
  private hold(chunk: Buffer): void {
    this.held.push(chunk);
    this.heldBytes += chunk.length;
    if (this.heldBytes > HELD_BYTES_MAX) this.stream.pause();
    if (this.held.length === 1) this.whenHealed(() => this.letGo());
  }

  private letGo(): void {
    const found = this.fault();
    if (this.isOver || found === 'broken') return this.over('reset');
    if (found === 'silent') return this.whenHealed(() => this.letGo());
    this.heldBytes = 0;
    // Whoever takes it may pause the stream anew.
    this.stream.resume();
    for (const chunk of this.held.splice(0)) this.listener.chunk(chunk);
  }

  private whenHealed(act: () => void): void {
    const { clock, nextHealing } = this.way;
    const healed = nextHealing(clock.now());
    if (healed < NEVER) void clock.until(healed).then(act);
  }
}

/** Bytes that wait for a silent network to be healed before their sender has to wait. */
const HELD_BYTES_MAX = 64 * 1024;

/**
 * Joins the connections in front of and behind a 101: bytes go on as they come, no faster than the other side takes them. Both end with
 * either.
 */
export function joinTunnel(front: Duplex, body: TunnelBody, tunnel: Tunnel, way: TunnelWay): void {
  const { clock } = way;
  const behind = body.take() as Duplex;
  let isOver = false;
  const end = (why: TunnelEnd): void => {
    if (isOver) return;
    isOver = true;
    idle.cancel();
    tunnel.closed(why, clock.now());
    if (why !== 'reset') {
      closeSoon(front);
      closeSoon(behind);
      return;
    }
    way.breakOff?.();
    front.destroy();
    behind.destroy();
  };
  const idle = clock.after(tunnel.idleTimeoutMs, () => end('idle'));
  // What can be heard of one side matters only if it can be passed on to the other.
  const faultOfBytes = (): TunnelFault => way.fault() ?? body.fault();
  const join = (from: Duplex, to: Duplex, side: 'viewer' | 'origin'): void => {
    const isKept = keepsOpen(tunnel, side);
    const own = side === 'viewer' ? way : { ...way, fault: (): TunnelFault => body.fault() };
    let isFull = false;
    const drained = (): void => {
      isFull = false;
      from.resume();
    };
    const chunk = (bytes: Buffer): void => {
      if (isOver) return;
      if (isKept) idle.postpone(tunnel.idleTimeoutMs);
      if (to.write(bytes)) return;
      from.pause();
      // What a silence has kept back comes all at once, and waits for the same.
      if (!isFull) to.once('drain', drained);
      isFull = true;
    };
    void new AudibleConnection(
      from,
      own,
      { chunk, over: (how) => end(how === 'reset' ? 'reset' : side) },
      faultOfBytes,
    );
  };
  tunnel.opened(clock.now());
  join(front, behind, 'viewer');
  join(behind, front, 'origin');
}

/** A close that lets what is on its way arrive, and does not wait for the other side for ever. */
function closeSoon(connection: Duplex): void {
  if (connection.destroyed) return;
  connection.end();
  const late = setTimeout(() => connection.destroy(), LINGER_MS).unref();
  connection.once('close', () => clearTimeout(late));
  connection.resume();
}

/** Milliseconds of real time. */
const LINGER_MS = 2000;
