import type { Body, Conversation, Moment, Reply } from '../engine/index.ts';
import type { StreamedBody } from './bodies.ts';
import { innermostOf } from './bodies.ts';
import type { WorldClock } from './clock.ts';
import type { CourseSurroundings, Failed, Performer } from './course.ts';
import { Course } from './course.ts';
import { Abandoned } from './live-error.ts';
import { readReply } from './reply-writer.ts';

/** Satisfies the needs of conversations on real sockets and processes. */
export class ConversationRunner implements CourseSurroundings {
  readonly clock: WorldClock;
  readonly performer: Performer;
  isStopped = false;
  private readonly bugFound: (error: unknown) => void;
  private readonly idle: (() => void)[] = [];
  private spawned = 0;

  /** @param bugFound is told of every error in a conversation: it is our mistake. */
  constructor(clock: WorldClock, performer: Performer, bugFound: (error: unknown) => void) {
    this.clock = clock;
    this.performer = performer;
    this.bugFound = bugFound;
  }

  /** Starts a conversation that nobody waits for. */
  start(begin: (moment: Moment) => Conversation<void | Reply>): void {
    this.runAlone(begin, () => undefined);
  }

  /**
   * Runs a conversation to its end, with the answers that it received in between: those that are not part of its
   * result are given up.
   * @param failed is told Abandoned when the world is closed or the client gone meanwhile; whatever the conversation throws.
   */
  serve<Result extends object>(
    begin: (moment: Moment) => Conversation<Result>,
    done: (result: Result) => void,
    failed: Failed,
  ): void {
    new Course<Result>(this, {
      done: (result, received) => {
        discardAllBut(result, received);
        done(result);
      },
      failed: (error, received) => {
        for (const body of received) body.discard();
        this.report(error);
        failed(error);
      },
    }).start(begin);
  }

  /** Resolves when nothing spawned is under way. */
  async whenIdle(): Promise<void> {
    if (this.spawned > 0) await new Promise<void>((resolve) => void this.idle.push(resolve));
  }

  /** Lets no conversation go on. */
  stop(): void {
    this.isStopped = true;
  }

  readonly spawn = (begin: (moment: Moment) => Conversation<void | Reply>, lasting: boolean): void => {
    if (lasting) return this.start(begin);
    this.spawned += 1;
    this.runAlone(begin, () => {
      this.spawned -= 1;
      if (this.spawned === 0) for (const resolve of this.idle.splice(0)) resolve();
    });
  };

  /** What it answers at its end is nobody's: it is read all the same, so that it can be kept. */
  private runAlone(begin: (moment: Moment) => Conversation<void | Reply>, over: () => void): void {
    new Course<void | Reply>(this, {
      discards: true,
      done: (reply, received) => {
        if (typeof reply === 'object') {
          discardAllBut(reply, received);
          readReply(reply, this.clock);
        } else for (const body of received) body.discard();
        over();
      },
      failed: (error, received) => {
        for (const body of received) body.discard();
        this.report(error);
        over();
      },
    }).start(begin);
  }

  private report(error: unknown): void {
    if (!(error instanceof Abandoned) && !this.isStopped) this.bugFound(error);
  }
}

/** Gives up the answers that were received on the way and are not what is passed on. */
function discardAllBut(result: object, received: readonly StreamedBody[]): void {
  if (received.length === 0) return;
  const passedOn = 'body' in result ? innermostOf(result.body as Body) : undefined;
  for (const body of received) if (body !== passedOn) body.discard();
}
