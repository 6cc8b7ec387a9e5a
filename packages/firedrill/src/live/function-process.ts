import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LambdaFunction } from '../model/index.ts';
import type { Invocation } from '../engine/index.ts';
import { endBy, exitFailure, type ProcessEnd } from './exit-failure.ts';
import { boundedCommandOf, boundsOf, environmentOf, RUNTIME_API_VARIABLE } from './function-environment.ts';
import type { FunctionLog } from './function-log.ts';
import { FunctionWatch } from './function-watch.ts';
import { type FunctionFailure, RuntimeApi, type Work } from './runtime-api.ts';
import type { WatchedProcesses } from './watched-processes.ts';

/** A function must be ready to work this long after its start, on the wall (RS 4.22). */
export const INIT_MS_MAX = 10_000;

/** Everything a process of a function needs. */
export interface Task {
  readonly function: LambdaFunction;
  /** Folder that holds the code. */
  readonly root: string;
  readonly log: FunctionLog;
  /** What else its environment has; asked when a process starts. */
  readonly surroundings?: FunctionSurroundings | undefined;
}

/** What the environment of every function has beside Lambda's own. */
export type FunctionSurroundings = () => Readonly<Record<string, string>>;

/** One invocation and how long it may take: in the world's time as it is reported, on the wall as it is enforced. */
interface TimedWork extends Work {
  readonly timeoutMs: number;
  readonly wallTimeoutMs: number;
}

/**
 * Starts a process and waits until it asks for work.
 * @returns the function's failure when it does not come up (RS 4.8, 4.19, 4.22); nothing is left of it then.
 */
export async function startProcess(
  task: Task,
  signal: AbortSignal,
  initMsMax: number,
): Promise<FunctionProcess | FunctionFailure> {
  const api = await RuntimeApi.open();
  const started = new FunctionProcess(task, api);
  const stop = new AbortController();
  const either = AbortSignal.any([signal, stop.signal]);
  const late = sleep(initMsMax, tooLate(initMsMax), { signal: either }).catch(() => ABORTED);
  const failure = await Promise.race([
    api.asked().then(() => undefined),
    api.initFailure,
    started.exited.then((end) => exitFailure(end)),
    late,
  ]);
  stop.abort();
  if (failure === undefined) {
    started.rest();
    return started;
  }
  await started.kill();
  return failure;
}

/** One for all: a process belongs to one function at most. */
const watch = new FunctionWatch();

/**
 * A process that runs one function, one invocation at a time. It leads a process group and a session of its own; it is ended, with all
 * that it has started, when that takes more than the function may.
 */
export class FunctionProcess {
  /** Resolves when it has ended and nothing that it started is left. */
  readonly exited: Promise<ProcessEnd>;
  private readonly api: RuntimeApi;
  private readonly child: ChildProcess;
  private readonly watched: WatchedProcesses | undefined;
  private ended: ProcessEnd | undefined;
  private readonly waiting = new Set<(end: ProcessEnd) => void>();

  constructor({ function: fn, root, log, surroundings }: Task, api: RuntimeApi) {
    this.api = api;
    const [program, ...rest] = boundedCommandOf(fn);
    this.child = spawn(program, rest, {
      cwd: root,
      env: environmentOf(fn, root, api.address, surroundings?.()),
      detached: true,
      // The fourth is the lifeline: it breaks when this program ends, however it ends.
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    for (const source of [this.child.stdout, this.child.stderr]) if (source !== null) log.follow(source);
    // One that cannot be started emits an error in place of its exit.
    this.child.on('error', () => undefined);
    endWithUs(this.child);
    const { pid } = this.child;
    const mark = `${RUNTIME_API_VARIABLE}=${api.address}`;
    this.watched = pid === undefined ? undefined : watch.watch({ pid, mark, bounds: boundsOf(fn) });
    this.exited = this.end(log).finally(() => api.close());
    void this.exited.then((end) => {
      this.ended = end;
      for (const tell of this.waiting) tell(end);
    });
  }

  /** Runs one invocation; only for a process that is ready. Never rejects. A process that takes too long is killed. */
  async run(work: TimedWork): Promise<Invocation> {
    const stop = new AbortController();
    const late = sleep(work.wallTimeoutMs, 'late' as const, { signal: stop.signal }).catch(() => 'late' as const);
    if (this.watched !== undefined) watch.begin(this.watched);
    const answer = this.orAtEnd(this.api.hand(work), (end): Invocation => exitFailure(end, work.requestId));
    const outcome = await Promise.race([answer, late]);
    stop.abort();
    if (outcome !== 'late') return outcome;
    await this.kill();
    return timedOut(work.requestId, work.timeoutMs);
  }

  /** Resolves with true when it asks for work again, with false when it has ended instead. */
  async ready(): Promise<boolean> {
    const isReady = await this.orAtEnd(
      this.api.asked().then(() => true),
      () => false,
    );
    this.rest();
    return isReady;
  }

  /** It only waits for work from here on. */
  rest(): void {
    if (this.watched !== undefined) this.watched.isAtWork = false;
  }

  /** Ends it and everything that it started; resolves when all of it has ended. */
  async kill(): Promise<void> {
    killGroup(this.child);
    await this.exited;
  }

  /**
   * What comes, or what the end of the process comes to, whichever is first. What waits is forgotten then: the promise of the end itself
   * would keep all that has ever come for as long as the process lives.
   */
  private async orAtEnd<T>(coming: Promise<T>, atEnd: (end: ProcessEnd) => T): Promise<T> {
    const { ended, waiting } = this;
    let tell: (end: ProcessEnd) => void = () => undefined;
    const end = new Promise<T>((resolve) => (tell = (how) => resolve(atEnd(how))));
    waiting.add(tell);
    if (ended !== undefined) tell(ended);
    try {
      return await Promise.race([coming, end]);
    } finally {
      waiting.delete(tell);
    }
  }

  private async end(log: FunctionLog): Promise<ProcessEnd> {
    const ended = await endOf(this.child);
    if (this.watched === undefined) return ended;
    await watch.end(this.watched);
    const { exceeded, subject } = this.watched;
    if (exceeded !== undefined) log.note(`ended at its limit: ${exceeded} ${subject.bounds[exceeded]}`);
    return { ...ended, wasOutOfMemory: exceeded === 'memoryBytes' };
  }
}

/** RS 4.18 */
export function timedOut(requestId: string, timeoutMs: number): FunctionFailure {
  const errorMessage = `RequestId: ${requestId} Error: Task timed out after ${(timeoutMs / 1000).toFixed(2)} seconds`;
  return { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage };
}

function tooLate(initMsMax: number): FunctionFailure {
  const errorMessage = `Error: Init timed out after ${(initMsMax / 1000).toFixed(2)} seconds`;
  return { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage };
}

const ABORTED: FunctionFailure = exitFailure({ how: 'signal: killed' });

/** Never rejects: a process that could not even be started has ended. */
async function endOf(child: ChildProcess): Promise<ProcessEnd> {
  try {
    const [status, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    // What it started does not outlive it.
    killGroup(child);
    return endBy(status, signal);
  } catch (error) {
    return { how: error instanceof Error ? error.message : String(error) };
  }
}

function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}

const living = new Set<ChildProcess>();

/** When this program ends without closing what it opened, as after a bug, its functions end with it. */
function endWithUs(child: ChildProcess): void {
  if (living.size === 0) process.on('exit', killAll);
  living.add(child);
  child.once('exit', () => {
    living.delete(child);
    if (living.size === 0) process.off('exit', killAll);
  });
}

function killAll(): void {
  for (const child of living) killGroup(child);
  watch.killAll();
}
