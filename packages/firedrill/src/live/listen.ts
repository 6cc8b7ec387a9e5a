import { once } from 'node:events';
import type { Server } from 'node:net';
import type { Finding } from '../model/index.ts';
import { LiveError } from './live-error.ts';

/** Why an address and port could not be listened on, and what to do about it. */
export function cannotListen(error: NodeJS.ErrnoException, address: string, port: number): LiveError {
  return new LiveError([findingOf(error, address, port)], { cause: error });
}

/**
 * Opens a server's port.
 * @returns the port bound: another than was asked for where that was 0.
 * @throws LiveError when it cannot be bound.
 */
export async function listenOn(server: Server, address: string, port: number): Promise<number> {
  try {
    server.listen(port, address);
    await once(server, 'listening');
  } catch (error) {
    throw cannotListen(error as NodeJS.ErrnoException, address, port);
  }
  const bound = server.address();
  return typeof bound === 'object' && bound !== null ? bound.port : port;
}

function findingOf(error: NodeJS.ErrnoException, address: string, port: number): Finding {
  const weight = 'error';
  switch (error.code) {
    case 'EADDRINUSE':
      return {
        code: 'live/port-taken',
        weight,
        says: `Another program listens on ${address}:${port}, which the local world needs.`,
        remedy: 'End that program (another local drill, perhaps), or let this drill take free ports: --ports any.',
      };
    case 'EADDRNOTAVAIL':
      return {
        code: 'live/no-loopback',
        weight,
        says: `This system does not answer to the loopback address ${address}.`,
        remedy: `Add it (on macOS: sudo ifconfig lo0 alias ${address}), or run the drill with --in sim.`,
      };
    case 'EACCES':
      return {
        code: 'live/port-taken',
        weight,
        says: `The port ${port} of ${address} may be opened by root only.`,
        remedy: 'Leave --ports at fixed or any; only --ports aws needs root.',
      };
    default:
      return {
        code: 'live/port-taken',
        weight,
        says: `${address}:${port} cannot be listened on: ${error.message}.`,
        remedy: 'Try --ports any.',
      };
  }
}
