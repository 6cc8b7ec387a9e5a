import type { HealthCheckLane, NameLane } from '../measures.ts';
import type { Report } from '../report.ts';
import { clock } from '../words.ts';
import { renderBackdrop } from './backdrop.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { axisSeconds, positionOf, round } from './time-axis.ts';

/** Lanes of one kind that are drawn; the others stand in report.json. */
const LANES_MAX = 8;

/** Units across a lane; finer than a pixel on any screen. */
const WIDTH = 2000;

/** What happened in the world: faults, health checks, DNS answers, one lane each, on the common time axis. */
export function renderWorldLanes(report: Report, classes: ReadonlyMap<string, string>): Markup {
  const { faults, healthChecks, names } = report.measures;
  const changing = healthChecks.filter((check) => check.steps.length > 1);
  return html`${renderFaults(report)}${changing.slice(0, LANES_MAX).map((check) => renderHealthCheck(report, check))}${names
    .slice(0, LANES_MAX)
    .map((name) =>
      renderName(report, name, classes),
    )}${faults.length + changing.length + names.length === 0 ? html`<p class="muted">Nothing happened: no fault, no change of a health check, no changed DNS answer.</p>` : NOTHING}${hidden(changing.length + names.length - Math.min(changing.length, LANES_MAX) - Math.min(names.length, LANES_MAX))}`;
}

function hidden(number: number): Markup {
  return number <= 0 ? NOTHING : html`<p class="muted">${number} more lanes stand in report.json.</p>`;
}

function renderFaults(report: Report): Markup {
  const seconds = axisSeconds(report);
  return html`${report.measures.faults.slice(0, LANES_MAX).map(({ name, says, start, end }) => {
    const until = end ?? seconds;
    const spoken = `${says}, from ${clock(start)} ${end === null ? 'on, not healed' : `to ${clock(end)}`}`;
    return html`<div class="lane">
      <div class="label"><b>${name}</b><small>${says}</small></div>
      <div class="plot h-span">
        <svg viewBox="0 0 ${WIDTH} 20" preserveAspectRatio="none" role="img" aria-label="Fault ${name}: ${spoken}">
          ${renderBackdrop(report, WIDTH, 20)}</svg
        ><span
          class="span fault"
          style="left:${positionOf(start, seconds)};width:${positionOf(until - start, seconds)}"
          title="${spoken}"
        ></span>
      </div>
    </div>`;
  })}`;
}

const HEALTH_HEIGHT = 32;

function renderHealthCheck(report: Report, check: HealthCheckLane): Markup {
  const seconds = axisSeconds(report);
  const changes = check.steps.filter((step, index) => index > 0 && step.healthy !== check.steps[index - 1]?.healthy);
  const changesInWords =
    changes
      .map(
        (step) =>
          `${step.healthy ? 'healthy' : 'unhealthy'} ${clock(step.at)} (${step.healthyCheckers} of ${check.checkers})`,
      )
      .join(', ') || 'status unchanged';
  const unhealthy = unhealthySpans(check, seconds);
  const name = check.endpoint === '' ? check.id : check.endpoint;
  return html`<div class="lane">
    <div class="label"><b>Health check of ${name}</b><small>${changesInWords}</small></div>
    <div class="plot h-health">
      <svg
        viewBox="0 0 ${WIDTH} ${HEALTH_HEIGHT}"
        preserveAspectRatio="none"
        role="img"
        aria-label="Health check of ${name}, healthy checkers of ${check.checkers}: ${changesInWords}"
      >
        ${renderBackdrop(report, WIDTH, HEALTH_HEIGHT)}${renderCheckers(check, seconds)}</svg
      >${unhealthy.map(
        ({ from, to }) =>
          html`<span
            class="span unhealthy"
            style="left:${positionOf(from, seconds)};width:${positionOf(to - from, seconds)}"
            title="unhealthy from ${clock(from)} to ${clock(to)}"
            ><i>unhealthy</i></span
          >`,
      )}<span class="decade" style="bottom:100%">${check.checkers}</span><span class="decade" style="bottom:0%">0</span>
    </div>
  </div>`;
}

/** How many checkers see the endpoint healthy, as an area. */
function renderCheckers(check: HealthCheckLane, seconds: number): Markup {
  const x = (at: number): number => round((Math.min(at, seconds) / seconds) * WIDTH);
  const y = (checkers: number): number =>
    round(HEALTH_HEIGHT - (checkers / Math.max(1, check.checkers)) * HEALTH_HEIGHT);
  const line = check.steps
    .map(
      (step, index) =>
        `${index === 0 ? 'M' : 'L'}${x(step.at)} ${y(step.healthyCheckers)}H${x(check.steps[index + 1]?.at ?? seconds)}`,
    )
    .join('');
  return html`<path class="healthy" d="${line}V${HEALTH_HEIGHT}H0z" /><path class="checkers" d="${line}" />`;
}

function unhealthySpans(
  { steps }: HealthCheckLane,
  seconds: number,
): readonly { readonly from: number; readonly to: number }[] {
  const spans: { from: number; to: number }[] = [];
  for (const [index, step] of steps.entries()) {
    if (step.healthy || step.at >= seconds) continue;
    const to = Math.min(seconds, steps[index + 1]?.at ?? seconds);
    const last = spans.at(-1);
    if (last?.to === step.at) last.to = to;
    else spans.push({ from: step.at, to });
  }
  return spans;
}

function renderName(report: Report, { name, type, steps }: NameLane, classes: ReadonlyMap<string, string>): Markup {
  const seconds = axisSeconds(report);
  const spans = steps
    .map((step, index) => ({ ...step, end: Math.min(seconds, steps[index + 1]?.at ?? seconds) }))
    .filter((span) => span.at < seconds);
  const inWords = spans.map((span) => `${span.endpoint || span.answer.join(', ')} from ${clock(span.at)}`).join(', ');
  return html`<div class="lane">
    <div class="label"><b>DNS answers given</b><small>${name} ${type}</small></div>
    <div class="plot h-span">
      <svg
        viewBox="0 0 ${WIDTH} 20"
        preserveAspectRatio="none"
        role="img"
        aria-label="Answers for ${name} ${type}: ${inWords}"
      >
        ${renderBackdrop(report, WIDTH, 20)}</svg
      >${spans.map(
        (span) =>
          html`<span
            class="span answer ${classes.get(span.endpoint) ?? 'edge'}"
            style="left:${positionOf(span.at, seconds)};width:${positionOf(span.end - span.at, seconds)}"
            title="${span.endpoint || span.answer.join(', ')} from ${clock(span.at)}: ${span.rule}"
            ><i>${span.endpoint || span.answer.join(', ')}</i></span
          >`,
      )}
    </div>
  </div>`;
}
