import type { TimelineEvent } from '../model/index.ts';

/** Attempts at origins that are remembered for the chain of causes of requests still under way. */
const ATTEMPTS_MAX = 65_536;

/** What befalls single requests. */
const OF_REQUESTS: ReadonlySet<TimelineEvent['what']> = new Set<TimelineEvent['what']>([
  'origin.attempt-failed',
  'origin.failed-over',
  'edge-function.failed',
]);

/** Events of the world that are remembered: faults, health, DNS. A run of a day with a hundred edges stays below. */
const EVENTS_MAX = 200_000;

type Remembered = Exclude<TimelineEvent, { what: 'request.ended' }>;

export type EventOf<Code extends TimelineEvent['what']> = Extract<TimelineEvent, { what: Code }>;

/**
 * What happened in the world, as opposed to its requests: kept so that causes can be followed back.
 * Bounded: of attempts at origins, of which there are as many as requests, only the latest are kept.
 */
export class Story {
  private readonly bySeq = new Map<number, Remembered>();
  private readonly byKind = new Map<string, Remembered[]>();
  private readonly attempts = new Map<number, Remembered>();
  private forgotten = 0;

  remember(event: Remembered): void {
    if (OF_REQUESTS.has(event.what)) {
      this.attempts.set(event.seq, event);
      if (this.attempts.size > ATTEMPTS_MAX) {
        const [oldest] = this.attempts.keys();
        if (oldest !== undefined) this.attempts.delete(oldest);
      }
    } else if (this.bySeq.size < EVENTS_MAX) {
      this.bySeq.set(event.seq, event);
      const kind = this.byKind.get(event.what);
      if (kind === undefined) this.byKind.set(event.what, [event]);
      else kind.push(event);
    } else {
      this.forgotten += 1;
    }
  }

  /** How many events came after memory was full. */
  get forgottenEvents(): number {
    return this.forgotten;
  }

  event(seq: number): Remembered | undefined {
    return this.bySeq.get(seq) ?? this.attempts.get(seq);
  }

  /** All events of one kind, in order. */
  all<Code extends Remembered['what']>(what: Code): readonly EventOf<Code>[] {
    return (this.byKind.get(what) ?? []) as unknown as readonly EventOf<Code>[];
  }

  /** The events that led to one, the latest first, without itself; ends where memory or knowledge ends. */
  causesOf(cause: number): readonly Remembered[] {
    const chain: Remembered[] = [];
    let event = this.event(cause);
    // Causes lie before what they cause, so the walk ends; a forged timeline may say otherwise.
    while (event !== undefined && !(chain.length > 0 && event.seq >= (chain.at(-1)?.seq ?? 0))) {
      chain.push(event);
      event = this.event(event.cause);
    }
    return chain;
  }

  /** Whether one event is among the causes of another, or is it itself. */
  isBecauseOf(event: { readonly seq: number; readonly cause: number }, origin: number): boolean {
    return event.seq === origin || this.causesOf(event.cause).some((cause) => cause.seq === origin);
  }
}
