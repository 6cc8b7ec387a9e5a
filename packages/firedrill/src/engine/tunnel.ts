import type { Instant } from '../model/index.ts';
import { after, base64Of, digest, NEVER, utf8Of } from '../model/index.ts';
import type { Body, ModelledSocket, Tunnel } from './conversation.ts';
import type { Hindrance, World } from './world.ts';

/*
 * What holds for WebSockets in either driver, from the 101 on.
 */

/** What became of a connection by a 101 (RFC 6455, 4.2.2). */
export const SWITCHING_PROTOCOLS = 101;

/** What befalls what goes over a connection that is there already. */
export type TunnelFault = 'silent' | 'broken' | undefined;

/**
 * A connection that is there cannot fail to come about any more. Over a silent one bytes wait, as a sender repeats them until they are
 * heard (RFC 9293, 3.8.1), and its end is not heard either; a broken one ends with the next byte.
 */
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

/** A sender that is not heard repeats itself after a second at first (RFC 6298, 2.1). */
const REPEATED_MS = 1000;

/**
 * The next moment at which a fault may have ended: then what waits at it may go on. In a world without an end somebody ends faults
 * when they like, and whoever waits looks again as often as a sender repeats itself.
 */
export function nextHealing({ plan }: Pick<World, 'plan'>, now: Instant): Instant {
  const ends = plan.faults.map(({ until }) => until).filter((until) => until > now);
  const latest = plan.end >= NEVER ? after(now, REPEATED_MS) : NEVER;
  return ends.reduce((first, until) => (until < first ? until : first), latest);
}

/** Whether bytes of one side put off the end of a tunnel that is idle (CF 4.21c, RS 6.9). */
export function keepsOpen(tunnel: Tunnel, from: 'viewer' | 'origin'): boolean {
  return from === 'origin' || tunnel.isKeptByEither === true;
}

/** What a server answers to the key of a handshake, for its client to see that it speaks the protocol (RFC 6455, 4.2.2). */
export function webSocketAccept(key: string): string {
  return base64Of([...digest('sha1', Uint8Array.from(utf8Of(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)))]);
}

/** Whether a body is the other end of a WebSocket that a model has taken. */
export function isModelledSocket(body: Body): body is ModelledSocket {
  return 'webSocket' in body;
}
