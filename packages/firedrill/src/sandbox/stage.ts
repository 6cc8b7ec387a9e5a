import type { QuickJSContext, QuickJSHandle, QuickJSRuntime, QuickJSWASMModule } from 'quickjs-emscripten-core';
import { DefaultIntrinsics } from 'quickjs-emscripten-core';

/** Deep enough for real code, and shallow enough that the host's own stack is never the one to end first. */
const STACK_BYTES_MAX = 48 * 1024;

/** The runtimes have neither Map nor Proxy nor weak references. */
const INTRINSICS = { ...DefaultIntrinsics, Proxy: false, MapSet: false };

/** Stages that one engine holds; when there would be more, all are made anew. */
const STAGES_MAX = 8;

/** What runs before code. */
export interface Setting {
  /** Functions of the text, each called with the runner that the first one gave. */
  readonly preludes: readonly string[];
  /** Whether it has all that the engine has; the runtimes of CloudFront Functions have less. */
  readonly isWhole?: true;
}

/** What the code on a stage can ask of the run that is under way. */
export interface Attendant {
  readonly answer: (operation: string, argument: string) => string;
  /** Told every so many steps. @returns whether it is to end. */
  readonly isSpent: () => boolean;
}

/** A runtime in which all that comes before the code has been done. */
export interface Stage {
  readonly runtime: QuickJSRuntime;
  readonly context: QuickJSContext;
  readonly runner: QuickJSHandle;
}

/**
 * The stages of one engine, each made once. Its whole memory is put back to what it was then before each run, byte for byte: so
 * each begins from nothing, whatever the one before has done, and none pays for what comes before the code.
 */
export class Stages {
  private readonly engine: QuickJSWASMModule;
  private readonly stages = new Map<string, Stage>();
  /** What the memory was before there was any; looked at only when one is needed. */
  private empty: Uint8Array | undefined;
  private kept: Uint8Array = new Uint8Array();
  private attendant: Attendant | undefined;

  constructor(engine: QuickJSWASMModule) {
    this.engine = engine;
  }

  /** Has a run on a stage on which nothing has ever happened; no other one begins before it is over. */
  perform(setting: Setting, attendant: Attendant, run: (stage: Stage) => void): void {
    this.attendant = undefined;
    this.putBack();
    const stage = this.stageOf(setting);
    this.attendant = attendant;
    run(stage);
  }

  private stageOf(setting: Setting): Stage {
    const key = [String(setting.isWhole), ...setting.preludes].join('\n');
    const found = this.stages.get(key);
    if (found !== undefined) return found;
    this.empty ??= this.used();
    if (this.stages.size >= STAGES_MAX) this.stages.clear();
    if (this.stages.size === 0) this.kept = this.empty;
    // What runs have left above it must not be taken for something in use.
    this.putBack();
    this.memory.fill(0, this.kept.length);
    const stage = this.make(setting);
    this.stages.set(key, stage);
    this.kept = this.used();
    return stage;
  }

  private make({ preludes, isWhole }: Setting): Stage {
    const runtime = this.engine.newRuntime({ maxStackSizeBytes: STACK_BYTES_MAX });
    const context = runtime.newContext({ intrinsics: isWhole === true ? DefaultIntrinsics : INTRINSICS });
    const host = context.newFunction('host', (operation, argument) =>
      context.newString(this.attendant?.answer(context.getString(operation), context.getString(argument)) ?? ''),
    );
    const runner = runnerOf(context, preludes, host);
    runtime.setInterruptHandler(() => this.attendant?.isSpent() ?? false);
    return { runtime, context, runner };
  }

  private get memory(): Uint8Array {
    return new Uint8Array(this.engine.getWasmMemory().buffer);
  }

  private putBack(): void {
    this.memory.set(this.kept);
  }

  /** A copy of the memory up to the last word that is not 0. */
  private used(): Uint8Array {
    const words = new Int32Array(this.engine.getWasmMemory().buffer);
    let count = words.length;
    while (count > 0 && words[count - 1] === 0) count -= 1;
    return this.memory.slice(0, count * Int32Array.BYTES_PER_ELEMENT);
  }
}

/** The first prelude gives the runner; the others add to it. */
function runnerOf(context: QuickJSContext, preludes: Setting['preludes'], host: QuickJSHandle): QuickJSHandle {
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
