import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Arrival, Headers, Vantage } from '../engine/index.ts';
import type { HttpCall } from './http-call.ts';

export interface Incoming {
  readonly call: HttpCall;
  readonly socket: Socket | TLSSocket;
  /** Address of the endpoint. */
  readonly to: string;
  readonly from: Vantage;
  /** Whether one of the world's own clients has sent it. */
  readonly isOwn: boolean;
  /** The port as AWS has it. */
  readonly port: number;
  /** The port that a client from outside has connected to, when somebody else's has passed it on. */
  readonly entryPort?: number | undefined;
  readonly cause?: number | undefined;
}

/** A request as the engine knows it. Undefined for one that cannot be passed on as it is. */
export function arrivalOf({ call, socket, to, from, isOwn, port, entryPort, cause }: Incoming): Arrival | undefined {
  const { method, target, authority, headers, body, httpVersion, upgrade } = call;
  if (call.isMalformed) return undefined;
  const serverName = 'servername' in socket ? socket.servername : undefined;
  return {
    to,
    tls: 'encrypted' in socket,
    serverName: typeof serverName === 'string' && serverName !== '' ? serverName.toLowerCase() : undefined,
    request: {
      method,
      target,
      // Our own clients speak of the ports that AWS has.
      host: isOwn ? authority : hostOf(authority, entryPort ?? socket.localPort, port),
      headers: isOwn ? withoutConnection(headers) : headers,
      body,
      ...(upgrade === undefined ? {} : { upgrade }),
    },
    from,
    port,
    httpVersion,
    ...(cause === undefined ? {} : { cause }),
  };
}

/**
 * The port that only the local world has is no part of the name, nor is the one that goes without saying; names are compared in
 * lower case (RFC 9110, 4.2.3).
 */
function hostOf(authority: string, localPort: number | undefined, awsPort: number): string {
  const suffix = /:\d+$/.exec(authority)?.[0];
  const isImplied = suffix === `:${localPort ?? 0}` || (suffix === `:${awsPort}` && IMPLIED_PORTS.has(awsPort));
  return (suffix !== undefined && isImplied ? authority.slice(0, -suffix.length) : authority).toLowerCase();
}

const IMPLIED_PORTS: ReadonlySet<number> = new Set([80, 443]);

const OF_THE_CONNECTION: ReadonlySet<string> = new Set(['connection', 'keep-alive', 'transfer-encoding']);

/** How our own clients keep their connections is nothing that the engine had them say. */
function withoutConnection(headers: Headers): Headers {
  return headers.filter(([name]) => !OF_THE_CONNECTION.has(name.toLowerCase()));
}
