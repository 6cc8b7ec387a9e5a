import type { Figures, StreamMeasures } from '../measures.ts';
import type { Report } from '../report.ts';
import { clock, count, length, lengthOfMs } from '../words.ts';
import { type Columns, columnsFor, columnsOf, stretchesOf } from './columns.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { renderPopulation } from './population-chart.ts';
import { outcomeInWords, renderStrip } from './strip.ts';
import { renderTtfb, type TimeScale, timeScaleOf } from './ttfb-chart.ts';

/** Places that get a strip of their own. */
const PLACES_MAX = 8;

/** Rows of the table that stands for a strip. */
const ROWS_MAX = 60;

/** What users saw: for each stream a strip and its time to first byte, places below it, and the same as a table. */
export function renderStreams(report: Report, classes: ReadonlyMap<string, string>): Markup {
  const { streams } = report.measures;
  const strips = streams.reduce((sum, stream) => sum + 1 + shownPlaces(stream).length, 0);
  const columnsMax = columnsFor(strips);
  const scale = timeScaleOf(report);
  return html`${streams.map((stream) => renderStream({ report, classes, columnsMax, scale }, stream))}`;
}

interface Drawing {
  readonly report: Report;
  readonly classes: ReadonlyMap<string, string>;
  readonly columnsMax: number;
  readonly scale: TimeScale;
}

function shownPlaces(stream: StreamMeasures): StreamMeasures['places'] {
  return stream.places.filter((place) => place.series !== null).slice(0, PLACES_MAX);
}

function renderStream(drawing: Drawing, stream: StreamMeasures): Markup {
  const { report, classes, columnsMax, scale } = drawing;
  if (stream.series === null) return NOTHING;
  const columns = columnsOf(stream.series, columnsMax);
  // Users belong to a probe; all its methods share them.
  const isFirst = report.measures.streams.find(({ probe }) => probe === stream.probe) === stream;
  const name = `${stream.method} ${stream.probe}`;
  const slowest =
    stream.ttfb === null ? 'no answers' : `p50 ${lengthOfMs(stream.ttfb.p50Ms)}, max ${lengthOfMs(stream.ttfb.maxMs)}`;
  return html`<div class="stream">
    <div class="lane">
      <div class="label">
        <b>${stream.method} <span class="probe">${stream.probe}</span></b
        ><small>${summaryOf(stream)}</small>
      </div>
      <div class="plot h-strip">${renderStrip(report, columns, classes, `${name}: ${summaryOf(stream)}`)}</div>
    </div>
    ${isFirst ? renderPopulation(report, stream.probe, classes) : NOTHING}
    ${shownPlaces(stream).map((place) => renderPlace(drawing, name, place))}
    <div class="lane">
      <div class="label sub"><small>time to first byte</small><small>${slowest}</small></div>
      <div class="plot h-ttfb">${renderTtfb(report, columns, scale, `Time to first byte of ${name}: ${slowest}`)}</div>
    </div>
    ${renderTable(columns, name)}
  </div>`;
}

function renderPlace(
  { report, classes, columnsMax }: Drawing,
  name: string,
  place: StreamMeasures['places'][number],
): Markup {
  if (place.series === null) return NOTHING;
  const columns = columnsOf(place.series, columnsMax);
  return html`<div class="lane">
    <div class="label sub"><small>${place.place}: ${placeSummary(place)}</small></div>
    <div class="plot h-place">
      ${renderStrip(report, columns, classes, `${name} from ${place.place}: ${summaryOf(place)}`)}
    </div>
  </div>`;
}

function summaryOf({ sent, failed, outage }: Figures): string {
  if (sent === 0) return 'nothing was sent';
  if (outage === null) return `none of ${sent.toLocaleString('en-US')} failed`;
  return `${failed.toLocaleString('en-US')} of ${sent.toLocaleString('en-US')} failed, over ${length(outage.seconds)}${outage.ongoing ? ' and not over' : ''}`;
}

function placeSummary({ failed, outage }: Figures): string {
  return outage === null ? 'none failed' : `${failed.toLocaleString('en-US')} failed, ${length(outage.seconds)}`;
}

function renderTable(columns: Columns, name: string): Markup {
  const stretches = stretchesOf(columns);
  const rest = stretches.length - ROWS_MAX;
  return html`<details class="as-table">
    <summary>as a table</summary>
    <div class="scroll">
      <table>
        <caption>
          ${name}, by when requests were sent
        </caption>
        <thead>
          <tr>
            <th scope="col">from</th>
            <th scope="col">to</th>
            <th scope="col" class="number">requests</th>
            <th scope="col" class="number">failed</th>
            <th scope="col">outcome</th>
          </tr>
        </thead>
        <tbody>
          ${stretches.slice(0, ROWS_MAX).map(
            (stretch) =>
              html`<tr>
                <td>${clock(stretch.start)}</td>
                <td>${clock(stretch.end)}</td>
                <td class="number">${stretch.requests}</td>
                <td class="number">${stretch.failed}</td>
                <td>${outcomeInWords(stretch)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${rest > 0 ? html`<p class="muted">${count(rest, 'further row')} can be made from report.json.</p>` : NOTHING}
  </details>`;
}
