import type { Account, DnsReply, Passage, Vantage } from '../engine/index.ts';

/** What is known of a connection that one of the world's own conversations has opened. */
export interface InsideConnection {
  readonly from: Vantage;
  /** Left here by the server for the client: who served the request. */
  account: Account | undefined;
  /** Where the world has decided to pass it on to, when it goes to an endpoint that does so. */
  readonly passage?: Passage | undefined;
  /** The event that led it there; 0 for none. */
  readonly cause?: number;
}

/** The same for whoever has opened it. */
export type OwnConnection = { -readonly [Field in keyof InsideConnection]: InsideConnection[Field] };

/** What is known of a connection from outside that has been passed on to another endpoint. */
export interface RelayedConnection {
  readonly from: Vantage;
  /** The port that the client has connected to, as this machine has it. */
  readonly entryPort: number;
  readonly cause: number;
}

/** The same for a question to the name servers. */
export interface InsideQuestion {
  readonly from: Vantage;
  /** Left here by the server: what of the answer does not travel in the packet. */
  reply: DnsReply | undefined;
}

/**
 * Traffic of the world's own conversations, by the address and port it comes from. Both ends live in one process,
 * so what must not be part of the bytes goes this way; and the servers can tell it from that of outside clients.
 * Bounded by the sockets that are open.
 */
export class InsideTraffic {
  readonly connections = new Map<string, InsideConnection>();
  /** Of connections from outside, by the address and port that they are passed on from. */
  readonly relayed = new Map<string, RelayedConnection>();
  readonly questions = new Map<string, InsideQuestion>();
}

/** The key of one end of a connection. */
export function socketKey(address: string | undefined, port: number | undefined): string {
  return `${address ?? ''}:${port ?? 0}`;
}
