import type { Report } from '../report.ts';

/** How many endpoints have a colour of their own; more share the last. */
const ENDPOINT_COLOURS = 5;

/**
 * A class for each endpoint that answered, the same all over the page: in the order in which they first
 * answered, so that the home Region comes first. What the edge answered itself is grey.
 */
export function endpointClasses(report: Report): ReadonlyMap<string, string> {
  const firstSeen = new Map<string, number>();
  for (const { series } of report.measures.streams) {
    for (const { endpoint, succeeded } of series?.answeredBy ?? []) {
      const first = succeeded.findIndex((number) => number > 0) * (series?.bucketSeconds ?? 1);
      firstSeen.set(endpoint, Math.min(first, firstSeen.get(endpoint) ?? Infinity));
    }
  }
  const regions = [...firstSeen]
    .filter(([endpoint]) => endpoint !== 'edge')
    .toSorted(([leftName, left], [rightName, right]) => left - right || (leftName < rightName ? -1 : 1))
    .map(([endpoint]) => endpoint);
  const answered = report.measures.names
    .flatMap((name) => name.steps.map((step) => step.endpoint))
    .filter((endpoint) => endpoint !== '');
  const taken = (report.measures.populations ?? []).flatMap(({ steps }) =>
    steps.flatMap(({ endpoints }) => endpoints.map(({ endpoint }) => endpoint)).filter((endpoint) => endpoint !== ''),
  );
  const all = [...new Set([...regions, ...answered, ...taken])];
  const classes = new Map(all.map((endpoint, index) => [endpoint, `e${Math.min(index, ENDPOINT_COLOURS - 1)}`]));
  // CloudFront answers well by itself only where it may, as with a redirect.
  return firstSeen.has('edge') ? classes.set('edge', 'edge') : classes;
}
