import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import type { RunLimits, RunOutcome } from '../engine/index.ts';
import type { Setting, Stage } from './stage.ts';
import { Stages } from './stage.ts';

/** How many steps the engine takes between two looks at the count: fixed when it was built. */
const STEPS_PER_TURN = 10_000;

/** What the runtime itself takes, with all that runs before the code. */
const BASE_BYTES = 512 * 1024;

/** Lines and characters of a run's log that are kept. */
const LOG_LINES_MAX = 100;
const LOG_CHARS_MAX = 10_000;

/** Jobs of promises in one run. */
const JOBS_MAX = 10_000;

/** What a run needs from outside: an operation and its argument, both texts; gives a text. */
export type HostCall = (operation: string, argument: string) => string;

/** Code made ready: what runs first, the code itself, and the expression that gives its handler. */
export interface Script extends Setting {
  readonly text: string;
  readonly limits: RunLimits;
  /** For errors. */
  readonly file: string;
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
  private stages: Stages;
  /** For when an engine has to be given up: what overflows the host's stack leaves it in no known state. */
  private readonly spares: QuickJSWASMModule[];

  constructor(engine: QuickJSWASMModule, spares: readonly QuickJSWASMModule[]) {
    this.stages = new Stages(engine);
    this.spares = [...spares];
  }

  run(script: Script, input: string, host: HostCall): RunOutcome {
    const progress: Progress = { outcome: undefined, log: [], logged: 0, turns: 0, isSpent: false, mistake: undefined };
    const turnsMax = Math.ceil(script.limits.stepsMax / STEPS_PER_TURN);
    const attendant = {
      answer: (operation: string, argument: string): string => answer(operation, argument, host, progress),
      isSpent: (): boolean => {
        progress.turns += 1;
        progress.isSpent ||= progress.turns > turnsMax;
        return progress.isSpent;
      },
    };
    try {
      this.stages.perform(script, attendant, (stage) => runOn(stage, script, input, progress));
    } catch (error) {
      if (!isBroken(error)) throw error;
      // The engine itself gave up: whatever it was about is over, and the next run begins in another one.
      const spare = this.spares.pop();
      if (spare !== undefined) this.stages = new Stages(spare);
      progress.outcome ??= failed(progress, 'limit', 'the runtime gave up');
    }
    if (progress.mistake !== undefined) throw progress.mistake;
    return progress.outcome ?? failed(progress, 'error', 'the function did not complete');
  }
}

function runOn({ runtime, context, runner }: Stage, script: Script, input: string, progress: Progress): void {
  runtime.setMemoryLimit(BASE_BYTES + script.limits.memoryBytesMax);
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
