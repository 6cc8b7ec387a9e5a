import type { FaultOnStream, Segment, StreamMeasures } from '../measures.ts';
import type { Report } from '../report.ts';
import { clock, count, length } from '../words.ts';
import { html, type Markup, NOTHING } from './markup.ts';

const KINDS: Readonly<Record<Segment['kind'], string>> = {
  'in-flight': 'In flight',
  detection: 'Detection',
  propagation: 'Propagation',
  'cache-tail': 'Cache tail',
  'open-connections': 'Open connections',
  'no-failover': 'No failover',
  timeouts: 'Timeouts',
  'after-healing': 'After healing',
};

/** Where the seconds went: each outage as a bar of its causes, the chain of events, and the way back. */
export function renderLoss(report: Report): Markup {
  const { streams } = report.measures;
  if (report.measures.faults.length === 0)
    return html`<p class="muted">There was no fault, so there is no outage to take apart.</p>`;
  const longest = Math.max(1, ...streams.flatMap((stream) => stream.faults.map((fault) => fault.outage?.seconds ?? 0)));
  const isFirst = firstOnce();
  return html`${streams.map((stream) => stream.faults.map((fault) => renderFault(stream, fault, longest, fault.outage !== null && isFirst())))}`;
}

/** True the first time it is asked: the first chain of causes stands open. */
function firstOnce(): () => boolean {
  let asked = false;
  return () => {
    const answer = !asked;
    asked = true;
    return answer;
  };
}

function renderFault(stream: StreamMeasures, fault: FaultOnStream, longest: number, isOpen: boolean): Markup {
  const several = stream.faults.length > 1 ? html` <span class="muted">under ${fault.fault}</span>` : NOTHING;
  const title = html`<h3>${stream.method} <span class="probe">${stream.probe}</span>${several}</h3>`;
  const { outage } = fault;
  return html`<article class="loss">
    ${title}
    <p>${fault.says}</p>
    ${outage === null ? NOTHING : html`${renderBar(fault.segments, outage.seconds, longest, `${stream.method} ${stream.probe}`)}${renderSegments(fault.segments, outage)}`}${fault.chain.length === 0 || outage === null ? NOTHING : renderChain(fault, isOpen)}${renderFailback(fault)}
  </article>`;
}

/** A stacked bar to the scale of the longest outage of the page, seconds below each piece that has room. */
function renderBar(segments: readonly Segment[], total: number, longest: number, name: string): Markup {
  const spoken = segments.map((segment) => `${KINDS[segment.kind]} ${length(segment.seconds)}`).join(', ');
  return html`<div
    class="bar"
    style="width:${percentOf(total, longest)}"
    role="img"
    aria-label="Outage of ${name}, ${length(total)}: ${spoken}"
  >
    ${segments.map(
      (segment) =>
        html`<span
          class="segment k-${segment.kind}"
          style="width:${percentOf(segment.seconds, total)}"
          title="${KINDS[segment.kind]}: ${length(segment.seconds)}"
        ></span>`,
    )}
  </div>`;
}

function percentOf(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.round((part / whole) * 10_000) / 100}%`;
}

function renderSegments(segments: readonly Segment[], outage: NonNullable<FaultOnStream['outage']>): Markup {
  return html`<div class="scroll">
    <table class="segments">
      <tbody>
        ${segments.map(
          (segment) =>
            html`<tr>
              <th scope="row"><span class="swatch k-${segment.kind}"></span>${KINDS[segment.kind]}</th>
              <td class="number">${length(segment.seconds)}</td>
              <td class="when">${clock(segment.start)} – ${clock(segment.end)}</td>
              <td class="why">${segment.says}</td>
            </tr>`,
        )}
        <tr class="total">
          <th scope="row">Outage</th>
          <td class="number">${length(outage.seconds)}</td>
          <td class="when">${clock(outage.start)} – ${clock(outage.end)}</td>
          <td class="why">From sending the first request that failed to the end of the last one.</td>
        </tr>
      </tbody>
    </table>
  </div>`;
}

function renderChain({ chain }: FaultOnStream, isOpen: boolean): Markup {
  const known = new Set(chain.map((event) => event.seq));
  const open = isOpen ? html` open` : NOTHING;
  return html`<details class="chain" ${open}>
    <summary>Chain of causes, ${count(chain.length, 'event')}</summary>
    <ol>
      ${chain.map(
        (event) =>
          html`<li id="${`c${event.seq}`}">
            <time>${clock(event.at)}</time
            ><span
              >${event.says}
              <small class="muted"
                >event
                ${event.seq}${event.cause > 0 && known.has(event.cause) ? `, because of ${event.cause}` : ''}</small
              ></span
            >
          </li>`,
      )}
    </ol>
  </details>`;
}

function renderFailback({ failback }: FaultOnStream): Markup {
  if (failback.kind === 'absent') return html`<p class="failback muted">Failback: ${failback.says}</p>`;
  const { seconds, segments, failed, finished } = failback;
  const pieces = segments
    .map((segment) => `${KINDS[segment.kind].toLowerCase()} ${length(segment.seconds)}`)
    .join(', ');
  return html`<p class="failback">
    Failback took <b>${length(seconds)}</b> from healing to the last request that the stand-in answered (${pieces});
    ${failed === 0 ? html`<b>no request failed</b> in it` : html`<b>${count(failed, 'request')} failed</b> in it`}${finished ? '.' : ', and it was not complete when the run ended.'}
  </p>`;
}
