import { readdirSync, readFileSync } from 'node:fs';

/** A process of this machine that lives, as it is now. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  readonly session: number;
  /** Together with the id, never that of another process. */
  readonly startedAt: string;
  readonly residentBytes: number;
  /** Its threads. */
  readonly tasks: number;
}

/** The processes of this machine. Whoever asks about one that has ended, or is nobody's to look at, gets nothing. */
export interface ProcessTable {
  pids(): readonly number[];
  /** Undefined too for one that has ended and that nobody has waited for yet. */
  row(pid: number): ProcessRow | undefined;
  /** The environment that it was started with; undefined where it cannot be told, or not yet. */
  environment(pid: number): string | undefined;
  /** What processes hold together and the system cannot take back: no programs, no files that they have mapped. */
  heldBytes(pids: readonly number[]): number;
}

/** How processes are looked at; some systems need their time for it. */
export type Look = () => ProcessTable | Promise<ProcessTable>;

/** Linux tells by files. What it tells is asked anew each time. */
export const PROC_TABLE: ProcessTable = {
  pids: () =>
    namesIn('/proc')
      .map(Number)
      .filter((pid) => pid > 0),
  row: (pid) => rowOf(pid, told(`/proc/${pid}/stat`) ?? ''),
  environment: (pid) => told(`/proc/${pid}/environ`),
  heldBytes: (pids) => pids.reduce((sum, pid) => sum + heldBy(told(`/proc/${pid}/smaps_rollup`) ?? ''), 0),
};

/** A line of `/proc/<pid>/stat`; the name, in brackets, may hold anything. */
function rowOf(pid: number, stat: string): ProcessRow | undefined {
  const [state = 'X', ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (state === 'X' || state === 'Z' || rest.length < 21) return undefined;
  const [parent, group, session] = rest.map(Number);
  return {
    pid,
    parent: parent ?? 0,
    group: group ?? 0,
    session: session ?? 0,
    tasks: Number(rest[16]),
    startedAt: rest[18] ?? '',
    residentBytes: Number(rest[20]) * pageBytes(),
  };
}

/** A page that several of the processes share counts in parts, so that all of them together count it once. */
function heldBy(rollup: string): number {
  const kib = [...rollup.matchAll(/^(?:Pss_Anon|Pss_Shmem):\s+(\d+) kB$/gm)].map(([, figure]) => Number(figure));
  return kib.reduce((sum, figure) => sum + figure, 0) * 1024;
}

function pageBytes(): number {
  knownPageBytes ??= Number(/^KernelPageSize:\s+(\d+) kB$/m.exec(told('/proc/self/smaps') ?? '')?.[1] ?? 4) * 1024;
  return knownPageBytes;
}

let knownPageBytes: number | undefined;

/** Nothing where a container has no `/proc`: functions end with their groups then, and nothing more is seen. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function told(file: string): string | undefined {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return undefined;
  }
}
