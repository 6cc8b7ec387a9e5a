import type { Socket } from 'node:net';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Way } from '../live/index.ts';

/**
 * Connects to the first address of a way that accepts.
 * @throws when none does.
 */
export async function openWay({ sockets, from }: Extract<Way, { readonly kind: 'open' }>): Promise<Socket> {
  let last: unknown;
  for (const { address, port } of sockets) {
    try {
      return await connected(address, port, from);
    } catch (error) {
      last = error;
    }
  }
  throw last;
}

function connected(host: string, port: number, localAddress: string | undefined): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, noDelay: true, ...(localAddress === undefined ? {} : { localAddress }) });
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      // Whoever goes on with it hears of its end; until then nothing may throw.
      socket.on('error', () => undefined);
      resolve(socket);
    });
  });
}

/** Passes bytes on in both directions until either side ends; `early` is what the client had sent already. */
export function relay(client: Duplex, server: Socket, early: Buffer): void {
  if (early.length > 0) server.write(early);
  client.pipe(server);
  server.pipe(client);
  // One that breaks off breaks off the other.
  client.on('error', () => breakOff(server));
  server.on('error', () => client.destroy());
  client.once('close', () => server.destroySoon());
  server.once('close', () => client.destroy());
}

/** One that has been ended already cannot be reset any more: the attempt would leave it open for good. */
function breakOff(socket: Socket): void {
  if (socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
