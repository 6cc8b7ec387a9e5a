import { assert } from '../model/index.ts';
import type { Circumstances } from './circumstances.ts';
import { explainFault } from './explain.ts';
import type { Figures } from './measures.ts';
import { toSeconds } from './segments.ts';
import { type Answers, FaultTally, type Tally } from './tally.ts';

/** The figures of a stream, or of one place of it, from what was counted. */
export function figuresOf(tally: Tally, circumstances: Circumstances): Figures {
  const { sent, succeeded, failed } = tally;
  assert(sent === succeeded + failed, 'every request succeeded or failed');
  return {
    sent,
    succeeded,
    failed,
    availability: sent === 0 ? null : succeeded / sent,
    outage: outageOf(tally),
    longestGap: longestGapOf(tally),
    endpoints: ranked(tally.endpoints).map(([endpoint, answers]) => ({ endpoint, ...answers })),
    origins: ranked(tally.origins).map(([origin, answers]) => ({ origin, ...answers })),
    statuses: [...tally.statuses]
      .toSorted(([left], [right]) => left - right)
      .map(([status, answered]) => ({ status, answered })),
    unanswered: [...tally.unanswered]
      .toSorted(([left], [right]) => (left < right ? -1 : 1))
      .map(([end, requests]) => ({ end, requests })),
    ttfb: tally.ttfb.isEmpty
      ? null
      : { p50Ms: tally.ttfb.percentile(50), p99Ms: tally.ttfb.percentile(99), maxMs: tally.ttfb.max },
    faults: circumstances.episodes.map((episode, index) => {
      const nextStart = circumstances.episodes[index + 1]?.start ?? Infinity;
      return explainFault(circumstances, episode, nextStart, tally.faults[index] ?? new FaultTally('', false));
    }),
    failedWithoutFault: tally.failedWithoutFault,
    series: tally.course?.toSeries() ?? null,
  };
}

function outageOf(tally: Tally): Figures['outage'] {
  if (tally.failed === 0) return null;
  const start = tally.firstFailedSentAt;
  const end = tally.lastFailedEndedAt;
  return {
    start: toSeconds(start),
    end: toSeconds(end),
    seconds: toSeconds(end - start),
    requests: tally.endedInOutage,
    failedShare: tally.failed / tally.endedInOutage,
    ongoing: !tally.hasRecovered,
  };
}

/** The stretch that was under way when the stream ended counts too. */
function longestGapOf(tally: Tally): Figures['longestGap'] {
  if (tally.sent === 0) return null;
  const last = { start: tally.lastSuccessAt < 0 ? tally.firstSentAt : tally.lastSuccessAt, end: tally.lastEndedAt };
  const kept = { start: tally.gapStart, end: tally.gapEnd };
  const { start, end } = last.end - last.start > kept.end - kept.start ? last : kept;
  return { start: toSeconds(start), end: toSeconds(end), seconds: toSeconds(end - start) };
}

/** Most answers first; by name where they are equal. */
function ranked(answers: ReadonlyMap<string, Answers>): readonly (readonly [string, Answers])[] {
  return [...answers].toSorted(
    ([leftName, left], [rightName, right]) => right.answered - left.answered || (leftName < rightName ? -1 : 1),
  );
}
