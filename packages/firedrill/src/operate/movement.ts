import type { ResolverView } from './resolvers.ts';
import type { Side } from './take-over.ts';

/** A resolver that was seen to lead to the other side, and after how many seconds. */
export interface Moved {
  readonly resolver: string;
  readonly afterSeconds: number;
}

/** The first resolver that has moved, and the last; both are missing when none has. */
export interface Ends {
  readonly first?: Moved;
  readonly last?: Moved;
}

/**
 * Who has moved so far. A resolver that has answered once counts until the end by what it said last: one that is silent for
 * a moment has not moved. One that goes back, as a service with several caches may, is waited for again.
 */
export class Movement {
  private readonly to: Side;
  /** What each resolver that has ever answered said last. */
  private readonly latest = new Map<string, Side>();
  private readonly since = new Map<string, number>();
  private first: Moved | undefined;

  constructor(to: Side) {
    this.to = to;
  }

  /** Takes a look in. @returns those that lead to the other side now and did not before. */
  see(views: readonly ResolverView[], afterSeconds: number): readonly Moved[] {
    const moved: Moved[] = [];
    for (const { resolver, side, error } of views) {
      if (error !== undefined) continue;
      this.latest.set(resolver, side);
      if (side !== this.to) this.since.delete(resolver);
      else if (!this.since.has(resolver)) {
        this.since.set(resolver, afterSeconds);
        moved.push({ resolver, afterSeconds });
      }
    }
    this.first ??= moved[0];
    return moved;
  }

  /** Resolvers that have answered and do not lead there. */
  waitsFor(): readonly string[] {
    return [...this.latest].filter(([, side]) => side !== this.to).map(([resolver]) => resolver);
  }

  /** Whether anybody has answered, and all that have lead there. */
  isOver(): boolean {
    return this.latest.size > 0 && this.waitsFor().length === 0;
  }

  ends(): Ends {
    const { first } = this;
    const last = [...this.since].reduce<Moved | undefined>(
      (latest, [resolver, afterSeconds]) =>
        latest === undefined || afterSeconds > latest.afterSeconds ? { resolver, afterSeconds } : latest,
      undefined,
    );
    return { ...(first === undefined ? {} : { first }), ...(last === undefined ? {} : { last }) };
  }
}
