import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Way } from '../live/index.ts';

/** Why a door does not let a request in, as its client is told. */
export interface Refusal {
  readonly status: 400 | 403 | 502;
  readonly says: string;
}

const REASONS = { 400: 'Bad Request', 403: 'Forbidden', 502: 'Bad Gateway' } as const;

/** Of a host that no way leads to. */
export function noWay(host: string, port: number, way: Exclude<Way, { readonly kind: 'open' }>): Refusal {
  if (way.kind === 'closed') {
    const says = `${host} is ${way.addresses.join(', ')} in this world, and nobody listens on port ${port} there.`;
    return { status: 502, says };
  }
  if (way.rcode === 'REFUSED') {
    const says = `${host} is no name of this world, and nothing is looked up outside of it. What is to be reached outside is named with \`firedrill exec --outside ${host}\`.`;
    return { status: 403, says };
  }
  return { status: 502, says: `${host} does not resolve in this world: ${way.rcode}.` };
}

/** Of an endpoint of the world that does not accept the connection. */
export function notConnected(host: string, port: number): Refusal {
  return { status: 502, says: `${host}:${port} does not accept connections in this world.` };
}

/** Of a request that is not meant for this machine, or comes from a page of somebody else's (DNS rebinding). */
export function foreign(header: 'Host' | 'Origin', value: string): Refusal {
  const says = `The ${header} ${value} has no business here: this door is for programs of this machine.`;
  return { status: 403, says };
}

/** Of a request that names no host, or none that could be. */
export const NO_HOST: Refusal = { status: 400, says: 'The request names no host.' };

export function refuse(response: ServerResponse, { status, says }: Refusal): void {
  const body = `firedrill: ${says}\n`;
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' });
  response.end(body);
}

/** The same where there is no response yet to write to. */
export function refuseTunnel(socket: Duplex, { status, says }: Refusal): void {
  const body = `firedrill: ${says}\n`;
  const head = [
    `HTTP/1.1 ${status} ${REASONS[status]}`,
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
