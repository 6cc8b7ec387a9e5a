import type { StreamMeasures } from '../measures.ts';
import type { Report } from '../report.ts';
import { length, lengthOfMs, list } from '../words.ts';

/** A slowest answer from here on belongs into the headline: users notice it. */
const NOTICEABLE_MS = 1000;

/** Sentences of each kind at most; the table has the rest. */
const GROUPS_MAX = 3;

/** The outcome in two or three sentences: who was down for how long, who was not, and what that cost. */
export function headlineOf(report: Report): readonly string[] {
  const streams = report.measures.streams.filter((stream) => stream.sent > 0);
  if (streams.length === 0) return ['No request was sent, so there is nothing to say about users.'];
  const down = streams.filter((stream) => stream.outage !== null);
  const up = streams.filter((stream) => stream.outage === null);
  return [...downSentences(down), ...upSentences(up)];
}

function seconds({ outage }: StreamMeasures): number {
  return outage === null ? 0 : outage.ongoing ? Infinity : outage.seconds;
}

function downSentences(down: readonly StreamMeasures[]): readonly string[] {
  const groups = new Map<string, StreamMeasures[]>();
  for (const stream of down) {
    const text =
      stream.outage?.ongoing === true ? 'failed and did not recover' : `saw failures over ${length(seconds(stream))}`;
    groups.set(text, [...(groups.get(text) ?? []), stream]);
  }
  return [...groups]
    .toSorted(([, left], [, right]) => longest(right) - longest(left))
    .slice(0, GROUPS_MAX)
    .map(([text, streams]) => `${list(streams.map(nameOf))} ${text}.`);
}

function longest(streams: readonly StreamMeasures[]): number {
  return Math.max(...streams.map(seconds));
}

function upSentences(up: readonly StreamMeasures[]): readonly string[] {
  return up.slice(0, GROUPS_MAX).map((stream) => {
    const slowest = stream.ttfb?.maxMs ?? 0;
    const price = slowest >= NOTICEABLE_MS ? `; its slowest answer took ${lengthOfMs(slowest)}` : '';
    return `${nameOf(stream)} lost no request${price}.`;
  });
}

function nameOf({ method, probe }: StreamMeasures): string {
  return `${method} ${probe}`;
}
