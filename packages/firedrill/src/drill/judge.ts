import { never } from '../model/index.ts';
import type { Bounds, Condition, Expectation } from './drill.ts';
import type { Figures, Measures } from './measures.ts';
import type { Judgement, Verdict } from './verdict.ts';
import { count, length, lengthOfMs, list, percent } from './words.ts';

/**
 * Holds measures against expectations: one judgement for each condition and each stream it is about. Where
 * nothing was sent, nothing can be shown to hold, so a condition fails.
 */
export function judge(measures: Measures, expectations: readonly Expectation[]): Verdict {
  const judgements = expectations.flatMap((expectation) => {
    const subjects = subjectsOf(measures, expectation);
    return subjects.flatMap((subject) =>
      expectation.conditions.map((condition) => judgeOne(subject, condition, expectation)),
    );
  });
  return { passed: judgements.every((judgement) => judgement.passed), judgements };
}

/** Whom a condition is about, with its figures; none when the run has no such stream or place. */
interface Subject {
  readonly probe: string;
  readonly method: string;
  readonly place: string | null;
  readonly figures: Figures | undefined;
}

function subjectsOf(measures: Measures, expectation: Expectation): readonly Subject[] {
  const { probe, method } = expectation;
  const place = expectation.place ?? null;
  const streams = measures.streams.filter(
    (stream) => stream.probe === probe && (method === undefined || stream.method === method),
  );
  if (streams.length === 0) return [{ probe, method: method ?? '', place, figures: undefined }];
  return streams.map((stream) => {
    // A stream from one place only is that place.
    const figures =
      place === null || stream.places.length === 0
        ? stream
        : stream.places.find((candidate) => candidate.place === place);
    return { probe, method: stream.method, place, figures };
  });
}

function judgeOne(subject: Subject, condition: Condition, { source }: Expectation): Judgement {
  const { probe, method, place, figures } = subject;
  const expected = expectedInWords(condition);
  const outcome: Outcome =
    figures === undefined || figures.sent === 0
      ? { actual: 'no requests', passed: false }
      : examine(figures, condition);
  const who = [method, probe, place === null ? '' : `from ${place}`].filter((part) => part !== '').join(' ');
  const sentence = `${who}: ${nameOf(condition)} ${outcome.actual}, expected ${expected}.`;
  return { probe, method, place, what: nameOf(condition), expected, ...outcome, sentence, line: source?.line ?? null };
}

interface Outcome {
  readonly actual: string;
  readonly passed: boolean;
}

function examine(figures: Figures, condition: Condition): Outcome {
  switch (condition.kind) {
    case 'failed':
      return { actual: count(figures.failed, 'request'), passed: isWithin(figures.failed, condition.requests) };
    case 'outage': {
      const seconds = figures.outage?.seconds ?? 0;
      // An outage that never ended is longer than any bound, and at least as long as any.
      const measured = figures.outage?.ongoing === true ? Infinity : seconds;
      const actual = figures.outage?.ongoing === true ? `${length(seconds)} and not over` : length(seconds);
      return { actual, passed: isWithin(measured, condition.seconds) };
    }
    case 'availability': {
      const share = figures.availability ?? 0;
      return { actual: percent(share), passed: isWithin(share, condition.share) };
    }
    case 'recovery':
      return examineRecovery(figures, condition.seconds);
    case 'ttfb': {
      if (figures.ttfb === null) return { actual: 'no answers', passed: false };
      const ms = { p50: figures.ttfb.p50Ms, p99: figures.ttfb.p99Ms, max: figures.ttfb.maxMs }[condition.figure];
      return { actual: lengthOfMs(ms), passed: isWithin(ms, condition.ms) };
    }
    case 'answeredBy':
      return examineAnswers(figures, condition.names);
    default:
      return never(condition);
  }
}

function examineRecovery(figures: Figures, bounds: Bounds): Outcome {
  const all = figures.faults.map((fault) => fault.recovery);
  if (all.some((recovery) => recovery.kind === 'not-recovered')) return { actual: 'none', passed: false };
  const seconds = Math.max(0, ...all.map((recovery) => (recovery.kind === 'recovered' ? recovery.seconds : 0)));
  return { actual: length(seconds), passed: isWithin(seconds, bounds) };
}

/** Names are endpoints or origins: all origins when every name is an origin, else endpoints. */
function examineAnswers({ endpoints, origins }: Figures, names: readonly string[]): Outcome {
  const byOrigin = origins.filter(({ succeeded }) => succeeded > 0).map(({ origin }) => origin);
  const byEndpoint = endpoints.filter(({ succeeded }) => succeeded > 0).map(({ endpoint }) => endpoint);
  const areOrigins = names.every((name) => origins.some(({ origin }) => origin === name));
  const actual = areOrigins ? byOrigin : byEndpoint;
  const passed = actual.length === new Set(names).size && actual.every((name) => names.includes(name));
  return { actual: actual.length === 0 ? 'nobody' : list(actual.toSorted()), passed };
}

function isWithin(value: number, { min, max }: Bounds): boolean {
  return value >= (min ?? -Infinity) && value <= (max ?? Infinity);
}

function nameOf(condition: Condition): string {
  switch (condition.kind) {
    case 'failed':
      return 'failed';
    case 'outage':
      return 'outage';
    case 'availability':
      return 'availability';
    case 'recovery':
      return 'recovery';
    case 'ttfb':
      return `time to first byte ${condition.figure}`;
    case 'answeredBy':
      return 'answered by';
    default:
      return never(condition);
  }
}

function expectedInWords(condition: Condition): string {
  switch (condition.kind) {
    case 'failed':
      return boundsInWords(condition.requests, String);
    case 'outage':
    case 'recovery':
      return boundsInWords(condition.seconds, length);
    case 'availability':
      return boundsInWords(condition.share, percent);
    case 'ttfb':
      return boundsInWords(condition.ms, lengthOfMs);
    case 'answeredBy':
      return list(condition.names.toSorted());
    default:
      return never(condition);
  }
}

function boundsInWords({ min, max }: Bounds, inWords: (value: number) => string): string {
  if (min !== undefined && min === max) return inWords(min);
  if (min === undefined) return max === undefined ? 'anything' : `at most ${inWords(max)}`;
  return max === undefined ? `at least ${inWords(min)}` : `${inWords(min)} to ${inWords(max)}`;
}
