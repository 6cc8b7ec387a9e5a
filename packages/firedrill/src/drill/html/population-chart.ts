import type { PopulationMeasures } from '../measures.ts';
import type { Report } from '../report.ts';
import { count, length } from '../words.ts';
import { renderBackdrop } from './backdrop.ts';
import { html, type Markup } from './markup.ts';
import { axisSeconds, round } from './time-axis.ts';

/** Units of the box; stretched to the plot. */
const WIDTH = 2000;
const HEIGHT = 100;

/** The users of a probe by the endpoint that they would go to next, over time: the tail of a failover as a curve. */
export function renderPopulation(report: Report, probe: string, classes: ReadonlyMap<string, string>): Markup {
  const population = report.measures.populations?.find((each) => each.probe === probe);
  if (population === undefined || population.steps.length === 0) return html``;
  const seconds = axisSeconds(report);
  const names = [...new Set(population.steps.flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint)))];
  const inOrder = names.toSorted((left, right) => placeOf(classes, left) - placeOf(classes, right));
  const spoken = `Where the ${count(population.clients, 'user')} of ${probe} would go. ${leavingInWords(population)}`;
  return html`<div class="lane">
    <div class="label sub">
      <small>${count(population.clients, 'user')}, by where they would go next</small
      ><small>${leavingInWords(population)}</small>
    </div>
    <div class="plot h-users">
      <svg class="users" viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${spoken}">
        ${renderBackdrop(report, WIDTH, HEIGHT)}${areasOf(population, inOrder, seconds).map(
          ([endpoint, d]) => html`<path class="${classes.get(endpoint) ?? 'edge'}" d="${d}" />`,
        )}</svg
      ><span class="decade" style="bottom:0%">0 %</span><span class="decade odd" style="bottom:50%">50 %</span
      ><span class="decade" style="bottom:100%">100 %</span>
    </div>
  </div>`;
}

function placeOf(classes: ReadonlyMap<string, string>, endpoint: string): number {
  const index = [...classes.keys()].indexOf(endpoint);
  return index === -1 ? classes.size : index;
}

/** Stacked from the bottom: the outline of each endpoint's users, in steps. */
function areasOf(
  { steps, clients }: PopulationMeasures,
  names: readonly string[],
  seconds: number,
): readonly (readonly [string, string])[] {
  const x = (at: number): number => round((Math.min(at, seconds) / seconds) * WIDTH);
  const y = (number: number): number => round(HEIGHT - (number / Math.max(1, clients)) * HEIGHT);
  const below = steps.map(() => 0);
  return names.map((name) => {
    const bottoms = [...below];
    for (const [index, { endpoints }] of steps.entries()) {
      const own = endpoints.find(({ endpoint }) => endpoint === name)?.clients ?? 0;
      below[index] = (below[index] ?? 0) + own;
    }
    // One outline, there along the top and back along the bottom: pieces side by side would show their seams.
    const ends = steps.map((_, index) => x(steps[index + 1]?.at ?? seconds));
    const start = x(steps[0]?.at ?? 0);
    const top = ends.map((end, index) => `V${y(below[index] ?? 0)}H${end}`).join('');
    const bottom = ends
      .map((_, index) => `V${y(bottoms[index] ?? 0)}H${index === 0 ? start : ends[index - 1]}`)
      .toReversed()
      .join('');
    return [name, `M${start} ${y(bottoms[0] ?? 0)}${top}${bottom}z`] as const;
  });
}

/** As `left eu-west-1: 50 % after 66.0 s, 90 % after 94.0 s; 70 of 1,000 never`. */
function leavingInWords({ faults }: PopulationMeasures): string {
  return faults
    .map(({ home, clients, left, stayed }) => {
      const told = left.flatMap(({ percent: share, seconds }) =>
        seconds === null ? [] : [`${share === 100 ? 'all' : `${share} %`} after ${length(seconds)}`],
      );
      const rest =
        stayed === 0
          ? ''
          : `${told.length === 0 ? '' : '; '}${stayed.toLocaleString('en-US')} of ${clients.toLocaleString('en-US')} never`;
      return `left ${home || 'no address'}: ${told.join(', ')}${rest}`;
    })
    .join('. ');
}
