import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { Socket } from 'node:net';
import { Duplex, PassThrough } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { TLSSocket } from 'node:tls';
import type { CertificateAuthority } from '../live/index.ts';
import { hostKind, splitAuthority } from './host-kinds.ts';
import { foreign, NO_HOST, refuse } from './refusals.ts';

/** What answers for the APIs of AWS. */
export interface AwsApi {
  handle(
    request: IncomingMessage,
    response: ServerResponse,
    /** `host` as the client has addressed it, without its port. */
    context: { readonly secure: boolean; readonly host: string },
  ): void;
}

/** Domains that the certificates of {@link AwsDoor} are for. */
export const AWS_API_DOMAINS: readonly string[] = ['amazonaws.com', 'api.aws'];

/**
 * Between two requests a connection is kept so long, in milliseconds of real time: a client that asks every few seconds must not find
 * that it is being closed at that moment. Who closes it is the client.
 */
export const API_KEPT_MS = 3_600_000;

/** Answers for the APIs of AWS by their own names: TLS ends here. */
export class AwsDoor {
  private readonly api: AwsApi;
  private readonly authority: CertificateAuthority;
  private readonly secure: Server;
  private readonly open = new Set<TLSSocket>();

  constructor(api: AwsApi, authority: CertificateAuthority) {
    this.api = api;
    this.authority = authority;
    this.secure = createServer({ keepAliveTimeout: API_KEPT_MS }, (request, response) =>
      this.handle(request, response, true),
    );
    this.secure.on('clientError', (_error, socket) => socket.destroy());
  }

  /** A request that came without TLS, or out of it. */
  handle(request: IncomingMessage, response: ServerResponse, secure: boolean): void {
    const host = splitAuthority(request.headers.host ?? '', 443)?.host;
    if (host === undefined) return refuse(response, NO_HOST);
    if (hostKind(host) !== 'aws-api') return refuse(response, foreign('Host', host));
    this.api.handle(request, response, { secure, host });
  }

  /**
   * Makes ready for a connection to a host; what it gives takes the connection over. Nothing of it may have been read before
   * but `early`.
   */
  async prepare(host: string): Promise<(socket: Socket, early: Buffer) => void> {
    const { context } = await this.authority.leafFor([host]);
    return (socket, early) => this.accept(early.length > 0 ? withEarly(socket, early) : socket, context);
  }

  close(): void {
    for (const socket of this.open) socket.destroy();
  }

  private accept(socket: Socket | Duplex, secureContext: SecureContext): void {
    const tls = new TLSSocket(socket as Socket, {
      isServer: true,
      secureContext,
      // SDKs of AWS speak HTTP/1.1.
      ALPNProtocols: ['http/1.1'],
      SNICallback: (serverName, done) => {
        if (hostKind(serverName) !== 'aws-api') return done(new Error(`no certificate for ${serverName}`));
        this.authority.leafFor([serverName.toLowerCase()]).then(
          (leaf) => done(null, leaf.context),
          (error: unknown) => done(error as Error),
        );
      },
    });
    // A client that leaves in the middle of a handshake is not our concern.
    tls.on('error', () => tls.destroy());
    this.open.add(tls);
    tls.once('close', () => this.open.delete(tls));
    this.secure.emit('connection', tls);
  }
}

/** A connection of which something has been read already: TLS takes it from the stream, no more from the system. */
function withEarly(socket: Socket, early: Buffer): Duplex {
  const readable = new PassThrough();
  readable.write(early);
  socket.pipe(readable);
  socket.once('close', () => readable.destroy());
  return Duplex.from({ readable, writable: socket });
}
