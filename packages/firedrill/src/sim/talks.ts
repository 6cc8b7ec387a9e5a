import type { Instant } from '../model/index.ts';
import { after, assert, NEVER } from '../model/index.ts';
import type { Answered, Body, HangUp, Reply, Talk, Talked } from '../engine/index.ts';
import { CLIENT_FACTS, isModelledSocket } from '../engine/index.ts';
import type { LineEnd, LineSurroundings, Party } from './line.ts';
import { Line, modelAt, relay } from './line.ts';
import type { Task } from './task.ts';

/** Clients at the near ends of WebSockets. */
export class Talks {
  private readonly around: LineSurroundings;
  private readonly clients = new WeakMap<Body, Client>();

  constructor(around: LineSurroundings) {
    this.around = around;
  }

  /** A reply of 101 is on its way back to its client: from here on their connection is a line. */
  begin(
    { exchange, wayUs, passageIdleMs }: Task,
    { body, tunnel }: Reply,
    answer: Answered,
    leftAt: Instant,
  ): Answered {
    assert(exchange !== undefined, 'an answer goes to somebody who waits');
    const { around } = this;
    const idle = passageIdleMs === 0 ? {} : { idleTimeoutMs: passageIdleMs };
    const line = new Line(around, { exchange, wayUs, ...idle }, leftAt);
    if (isModelledSocket(body)) modelAt(line, body, around, leftAt);
    else {
      assert(body instanceof Line && tunnel !== undefined, 'a 101 is the answer of a model, or passed on');
      relay({ front: line, behind: body }, tunnel, around, leftAt);
    }
    const { status, headers, account, firstByteAt } = answer;
    return { kind: 'answered', status, headers, body: line, account, firstByteAt };
  }

  /** A reply of 101 reaches nobody. */
  drop({ body }: Reply, now: Instant): void {
    if (body instanceof Line) body.endNear('closed', now);
  }

  /** @param done is told once what came, perhaps before this returns. */
  talk(need: Talk, now: Instant, done: (talked: Talked, at: Instant) => void): void {
    this.clientOf(need.over).talk(need, now, done);
  }

  hangUp({ over, isAbrupt }: HangUp, now: Instant): void {
    const client = this.clientOf(over);
    const { line } = client;
    if (isAbrupt) return line.endNear('closed', now);
    line.say(now, (far, then) => far.asked?.(then));
    this.around.at(after(now, CLIENT_FACTS.WEBSOCKET_CLOSE_SECONDS.value * 1000), (then) => {
      if (!client.isOver) line.endNear('closed', then);
    });
  }

  private clientOf(over: Body): Client {
    const known = this.clients.get(over);
    if (known !== undefined) return known;
    assert(over instanceof Line, 'what is talked over is a WebSocket');
    const client = new Client(over, this.around);
    this.clients.set(over, client);
    return client;
  }
}

class Client implements Party {
  readonly line: Line;
  private readonly around: LineSurroundings;
  private ended: LineEnd | undefined;
  private waiting: { readonly hears: boolean; readonly done: (talked: Talked, at: Instant) => void } | undefined;

  constructor(line: Line, around: LineSurroundings) {
    this.line = line;
    this.around = around;
    line.near = this;
  }

  get isOver(): boolean {
    return this.ended !== undefined;
  }

  talk({ says, hears, until }: Talk, now: Instant, done: (talked: Talked, at: Instant) => void): void {
    if (this.ended !== undefined) return done({ kind: 'talked', came: this.ended }, now);
    const waiting = { hears, done };
    this.waiting = waiting;
    if (says !== undefined) this.line.say(now);
    if (until >= NEVER) return;
    this.around.at(until, (then) => {
      if (this.waiting === waiting) this.goOn('nothing', then);
    });
  }

  heard(now: Instant): void {
    if (this.waiting?.hears === true) this.goOn('message', now);
  }

  over(how: LineEnd, now: Instant): void {
    this.ended = how;
    this.goOn(how, now);
  }

  private goOn(came: Talked['came'], now: Instant): void {
    const { waiting } = this;
    this.waiting = undefined;
    waiting?.done({ kind: 'talked', came }, now);
  }
}
