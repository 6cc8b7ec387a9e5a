import type {
  ApiCall,
  Conversation,
  DnsReply,
  Exchange,
  Forward,
  HangUp,
  Invocation,
  Invoke,
  Moment,
  Need,
  Outcome,
  Query,
  Reply,
  Resumption,
  Talk,
  Talked,
  Wait,
} from '../engine/index.ts';
import { msBetween, never, NEVER } from '../model/index.ts';
import { StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';
import { Abandoned } from './live-error.ts';

/** What does the work behind a conversation's needs. */
export interface Performer {
  query(need: Query): Promise<DnsReply>;
  exchange(need: Exchange, came: Came, failed: Failed): void;
  invoke(need: Invoke): Promise<Invocation>;
  forward(need: Forward, came: Came): void;
  callApi(need: ApiCall): Promise<Outcome>;
  talk(need: Talk): Promise<Talked>;
  hangUp(need: HangUp): void;
}

/** Told once, at once or later: many requests a second are cheaper told so than by promises. */
export type Came = (outcome: Outcome) => void;
export type Failed = (error: unknown) => void;

export interface CourseSurroundings {
  readonly clock: WorldClock;
  readonly performer: Performer;
  /** No conversation goes on. */
  readonly isStopped: boolean;
  /** Starts another conversation, which lasts or not. */
  readonly spawn: (begin: (moment: Moment) => Conversation<void | Reply>, lasting: boolean) => void;
}

/** How a conversation ends: with a result or an error, and with the bodies that it received on the way. */
export interface CourseEnds<Result> {
  readonly done: (result: Result, received: readonly StreamedBody[]) => void;
  readonly failed: (error: unknown, received: readonly StreamedBody[]) => void;
  /** Bodies are of no use once they have been looked at: nobody is there to pass an answer on to. */
  readonly discards?: true;
}

const NOTHING: readonly StreamedBody[] = [];

/** One conversation under way. */
export class Course<Result> {
  private readonly around: CourseSurroundings;
  private readonly ends: CourseEnds<Result>;
  private readonly moment: Moment;
  private conversation: Conversation<Result> | undefined;
  private received: StreamedBody[] | undefined;

  constructor(around: CourseSurroundings, ends: CourseEnds<Result>) {
    this.around = around;
    this.ends = ends;
    this.moment = { now: around.clock.now() };
  }

  /** Begins it; it goes on by itself. Its end may come before this returns. */
  start(begin: (moment: Moment) => Conversation<Result>): void {
    try {
      this.conversation = begin(this.moment);
    } catch (error) {
      return this.fail(error);
    }
    this.resume(undefined);
  }

  private resume(resumption: Resumption): void {
    const { around, moment, conversation, ends } = this;
    let next = resumption;
    let isMet = true;
    while (isMet) {
      let step: IteratorResult<Need, Result> | undefined;
      try {
        if (around.isStopped) throw new Abandoned('the world has been closed');
        moment.now = around.clock.now();
        step = conversation?.next(next);
      } catch (error) {
        return this.fail(error);
      }
      if (step === undefined) return;
      if (step.done === true) return this.finish(step.value);
      if (ends.discards === true) this.discardReceived(step.value);
      next = undefined;
      try {
        isMet = this.meet(step.value);
      } catch (error) {
        return this.fail(error);
      }
    }
  }

  private finish(result: Result): void {
    try {
      this.ends.done(result, this.received ?? NOTHING);
    } catch (error) {
      this.fail(error);
    }
  }

  /** @returns whether it goes on at once. */
  private meet(need: Need): boolean {
    const { performer, clock, spawn } = this.around;
    switch (need.kind) {
      case 'pause':
        return this.pause(need.until);
      case 'spawn':
        spawn(need.start, need.lasting === true);
        return need.until === undefined || this.pause(need.until);
      case 'hop':
        // Within one process; distances are for virtual time.
        return true;
      case 'wait':
        if (need.for.isGiven) return true;
        this.when(signalled(need, clock));
        return false;
      case 'query':
        this.when(performer.query(need));
        return false;
      case 'exchange':
        performer.exchange(need, this.came, this.fail);
        return false;
      case 'forward':
        performer.forward(need, this.came);
        return false;
      case 'api-call':
        performer.callApi(need).then(this.came, this.fail);
        return false;
      case 'talk':
        this.when(performer.talk(need));
        return false;
      case 'hang-up':
        performer.hangUp(need);
        return true;
      case 'invoke':
        this.when(performer.invoke(need));
        return false;
      default:
        return never(need);
    }
  }

  private pause(until: Moment['now']): boolean {
    if (until <= this.moment.now) return true;
    this.when(this.around.clock.until(until));
    return false;
  }

  private when(coming: Promise<Resumption | void>): void {
    coming.then((resumption) => this.resume(resumption ?? undefined), this.fail);
  }

  private readonly came = (outcome: Outcome): void => {
    if (outcome.kind === 'answered' && outcome.body instanceof StreamedBody) (this.received ??= []).push(outcome.body);
    this.resume(outcome);
  };

  private readonly fail = (error: unknown): void => this.ends.failed(error, this.received ?? NOTHING);

  private discardReceived(next: Need): void {
    if (this.received === undefined) return;
    // A WebSocket is somebody's from here on.
    const kept = next.kind === 'talk' || next.kind === 'hang-up' ? next.over : undefined;
    for (const body of this.received) if (body !== kept) body.discard();
    this.received = undefined;
  }
}

async function signalled({ for: signal, until }: Wait, clock: WorldClock): Promise<void> {
  await new Promise<void>((resolve) => {
    const alarm = until < NEVER ? clock.after(msBetween(clock.now(), until), resolve) : undefined;
    signal.whenGiven(() => {
      alarm?.cancel();
      resolve();
    });
  });
}
