import { randomUUID } from 'node:crypto';
import type { Invocation } from '../engine/index.ts';
import { FunctionProcess, INIT_MS_MAX, startProcess, type Task, timedOut } from './function-process.ts';
import type { FunctionFailure } from './runtime-api.ts';

/** Processes of one function at a time. Lambda would start more; a laptop should not. */
const PROCESSES_MAX = 4;

/** Invocations that wait for a process of one function; further ones are throttled. */
const WAITING_MAX = 100;

/**
 * A function has at least this long, on the wall, however fast the world's clock runs: user code and the
 * computer do not run faster with it, and a healthy function must not time out because of the speed.
 */
const WALL_TIMEOUT_MS_MIN = 1000;

/** An invocation that nobody works on yet. */
interface Job {
  readonly payload: string;
  readonly timeoutMs: number;
  /** How much of its time is gone already, on the wall. */
  readonly spentMs: number;
  readonly resolve: (invocation: Invocation) => void;
}

/**
 * The processes of one function and the invocations that wait for one of them, first come first served.
 * An invocation's time begins when a process takes it: neither the wait nor the start counts (RS 4.22).
 * Between invocations a process is not frozen, as Lambda's are: its timers go on.
 */
export class FunctionPool {
  private readonly task: Task;
  private readonly speed: number;
  private readonly initMsMax: number;
  private readonly processes = new Set<FunctionProcess>();
  private readonly idle: FunctionProcess[] = [];
  private readonly waiting: Job[] = [];
  private readonly starts = new Set<Promise<FunctionFailure | undefined>>();
  private readonly stop = new AbortController();
  private working = 0;
  private whenIdle: (() => void) | undefined;

  /** @param initMsMax how long a process may start, ahead of an invocation. */
  constructor(task: Task, speed: number, initMsMax = INIT_MS_MAX) {
    this.task = task;
    this.speed = speed;
    this.initMsMax = initMsMax;
  }

  /**
   * Starts one process ahead of the first invocation, unless there is one already; invocations that come meanwhile wait for it.
   * Resolves with the failure when it does not come up, which ends the first of these.
   */
  async warm(): Promise<FunctionFailure | undefined> {
    if (this.size > 0 || this.stop.signal.aborted) return undefined;
    const failure = await this.startForWaiting();
    // One that is ended on its way up has not failed.
    return this.stop.signal.aborted ? undefined : failure;
  }

  /** Runs the function once. Never rejects. */
  async invoke(payload: string, timeoutMs: number): Promise<Invocation> {
    if (this.stop.signal.aborted) return CLOSED;
    if (this.waiting.length >= WAITING_MAX) return { kind: 'throttled' };
    return await new Promise((resolve) => {
      this.waiting.push({ payload, timeoutMs, spentMs: 0, resolve });
      this.dispatch();
    });
  }

  /** Lets what is under way, and what waits, come to its end, and ends every process then. */
  async retire(): Promise<void> {
    if (this.working + this.waiting.length > 0) await new Promise<void>((resolve) => (this.whenIdle = resolve));
    await this.close();
  }

  /** Ends every process; whoever still waits is told that the function has ended. */
  async close(): Promise<void> {
    this.stop.abort();
    for (const job of this.waiting.splice(0)) job.resolve(CLOSED);
    this.whenIdle?.();
    await Promise.all([...this.processes].map((process) => process.kill()));
    await Promise.all(this.starts);
  }

  private dispatch(): void {
    if (this.stop.signal.aborted) return;
    for (;;) {
      // The one that worked last is the warmest.
      const process = this.waiting.length > 0 ? this.idle.pop() : undefined;
      const job = process === undefined ? undefined : this.waiting.shift();
      if (process === undefined || job === undefined) break;
      void this.work(process, job);
    }
    while (this.starts.size < this.waiting.length && this.size < PROCESSES_MAX) void this.startForWaiting();
  }

  private get size(): number {
    return this.processes.size + this.starts.size;
  }

  /** The invocation that caused the start hears of its failure, so that one failure ends one invocation. */
  private async startForWaiting(): Promise<FunctionFailure | undefined> {
    const failure = await this.grow();
    const job = failure === undefined ? undefined : this.waiting.shift();
    if (failure !== undefined && job !== undefined) {
      // RS 4.22: a start that took too long is done again within the invocation, in its time.
      if (failure.errorType === 'Sandbox.Timedout') await this.startWithin(job);
      else job.resolve(failure);
    }
    this.dispatch();
    if (this.working + this.waiting.length === 0) this.whenIdle?.();
    return failure;
  }

  private async startWithin(job: Job): Promise<void> {
    const began = performance.now();
    // Whoever retires the pool waits for it.
    this.working += 1;
    const failure = await this.grow(this.wallTimeoutMs(job.timeoutMs));
    this.working -= 1;
    if (failure === undefined) this.waiting.unshift({ ...job, spentMs: performance.now() - began });
    else if (failure.errorType === 'Sandbox.Timedout') job.resolve(timedOut(randomUUID(), job.timeoutMs));
    else job.resolve(failure);
  }

  private wallTimeoutMs(timeoutMs: number): number {
    return Math.max(WALL_TIMEOUT_MS_MIN, Math.ceil(timeoutMs / this.speed));
  }

  private async grow(initMsMax = this.initMsMax): Promise<FunctionFailure | undefined> {
    const start = this.start(initMsMax);
    this.starts.add(start);
    return await start.finally(() => this.starts.delete(start));
  }

  private async start(initMsMax: number): Promise<FunctionFailure | undefined> {
    const started = await startProcess(this.task, this.stop.signal, initMsMax);
    if (!(started instanceof FunctionProcess)) return started;
    if (this.stop.signal.aborted) {
      await started.kill();
      return undefined;
    }
    this.processes.add(started);
    void started.exited.then(() => this.bury(started));
    this.idle.push(started);
    return undefined;
  }

  private bury(process: FunctionProcess): void {
    this.processes.delete(process);
    const at = this.idle.indexOf(process);
    if (at >= 0) this.idle.splice(at, 1);
    this.dispatch();
  }

  private async work(process: FunctionProcess, { payload, timeoutMs, spentMs, resolve }: Job): Promise<void> {
    const wallTimeoutMs = Math.max(0, this.wallTimeoutMs(timeoutMs) - spentMs);
    const requestId = randomUUID();
    const deadlineEpochMs = Date.now() + wallTimeoutMs;
    const functionArn = this.task.function.arn;
    this.working += 1;
    resolve(await process.run({ requestId, payload, functionArn, deadlineEpochMs, timeoutMs, wallTimeoutMs }));
    this.working -= 1;
    if (this.working + this.waiting.length === 0) this.whenIdle?.();
    if (await process.ready()) this.idle.push(process);
    // One that died at work is replaced ahead of the next invocation (RS 4.23), so that speed makes its start no longer.
    else if (this.size === 0 && !this.stop.signal.aborted) await this.grow();
    this.dispatch();
  }
}

const CLOSED: FunctionFailure = {
  kind: 'failed',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Error: The local world is closed',
};
