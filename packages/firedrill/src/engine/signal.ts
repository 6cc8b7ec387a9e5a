import type { Instant } from '../model/index.ts';

/** Something that happens once, and that conversations may wait for: see the need `wait`. */
export class Signal {
  private waiting: ((now: Instant) => void)[] | undefined = [];

  get isGiven(): boolean {
    return this.waiting === undefined;
  }

  /** For drivers, who look first whether it has happened: is told when it does, in the order of asking. */
  whenGiven(tell: (now: Instant) => void): void {
    this.waiting?.push(tell);
  }

  /** It has happened; a second time is no news. */
  give(now: Instant): void {
    const { waiting = [] } = this;
    this.waiting = undefined;
    for (const tell of waiting) tell(now);
  }
}
