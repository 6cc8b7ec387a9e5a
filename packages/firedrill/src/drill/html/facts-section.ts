import type { Report } from '../report.ts';
import { clock, count, length, list } from '../words.ts';
import { html, type Markup, NOTHING } from './markup.ts';

/** What the figures rest on: how the run was made, and what its words mean. */
export function renderFacts(report: Report): Markup {
  const {
    drill,
    measures: { run },
  } = report;
  const switches = Object.entries(drill.switches);
  const facts: readonly (readonly [string, string])[] = [
    ['Driver', driverInWords(run.driver, run.speed)],
    ['Function code', codeInWords(run.functionCode)],
    ['Seed', run.seed],
    ['Ran', `${length(run.end)} of world time, ${count(run.requests, 'request')}, ${endInWords(run.ended)}`],
    [
      'Switches',
      switches.length === 0
        ? 'all at their defaults'
        : switches.map(([name, value]) => `${name} = ${value}`).join(', '),
    ],
    ...drill.probes.map((probe): readonly [string, string] => [
      `Probe ${probe.name}`,
      `${probe.url}, ${list(probe.methods)} from ${list(probe.places)}, ${probe.isHeard === true ? 'requests of programs, as they came' : `${whatItSends(probe)}, ${probe.client} client with a patience of ${length(probe.timeoutMs / 1000)}`}`,
    ]),
  ];
  return html`<dl class="facts">
      ${facts.map(
        ([term, value]) =>
          html`<dt>${term}</dt>
            <dd>${value}</dd>`,
      )}
    </dl>
    ${
      run.notes.length === 0
        ? NOTHING
        : html`<h3>Notes of the run</h3>
            <ul>
              ${run.notes.map((note) => html`<li>${note}</li>`)}
            </ul>`
    }`;
}

function driverInWords(driver: Report['measures']['run']['driver'], speed: number): string {
  switch (driver) {
    case 'sim':
      return 'sim: simulated, in virtual time';
    case 'local':
      return `local: real sockets on this machine, at ${speed} times the speed of the wall clock`;
    case 'aws':
      return 'aws: the real deployment';
    case null:
      return 'unknown: the timeline does not begin with the start of its world';
  }
}

function codeInWords(code: Report['measures']['run']['functionCode']): string {
  return code === 'real'
    ? 'real: the deployed code ran'
    : code === 'modelled'
      ? 'modelled: declared latency and status stood in for it'
      : 'unknown';
}

function endInWords(ended: Report['measures']['run']['ended']): string {
  return ended === 'finished' ? 'to its end' : ended === 'interrupted' ? 'then interrupted' : 'then cut off';
}

/** Words that mean one thing. */
export function renderGlossary(): Markup {
  const words: readonly (readonly [string, string])[] = [
    ['Outage', 'From sending the first request that failed to the end of the last one, in world time.'],
    [
      'Success',
      'An answer with a status below 500, whole, within the client’s patience, unless the drill is stricter.',
    ],
    ['Detection', 'From the fault until the health check changed.'],
    ['Propagation', 'From there until name servers answered differently.'],
    ['Cache tail', 'From there until the last request that failed was sent: resolvers held the old answer.'],
    ['Timeouts', 'From there until the last request that failed was given up.'],
    ['Recovery', 'From the fault to the first success after which no failure follows.'],
    ['TTFB', 'Time to first byte of answered requests, failed answers included.'],
  ];
  return html`<dl class="facts">
    ${words.map(
      ([word, meaning]) =>
        html`<dt>${word}</dt>
          <dd>${meaning}</dd>`,
    )}
  </dl>`;
}

/** Faults of the run in one sentence each, for the head of the page. */
export function faultSentences({ measures: { faults, run } }: Report): readonly string[] {
  if (faults.length === 0) return ['Nothing was broken.'];
  return faults.map(({ says, start, end }) => {
    const until = end === null ? `until the end of the run at ${clock(run.end)}` : `until ${clock(end)}`;
    return `From ${clock(start)} ${until}, ${says}.`;
  });
}

function whatItSends({ ratePerSecond, webSocket }: Report['drill']['probes'][number]): string {
  if (webSocket === undefined) return `${ratePerSecond} a second each`;
  const { messageIntervalMs } = webSocket;
  return messageIntervalMs === undefined ? 'kept open' : `a message every ${length(messageIntervalMs / 1000)}`;
}
