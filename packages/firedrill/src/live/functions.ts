import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Finding, LambdaFunction } from '../model/index.ts';
import { assert } from '../model/index.ts';
import type { Invocation, Replica, ReplicaPlace } from '../engine/index.ts';
import { copyOf, versionIn } from '../engine/index.ts';
import { placeCode } from './function-code.ts';
import { languageOf, PATH, PYTHON } from './function-environment.ts';
import { FunctionLog } from './function-log.ts';
import { FunctionPool } from './function-pool.ts';
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
}

/** The user's functions, running. */
export interface Functions {
  /**
   * Runs a function of the world once. Never rejects: errors of the function are part of the answer.
   * @param timeoutMs in the world's time; on the wall it is shorter by the speed, down to a quarter of a second.
   * @param replica which copy; the function itself unless given.
   */
  invoke(fn: LambdaFunction, payload: unknown, timeoutMs: number, replica?: ReplicaPlace): Promise<Invocation>;
  /** Ends every process of every function, and what these started. */
  close(): Promise<void>;
}

/** Functions that start at a time. */
const STARTS_MAX = 4;

/**
 * Starts one process of each function, so that mistakes show before anything runs.
 * @throws LiveError with a finding for each function that does not start; nothing is left running then.
 */
export async function openFunctions(options: FunctionsOptions): Promise<Functions> {
  const running = new RunningFunctions(options);
  const copies = (options.replicas ?? []).map((replica) => copyOf(replica.function, replica));
  const findings = await running.start([...options.functions, ...copies]);
  if (findings.length === 0) return running;
  await running.close();
  throw new LiveError(findings);
}

class RunningFunctions implements Functions {
  private readonly stateDirectory: string;
  private readonly speed: number;
  private readonly pools = new Map<string, FunctionPool>();
  private readonly logs: FunctionLog[] = [];

  constructor({ stateDirectory, speed }: FunctionsOptions) {
    this.stateDirectory = resolve(stateDirectory);
    this.speed = speed;
  }

  async start(functions: readonly LambdaFunction[]): Promise<Finding[]> {
    // What a run left behind that was killed.
    await rm(this.codeFolder, { recursive: true, force: true });
    const left = functions.entries();
    const findings: (Finding | undefined)[] = [];
    const startSome = async (): Promise<void> => {
      for (const [index, fn] of left) findings[index] = await this.startOne(fn, index);
    };
    await Promise.all(Array.from({ length: STARTS_MAX }, startSome));
    return findings.filter((finding) => finding !== undefined);
  }

  async invoke(fn: LambdaFunction, payload: unknown, timeoutMs: number, replica?: ReplicaPlace): Promise<Invocation> {
    const pool = this.pools.get(replica === undefined ? fn.arn : poolKey(replica));
    assert(pool !== undefined, `the function ${fn.arn} was opened`);
    const text = JSON.stringify(payload) ?? 'null';
    if (Buffer.byteLength(text) > PAYLOAD_BYTES_MAX) return { kind: 'too-large' };
    return await pool.invoke(text, timeoutMs);
  }

  async close(): Promise<void> {
    await Promise.all([...this.pools.values()].map((pool) => pool.close()));
    await Promise.all(this.logs.splice(0).map((log) => log.close()));
    await rm(this.codeFolder, { recursive: true, force: true });
  }

  private get codeFolder(): string {
    return join(this.stateDirectory, 'code');
  }

  private async startOne(fn: LambdaFunction, index: number): Promise<Finding | undefined> {
    const language = languageOf(fn);
    if (language === undefined) return unsupportedRuntime(fn);
    if (language === 'python' && !(await hasPython())) return withoutPython(fn);
    // Two functions may have one name in two Regions; the index keeps odd names apart.
    const name = `${index}-${fn.region}-${fn.name}`.replaceAll(/[^\w.-]/g, '_').slice(0, 120);
    const root = await placeCode(fn, join(this.codeFolder, name));
    if (root === undefined) return packedCode(fn);
    const log = await FunctionLog.open(join(this.stateDirectory, 'logs', `${name}.log`));
    this.logs.push(log);
    const pool = new FunctionPool({ function: fn, root, log }, this.speed);
    this.pools.set(isCopy(fn) ? poolKey({ region: fn.region, versionArn: fn.arn }) : fn.arn, pool);
    const failure = await pool.warm();
    return failure === undefined ? undefined : initFailure(fn, failure, log.file);
  }
}

function isCopy({ arn }: LambdaFunction): boolean {
  return versionIn(arn) !== undefined;
}

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
