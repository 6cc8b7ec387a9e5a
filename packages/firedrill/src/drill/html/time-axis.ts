import { html, type Markup } from './markup.ts';
import type { Report } from '../report.ts';

/** Steps between ticks, in seconds. */
const STEPS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/** Ticks at most; every other one is hidden where space is short. */
const TICKS_MAX = 9;

/** How long the time axis of a report is: the drill, or what a run that did not finish had of it. */
export function axisSeconds({ drill, measures: { run } }: Report): number {
  return Math.max(
    1,
    run.ended === 'finished' && drill.seconds < 366 * 86_400 ? drill.seconds : Math.min(drill.seconds, run.end),
  );
}

/** Moments of the ticks, in seconds. */
export function ticksOf(seconds: number): readonly number[] {
  const step = STEPS.find((candidate) => seconds / candidate <= TICKS_MAX) ?? Math.ceil(seconds / TICKS_MAX);
  return Array.from({ length: Math.floor(seconds / step) + 1 }, (_, index) => index * step);
}

/** A moment as a tick says it: `1:30`, or `2:05:00` from an hour on. */
function tickLabel(seconds: number): string {
  const pad = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const minutesAndSeconds = `${pad((seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return seconds < 3600 ? minutesAndSeconds.replace(/^0/, '') : `${Math.floor(seconds / 3600)}:${minutesAndSeconds}`;
}

/** A share of the axis as per cent, for positions in a style. */
export function positionOf(at: number, seconds: number): string {
  return `${round((Math.min(Math.max(at, 0), seconds) / seconds) * 100)}%`;
}

/** Hundredths are finer than a pixel. */
export function round(value: number): number {
  return Math.round(value * 100) / 100;
}

/** The line of tick labels above or below the lanes. */
export function renderAxis(seconds: number): Markup {
  const ticks = ticksOf(seconds);
  return html`<div class="lane axis" aria-hidden="true">
    <div class="label">time since the start</div>
    <div class="plot">
      ${ticks.map(
        (tick, index) =>
          html`<span class="${index % 2 === 1 ? 'tick odd' : 'tick'}" style="left:${positionOf(tick, seconds)}"
            >${tickLabel(tick)}</span
          >`,
      )}<span class="readout"></span>
    </div>
  </div>`;
}
