import type { Report } from '../report.ts';
import { html, type Markup } from './markup.ts';
import { axisSeconds, round, ticksOf } from './time-axis.ts';

/** What every plot has behind it: the spans of faults and the lines of ticks, in a box of `width` by `height`. */
export function renderBackdrop(report: Report, width: number, height: number): Markup {
  const seconds = axisSeconds(report);
  const x = (at: number): number => round((Math.min(at, seconds) / seconds) * width);
  const faults = report.measures.faults.filter((fault) => fault.start < seconds);
  const ticks = ticksOf(seconds)
    .map((tick) => `M${x(tick)} 0V${height}`)
    .join('');
  return html`${faults.map(
      ({ start, end }) =>
        html`<rect
          class="fault-span"
          x="${x(start)}"
          y="0"
          width="${round(x(end ?? seconds) - x(start))}"
          height="${height}"
        />`,
    )}<path class="grid" d="${ticks}" />`;
}
