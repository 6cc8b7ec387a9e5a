import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Plan, TimelineEvent } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import type { Expectation, Report } from '../drill/index.ts';
import { decodeTimeline, encodeEvent, heardProbes, renderHtml, renderJunit, renderReportJson } from '../drill/index.ts';
import { UserError } from './user-error.ts';

/** Lines kept back until they are written together; what a killed run can lose at most. */
const LINES_TOGETHER = 200;

/** What a drill leaves in its directory, beside the report: enough to measure it again. */
export interface Recorded {
  readonly plan: Plan;
  readonly expectations: readonly Expectation[];
}

/** The timeline of a run on disk, written as it happens, append-only. */
export class Recording {
  readonly directory: string;
  private readonly file: number;
  private waiting: string[] = [];
  private readonly together: number;

  /** @param together lines written at once: 1 keeps everything even of a killed run, more is quicker. */
  constructor(directory: string, recorded: Recorded, together: 'each' | 'many') {
    this.directory = directory;
    this.together = together === 'each' ? 1 : LINES_TOGETHER;
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'drill.json'), `${JSON.stringify(recorded, null, 2)}\n`);
    this.file = openSync(join(directory, 'timeline.jsonl'), 'w');
  }

  add(event: TimelineEvent): void {
    this.waiting.push(encodeEvent(event));
    if (this.waiting.length >= this.together) this.flush();
  }

  close(): void {
    this.flush();
    closeSync(this.file);
  }

  private flush(): void {
    if (this.waiting.length === 0) return;
    writeSync(this.file, `${this.waiting.join('\n')}\n`);
    this.waiting = [];
  }
}

/** Writes everything that is made from the measures. */
export function writeReport(directory: string, report: Report): void {
  writeFileSync(join(directory, 'report.json'), renderReportJson(report));
  writeFileSync(join(directory, 'report.html'), renderHtml(report));
  writeFileSync(join(directory, 'junit.xml'), renderJunit(report));
}

/** Reads a directory that a drill wrote; a timeline that breaks off is read as far as it goes. */
export function readRecording(
  directory: string,
): Recorded & { readonly events: readonly TimelineEvent[]; readonly brokenLine: number | undefined } {
  const recorded = JSON.parse(readText(directory, 'drill.json')) as Recorded;
  const { events, brokenLine } = decodeTimeline(readText(directory, 'timeline.jsonl'));
  const { plan } = recorded;
  // A world that is up until somebody ends it was planned as far as it has come.
  if (plan.end !== NEVER) return { ...recorded, events, brokenLine };
  const end = events.at(-1)?.at ?? plan.end;
  return { ...recorded, plan: { ...plan, end, probes: heardProbes(events) }, events, brokenLine };
}

function readText(directory: string, name: string): string {
  const file = join(directory, name);
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const says = `${file} cannot be read, so there is no run here to report on.`;
    throw new UserError([
      {
        code: 'drill/no-recording',
        weight: 'error',
        says,
        remedy: 'Name the directory that firedrill drill wrote into (--out).',
      },
    ]);
  }
}
