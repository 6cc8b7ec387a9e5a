import type { Instant } from '../../model/index.ts';
import { after, BEGINNING } from '../../model/index.ts';

/** A status that DNS can go by. */
export interface SeenStatus {
  /** What DNS answers go by at a moment: the last status that is at least so old (R53 HC-42, OQ-01). */
  seenByDns(now: Instant, propagationSeconds: number): { readonly healthy: boolean; readonly seq: number };
  /**
   * What a name server goes by that does not hear the checkers of some Regions: the others' opinions, by the same share
   * (R53 HC-40). Undefined: it hears none.
   */
  seenWithout(regions: readonly string[], now: Instant, propagationSeconds: number): boolean | undefined;
}

interface Change {
  readonly at: Instant;
  readonly healthy: boolean;
  readonly seq: number;
}

/** How many past statuses are kept; DNS needs those of the last few seconds only. */
const CHANGES_KEPT = 32;

/** The statuses that a health check had lately. */
export class StatusHistory {
  private readonly changes: Change[];

  constructor(healthy: boolean) {
    this.changes = [{ at: BEGINNING, healthy, seq: 0 }];
  }

  get latest(): Change {
    return this.changes[this.changes.length - 1] ?? { at: BEGINNING, healthy: true, seq: 0 };
  }

  add(change: Change): void {
    this.changes.push(change);
    if (this.changes.length > CHANGES_KEPT) this.changes.shift();
  }

  /** See {@link SeenStatus.seenByDns}. */
  seenByDns(now: Instant, propagationSeconds: number): { readonly healthy: boolean; readonly seq: number } {
    for (let i = this.changes.length - 1; i > 0; i--) {
      const change = this.changes[i];
      if (change !== undefined && after(change.at, propagationSeconds * 1000) <= now) return change;
    }
    return this.changes[0] ?? this.latest;
  }
}
