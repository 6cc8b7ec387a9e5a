import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { Finding, Read } from '../model/index.ts';
import { DEFAULT_ACCOUNT } from '../template/index.ts';
import { isFinding, kindOfPath, readJson, shown } from './files.ts';
import { readAssembly, type Sources } from './read-assembly.ts';

/** As long as an app may take to run. */
const APP_SECONDS_MAX = 120;

/** Characters of an app's error output that a finding shows: the end, where the reason stands. */
const OUTPUT_CHARS_MAX = 2000;

/** The Region an app sees as its default when nobody says one. */
const DEFAULT_REGION = 'us-east-1';

export interface AppOptions {
  /** Context over that of cdk.json and cdk.context.json. */
  readonly context: Readonly<Record<string, string>>;
  /** Region of stacks that leave theirs open, and the app's default Region. */
  readonly region?: string;
  /** Where the app writes its assembly; by default a new directory among the temporary ones. */
  readonly outDirectory?: string;
  /** Ends the app, and everything it started. */
  readonly signal?: AbortSignal;
  /** By default {@link APP_SECONDS_MAX}. */
  readonly timeoutSeconds?: number;
}

/** What a CDK app wrote. Code of functions lies in `directory`, which whoever asked for it removes in the end. */
export interface AppSources extends Sources {
  readonly directory: string;
}

const CONFIG = z.object({ app: z.string().optional(), context: z.record(z.string(), z.unknown()).optional() });

/**
 * Runs a CDK app as the CDK's own command does: the command of cdk.json, in its directory, with context and
 * output directory in the environment; then reads the assembly that it wrote. An app that fails is a finding.
 * Findings call its templates by where `cdk synth` writes the same: in `cdk.out` beside cdk.json.
 */
export async function readApp(directory: string, options: AppOptions): Promise<Read<AppSources>> {
  const config = readConfig(directory);
  if (isFinding(config)) return nothing(config);
  // Like the CDK's command, take a directory for an assembly that is there already.
  const ready = resolve(directory, config.app);
  if (kindOfPath(ready) === 'directory') {
    const { value, findings } = readAssembly(ready, regionOf(options));
    return { value: { ...value, directory: '' }, findings };
  }
  const out = options.outDirectory ?? (await mkdtemp(join(tmpdir(), 'firedrill-app-')));
  const failure = await run(config, { directory, out, options });
  if (failure !== undefined) {
    if (options.outDirectory === undefined) await rm(out, { recursive: true, force: true });
    return nothing(failure);
  }
  const { value, findings } = readAssembly(out, { ...regionOf(options), shownAs: join(directory, 'cdk.out') });
  return { value: { ...value, directory: out }, findings };
}

function nothing(finding: Finding): Read<AppSources> {
  return { value: { sources: [], directory: '' }, findings: [finding] };
}

function regionOf({ region }: AppOptions): { readonly region?: string } {
  return region === undefined ? {} : { region };
}

interface Config {
  readonly file: string;
  readonly app: string;
  readonly context: Readonly<Record<string, unknown>>;
}

function readConfig(directory: string): Config | Finding {
  const file = join(directory, 'cdk.json');
  const config = readJson(file);
  if (isFinding(config)) return config;
  const parsed = CONFIG.safeParse(config.value);
  const app = parsed.data?.app;
  if (app === undefined) {
    return failed(file, `${shown(file)} does not say how to run the app.`, 'Add it: `"app": "node app.js"`.');
  }
  const lookedUp = readJson(join(directory, 'cdk.context.json'));
  const kept = isFinding(lookedUp) ? undefined : z.record(z.string(), z.unknown()).safeParse(lookedUp.value).data;
  return { file, app, context: { ...kept, ...parsed.data?.context } };
}

function failed(file: string, says: string, remedy: string): Finding {
  return { code: 'app/failed', weight: 'error', place: { file: shown(file), line: 1, column: 1 }, says, remedy };
}

interface Run {
  readonly directory: string;
  readonly out: string;
  readonly options: AppOptions;
}

/** Undefined when the app ended well. */
async function run(config: Config, { directory, out, options }: Run): Promise<Finding | undefined> {
  const seconds = options.timeoutSeconds ?? APP_SECONDS_MAX;
  const { signal } = options;
  const isInterrupted = (): boolean => signal?.aborted === true;
  if (isInterrupted()) return interrupted(config);
  const child = spawn(config.app, {
    cwd: directory,
    shell: true,
    // A group of its own, so that what the command starts ends with it.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...environmentOf(config, out, options) },
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-OUTPUT_CHARS_MAX);
  };
  child.stderr.on('data', keep);
  child.stdout.on('data', keep);
  const end = (): void => killGroup(child.pid);
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    end();
  }, seconds * 1000);
  signal?.addEventListener('abort', end, { once: true });
  try {
    const exit = await new Promise<number | Error>((settle) => {
      child.once('error', settle);
      child.once('close', (code) => settle(code ?? -1));
    });
    if (isInterrupted()) return interrupted(config);
    if (late) return failed(config.file, `The app did not end within ${seconds} s: ${config.app}`, shownOutput(output));
    if (exit === 0) return undefined;
    const how = typeof exit === 'number' ? `ended with exit code ${exit}` : `could not be started (${exit.message})`;
    return failed(config.file, `The app ${how}: ${config.app}`, shownOutput(output));
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', end);
  }
}

function interrupted(config: Config): Finding {
  return failed(config.file, `The app was interrupted: ${config.app}`, 'Run it again.');
}

function shownOutput(output: string): string {
  const text = output.trim();
  return text === '' ? 'It wrote nothing. Run it by hand to see why.' : `It wrote:\n${text}`;
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

/** What the CDK's command tells an app. Its own validation is switched off: it takes seconds, and is not ours. */
function environmentOf({ context }: Config, out: string, options: AppOptions): Record<string, string> {
  return {
    CDK_OUTDIR: resolve(out),
    CDK_CONTEXT_JSON: JSON.stringify({
      'aws:cdk:enable-path-metadata': true,
      'aws:cdk:bundling-stacks': ['**'],
      ...context,
      ...options.context,
    }),
    CDK_DEFAULT_ACCOUNT: process.env['CDK_DEFAULT_ACCOUNT'] ?? DEFAULT_ACCOUNT,
    CDK_DEFAULT_REGION:
      options.region ?? process.env['CDK_DEFAULT_REGION'] ?? process.env['AWS_REGION'] ?? DEFAULT_REGION,
    CDK_VALIDATION: 'false',
    // A validation of ours in the app would say the same, and end the app instead of being told here.
    FIREDRILL_READS_APP: '1',
  };
}
