import type { Instant } from '../../model/index.ts';
import { after } from '../../model/index.ts';

interface Change {
  readonly at: Instant;
  readonly healthy: boolean;
  readonly seq: number;
}

/** How many past states are kept; routing needs those of the last minute only. */
const CHANGES_KEPT = 32;

/** How long after a change new connections follow it. */
export interface Lag {
  readonly failoverSeconds: number;
  readonly recoverySeconds: number;
}

/** What an accelerator thinks of one endpoint, and since when. A drill begins with endpoints that have long been healthy. */
export class EndpointHealth {
  private readonly changes: Change[] = [{ at: 0 as Instant, healthy: true, seq: 0 }];

  get healthy(): boolean {
    return this.changes.at(-1)?.healthy ?? true;
  }

  /** `seq` of the latest change; 0 before the first. */
  get lastSeq(): number {
    return this.changes.at(-1)?.seq ?? 0;
  }

  /** Keeps a change, with the `seq` of its event. */
  changed(at: Instant, healthy: boolean, seq: number): void {
    this.changes.push({ at, healthy, seq });
    if (this.changes.length > CHANGES_KEPT) this.changes.shift();
  }

  /** What new connections go by: a change shows after its lag, for either direction its own (RS 2.17, 2.18). */
  seenByRouting(
    now: Instant,
    { failoverSeconds, recoverySeconds }: Lag,
  ): { readonly healthy: boolean; readonly seq: number } {
    for (let i = this.changes.length - 1; i > 0; i--) {
      const change = this.changes[i];
      if (change === undefined) continue;
      const lagSeconds = change.healthy ? recoverySeconds : failoverSeconds;
      if (after(change.at, lagSeconds * 1000) <= now) return change;
    }
    return this.changes[0] ?? { healthy: true, seq: 0 };
  }
}
