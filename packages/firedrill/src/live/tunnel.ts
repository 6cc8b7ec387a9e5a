import type { Duplex } from 'node:stream';
import type { Instant, TunnelEnd } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import type { Hindrance, Tunnel } from '../engine/index.ts';
import { StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';

/** What befalls what goes over a connection that is there already. */
export type TunnelFault = 'silent' | 'broken' | undefined;

/** A connection that is there cannot fail to come about any more. */
export function tunnelFault(hindrance: Hindrance | undefined): TunnelFault {
  switch (hindrance?.kind) {
    case 'blackhole':
    case 'hang':
      return 'silent';
    case 'refuse':
    case 'reset':
      return 'broken';
    case 'slow':
    case 'tls':
    case undefined:
      return undefined;
  }
}

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

/** Surroundings of a tunnel. */
export interface TunnelWay {
  readonly clock: WorldClock;
  /** What befalls the connection in front. */
  readonly fault: () => TunnelFault;
  /** The next moment at which a fault may have ended. */
  readonly nextHealing: (now: Instant) => Instant;
}

/**
 * Joins the connections in front of and behind a 101: bytes go on as they come, no faster than the other side takes them. Both end with
 * either. Bytes that a fault of the network keeps back wait at its edge, as a sender's would, and go on when it is healed.
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
    for (const each of [front, behind]) {
      if (why === 'reset') each.destroy();
      else closeSoon(each);
    }
  };
  const idle = clock.after(tunnel.idleTimeoutMs, () => end('idle'));
  const busy = (): void => idle.postpone(tunnel.idleTimeoutMs);
  const faultNow = (): TunnelFault => way.fault() ?? body.fault();
  const pass = (from: Duplex, to: Duplex, passed: () => void): void => {
    from.on('data', (chunk: Buffer) => {
      if (isOver) return;
      const fault = faultNow();
      if (fault === 'broken') return end('reset');
      if (fault === 'silent') return hold(from, chunk);
      passed();
      if (to.write(chunk)) return;
      from.pause();
      to.once('drain', () => from.resume());
    });
  };
  const whenHealed = (act: () => void): void => {
    const healed = way.nextHealing(clock.now());
    if (healed < NEVER) void clock.until(healed).then(act);
  };
  const hold = (from: Duplex, chunk: Buffer): void => {
    from.pause();
    from.unshift(chunk);
    whenHealed(() => from.resume());
  };
  /** What cannot be heard over a silent network is not heard: neither an end. */
  const hear = (from: Duplex, whose: TunnelEnd): void => {
    from.once('end', () => whenHeard(() => end(whose)));
    from.on('error', () => whenHeard(() => end('reset')));
    from.once('close', () => whenHeard(() => end(whose)));
  };
  const whenHeard = (act: () => void): void => {
    if (isOver) return;
    if (faultNow() === 'silent') whenHealed(() => whenHeard(act));
    else act();
  };
  tunnel.opened(clock.now());
  hear(front, 'viewer');
  hear(behind, 'origin');
  pass(front, behind, tunnel.isKeptByEither === true ? busy : () => undefined);
  pass(behind, front, busy);
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
