import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import type { Invocation, Replica } from '../src/engine/index.ts';
import { type Functions, openFunctions } from '../src/live/functions.ts';
import { LiveError } from '../src/live/live-error.ts';
import { PROC_TABLE } from '../src/live/process-table.ts';
import type { LambdaFunction } from '../src/model/index.ts';
import { settles } from './settles.ts';

/*
 * Real functions in real processes, for tests; everything ends with the test that opened it.
 */

/** Longer than anything takes that comes to its end, on the busiest machine. */
export const LONG_MS = 600_000;

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

/** A folder that is gone after the test. */
export async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'firedrill-functions-'));
  opened.push(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

/** A Node function with inline code. */
export function functionOf(text: string, more: Partial<LambdaFunction> = {}): LambdaFunction {
  return {
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:api',
    name: 'api',
    region: 'eu-west-1',
    runtime: 'nodejs20.x',
    handler: 'index.handler',
    timeoutSeconds: 3,
    memoryMb: 128,
    environment: {},
    code: { kind: 'inline', text },
    stack: 'Primary',
    logicalId: 'Api',
    place: { file: 'template.yaml', line: 12, column: 3 },
    ...more,
  };
}

/** A folder of files as the code of a function. */
export async function folderOf(files: Readonly<Record<string, string>>): Promise<LambdaFunction['code']> {
  const path = join(await scratch(), 'code');
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(path, name, '..'), { recursive: true });
    await writeFile(join(path, name), text);
  }
  return { kind: 'directory', path };
}

/** One function, running. */
interface Opened {
  readonly functions: Functions;
  readonly stateDirectory: string;
  readonly fn: LambdaFunction;
  invoke(payload?: unknown, timeoutMs?: number): Promise<Invocation>;
}

/** Starts one function; it ends with the test. */
export async function open(fn: LambdaFunction, speed = 1): Promise<Opened> {
  const stateDirectory = await scratch();
  const functions = await openFunctions({ functions: [fn], stateDirectory, speed });
  opened.push(() => functions.close());
  return {
    functions,
    stateDirectory,
    fn,
    invoke: (payload = {}, timeoutMs = LONG_MS) => functions.invoke(fn, payload, timeoutMs),
  };
}

/** Starts functions of one world; they end with the test. */
export async function openAll(
  functions: readonly LambdaFunction[],
  replicas: readonly Replica[] = [],
): Promise<Functions> {
  const opening = await openFunctions({ functions, replicas, stateDirectory: await scratch(), speed: 1 });
  opened.push(() => opening.close());
  return opening;
}

/** Resolves when no living process has this id; one that ended and was not waited for counts as gone. */
export async function expectGone(pid: number): Promise<void> {
  expect(pid).toBeGreaterThan(1);
  expect(await settles(() => !isAlive(pid)), `process ${pid} lives on`).toBe(true);
}

/** Whether a process lives; one that ended and was not waited for does not. */
export function isAlive(pid: number): boolean {
  return PROC_TABLE.row(pid) !== undefined;
}

/** What one invocation of the inline code comes to. */
export async function outcome(
  text: string,
  payload: unknown = {},
  more: Partial<LambdaFunction> = {},
): Promise<Invocation> {
  const { invoke } = await open(functionOf(text, more));
  return await invoke(payload);
}

/** What is said about a function that does not start. */
export async function findingsOf(fn: LambdaFunction): Promise<LiveError['findings']> {
  const error = await open(fn).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(LiveError);
  return (error as LiveError).findings;
}

/** What an invocation comes to that returns this. */
export const returned = (payload: unknown): Invocation => ({
  kind: 'returned',
  payload,
  text: expect.any(String) as string,
});

/** Starts copies of one function in some Regions; they end with the test. */
export async function openCopies(
  fn: LambdaFunction,
  regions: readonly string[],
  versionArn: string,
): Promise<(region: string) => Promise<Invocation>> {
  const stateDirectory = await scratch();
  const replicas = regions.map((region) => ({ function: fn, region, versionArn }));
  const functions = await openFunctions({ functions: [], replicas, stateDirectory, speed: 1 });
  opened.push(() => functions.close());
  return (region) => functions.invoke(fn, {}, LONG_MS, { region, versionArn });
}
