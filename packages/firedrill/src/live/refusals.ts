import type { Member } from './crowd.ts';
import { Crowd } from './crowd.ts';

/** Somebody who wants a connection to a server. */
export interface Caller extends Member {
  /** The server refuses. */
  readonly refused: () => void;
  /** Nothing is known: a connection of one's own is to be tried. */
  readonly tries: () => void;
}

/**
 * A connection that is being tried, and who shares what becomes of it. Nobody stays: each knows the trial, and one that the collector has
 * moved to its old generation would keep all others, and what they go on to, until the next full collection.
 */
export type Trial = Crowd<Caller>;

/**
 * Servers of this machine that refused the latest connection, by name. While the next one is being tried, whoever asks meanwhile is
 * refused if that is, and tries for itself otherwise: a server that is down gets one connection at a time instead of one for each
 * request, and a refusal is never older than the event loop's turn in which it is told.
 */
export class Refusals {
  private readonly trials = new Map<string, Trial | undefined>();

  /** The connection under way to a server that refused the latest one, to be joined; undefined: one is to be tried. */
  underWay(server: string): Trial | undefined {
    return this.trials.get(server);
  }

  /** A connection is being tried. */
  begin(server: string): Trial {
    const trial: Trial = new Crowd();
    if (this.trials.has(server)) this.trials.set(server, trial);
    return trial;
  }

  refused(server: string, trial: Trial): void {
    const latest = this.trials.get(server);
    if (latest === undefined || latest === trial) this.trials.set(server, undefined);
    trial.dismiss((caller) => caller.refused());
  }

  /** The connection has come about, or has been given up. */
  isOver(server: string, trial: Trial): void {
    this.trials.delete(server);
    trial.dismiss((caller) => caller.tries());
  }
}
