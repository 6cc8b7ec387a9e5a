import { lookWithPs } from './process-table-ps.ts';
import { type Look, PROC_TABLE, type ProcessTable } from './process-table.ts';
import { type Finder, type Subject, WatchedProcesses } from './watched-processes.ts';

/** Between two looks at functions that work, and at those that only wait. */
const LOOK_MS = 100;
const LOOK_AT_REST_MS = 1000;

/** Looking takes no more than this part of a processor. */
const LOOKING_SHARE = 0.05;

/** The parent of Linux's own threads. */
const KERNEL_PID = 2;

/**
 * Watches the processes of functions and everything that they start, wherever it has gone: a process belongs to the function whose mark
 * is in its environment, in whose group or session it is, or whose process has started it, and stays the function's. Looks are
 * {@link LOOK_MS} apart, so what grows may be over its bounds for that long. Not seen: what somebody else starts for it, as a daemon of
 * the system, and a process that has left session, environment and parent behind between two looks.
 */
export class FunctionWatch implements Finder {
  private readonly look: Look;
  private readonly all = new Set<WatchedProcesses>();
  /** Ids of processes that belong to no function. */
  private strangers: ReadonlySet<number> = new Set();
  private timer: NodeJS.Timeout | undefined;

  constructor(look: Look = process.platform === 'linux' ? () => PROC_TABLE : lookWithPs) {
    this.look = look;
  }

  watch(subject: Subject): WatchedProcesses {
    const watched = new WatchedProcesses(subject);
    this.all.add(watched);
    this.begin(watched);
    return watched;
  }

  /** It works: it is looked at soon, and often. */
  begin(watched: WatchedProcesses): void {
    watched.isAtWork = true;
    this.lookIn(LOOK_MS);
  }

  /** Ends what is left of it, and watches it no longer. */
  async end(watched: WatchedProcesses): Promise<void> {
    await watched.endRest(this);
    this.all.delete(watched);
  }

  async find(): Promise<ProcessTable> {
    const table = await this.look();
    this.sort(table);
    return table;
  }

  /** Kills everything at once, for the last moment of this program; where looking takes its time, only what is known. */
  killAll(): void {
    const table = this.look();
    if (!(table instanceof Promise)) this.sort(table);
    for (const watched of this.all) watched.kill();
  }

  /** Sooner than a look that is due already is not needed. */
  private lookIn(ms: number): void {
    const dueMs = performance.now() + ms;
    if (this.timer !== undefined && this.timerDueMs <= dueMs) return;
    clearTimeout(this.timer);
    this.timerDueMs = dueMs;
    this.timer = setTimeout(() => void this.lookAtAll(), ms).unref();
  }

  private timerDueMs = 0;

  private async lookAtAll(): Promise<void> {
    const began = performance.now();
    const table = await this.find();
    for (const watched of this.all) if (watched.isDue(began, LOOK_AT_REST_MS)) watched.judge(table, began);
    this.timer = undefined;
    if (this.all.size === 0) return;
    const isAnyAtWork = [...this.all].some(({ isAtWork }) => isAtWork);
    const tookMs = performance.now() - began;
    this.lookIn(Math.max(isAnyAtWork ? LOOK_MS : LOOK_AT_REST_MS, tookMs / LOOKING_SHARE));
  }

  /** Gives processes that are new to the functions that they belong to. */
  private sort(table: ProcessTable): void {
    const owners = new Map([...this.all].flatMap((each) => each.pids.map((pid) => [pid, each] as const)));
    const byMark = new Map([...this.all].map((each) => [each.subject.mark, each]));
    const byLead = new Map([...this.all].map((each) => [each.subject.pid, each]));
    const orphans = new Set<number>();
    const strangers = new Set<number>();
    for (const pid of table.pids()) {
      if (owners.has(pid)) continue;
      const row = this.strangers.has(pid) ? undefined : table.row(pid);
      const environment = row === undefined || row.parent === KERNEL_PID ? undefined : table.environment(pid);
      const owner = row && (byLead.get(row.group) ?? byLead.get(row.session) ?? markedOwner(environment, byMark));
      if (row !== undefined && owner !== undefined) {
        owner.add(row);
        owners.set(pid, owner);
      } else if (row !== undefined) orphans.add(pid);
      // In the moment of becoming another program a process has an empty environment: it is asked again.
      if (environment !== '') strangers.add(pid);
    }
    adopt(orphans, owners, table);
    this.strangers = new Set([...strangers].filter((pid) => !owners.has(pid)));
  }
}

function markedOwner(
  environment: string | undefined,
  byMark: ReadonlyMap<string, WatchedProcesses>,
): WatchedProcesses | undefined {
  const mark = environment?.split('\0').find((variable) => byMark.has(variable));
  return mark === undefined ? undefined : byMark.get(mark);
}

/** Whoever was started by a function's process is the function's, and so on. */
function adopt(orphans: ReadonlySet<number>, owners: Map<number, WatchedProcesses>, table: ProcessTable): void {
  for (let before = -1; before !== owners.size;) {
    before = owners.size;
    for (const pid of orphans) {
      const row = owners.has(pid) ? undefined : table.row(pid);
      const owner = row && owners.get(row.parent);
      if (row === undefined || owner === undefined) continue;
      owner.add(row);
      owners.set(pid, owner);
    }
  }
}
