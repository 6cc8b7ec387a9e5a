import type { Figures, PopulationMeasures, StreamMeasures } from './measures.ts';
import type { Report } from './report.ts';
import { clock, length, lengthOfMs, percent } from './words.ts';

/** How wide the table is at most. */
const WIDTH = 100;

/** The outcome for a terminal: plain text, no colours, at most 100 columns. */
export function renderTable(report: Report): string {
  const { drill, measures, verdict } = report;
  const { run } = measures;
  const lines = [
    cutTo(`${drill.name}: ${runInWords(report)}`, WIDTH),
    ...measures.faults.map((fault) =>
      cutTo(
        `Fault ${fault.name}: ${fault.says}, ${clock(fault.start)} to ${fault.end === null ? 'the end' : clock(fault.end)}.`,
        WIDTH,
      ),
    ),
    ...(run.ended === 'finished'
      ? []
      : [
          cutTo(
            `The run was ${run.ended === 'interrupted' ? 'interrupted' : 'cut off'} at ${clock(run.end)}; this is what it had measured by then.`,
            WIDTH,
          ),
        ]),
    '',
    ...streamTable(measures.streams),
    '',
    ...lossTable(measures.streams),
    ...populationTable(measures.populations ?? []),
    ...verdict.judgements.flatMap((judgement) =>
      wrap(`${judgement.passed ? 'pass' : 'FAIL'}  ${judgement.sentence}`, WIDTH, 6),
    ),
    verdictLine(report),
  ];
  return `${lines.join('\n')}\n`;
}

function runInWords({ measures: { run } }: Report): string {
  const driver = run.driver ?? 'unknown driver';
  const speed = run.driver === 'local' ? ` at speed ${run.speed}` : '';
  const code = run.functionCode === null ? '' : `, function code ${run.functionCode}`;
  return `${run.requests.toLocaleString('en-US')} requests over ${length(run.end)} in ${driver}${speed}, seed ${run.seed}${code}.`;
}

function streamTable(streams: readonly StreamMeasures[]): readonly string[] {
  const header = ['probe', 'method', 'sent', 'failed', 'available', 'outage', 'recovery', 'p50', 'p99', 'max'];
  const rows = streams.map((stream) => [
    stream.probe,
    stream.method,
    String(stream.sent),
    String(stream.failed),
    stream.availability === null ? '–' : percent(stream.availability),
    outageInWords(stream),
    recoveryInWords(stream),
    ...(stream.ttfb === null
      ? ['–', '–', '–']
      : [stream.ttfb.p50Ms, stream.ttfb.p99Ms, stream.ttfb.maxMs].map(lengthOfMs)),
  ]);
  return columns(header, rows, 2);
}

/** Where the seconds of each outage went; nothing when there was none. */
function lossTable(streams: readonly StreamMeasures[]): readonly string[] {
  const header = ['outage of', 'after', 'lost to', 'lost', 'ended by'];
  const rows = streams.flatMap((stream) =>
    stream.faults
      .filter((fault) => fault.outage !== null)
      .flatMap((fault) =>
        fault.segments.map((segment, index) => [
          index === 0 ? `${stream.method} ${stream.probe}` : '',
          index === 0 ? fault.fault : '',
          segment.kind,
          length(segment.seconds),
          index === fault.segments.length - 1 ? fault.ending : '',
        ]),
      ),
  );
  return rows.length === 0 ? [] : [...columns(header, rows, 3), ''];
}

/** How users left the place that a fault befell; nothing for drills without populations. */
function populationTable(populations: readonly PopulationMeasures[]): readonly string[] {
  const header = ['users of', 'left', 'after', 'half', '90 %', '99 %', 'all', 'stayed'];
  const rows = populations.flatMap(({ probe, faults }) =>
    faults.map(({ fault, home, clients, left, stayed }) => [
      `${probe} (${clients})`,
      home === '' ? 'no address' : home,
      fault,
      ...left.map(({ seconds }) => (seconds === null ? 'never' : length(seconds))),
      String(stayed),
    ]),
  );
  return rows.length === 0 ? [] : [...columns(header, rows, 3), ''];
}

function outageInWords({ outage }: Figures): string {
  if (outage === null) return 'none';
  return `${length(outage.seconds)}${outage.ongoing ? ' +' : ''}`;
}

function recoveryInWords({ faults }: Figures): string {
  const all = faults.map((fault) => fault.recovery);
  if (all.some((recovery) => recovery.kind === 'not-recovered')) return 'never';
  const seconds = all.flatMap((recovery) => (recovery.kind === 'recovered' ? [recovery.seconds] : []));
  return seconds.length === 0 ? '–' : length(Math.max(...seconds));
}

function verdictLine({ verdict: { passed, judgements } }: Report): string {
  if (judgements.length === 0) return 'Nothing was expected of this drill.';
  const failed = judgements.filter((judgement) => !judgement.passed).length;
  return passed
    ? `As expected: ${judgements.length === 1 ? 'it holds' : `all ${judgements.length} hold`}.`
    : `Not as expected: ${failed} of ${judgements.length} do not hold.`;
}

/** Aligned columns: the first ones to the left, figures to the right; the first gives way when space is short. */
function columns(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  textColumns: number,
): readonly string[] {
  const widths = header.map((title, index) => Math.max(title.length, ...rows.map((row) => row[index]?.length ?? 0)));
  const total = widths.reduce((sum, width) => sum + width + 2, -2);
  widths[0] = Math.max(5, (widths[0] ?? 0) - Math.max(0, total - WIDTH));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => {
        const width = widths[index] ?? 0;
        const text = cutTo(cell, width);
        return index < textColumns || (index === widths.length - 1 && textColumns === 3)
          ? text.padEnd(width)
          : text.padStart(width);
      })
      .join('  ')
      .trimEnd();
  return [line(header), ...rows.map(line)];
}

function cutTo(text: string, width: number): string {
  return text.length <= width ? text : `${text.slice(0, width - 1)}…`;
}

function wrap(text: string, width: number, indent: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = `${' '.repeat(indent)}${word}`;
    } else {
      line = line === '' && lines.length === 0 ? word : `${line} ${word}`;
    }
  }
  return [...lines, line].map((each) => cutTo(each, width));
}
