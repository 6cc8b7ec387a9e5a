import type { FunctionRun, OriginHelper, RunOutcome } from '../engine/index.ts';

/** Runs whose outcome is remembered, for each function; the one unused for longest goes first. */
const REMEMBERED_MAX = 1000;

/** Longer events are not remembered: they are likely to be different each time. */
const EVENT_CHARS_MAX = 8192;

/** What a run did that has to be done again when its outcome is taken from memory. */
interface Notes {
  readonly key: string;
  readonly version: number;
  readonly helpers: (readonly [OriginHelper, readonly unknown[]])[];
  /** It looked at something that is different each time: a clock, chance, the id of the request. */
  isOnce: boolean;
}

interface Remembered {
  readonly notes: Notes;
  readonly outcome: RunOutcome;
}

/**
 * Code that looks at nothing but its event and its key values does with the same ones the same, so it needs to be run only
 * once. A simulation sends the same few requests a million times.
 */
export class Memory {
  private readonly runs = new Map<string, Remembered>();

  recall(input: string, run: FunctionRun): RunOutcome | undefined {
    const found = this.runs.get(keyOf(input, run));
    if (found === undefined || found.notes.version !== versionOf(run)) return undefined;
    for (const [helper, given] of found.notes.helpers) run.originHelper(helper, given);
    return found.outcome;
  }

  notes(input: string, run: FunctionRun): Notes {
    return { key: keyOf(input, run), version: versionOf(run), helpers: [], isOnce: false };
  }

  keep(notes: Notes, outcome: RunOutcome): void {
    if (notes.isOnce || notes.key.length > EVENT_CHARS_MAX) return;
    this.runs.delete(notes.key);
    this.runs.set(notes.key, { notes, outcome });
    if (this.runs.size <= REMEMBERED_MAX) return;
    const [oldest] = this.runs.keys();
    if (oldest !== undefined) this.runs.delete(oldest);
  }
}

function keyOf(input: string, { rawQueryString, edgeLocation }: FunctionRun): string {
  return `${edgeLocation.name}\n${rawQueryString}\n${input}`;
}

/** Whether the store can be read counts as its content. */
function versionOf({ keyValues }: FunctionRun): number {
  if (keyValues === undefined) return -1;
  return keyValues.failure === undefined ? keyValues.version : -2;
}
