import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import type { OutsideClients } from '../live/index.ts';
import type { AwsDoor } from './aws-door.ts';
import { readClientHello } from './client-hello.ts';
import { hostKind } from './host-kinds.ts';
import { Listener } from './listener.ts';
import { openWay, relay } from './relay.ts';

const HTTPS = 443;

/** A client that has said nothing by then, in milliseconds of real time, is let go. */
const HELLO_TIMEOUT_MS = 30_000;

/**
 * For clients that know no proxy and were led here unasked: the name that TLS begins with says where they want to go.
 */
export class TlsDoor {
  readonly listener: Listener;
  private readonly outside: Pick<OutsideClients, 'places' | 'wayTo'>;
  private readonly aws: AwsDoor;

  constructor(around: { readonly outside: Pick<OutsideClients, 'places' | 'wayTo'>; readonly aws: AwsDoor }) {
    this.outside = around.outside;
    this.aws = around.aws;
    this.listener = new Listener(createServer((client) => this.accept(client)));
  }

  /** Takes over a connection from which nothing has been read. */
  accept(client: Socket): void {
    let early: Buffer = Buffer.alloc(0);
    client.setTimeout(HELLO_TIMEOUT_MS, () => client.destroy());
    const hear = (chunk: Buffer): void => {
      early = Buffer.concat([early, chunk]);
      const hello = readClientHello(early);
      if (hello.kind === 'partial') return;
      client.off('data', hear);
      client.pause();
      client.setTimeout(0);
      if (hello.kind === 'none' || hello.serverName === undefined) client.destroy();
      else this.lead(client, hello.serverName, early).catch(() => client.resetAndDestroy());
    };
    client.on('data', hear);
    client.resume();
  }

  private async lead(client: Socket, host: string, early: Buffer): Promise<void> {
    if (hostKind(host) === 'aws-api') {
      const take = await this.aws.prepare(host);
      return take(client, early);
    }
    const place = this.outside.places().find(({ address }) => address === client.remoteAddress)?.name;
    const way = await this.outside.wayTo(host, HTTPS, place);
    // There is no way to say why before there is TLS.
    if (way.kind === 'open') relay(client, await openWay(way), early);
    else client.resetAndDestroy();
  }
}
