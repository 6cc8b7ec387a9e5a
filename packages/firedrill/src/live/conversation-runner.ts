import type {
  Body,
  Conversation,
  DnsReply,
  Exchange,
  Forward,
  Invocation,
  Invoke,
  Moment,
  Outcome,
  Query,
  Reply,
  Resumption,
  Wait,
} from '../engine/index.ts';
import { msBetween, never, NEVER } from '../model/index.ts';
import { innermostOf, StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';
import { Abandoned } from './live-error.ts';
import { readReply } from './reply-writer.ts';

/** What does the work behind a conversation's needs. */
export interface Performer {
  query(need: Query): Promise<DnsReply>;
  exchange(need: Exchange): Promise<Outcome>;
  invoke(need: Invoke): Promise<Invocation>;
  forward(need: Forward): Promise<Outcome>;
}

/** Satisfies the needs of conversations on real sockets and processes. */
export class ConversationRunner {
  private readonly clock: WorldClock;
  private readonly performer: Performer;
  private readonly bugFound: (error: unknown) => void;
  private readonly idle: (() => void)[] = [];
  private spawned = 0;
  private isStopped = false;

  /** @param bugFound is told of every error in a conversation: it is our mistake. */
  constructor(clock: WorldClock, performer: Performer, bugFound: (error: unknown) => void) {
    this.clock = clock;
    this.performer = performer;
    this.bugFound = bugFound;
  }

  /** Starts a conversation that nobody waits for. */
  start(begin: (moment: Moment) => Conversation<void | Reply>): void {
    this.runAlone(begin).catch((error: unknown) => this.report(error));
  }

  /** What it answers at its end is nobody's: it is read all the same, so that it can be kept. */
  private async runAlone(begin: (moment: Moment) => Conversation<void | Reply>): Promise<void> {
    const received: StreamedBody[] = [];
    const reply = await this.converse(begin, true, received);
    if (reply === undefined) for (const body of received) body.discard();
    if (typeof reply !== 'object') return;
    discardAllBut(reply, received);
    readReply(reply, this.clock);
  }

  private async waitFor({ for: signal, until }: Wait): Promise<void> {
    if (signal.isGiven) return;
    const { clock } = this;
    await new Promise<void>((resolve) => {
      const alarm = until < NEVER ? clock.after(msBetween(clock.now(), until), resolve) : undefined;
      signal.whenGiven(() => {
        alarm?.cancel();
        resolve();
      });
    });
  }

  /**
   * Runs a conversation to its end, with the answers that it received in between: those that are not part of its
   * result are given up.
   * @throws Abandoned when the world is closed or the client gone meanwhile; whatever the conversation throws.
   */
  async serve<Result extends object>(begin: (moment: Moment) => Conversation<Result>): Promise<Result> {
    const received: StreamedBody[] = [];
    try {
      const result = await this.converse(begin, false, received);
      discardAllBut(result, received);
      return result;
    } catch (error) {
      for (const body of received) body.discard();
      this.report(error);
      throw error;
    }
  }

  /** Resolves when nothing spawned is under way. */
  async whenIdle(): Promise<void> {
    if (this.spawned > 0) await new Promise<void>((resolve) => void this.idle.push(resolve));
  }

  /** Lets no conversation go on. */
  stop(): void {
    this.isStopped = true;
  }

  private async converse<Result>(
    begin: (moment: Moment) => Conversation<Result>,
    discards: boolean,
    received: StreamedBody[] = [],
  ): Promise<Result> {
    const moment: Moment = { now: this.clock.now() };
    const conversation = begin(moment);
    let resumption: Resumption;
    for (;;) {
      if (this.isStopped) throw new Abandoned('the world has been closed');
      moment.now = this.clock.now();
      const step = conversation.next(resumption);
      // Nobody is there to pass an answer on to, so its body is of no use once it has been looked at.
      if (discards && step.done !== true) for (const body of received.splice(0)) body.discard();
      if (step.done === true) return step.value;
      const need = step.value;
      switch (need.kind) {
        case 'pause':
          resumption = undefined;
          if (need.until > moment.now) await this.clock.until(need.until);
          break;
        case 'spawn':
          resumption = undefined;
          if (need.lasting === true) this.start(need.start);
          else this.spawn(need.start);
          if (need.until !== undefined && need.until > moment.now) await this.clock.until(need.until);
          break;
        case 'hop':
          // Within one process; distances are for virtual time.
          resumption = undefined;
          break;
        case 'wait':
          resumption = undefined;
          await this.waitFor(need);
          break;
        case 'query':
          resumption = await this.performer.query(need);
          break;
        case 'exchange':
          resumption = await this.performer.exchange(need);
          if (resumption.kind === 'answered' && resumption.body instanceof StreamedBody) received.push(resumption.body);
          break;
        case 'forward':
          resumption = await this.performer.forward(need);
          if (resumption.kind === 'answered' && resumption.body instanceof StreamedBody) received.push(resumption.body);
          break;
        case 'invoke':
          resumption = await this.performer.invoke(need);
          break;
        default:
          return never(need);
      }
    }
  }

  private spawn(begin: (moment: Moment) => Conversation<void | Reply>): void {
    this.spawned += 1;
    this.runAlone(begin)
      .catch((error: unknown) => this.report(error))
      .finally(() => {
        this.spawned -= 1;
        if (this.spawned === 0) for (const resolve of this.idle.splice(0)) resolve();
      });
  }

  private report(error: unknown): void {
    if (!(error instanceof Abandoned) && !this.isStopped) this.bugFound(error);
  }
}

/** Gives up the answers that were received on the way and are not what is passed on. */
function discardAllBut(result: object, received: readonly StreamedBody[]): void {
  const passedOn = 'body' in result ? innermostOf(result.body as Body) : undefined;
  for (const body of received) if (body !== passedOn) body.discard();
}
