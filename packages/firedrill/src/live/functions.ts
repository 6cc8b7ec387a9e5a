import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Finding, LambdaFunction } from '../model/index.ts';
import type { Invocation, Replica, ReplicaPlace } from '../engine/index.ts';
import { copyOf } from '../engine/index.ts';
import { placeCode } from './function-code.ts';
import { languageOf, PATH, PYTHON } from './function-environment.ts';
import { FunctionLog } from './function-log.ts';
import { FunctionPool } from './function-pool.ts';
import { type FunctionSurroundings, INIT_MS_MAX } from './function-process.ts';
import { LiveError } from './live-error.ts';
import { type FunctionFailure, PAYLOAD_BYTES_MAX } from './runtime-api.ts';

export interface FunctionsOptions {
  readonly functions: readonly LambdaFunction[];
  /** Copies that run elsewhere beside those. */
  readonly replicas?: readonly Replica[];
  /** Gets `code/` (gone after close) and `logs/`, a file for each function. */
  readonly stateDirectory: string;
  /** World seconds in a second of the wall clock. */
  readonly speed: number;
  readonly surroundings?: FunctionSurroundings | undefined;
}

/** The user's functions, running. */
export interface Functions {
  /**
   * Runs a function of the world once. Never rejects: errors of the function are part of the answer.
   * @param timeoutMs in the world's time; on the wall it is shorter by the speed, down to a second.
   * @param replica which copy; the function itself unless given.
   */
  invoke(fn: LambdaFunction, payload: unknown, timeoutMs: number, replica?: ReplicaPlace): Promise<Invocation>;
  /**
   * The same for a function that no request reaches by itself: it is started when it is first called, and ends with the next
   * estate.
   * @returns what it came to, and what was written to its log meanwhile, as far as it has come.
   */
  call(fn: LambdaFunction, payload: unknown, timeoutMs: number): Promise<FunctionCall>;
  /**
   * Starts the functions of an estate to come, beside those that there are: new ones, and those whose code or configuration has
   * changed; all others go on. One whose own code breaks its start is there all the same, and fails when it is invoked (RS 4.8).
   * @throws LiveError with a finding for each function that cannot be run here; those that there are go on then.
   */
  stage(functions: readonly LambdaFunction[], replicas: readonly Replica[]): Promise<StagedFunctions>;
  /**
   * Starts the functions of the first estate.
   * @throws LiveError with a finding for each that does not start, whatever the reason.
   */
  begin(functions: readonly LambdaFunction[], replicas: readonly Replica[]): Promise<void>;
  /** Ends every process of every function, and what these started. */
  close(): Promise<void>;
}

/** What came of calling a function. */
export interface FunctionCall {
  readonly invocation: Invocation;
  /** The end of it, where it is long. */
  readonly log: string;
}

/** Functions that have been started for an estate to come. */
interface StagedFunctions {
  /** Resolves when each has a process that is ready, or has none: with findings about those whose own code broke their start. */
  readonly broken: Promise<readonly Finding[]>;
  /** The estate is there: they take the places of others, which end when what is under way in them has ended. */
  commit(): void;
  /** It does not come: they end. */
  abandon(): Promise<void>;
}

/** Functions that start at a time. */
const STARTS_MAX = 4;

/**
 * Starts one process of each function, so that mistakes show before anything runs.
 * @throws LiveError with a finding for each function that does not start; nothing is left running then.
 */
export async function openFunctions(options: FunctionsOptions): Promise<Functions> {
  const running = new RunningFunctions(options);
  await running.clear();
  try {
    await running.begin(options.functions, options.replicas ?? []);
  } catch (error) {
    await running.close();
    throw error;
  }
  return running;
}

/** A function with what it runs in. */
interface Started {
  readonly pool: FunctionPool;
  readonly log: FunctionLog;
  readonly folder: string;
  /** Code and configuration: with others it is started anew. */
  readonly makeup: string;
}

class RunningFunctions implements Functions {
  private readonly stateDirectory: string;
  private readonly speed: number;
  private readonly surroundings: FunctionSurroundings | undefined;
  private readonly started = new Map<string, Started>();
  private readonly retiring = new Map<FunctionPool, Promise<void>>();
  private readonly startingLate = new Map<string, Promise<readonly Finding[]>>();
  private count = 0;

  constructor({ stateDirectory, speed, surroundings }: FunctionsOptions) {
    this.surroundings = surroundings;
    this.stateDirectory = resolve(stateDirectory);
    this.speed = speed;
  }

  /** Removes what a run left behind that was killed. */
  async clear(): Promise<void> {
    await rm(this.codeFolder, { recursive: true, force: true });
  }

  /** When a world opens, somebody waits who can mend the code. */
  async begin(functions: readonly LambdaFunction[], replicas: readonly Replica[]): Promise<void> {
    (await this.stage(functions, replicas, { brokenMatters: true })).commit();
  }

  async stage(
    functions: readonly LambdaFunction[],
    replicas: readonly Replica[],
    { brokenMatters } = { brokenMatters: false },
  ): Promise<StagedFunctions> {
    const wanted = new Map([
      ...functions.map((fn) => [fn.arn, fn] as const),
      ...replicas.map((replica) => [poolKey(replica), copyOf(replica.function, replica)] as const),
    ]);
    const staged = new Map<string, Started>();
    const { findings, broken } = await this.startAll(
      [...wanted].filter(([key, fn]) => this.started.get(key)?.makeup !== makeupOf(fn)),
      staged,
    );
    const abandon = async (): Promise<void> => {
      await Promise.all([...staged.values()].map((each) => this.end(each, (pool) => pool.close())));
    };
    const refused = brokenMatters ? [...findings, ...(await broken)] : findings;
    if (refused.length > 0) {
      await abandon();
      throw new LiveError(refused);
    }
    return { abandon, broken, commit: () => this.takeTurns(wanted, staged) };
  }

  async invoke(fn: LambdaFunction, payload: unknown, timeoutMs: number, replica?: ReplicaPlace): Promise<Invocation> {
    const started = this.started.get(replica === undefined ? fn.arn : poolKey(replica));
    // What was under way when the function went, and comes to it only now.
    if (started === undefined) return GONE;
    const text = JSON.stringify(payload) ?? 'null';
    if (Buffer.byteLength(text) > PAYLOAD_BYTES_MAX) return { kind: 'too-large' };
    return await started.pool.invoke(text, timeoutMs);
  }

  async call(fn: LambdaFunction, payload: unknown, timeoutMs: number): Promise<FunctionCall> {
    const key = fn.arn;
    const [finding] = this.started.has(key) ? [] : await (this.startingLate.get(key) ?? this.startLate(key, fn));
    const started = this.started.get(key);
    if (finding !== undefined || started === undefined) {
      const errorMessage = finding?.says ?? 'The function is not there any more';
      return { invocation: { kind: 'failed', errorType: 'Runtime.ExitError', errorMessage }, log: '' };
    }
    const before = started.log.bytesWritten;
    const invocation = await this.invoke(fn, payload, timeoutMs);
    return { invocation, log: await started.log.since(before) };
  }

  private startLate(key: string, fn: LambdaFunction): Promise<readonly Finding[]> {
    const staged = new Map<string, Started>();
    const starting = this.startAll([[key, fn]], staged)
      .then(async ({ findings, broken }) => {
        await broken;
        const started = staged.get(key);
        if (started !== undefined) this.started.set(key, started);
        return findings;
      })
      .finally(() => this.startingLate.delete(key));
    this.startingLate.set(key, starting);
    return starting;
  }

  async close(): Promise<void> {
    await Promise.all(this.startingLate.values());
    const all = [...this.started.values()];
    this.started.clear();
    await Promise.all(all.map((each) => this.end(each, (pool) => pool.close())));
    await Promise.all([...this.retiring].map(async ([pool, end]) => await Promise.all([pool.close(), end])));
    await this.clear();
  }

  private takeTurns(wanted: ReadonlyMap<string, LambdaFunction>, staged: ReadonlyMap<string, Started>): void {
    for (const [key, before] of this.started) {
      if (wanted.has(key) && !staged.has(key)) continue;
      this.started.delete(key);
      const { pool } = before;
      this.retiring.set(
        pool,
        this.end(before, (each) => each.retire()).finally(() => this.retiring.delete(pool)),
      );
    }
    for (const [key, started] of staged) this.started.set(key, started);
  }

  private async end({ pool, log, folder }: Started, how: (pool: FunctionPool) => Promise<void>): Promise<void> {
    await how(pool);
    await log.close();
    await rm(folder, { recursive: true, force: true });
  }

  /** Makes all ready to start, and starts them: a few at a time, or whenever one is invoked before its turn. */
  private async startAll(
    functions: readonly (readonly [key: string, fn: LambdaFunction])[],
    staged: Map<string, Started>,
  ): Promise<{ readonly findings: readonly Finding[]; readonly broken: Promise<readonly Finding[]> }> {
    const first = this.count;
    this.count += functions.length;
    const met = await atATime(functions, async ([key, fn], index) => {
      const made = await this.make(fn, first + index);
      if ('pool' in made) staged.set(key, made);
      return { fn, made };
    });
    const findings = met.flatMap(({ made }) => ('pool' in made ? [] : [made]));
    const broken = atATime(met, async ({ fn, made }) => {
      const failure = 'pool' in made ? await made.pool.warm() : undefined;
      if (failure === undefined || !('pool' in made)) return [];
      // One that may take longer than a start ahead of an invocation has another chance within one (RS 4.22).
      const mayStartLater = failure.errorType === 'Sandbox.Timedout' && fn.timeoutSeconds * 1000 > INIT_MS_MAX;
      return mayStartLater ? [] : [initFailure(fn, failure, made.log.file)];
    });
    return { findings, broken: broken.then((each) => each.flat()) };
  }

  private get codeFolder(): string {
    return join(this.stateDirectory, 'code');
  }

  /** All that a function needs to start; a finding when it cannot be run here. */
  private async make(fn: LambdaFunction, number: number): Promise<Started | Finding> {
    const language = languageOf(fn);
    if (language === undefined) return unsupportedRuntime(fn);
    if (language === 'python' && !(await hasPython())) return withoutPython(fn);
    // Two functions may have one name in two Regions, and one function more than one turn; the number keeps them apart.
    const name = `${number}-${fn.region}-${fn.name}`.replaceAll(/[^\w.-]/g, '_').slice(0, 120);
    const folder = join(this.codeFolder, name);
    const root = await placeCode(fn, folder).catch((error: unknown) => unplacedCode(fn, error));
    if (root === undefined) return packedCode(fn);
    if (typeof root === 'object') return root;
    const log = await FunctionLog.open(join(this.stateDirectory, 'logs', `${name}.log`));
    const pool = new FunctionPool({ function: fn, root, log, surroundings: this.surroundings }, this.speed);
    return { pool, log, folder, makeup: makeupOf(fn) };
  }
}

/** Does something with each, with a few at a time. */
async function atATime<T, R>(all: readonly T[], work: (one: T, index: number) => Promise<R>): Promise<readonly R[]> {
  const left = all.entries();
  const results: R[] = [];
  const workOn = async (): Promise<void> => {
    for (const [index, one] of left) results[index] = await work(one, index);
  };
  await Promise.all(Array.from({ length: STARTS_MAX }, workOn));
  return results;
}

const GONE: Invocation = {
  kind: 'failed',
  errorType: 'Runtime.ExitError',
  errorMessage: 'Error: The function is not there any more',
};

/** What a function is, wherever its template says it. */
function makeupOf({ place: _place, ...fn }: LambdaFunction): string {
  return JSON.stringify(fn);
}

/** A copy is not the version that it is of. */
function poolKey({ region, versionArn }: ReplicaPlace): string {
  return `${versionArn} ${region}`;
}

function unsupportedRuntime(fn: LambdaFunction): Finding {
  return {
    code: 'live/unsupported-runtime',
    ...about(fn),
    says: `${titleOf(fn)} has the runtime ${fn.runtime || '(none)'}; the local world runs functions of Node.js and Python.`,
    remedy: 'Run the drill with `--in sim`, where a declared model stands for the function.',
  };
}

/** Whether this machine has a Python; asked once. */
async function hasPython(): Promise<boolean> {
  foundPython ??= new Promise((resolve) => {
    execFile(PYTHON, ['--version'], { env: { PATH } }, (error) => resolve(error === null));
  });
  return await foundPython;
}

let foundPython: Promise<boolean> | undefined;

function withoutPython(fn: LambdaFunction): Finding {
  return {
    code: 'live/unsupported-runtime',
    ...about(fn),
    says: `${titleOf(fn)} has the runtime ${fn.runtime}, and there is no ${PYTHON} on this machine (looked for in ${PATH}).`,
    remedy:
      'Install Python 3.8 or newer, or run the drill with `--in sim`, where a declared model stands for the function.',
  };
}

function packedCode(fn: LambdaFunction): Finding {
  const path = fn.code.kind === 'archive' ? fn.code.path : '';
  return {
    code: 'live/function-init',
    ...about(fn),
    says: `The code of ${lowerFirst(titleOf(fn))} is the archive ${path}; the local world does not unpack archives yet.`,
    remedy: 'Name the folder with the code instead of the archive, or run the drill with `--in sim`.',
  };
}

function unplacedCode(fn: LambdaFunction, error: unknown): Finding {
  return {
    code: 'live/function-init',
    ...about(fn),
    says: `The code of ${lowerFirst(titleOf(fn))} cannot be put where it runs: ${error instanceof Error ? error.message : String(error)}`,
    remedy: 'See whether its folder is there and can be read, and whether the disk has room.',
  };
}

function initFailure(fn: LambdaFunction, { errorType, errorMessage }: FunctionFailure, logFile: string): Finding {
  const handler = `handler ${fn.handler}`;
  const code = fn.code.kind === 'inline' ? 'inline code' : `code in ${fn.code.path}`;
  return {
    code: 'live/function-init',
    ...about(fn),
    says: `${titleOf(fn)} does not start (${handler}, ${code}): ${errorType}: ${errorMessage.split('\n')[0] ?? ''}`,
    remedy: remedyOf(errorType, errorMessage, logFile),
    facts: ['RS 4.8'],
  };
}

/** The managed runtimes bring AWS's SDK with them; this one finds it only beside or above the code. */
function remedyOf(errorType: string, errorMessage: string, logFile: string): string {
  const missing = /Cannot find (?:module|package) '((?:@aws-sdk|@smithy)\/[^']+)'/.exec(errorMessage)?.[1];
  if (missing !== undefined)
    return `Install ${missing} beside the code: Lambda's own runtime brings it, the local one does not.`;
  if (errorType === 'Runtime.ImportModuleError' || errorType === 'Runtime.HandlerNotFound') {
    return `Check the Handler property against the file and what it exports. What the function wrote is in ${logFile}.`;
  }
  return `What the function wrote is in ${logFile}.`;
}

function about({ place }: LambdaFunction): Pick<Finding, 'weight' | 'place'> {
  return { weight: 'error', ...(place === undefined ? {} : { place }) };
}

function titleOf({ logicalId, stack, region }: LambdaFunction): string {
  return `Function ${logicalId} of stack ${stack} in ${region}`;
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
