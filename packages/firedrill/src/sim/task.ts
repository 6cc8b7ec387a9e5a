import type { Instant } from '../model/index.ts';
import type { Conversation, Exchange, Moment, Need, Resumption } from '../engine/index.ts';

/**
 * A conversation under way: its own clock, what it is resumed with next, who waits for its reply, and the
 * exchange that it waits for itself.
 */
export class Task implements Moment {
  now: Instant;
  resumption: Resumption = undefined;
  /** Set once, right after the task, which is its clock, has been made. */
  conversation: Conversation<unknown> | undefined = undefined;
  /** Whom the reply goes to; undefined for what nobody waits for. */
  readonly client: Task | undefined;
  /** Which of the client's exchanges this serves; a reply to an earlier one comes too late. */
  readonly clientTurn: number;
  /** Whether the run waits for its end: for requests yes, for checkers and probes no. */
  readonly isAwaited: boolean;

  /** Its clock is ahead of the run's; see {@link Moment}. */
  isAhead = false;
  exchange: Exchange | undefined = undefined;
  turn = 0;
  /** When the exchange ends without an answer, at the latest. */
  giveUpAt = 0;
  giveUpIsDue = false;
  /** From the other side's answer to its arrival here. */
  returnUs = 0;
  /** The same without what a fault adds. */
  wayUs = 0;
  /** Of whoever passes the connection on; 0: nobody does. */
  passageIdleMs = 0;

  constructor(now: Instant, client: Task | undefined, isAwaited: boolean) {
    this.now = now;
    this.client = client;
    this.clientTurn = client === undefined ? 0 : client.turn;
    this.isAwaited = isAwaited;
  }
}

/** Something else that is due: an answer of a name server, an exchange given up. */
export class Later {
  readonly act: (now: Instant) => void;

  constructor(act: (now: Instant) => void) {
    this.act = act;
  }
}

type Resume = (this: Conversation<unknown>, resumption: Resumption) => IteratorResult<Need, unknown>;
/** What resumes any generator. Taken from where all of them have it, it is found once and not at each resumption. */
export const { next: resumed } = Object.getPrototypeOf(function* () {}).prototype as { readonly next: Resume };
