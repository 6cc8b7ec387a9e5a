import type { Figures, StreamMeasures } from '../measures.ts';
import type { Report } from '../report.ts';
import { length, lengthOfMs, percent } from '../words.ts';
import { html, type Markup } from './markup.ts';

/** The streams side by side: what the next pattern would have given. */
export function renderComparison(report: Report, classes: ReadonlyMap<string, string>): Markup {
  const { streams } = report.measures;
  const longest = Math.max(1, ...streams.map((stream) => stream.outage?.seconds ?? 0));
  return html`<div class="scroll">
    <table class="cards comparison">
      <thead>
        <tr>
          <th scope="col">Requests</th>
          <th scope="col" class="wide">Outage</th>
          <th scope="col" class="number">Failed</th>
          <th scope="col" class="number">Available</th>
          <th scope="col" class="number">Recovery</th>
          <th scope="col" class="number">TTFB p50</th>
          <th scope="col" class="number">p99</th>
          <th scope="col" class="number">max</th>
          <th scope="col">Answered by</th>
        </tr>
      </thead>
      <tbody>
        ${streams.map((stream) => renderRow(stream, longest, classes))}
      </tbody>
    </table>
  </div>`;
}

function renderRow(stream: StreamMeasures, longest: number, classes: ReadonlyMap<string, string>): Markup {
  const { ttfb } = stream;
  const times = [
    ['TTFB p50', ttfb?.p50Ms],
    ['TTFB p99', ttfb?.p99Ms],
    ['TTFB max', ttfb?.maxMs],
  ] as const;
  return html`<tr>
    <th scope="row">${stream.method} <span class="probe">${stream.probe}</span></th>
    <td class="wide">${renderOutage(stream, longest)}</td>
    <td class="number" data-label="failed">
      ${stream.failed.toLocaleString('en-US')} <span class="muted">of ${stream.sent.toLocaleString('en-US')}</span>
    </td>
    <td class="number" data-label="available">${stream.availability === null ? '–' : percent(stream.availability)}</td>
    <td class="number" data-label="recovery">${recoveryInWords(stream)}</td>
    ${times.map(
      ([label, ms]) => html`<td class="number" data-label="${label}">${ms === undefined ? '–' : lengthOfMs(ms)}</td>`,
    )}
    <td>${renderEndpoints(stream, classes)}</td>
  </tr>`;
}

function renderOutage({ sent, outage }: Figures, longest: number): Markup {
  if (sent === 0) return html`<span class="muted">nothing sent</span>`;
  if (outage === null) return html`<span class="none">none</span>`;
  const width = Math.max(1, Math.round((outage.seconds / longest) * 100));
  return html`<span class="meter" aria-hidden="true"><span style="width:${width}%"></span></span
    ><b>${length(outage.seconds)}</b>${outage.ongoing ? ' and not over' : ''}`;
}

function recoveryInWords({ faults }: Figures): string {
  const all = faults.map((fault) => fault.recovery);
  if (all.some((recovery) => recovery.kind === 'not-recovered')) return 'never';
  const seconds = all.flatMap((recovery) => (recovery.kind === 'recovered' ? [recovery.seconds] : []));
  return seconds.length === 0 ? '–' : length(Math.max(...seconds));
}

function renderEndpoints({ endpoints }: Figures, classes: ReadonlyMap<string, string>): Markup {
  const good = endpoints.filter(({ succeeded }) => succeeded > 0);
  if (good.length === 0) return html`<span class="muted">nobody</span>`;
  return html`${good.map(
    ({ endpoint, succeeded }) =>
      html`<span class="who"
        ><span class="swatch ${classes.get(endpoint) ?? 'edge'}"></span>${endpoint || 'unknown'}
        <span class="muted">${succeeded.toLocaleString('en-US')}</span></span
      > `,
  )}`;
}
