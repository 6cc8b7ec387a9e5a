import type { Report } from '../report.ts';
import { clock, list } from '../words.ts';
import { renderBackdrop } from './backdrop.ts';
import { type Columns, type Stretch, stretchesOf } from './columns.ts';
import { html, type Markup } from './markup.ts';
import { axisSeconds, round } from './time-axis.ts';

/** Heights in the units of the strip's box: failures rise above the line that successes keep to. */
const HEIGHT = 40;
const LINE = 12;

/**
 * Success and failure over time. A success is a bar below the line, in the colour of who answered; a failure
 * is red and rises above the line, so that it is seen without colours as well.
 */
export function renderStrip(
  report: Report,
  columns: Columns,
  classes: ReadonlyMap<string, string>,
  title: string,
): Markup {
  const width = axisSeconds(report) / columns.seconds;
  const paths = new Map<string, string>();
  const draw = (colour: string, run: Run): void => {
    const d = `M${run.start} ${run.top}h${round(Math.min(run.end, width) - run.start)}v${round(run.bottom - run.top)}H${run.start}z`;
    paths.set(colour, (paths.get(colour) ?? '') + d);
  };
  for (const run of runsOf(columns, classes)) draw(run.colour, run);
  const text = `${title}. ${stretchesInWords(stretchesOf(columns))}`;
  return html`<svg
    class="strip"
    viewBox="0 0 ${round(width)} ${HEIGHT}"
    preserveAspectRatio="none"
    role="img"
    aria-label="${text}"
  >
    ${renderBackdrop(report, round(width), HEIGHT)}${[...paths]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([colour, d]) => html`<path class="${colour}" d="${d}" />`)}
  </svg>`;
}

interface Run {
  readonly colour: string;
  readonly start: number;
  readonly end: number;
  readonly top: number;
  readonly bottom: number;
}

/** Rectangles of one colour and height, as long as they go on. */
function runsOf({ list: columns }: Columns, classes: ReadonlyMap<string, string>): readonly Run[] {
  const runs: Run[] = [];
  let open: Run[] = [];
  for (const [index, column] of columns.entries()) {
    const boxes = boxesOf(column, classes);
    const isSame =
      boxes.length === open.length &&
      boxes.every(
        (box, at) => box.colour === open[at]?.colour && box.top === open[at]?.top && box.bottom === open[at]?.bottom,
      );
    if (isSame) {
      open = open.map((run) => ({ ...run, end: index + 1 }));
    } else {
      runs.push(...open);
      open = boxes.map((box) => ({ ...box, start: index, end: index + 1 }));
    }
  }
  return [...runs, ...open];
}

function boxesOf(
  column: Columns['list'][number],
  classes: ReadonlyMap<string, string>,
): readonly Pick<Run, 'colour' | 'top' | 'bottom'>[] {
  if (column.sent === 0) return [];
  const boxes: Pick<Run, 'colour' | 'top' | 'bottom'>[] = [];
  let top = column.failed > 0 ? 0 : LINE;
  if (column.failed > 0) {
    // Even one failure among thousands shows above the line and a little below it.
    const bottom = LINE + Math.max(3, (HEIGHT - LINE) * (column.failed / column.sent));
    boxes.push({ colour: 'failed', top: 0, bottom: round(Math.min(HEIGHT, bottom)) });
    top = round(Math.min(HEIGHT, bottom));
  }
  const good = column.succeeded.reduce((sum, { number }) => sum + number, 0);
  const room = HEIGHT - top;
  for (const { endpoint, number } of column.succeeded) {
    const bottom = round(Math.min(HEIGHT, top + room * (number / good)));
    if (bottom > top) boxes.push({ colour: classes.get(endpoint) ?? 'edge', top, bottom });
    top = bottom;
  }
  return boxes;
}

/** Stretches that are read aloud; more are summed up. */
const STRETCHES_SPOKEN = 8;

function stretchesInWords(stretches: readonly Stretch[]): string {
  const spoken = stretches
    .slice(0, STRETCHES_SPOKEN)
    .map((stretch) => `${clock(stretch.start)} to ${clock(stretch.end)}: ${outcomeInWords(stretch)}`);
  const rest = stretches.length - STRETCHES_SPOKEN;
  return `${spoken.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}.`;
}

/** What became of a stretch, as `all 71 failed` or `answered by eu-west-1`. */
export function outcomeInWords({ requests, failed, endpoints }: Stretch): string {
  const by =
    endpoints.length === 0 ? '' : `answered by ${list(endpoints.map((endpoint) => endpoint || 'an unknown endpoint'))}`;
  if (failed === 0) return by;
  if (failed === requests) return requests === 1 ? 'it failed' : `all ${requests.toLocaleString('en-US')} failed`;
  return `${failed.toLocaleString('en-US')} of ${requests.toLocaleString('en-US')} failed, the others ${by}`;
}
