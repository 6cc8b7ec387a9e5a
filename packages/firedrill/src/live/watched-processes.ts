import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessRow, ProcessTable } from './process-table.ts';

/** What a function and all that it has started may take together. */
export interface Bounds {
  readonly memoryBytes: number;
  /** Processes and their threads. */
  readonly tasksMax: number;
}

/** A process that is watched from its start, while it leads its group and session. */
export interface Subject {
  readonly pid: number;
  /** `NAME=value` in its environment that no other has at the same time: what it starts inherits it. */
  readonly mark: string;
  readonly bounds: Bounds;
}

/** Whoever finds new processes and gives them to the subjects that they belong to. */
export interface Finder {
  find(): Promise<ProcessTable>;
}

/** Looks for what is left of a subject that ends, and the pause between two, at first and at most: on a busy machine even dying takes time. */
const ENDING_LOOKS_MAX = 400;
const ENDING_PAUSE_MS = 5;
const ENDING_PAUSE_MS_MAX = 100;

/** A subject and everything that it has started. */
export class WatchedProcesses {
  readonly subject: Subject;
  /** Whether it is expected to need anything; one that rests is looked at less often. */
  isAtWork = true;
  private readonly started = new Map<number, string>();
  private over: keyof Bounds | undefined;
  private judgedMs = -Infinity;

  constructor(subject: Subject) {
    this.subject = subject;
  }

  /** The bound that it was over, and was killed for. */
  get exceeded(): keyof Bounds | undefined {
    return this.over;
  }

  get pids(): readonly number[] {
    return [...this.started.keys()];
  }

  add({ pid, startedAt }: ProcessRow): void {
    this.started.set(pid, startedAt);
  }

  /** Whether it has not been judged for so long, at a moment of the wall clock. */
  isDue(nowMs: number, restMs: number): boolean {
    return this.isAtWork || nowMs - this.judgedMs >= restMs;
  }

  /** Kills it when it is over its bounds. */
  judge(table: ProcessTable, nowMs: number): void {
    this.judgedMs = nowMs;
    const { memoryBytes, tasksMax } = this.subject.bounds;
    const rows = this.living(table);
    const resident = rows.reduce((sum, row) => sum + row.residentBytes, 0);
    const tasks = rows.reduce((sum, row) => sum + row.tasks, 0);
    // What is held is never more than what is resident, and takes longer to tell.
    if (resident > memoryBytes && table.heldBytes(rows.map(({ pid }) => pid)) > memoryBytes)
      this.over ??= 'memoryBytes';
    else if (tasks > tasksMax) this.over ??= 'tasksMax';
    else return;
    for (const { pid } of rows) killOne(pid);
  }

  /** Ends whatever has left its group, in rounds until nothing is left. The subject's own end is somebody else's. */
  async endRest(finder: Finder): Promise<void> {
    for (let looks = 0; looks < ENDING_LOOKS_MAX; looks++) {
      const rows = this.living(await finder.find());
      if (rows.length === 0) return;
      for (const { pid } of rows) killOne(pid);
      await sleep(Math.min(ENDING_PAUSE_MS + looks, ENDING_PAUSE_MS_MAX));
    }
  }

  /** Kills all that is known at once. */
  kill(): void {
    for (const pid of this.pids) killOne(pid);
  }

  /** Drops what has ended, and ids that another process has by now. */
  private living(table: ProcessTable): readonly ProcessRow[] {
    const rows: ProcessRow[] = [];
    for (const [pid, startedAt] of this.started) {
      const row = table.row(pid);
      if (row?.startedAt === startedAt) rows.push(row);
      else this.started.delete(pid);
    }
    return rows;
  }
}

function killOne(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile, or has become somebody else's.
  }
}
