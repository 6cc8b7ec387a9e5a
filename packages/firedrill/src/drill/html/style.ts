/** The look of the page. Colours are named once for light and once for dark; failures differ in shape as well. */
export const STYLE = `
:root {
  --paper: #fdfdfb; --ink: #1b1d21; --soft: #5d6168; --line: #dddcd6; --faint: #f1f0eb;
  --failed: #c4261d; --good: #22703f; --span: rgba(196, 38, 29, .085);
  --e0: #2f6ea8; --e1: #0f7a6e; --e2: #7d5fb0; --e3: #8a6712; --e4: #5f6d26; --edge: #6f737a;
  --k0: #3c4656; --k1: #8793a6; --k2: #ad8425; --k3: #b5533c;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #16181b; --ink: #e9e8e3; --soft: #a0a3a9; --line: #34373c; --faint: #202327;
    --failed: #ff6a5c; --good: #6cc78c; --span: rgba(255, 106, 92, .13);
    --e0: #6fa9de; --e1: #4dbfae; --e2: #b49be6; --e3: #d3ae55; --e4: #aebf66; --edge: #8f949c;
    --k0: #c3cad6; --k1: #7e899b; --k2: #d8b055; --k3: #e0785f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  font-variant-numeric: tabular-nums lining-nums;
}
main { max-width: 1120px; margin: 0 auto; padding: 3rem 2rem 5rem; }
h1, h2, h3, p, ol, dl { margin: 0; }
h1 { font-size: 1.9rem; line-height: 1.2; font-weight: 650; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 1.15rem; font-weight: 650; letter-spacing: -.005em; }
h3 { font-size: 1rem; font-weight: 650; }
b { font-weight: 650; }
section { margin-top: 3.25rem; border-top: 1px solid var(--line); padding-top: 1rem; }
section > h2 { margin-bottom: 1rem; }
.muted, small { color: var(--soft); }
small { font-size: .8125rem; line-height: 1.35; }
.probe { font-weight: 400; overflow-wrap: anywhere; }
.warning { margin-top: 1rem; color: var(--failed); font-weight: 650; }
a { color: inherit; }

header { border-left: 4px solid var(--soft); padding-left: 1.4rem; }
header.passed { border-color: var(--good); }
header.missed { border-color: var(--failed); }
.kind { color: var(--soft); font-size: .875rem; }
.verdict { margin-top: .35rem; font-size: 1.15rem; font-weight: 650; }
.passed .verdict { color: var(--good); }
.missed .verdict { color: var(--failed); }
.lead { margin-top: 1.1rem; font-size: 1.15rem; line-height: 1.45; max-width: 46rem; }
.what { margin-top: .5rem; color: var(--soft); max-width: 46rem; }

.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; line-height: 1.4; }
caption { text-align: left; color: var(--soft); font-size: .8125rem; padding-bottom: .3rem; }
th, td { text-align: left; vertical-align: baseline; padding: .5rem 1.1rem .5rem 0; font-weight: 400; }
th:last-child, td:last-child { padding-right: 0; }
thead th { color: var(--soft); font-size: .8125rem; padding-top: 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
tbody tr + tr > * { border-top: 1px solid var(--faint); }
tbody th { font-weight: 650; }
.number { text-align: right; white-space: nowrap; }
.comparison tbody th { white-space: nowrap; }
.comparison .wide { min-width: 13rem; white-space: nowrap; }
.meter { display: inline-block; width: 6.5rem; height: .55rem; margin-right: .6rem; background: var(--faint); }
.meter > span { display: block; height: 100%; background: var(--failed); }
.none { color: var(--good); font-weight: 650; }
.who { white-space: nowrap; margin-right: .5rem; }
.swatch { display: inline-block; width: .7rem; height: .7rem; margin-right: .4rem; border-radius: 1px; }
.holds { color: var(--good); white-space: nowrap; }
.fails { color: var(--failed); font-weight: 650; white-space: nowrap; }

.legend { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; font-size: .875rem; margin-bottom: .9rem; }
.lanes { --at: 0%; }
.lane { display: grid; grid-template-columns: 13.5rem minmax(0, 1fr); column-gap: 1.25rem; align-items: center; margin-top: .55rem; }
.label { line-height: 1.3; overflow-wrap: anywhere; font-size: .9rem; }
.label small { display: block; }
.label.sub { align-self: start; padding-top: .15rem; }
.plot { position: relative; margin-right: 3.25rem; }
.plot svg { display: block; width: 100%; height: 100%; }
.plot::after {
  content: ""; position: absolute; top: -.3rem; bottom: -.3rem; left: var(--at); width: 1px; background: var(--ink); opacity: 0; pointer-events: none;
}
.pointed .plot::after { opacity: .55; }
.h-span { height: 1.35rem; }
.h-health { height: 2.1rem; margin-top: .35rem; margin-bottom: .35rem; }
.h-strip { height: 2.6rem; }
.h-place { height: 1.35rem; }
.h-users { height: 6rem; margin-top: .5rem; margin-bottom: .5rem; }
.h-ttfb { height: 3.75rem; margin-top: .35rem; margin-bottom: .35rem; }
.stream { margin-top: 1.5rem; padding-top: .35rem; border-top: 1px solid var(--faint); }
.axis { margin-top: .75rem; margin-bottom: .25rem; color: var(--soft); }
.axis .label { font-size: .8125rem; color: var(--soft); }
.axis .plot { height: 1.3rem; font-size: .8125rem; }
.axis .plot::after { display: none; }
.tick, .readout { position: absolute; transform: translateX(-50%); white-space: nowrap; }
.tick:first-child { transform: none; }
.readout { left: var(--at); color: var(--paper); background: var(--ink); padding: 0 .35rem; opacity: 0; pointer-events: none; }
.pointed .readout { opacity: 1; }
.decade { position: absolute; left: 100%; padding-left: .45rem; transform: translateY(50%); font-size: .75rem; line-height: 1; color: var(--soft); white-space: nowrap; }
.span { position: absolute; top: 0; bottom: 0; overflow: hidden; font-size: .8125rem; line-height: 1.35rem; }
.span.fault {
  border: 1px solid var(--failed);
  background: repeating-linear-gradient(135deg, var(--failed) 0 1.5px, transparent 1.5px 6px);
}
.span.unhealthy { border: 1px solid var(--failed); color: var(--failed); line-height: 2rem; text-align: center; }
.span.unhealthy i { font-style: normal; white-space: nowrap; }
.span.answer { border-right: 2px solid var(--paper); color: var(--paper); }
.span.answer i { font-style: normal; padding: 0 .5rem; white-space: nowrap; }

.grid { fill: none; stroke: var(--line); stroke-width: 1px; vector-effect: non-scaling-stroke; }
.fault-span { fill: var(--span); }
.fault-swatch { background: var(--span); outline: 1px solid var(--line); }
.healthy { fill: var(--edge); opacity: .3; }
.checkers { fill: none; stroke: var(--ink); stroke-width: 1.25px; vector-effect: non-scaling-stroke; }
.mean { fill: none; stroke: var(--ink); stroke-width: 2px; vector-effect: non-scaling-stroke; }
.mean.bad { stroke: var(--failed); }
.range { fill: var(--edge); opacity: .45; }
path.failed { fill: var(--failed); } span.failed { background: var(--failed); }
path.e0 { fill: var(--e0); } span.e0 { background: var(--e0); }
path.e1 { fill: var(--e1); } span.e1 { background: var(--e1); }
path.e2 { fill: var(--e2); } span.e2 { background: var(--e2); }
path.e3 { fill: var(--e3); } span.e3 { background: var(--e3); }
path.e4 { fill: var(--e4); } span.e4 { background: var(--e4); }
path.edge { fill: var(--edge); } span.edge { background: var(--edge); }

details { margin-top: .6rem; font-size: .9rem; }
summary { cursor: pointer; color: var(--soft); width: fit-content; }
summary:hover { color: var(--ink); }
details > :nth-child(2) { margin-top: .6rem; }
.as-table { margin-top: .1rem; font-size: .8125rem; padding-left: 14.75rem; }
.as-table td { padding-top: .25rem; padding-bottom: .25rem; }

.loss { margin-top: 2rem; }
.loss:first-of-type { margin-top: 0; }
.loss > p { margin-top: .2rem; }
.bar { display: flex; height: 1.6rem; margin-top: .8rem; min-width: 4px; }
.segment { min-width: 1px; border-right: 1px solid var(--paper); }
.segment:last-child { border-right: 0; }
.k-detection { background: var(--k0); }
.k-propagation { background: var(--k1); }
.k-cache-tail { background: var(--k2); }
.k-timeouts { background: var(--k3); }
.k-open-connections { background: var(--k2); }
.k-no-failover { background: var(--k0); }
.k-in-flight { background: var(--edge); }
.k-after-healing { background: repeating-linear-gradient(135deg, var(--k3) 0 3px, transparent 3px 6px); }
.segments { margin-top: .6rem; }
.segments th { font-weight: 400; white-space: nowrap; }
.segments .when { color: var(--soft); white-space: nowrap; }
.segments td, .segments th { padding-top: .35rem; padding-bottom: .35rem; }
.segments .total > * { border-top: 1px solid var(--soft); }
.segments .total th, .segments .total .number { font-weight: 650; }
.why { width: 55%; min-width: 15rem; }
.chain ol { list-style: none; padding: 0; border-left: 2px solid var(--line); }
.chain li { display: grid; grid-template-columns: 6.2rem minmax(0, 1fr); padding: .2rem 0 .2rem 1rem; overflow-wrap: anywhere; }
.chain time { color: var(--soft); }
.loss > .failback { margin-top: .6rem; font-size: .9rem; }
.facts { display: grid; grid-template-columns: 10rem minmax(0, 1fr); gap: .4rem 1.25rem; font-size: .9rem; }
.facts dt { color: var(--soft); overflow-wrap: anywhere; }
.facts dd { margin: 0; overflow-wrap: anywhere; }

@media (max-width: 720px) {
  main { padding: 1.5rem 1rem 3rem; }
  h1 { font-size: 1.5rem; }
  header { padding-left: .9rem; }
  .lead { font-size: 1.05rem; }
  section { margin-top: 2.25rem; }
  .lane { grid-template-columns: minmax(0, 1fr); row-gap: .25rem; }
  .axis .label { display: none; }
  .label small, .label b { display: inline; }
  .label.sub small { margin-right: .4rem; }
  .label b { margin-right: .5rem; }
  .plot { margin-right: 2.9rem; }
  .tick.odd { display: none; }
  .as-table { padding-left: 0; }
  .facts { grid-template-columns: minmax(0, 1fr); gap: 0; }
  .facts dd { margin-bottom: .5rem; }
  .segments, .segments tbody { display: block; }
  .segments tr { display: grid; grid-template-columns: minmax(0, 1fr) auto; padding: .35rem 0; }
  .segments th, .segments td, .segments .total > * { padding: 0; border: 0; }
  .segments tr { border-top: 1px solid var(--faint); }
  .segments .when { grid-column: 1; }
  .segments .why { grid-column: 1 / 3; width: auto; min-width: 0; color: var(--soft); }
  .segments .total .why { display: none; }
  .chain li { grid-template-columns: minmax(0, 1fr); }
  .cards thead { position: absolute; clip-path: inset(50%); }
  .cards, .cards tbody { display: block; }
  .cards tr { display: grid; grid-template-columns: repeat(3, minmax(0, 1fr)); gap: .35rem .75rem; padding: .7rem 0; border-top: 1px solid var(--faint); }
  .cards tr > *, .cards tbody tr + tr > * { padding: 0; border: 0; text-align: left; white-space: normal; }
  .cards tbody th, .cards .wide, .cards td:last-child { grid-column: 1 / 4; }
  .cards td[data-label]::before { content: attr(data-label); display: block; color: var(--soft); font-size: .75rem; }
  .comparison .wide { min-width: 0; }
  .comparison .number { white-space: nowrap; }
  .cards.judgements tr { grid-template-columns: repeat(2, minmax(0, 1fr)); }
  .cards.judgements td, .cards.judgements td:last-child { grid-column: auto; }
  .cards.judgements .holds, .cards.judgements .fails { grid-column: 1 / 3; }
}
@media print {
  main { max-width: none; padding: 0; }
  .loss, .stream { break-inside: avoid; }
}
`;
