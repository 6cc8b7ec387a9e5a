import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { DefaultIntrinsics } from 'quickjs-emscripten-core';
import type { RunLimits, RunOutcome } from '../engine/index.ts';

/** How many steps the engine takes between two looks at the count: fixed when it was built. */
const STEPS_PER_TURN = 10_000;

/** Deep enough for real code, and shallow enough that the host's own stack is never the one to end first. */
const STACK_BYTES_MAX = 48 * 1024;

/** What the runtime itself takes, with all that runs before the code. */
const BASE_BYTES = 512 * 1024;

/** Lines and characters of a run's log that are kept. */
const LOG_LINES_MAX = 100;
const LOG_CHARS_MAX = 10_000;

/** Jobs of promises in one run. */
const JOBS_MAX = 10_000;

/** The runtimes have neither Map nor Proxy nor weak references. */
const INTRINSICS = { ...DefaultIntrinsics, Proxy: false, MapSet: false };

/** What a run needs from outside: an operation and its argument, both texts; gives a text. */
export type HostCall = (operation: string, argument: string) => string;

/** Code made ready: what runs first, the code itself, and the expression that gives its handler. */
export interface Script {
  /** Functions of the text, each called with the runner that the first one gave. */
  readonly preludes: readonly string[];
  readonly text: string;
  readonly limits: RunLimits;
  /** For errors. */
  readonly file: string;
  /** Whether it has all that the engine has; the runtimes of CloudFront Functions have less. */
  readonly isWhole?: true;
}

interface Progress {
  outcome: RunOutcome | undefined;
  readonly log: string[];
  logged: number;
  turns: number;
  isSpent: boolean;
  /** What went wrong in the host itself, which the code must not see as an error of its own. */
  mistake: Error | undefined;
}

/**
 * Runs scripts, each time from nothing: what a run leaves behind, no other one finds. Bounded by a count of steps, which is the
 * same on every machine, and by memory.
 */
export class Isolate {
  private engine: QuickJSWASMModule;
  /** For when an engine has to be given up: what overflows the host's stack leaves it in no known state. */
  private readonly spares: QuickJSWASMModule[];

  constructor(engine: QuickJSWASMModule, spares: readonly QuickJSWASMModule[]) {
    this.engine = engine;
    this.spares = [...spares];
  }

  run(script: Script, input: string, host: HostCall): RunOutcome {
    const progress: Progress = { outcome: undefined, log: [], logged: 0, turns: 0, isSpent: false, mistake: undefined };
    try {
      const runtime = this.engine.newRuntime({ maxStackSizeBytes: STACK_BYTES_MAX });
      const context = runtime.newContext({ intrinsics: script.isWhole === true ? DefaultIntrinsics : INTRINSICS });
      this.runIn(runtime, context, { script, input, host, progress });
      context.dispose();
      runtime.dispose();
    } catch (error) {
      if (!isBroken(error)) throw error;
      // The engine itself gave up: whatever it was about is over, and the next run begins in another one.
      this.engine = this.spares.pop() ?? this.engine;
      progress.outcome ??= failed(progress, 'limit', 'the runtime gave up');
    }
    if (progress.mistake !== undefined) throw progress.mistake;
    return progress.outcome ?? failed(progress, 'error', 'the function did not complete');
  }

  private runIn(
    runtime: QuickJSRuntime,
    context: QuickJSContext,
    { script, input, host, progress }: { script: Script; input: string; host: HostCall; progress: Progress },
  ): void {
    const { limits } = script;
    const hostHandle = context.newFunction('host', (operation, argument) =>
      context.newString(answer(context.getString(operation), context.getString(argument), host, progress)),
    );
    const runner = runnerOf(context, script, hostHandle);
    runtime.setMemoryLimit(BASE_BYTES + limits.memoryBytesMax);
    const turnsMax = Math.ceil(limits.stepsMax / STEPS_PER_TURN);
    runtime.setInterruptHandler(() => {
      progress.turns += 1;
      progress.isSpent ||= progress.turns > turnsMax;
      return progress.isSpent;
    });
    const handler = context.evalCode(script.text, script.file, { type: 'global' });
    if (handler.error !== undefined) {
      progress.outcome = ofError(context, handler.error, progress);
    } else {
      const inputHandle = context.newString(input);
      const run = context.getProp(runner, 'run');
      const called = context.callFunction(run, context.undefined, handler.value, inputHandle);
      if (called.error !== undefined) progress.outcome = ofError(context, called.error, progress);
      else called.value.dispose();
      drainJobs(runtime, context, progress);
      for (const handle of [inputHandle, run, handler.value]) handle.dispose();
    }
    // Time that was used up is told as such, whatever the code made of it.
    if (progress.isSpent) progress.outcome = failed(progress, 'limit', 'the function used up its time');
    runner.dispose();
    hostHandle.dispose();
  }
}

/** The first prelude gives the runner; the others add to it. */
function runnerOf(context: QuickJSContext, { preludes }: Script, host: QuickJSHandle): QuickJSHandle {
  let runner: QuickJSHandle | undefined;
  for (const prelude of preludes) {
    const made = context.unwrapResult(context.evalCode(prelude, 'runtime.js', { type: 'global' }));
    const result = context.unwrapResult(context.callFunction(made, context.undefined, runner ?? host));
    made.dispose();
    if (runner === undefined) runner = result;
    else result.dispose();
  }
  return runner ?? context.undefined;
}

function drainJobs(runtime: QuickJSRuntime, context: QuickJSContext, progress: Progress): void {
  for (let jobs = 0; jobs < JOBS_MAX && runtime.hasPendingJob(); jobs++) {
    const done = runtime.executePendingJobs(1);
    if (done.error === undefined) continue;
    progress.outcome ??= ofError(context, done.error, progress);
    return;
  }
}

/** What every run can ask for; all else goes to its host. */
function answer(operation: string, argument: string, host: HostCall, progress: Progress): string {
  switch (operation) {
    case 'log':
      if (progress.log.length < LOG_LINES_MAX && progress.logged < LOG_CHARS_MAX) {
        const line = argument.slice(0, LOG_CHARS_MAX - progress.logged);
        progress.log.push(line);
        progress.logged += line.length;
      }
      return '';
    case 'limit':
      progress.isSpent = true;
      return '';
    case 'returned':
      progress.outcome ??= {
        kind: 'returned',
        value: argument === '' ? undefined : JSON.parse(argument),
        log: progress.log,
      };
      return '';
    case 'threw':
      progress.outcome ??= failed(progress, isExhaustion(argument) ? 'limit' : 'error', argument);
      return '';
    default:
      try {
        return host(operation, argument);
      } catch (error) {
        progress.mistake ??= error instanceof Error ? error : new Error(String(error));
        progress.isSpent = true;
        return '';
      }
  }
}

function ofError(context: QuickJSContext, error: QuickJSHandle, progress: Progress): RunOutcome {
  const value: unknown = context.dump(error);
  error.dispose();
  const { name, message } = typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  const says = typeof name === 'string' ? `${name}: ${String(message)}` : String(value);
  return failed(progress, isExhaustion(says) ? 'limit' : 'error', says);
}

/** What the engine says when memory or time is used up; its stack is AWS's memory. */
function isExhaustion(says: string): boolean {
  return /^InternalError: (out of memory|interrupted|stack overflow)/.test(says) || says === 'null';
}

function failed({ log }: Progress, why: 'error' | 'limit', says: string): RunOutcome {
  return { kind: 'failed', why, says, log };
}

/** The engine's stack ran over the host's, or it aborted. */
function isBroken(error: unknown): boolean {
  return error instanceof RangeError || (error instanceof Error && error.name === 'RuntimeError');
}
