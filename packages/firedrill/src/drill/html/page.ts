import type { Report } from '../report.ts';
import type { Judgement } from '../verdict.ts';
import { clock, list } from '../words.ts';
import { renderComparison } from './comparison.ts';
import { faultSentences, renderFacts, renderGlossary } from './facts-section.ts';
import { headlineOf } from './headline.ts';
import { renderLoss } from './loss.ts';
import { html, type Markup, NOTHING } from './markup.ts';
import { endpointClasses } from './palette.ts';
import { SCRIPT } from './script.ts';
import { renderStreams } from './streams.ts';
import { STYLE } from './style.ts';
import { axisSeconds, renderAxis } from './time-axis.ts';
import { renderWorldLanes } from './world-lanes.ts';

/**
 * report.html: one page that needs nothing else, no network and no JavaScript (a little of it shows the time
 * under the pointer). The same report gives the same bytes.
 */
export function renderHtml(report: Report): string {
  const classes = endpointClasses(report);
  const seconds = axisSeconds(report);
  const page = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${report.drill.name}: ${verdictInWords(report)}</title>
        <style>
          ${{ markup: STYLE }}
        </style>
      </head>
      <body>
        <main>
          ${renderHead(report)}
          <section aria-labelledby="compared">
            <h2 id="compared">What users saw</h2>
            ${renderComparison(report, classes)}
          </section>
          <section aria-labelledby="course">
            <h2 id="course">The course of it</h2>
            ${renderLegend(classes)}
            <div class="lanes" data-seconds="${seconds}">
              ${renderAxis(seconds)} ${renderWorldLanes(report, classes)} ${renderStreams(report, classes)}
              ${renderAxis(seconds)}
            </div>
          </section>
          <section aria-labelledby="loss">
            <h2 id="loss">Where the seconds went</h2>
            ${renderLoss(report)}
          </section>
          <section aria-labelledby="verdict">
            <h2 id="verdict">Expectations</h2>
            ${renderVerdict(report)}
          </section>
          <section aria-labelledby="facts">
            <h2 id="facts">What the figures rest on</h2>
            ${renderFacts(report)}
            <details>
              <summary>What the words mean</summary>
              ${renderGlossary()}
            </details>
          </section>
        </main>
        <script>
          ${{ markup: SCRIPT }};
        </script>
      </body>
    </html> `;
  return page.markup;
}

function renderHead(report: Report): Markup {
  const {
    verdict,
    drill,
    measures: { run },
  } = report;
  const state = verdict.judgements.length === 0 ? 'open' : verdict.passed ? 'passed' : 'missed';
  const broken =
    run.ended === 'finished'
      ? NOTHING
      : html`<p class="warning">
          The run was ${run.ended === 'interrupted' ? 'interrupted' : 'cut off'} at ${clock(run.end)}. This page shows
          what it had by then.
        </p>`;
  return html`<header class="${state}">
    <p class="kind">Failover drill</p>
    <h1>${drill.name}</h1>
    <p class="verdict">${verdictInWords(report)}</p>
    <p class="lead">${headlineOf(report).join(' ')}</p>
    <p class="what">${faultSentences(report).join(' ')}</p>
    ${broken}
  </header>`;
}

function verdictInWords({ verdict: { passed, judgements } }: Report): string {
  if (judgements.length === 0) return 'Nothing was expected';
  const missed = judgements.filter((judgement) => !judgement.passed).length;
  const all = judgements.length === 1 ? 'the one expectation holds' : `all ${judgements.length} expectations hold`;
  return passed
    ? `As expected: ${all}`
    : `Not as expected: ${missed} of ${judgements.length} ${missed === 1 ? 'does' : 'do'} not hold`;
}

function renderLegend(classes: ReadonlyMap<string, string>): Markup {
  const names = new Map<string, string[]>();
  for (const [endpoint, colour] of classes)
    names.set(colour, [...(names.get(colour) ?? []), endpoint === 'edge' ? 'CloudFront itself' : endpoint]);
  return html`<p class="legend">
    ${[...names].map(([colour, endpoints]) => html`<span><span class="swatch ${colour}"></span>${list(endpoints)}</span>`)}<span
      ><span class="swatch failed"></span>failed, above the line</span
    ><span><span class="swatch fault-swatch"></span>fault lasts</span
    ><span class="muted">requests stand where they were sent</span>
  </p>`;
}

function renderVerdict({ verdict: { judgements } }: Report): Markup {
  if (judgements.length === 0)
    return html`<p class="muted">
      The drill expects nothing. Expectations (<code>expect</code>) decide the exit code.
    </p>`;
  return html`<div class="scroll">
    <table class="cards judgements">
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">Requests</th>
          <th scope="col">Figure</th>
          <th scope="col">Expected</th>
          <th scope="col">Measured</th>
        </tr>
      </thead>
      <tbody>
        ${judgements.map(renderJudgement)}
      </tbody>
    </table>
  </div>`;
}

function renderJudgement({ passed, method, probe, place, what, expected, actual }: Judgement): Markup {
  const outcome = passed
    ? html`<td class="holds"><span aria-hidden="true">✓</span> holds</td>`
    : html`<td class="fails"><span aria-hidden="true">✗</span> does not hold</td>`;
  return html`<tr>
    ${outcome}
    <th scope="row">${method} <span class="probe">${probe}</span>${place === null ? '' : ` from ${place}`}</th>
    <td data-label="figure">${what}</td>
    <td data-label="expected">${expected}</td>
    <td data-label="measured">${actual}</td>
  </tr>`;
}
