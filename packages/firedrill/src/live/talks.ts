import type { Duplex } from 'node:stream';
import type { Instant } from '../model/index.ts';
import { msBetween, NEVER } from '../model/index.ts';
import type { Body, HangUp, Talk, Talked, World } from '../engine/index.ts';
import { CLIENT_FACTS, nextHealing } from '../engine/index.ts';
import type { Alarm, WorldClock } from './clock.ts';
import type { ConnectionEnd, TunnelBody } from './tunnel.ts';
import { AudibleConnection, isTunnel } from './tunnel.ts';
import { frame, FrameReader } from './web-socket-frames.ts';

/** The world's own clients of WebSockets: frames over the connections that their handshakes have left. */
export class Talks {
  private readonly world: World;
  private readonly clock: WorldClock;
  /** For as long as somebody may ask for them. */
  private readonly clients = new WeakMap<Body, Client>();
  private readonly open = new Set<Client>();

  constructor(world: World, clock: WorldClock) {
    this.world = world;
    this.clock = clock;
  }

  talk(need: Talk): Promise<Talked> {
    const client = this.clientOf(need.over);
    return client === undefined ? Promise.resolve(BROKEN) : client.talk(need);
  }

  hangUp({ over, isAbrupt }: HangUp): void {
    this.clientOf(over)?.hangUp(isAbrupt);
  }

  close(): void {
    for (const client of this.open) client.end();
  }

  private clientOf(over: Body): Client | undefined {
    const known = this.clients.get(over);
    if (known !== undefined || !isTunnel(over)) return known;
    const { world, clock } = this;
    const healing = (now: Instant): Instant => nextHealing(world, now);
    const client: Client = new Client(over, clock, healing, () => void this.open.delete(client));
    this.clients.set(over, client);
    this.open.add(client);
    return client;
  }
}

const BROKEN: Talked = { kind: 'talked', came: 'reset' };

class Client {
  private readonly clock: WorldClock;
  private readonly connection: AudibleConnection;
  private readonly stream: Duplex;
  private readonly gone: () => void;
  private readonly reader: FrameReader;
  private ended: ConnectionEnd | undefined;
  private hasHungUp = false;
  private waiting: { readonly hears: boolean; readonly done: (talked: Talked) => void } | undefined;
  private patience: Alarm | undefined;

  constructor(over: TunnelBody, clock: WorldClock, healing: (now: Instant) => Instant, gone: () => void) {
    this.clock = clock;
    this.gone = gone;
    this.stream = over.take() as Duplex;
    this.reader = new FrameReader({
      message: () => {
        if (this.waiting?.hears === true) this.goOn('message');
      },
      close: () => {
        // It is for the server to end the connection (RFC 6455, 7.1.1).
        this.connection.write(frame('close', Buffer.alloc(0), true));
        this.leave('closed');
        this.endInTime();
      },
      ping: (payload) => this.connection.write(frame('pong', payload, true)),
      broken: () => this.over('reset'),
    });
    this.connection = new AudibleConnection(
      this.stream,
      { clock, fault: () => over.fault(), nextHealing: healing },
      { chunk: (chunk) => this.reader.push(chunk), over: (how) => this.over(how) },
    );
  }

  talk({ says, hears, until }: Talk): Promise<Talked> {
    if (this.ended !== undefined) {
      const talked: Talked = { kind: 'talked', came: this.ended };
      return Promise.resolve(talked);
    }
    return new Promise((done) => {
      this.waiting = { hears, done };
      const now = this.clock.now();
      if (until < NEVER)
        this.patience = this.clock.after(Math.max(0, msBetween(now, until)), () => this.goOn('nothing'));
      if (says !== undefined) this.connection.write(frame('text', Buffer.from(says), true));
    });
  }

  hangUp(isAbrupt: boolean): void {
    if (this.ended !== undefined) return;
    this.hasHungUp = true;
    if (isAbrupt) return this.connection.whenHeard(() => this.end());
    this.connection.write(frame('close', Buffer.alloc(0), true));
    this.endInTime();
  }

  /** At once, whatever is under way. */
  end(): void {
    this.stream.destroy();
    this.gone();
  }

  private over(how: ConnectionEnd): void {
    // What has been written still goes out.
    if (how === 'closed') this.stream.end(() => this.end());
    else this.end();
    this.leave(how);
  }

  /** Nothing is said any more. */
  private leave(how: ConnectionEnd): void {
    if (this.ended !== undefined) return;
    this.ended = how;
    if (!this.hasHungUp) this.goOn(how);
  }

  /** Whoever should end the connection has so much time for it. */
  private endInTime(): void {
    this.clock.after(CLIENT_FACTS.WEBSOCKET_CLOSE_SECONDS.value * 1000, () =>
      this.connection.whenHeard(() => this.end()),
    );
  }

  private goOn(came: Talked['came']): void {
    const { waiting } = this;
    this.waiting = undefined;
    this.patience?.cancel();
    waiting?.done({ kind: 'talked', came });
  }
}
