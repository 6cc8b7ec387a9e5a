import type { Report } from '../report.ts';
import { lengthOfMs } from '../words.ts';
import { renderBackdrop } from './backdrop.ts';
import type { Columns } from './columns.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { axisSeconds, round } from './time-axis.ts';

const HEIGHT = 60;

/** The range of the logarithmic scale, the same for all charts of a page: whole powers of ten, in milliseconds. */
export interface TimeScale {
  readonly lowest: number;
  readonly highest: number;
}

/** The scale that holds all times to first byte of a report. */
export function timeScaleOf(report: Report): TimeScale {
  const figures = report.measures.streams.flatMap(({ series }) => [
    ...(series?.ttfbMinMs ?? []),
    ...(series?.ttfbMaxMs ?? []),
  ]);
  let [least, most] = [Infinity, 0];
  for (const ms of figures) {
    if (ms === null) continue;
    least = Math.min(least, ms);
    most = Math.max(most, ms);
  }
  const lowest = Math.max(0, Math.floor(Math.log10(Math.max(1, Math.min(least, 1e9)))));
  return { lowest, highest: Math.max(lowest + 1, Math.ceil(Math.log10(Math.max(1, most)))) };
}

/** Time to first byte over time, on a logarithmic scale: the mean as a dash, red where all failed, the range as a bar. */
export function renderTtfb(report: Report, columns: Columns, scale: TimeScale, title: string): Markup {
  const width = round(axisSeconds(report) / columns.seconds);
  const y = (ms: number): number => {
    const share = (Math.log10(Math.max(ms, 10 ** scale.lowest)) - scale.lowest) / (scale.highest - scale.lowest);
    return round(HEIGHT - share * HEIGHT);
  };
  const dashes = { good: '', bad: '' };
  let bars = '';
  for (const [index, { ttfb, sent, failed }] of columns.list.entries()) {
    if (ttfb === undefined || index >= width) continue;
    dashes[failed === sent ? 'bad' : 'good'] += `M${index} ${y(ttfb.meanMs)}h1`;
    const [top, bottom] = [y(ttfb.maxMs), y(ttfb.minMs)];
    if (bottom - top > 0.5) bars += `M${index} ${top}h1V${bottom}h-1z`;
  }
  const decades = Array.from({ length: scale.highest - scale.lowest + 1 }, (_, index) => 10 ** (scale.lowest + index));
  const lines = decades.map((ms) => `M0 ${y(ms)}H${width}`).join('');
  return html`<svg
      class="ttfb"
      viewBox="0 0 ${width} ${HEIGHT}"
      preserveAspectRatio="none"
      role="img"
      aria-label="${title}"
    >
      ${renderBackdrop(report, width, HEIGHT)}
      <path class="grid" d="${lines}" />
      ${bars === '' ? NOTHING : html`<path class="range" d="${bars}" />`}
      <path class="mean" d="${dashes.good}" />
      <path class="mean bad" d="${dashes.bad}" /></svg
    >${decades.map(
      (ms, index) =>
        html`<span
          class="${index % 2 === decades.length % 2 ? 'decade odd' : 'decade'}"
          style="bottom:${round((index / (decades.length - 1)) * 100)}%"
          >${lengthOfMs(ms).replace('.0', '')}</span
        >`,
    )}`;
}
