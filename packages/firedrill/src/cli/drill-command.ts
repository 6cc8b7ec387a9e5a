import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Architecture, Plan, Read, TimelineEvent } from '../model/index.ts';
import { hasErrors } from '../model/index.ts';
import type { Drill, Report } from '../drill/index.ts';
import {
  judge,
  Measurer,
  readDrill,
  renderReportJson,
  renderTable,
  reportOf,
  resolveDrill,
  tellModelledFunctions,
} from '../drill/index.ts';
import { startSimulation } from '../sim/index.ts';
import { EXIT, type ExitCode } from './exit-codes.ts';
import { loadWorld } from './load-world.ts';
import { withObjectFiles } from './planned-objects.ts';
import { Progress } from './progress.ts';
import { Recording, writeReport } from './recording.ts';
import { sandboxFor } from './sandbox-for.ts';
import { UserError } from './user-error.ts';

export interface DrillOptions {
  readonly file: string;
  readonly in: 'sim' | 'local';
  readonly seed?: string;
  readonly speed: number;
  readonly out?: string;
  readonly ports: 'fixed' | 'any' | 'aws';
  readonly queryLog?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Dues that a simulation does before it looks up for Ctrl-C. */
const DUES_AT_ONCE = 20_000;

/** `firedrill drill`: read, resolve, run, measure, judge, write, print. */
export async function drillCommand(options: DrillOptions): Promise<ExitCode> {
  const out = options.json === true ? process.stderr : process.stdout;
  if (options.quiet !== true) out.write(`firedrill: reading ${options.file}\n`);
  const drill = must(readDrill(options.file, await textOf(options.file)), out);
  const interruption = onInterrupt();
  const loaded = await loadWorld(drill, interruption.signal);
  try {
    const architecture = must(loaded, out);
    const resolved = must(withObjectFiles(must(resolveDrill(drill, architecture), out), drill, architecture), out);
    const plan = options.seed === undefined ? resolved : { ...resolved, seed: options.seed };
    if (options.in === 'sim' && options.quiet !== true)
      for (const { says } of tellModelledFunctions(architecture, plan)) out.write(`note: ${says}\n`);
    return await runAndReport({ options, drill, architecture, plan, out, signal: interruption.signal });
  } finally {
    await loaded.dispose();
    interruption.stop();
  }
}

interface Run {
  readonly options: DrillOptions;
  readonly drill: Drill;
  readonly architecture: Architecture;
  readonly plan: Plan;
  readonly out: NodeJS.WriteStream;
  readonly signal: AbortSignal;
}

/** Runs, measures, judges, writes and prints; whatever was recorded is reported, even when the run was cut short. */
async function runAndReport(run: Run): Promise<ExitCode> {
  const { options, drill, plan, out, signal } = run;
  const directory = options.out ?? join('out', drill.name);
  const progress = new Progress(plan, out, options.quiet === true);
  const recorded = { plan, expectations: drill.expectations };
  const measurer = new Measurer(plan);
  let recording: Recording | undefined;
  const sink = (event: TimelineEvent): void => {
    recording ??= new Recording(directory, recorded, options.in === 'sim' ? 'many' : 'each');
    recording.add(event);
    measurer.add(event);
    progress.add(event);
  };
  try {
    await drive(run, directory, sink, progress);
  } finally {
    progress.clear();
    recording?.close();
  }
  const measures = measurer.measures();
  const report = reportOf(plan, measures, judge(measures, drill.expectations));
  writeReport(directory, report);
  print(report, directory, options.json === true);
  if (signal.aborted) return EXIT.interrupted;
  return report.verdict.passed ? EXIT.asExpected : EXIT.verdictNo;
}

async function drive(
  { options, architecture, plan, signal }: Run,
  directory: string,
  sink: (event: TimelineEvent) => void,
  progress: Progress,
): Promise<void> {
  if (options.in === 'local') {
    const { runLocally } = await import('./run-locally.ts');
    const stateDirectory = join(directory, 'local');
    const say = (line: string): void => progress.say(line);
    const sandbox = await sandboxFor(architecture);
    await runLocally({
      ...(sandbox === undefined ? {} : { sandbox }),
      architecture,
      plan,
      sink,
      signal,
      say,
      speed: options.speed,
      ports: options.ports,
      stateDirectory,
      ...(options.queryLog === true ? { queryLog: join(directory, 'dns-queries.log') } : {}),
    });
    return;
  }
  const simulation = startSimulation(architecture, plan, sink, await sandboxFor(architecture));
  while (simulation.step(DUES_AT_ONCE)) {
    await turn();
    if (signal.aborted) break;
  }
  simulation.end(signal.aborted ? 'interrupted' : 'finished');
}

/** The value; errors among its findings end the command, warnings are counted: `firedrill check` tells them whole. */
function must<T>({ value, findings }: Read<T>, out: NodeJS.WriteStream): T {
  if (hasErrors(findings)) throw new UserError(findings);
  const warnings = findings.filter(({ weight }) => weight === 'warning');
  const [first] = warnings;
  if (first !== undefined) {
    const others = warnings.length === 1 ? '' : ` (and ${warnings.length - 1} more; firedrill check tells all)`;
    out.write(`warning: ${first.place?.file ?? ''}:${first.place?.line ?? ''}: ${first.says}${others}\n`);
  }
  return value;
}

async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    const says = `The drill file ${file} cannot be read.`;
    throw new UserError([
      {
        code: 'drill/no-file',
        weight: 'error',
        says,
        remedy: 'Name a file that exists, as examples/hybrid/drills/endpoint-5xx.yaml.',
      },
    ]);
  }
}

/** The first Ctrl-C ends the drill and keeps what there is; a second one ends at once. */
function onInterrupt(): { readonly signal: AbortSignal; readonly stop: () => void } {
  const controller = new AbortController();
  const interrupt = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  const stop = (): void => {
    process.off('SIGINT', interrupt);
    process.off('SIGTERM', interrupt);
  };
  return { signal: controller.signal, stop };
}

function print(report: Report, directory: string, asJson: boolean): void {
  if (asJson) {
    process.stdout.write(renderReportJson(report));
    return;
  }
  const page = relative(process.cwd(), join(directory, 'report.html'));
  process.stdout.write(`\n${renderTable(report)}\nThe whole story: ${page}\n`);
}
