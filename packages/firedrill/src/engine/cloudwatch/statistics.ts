import type { Sample } from './metric-store.ts';

/** How a statistic is made from the samples of one period. */
type Statistic = (samples: readonly Sample[]) => number | undefined;

/** A statistic by its name, as `Maximum`, `p99.9` or `TM(10%:90%)`; undefined when there is none of that name (RS 1.8). */
export function statisticOf(name: string): Statistic | undefined {
  switch (name) {
    case 'SampleCount':
      return countOf;
    case 'Sum':
      return (samples) => samples.reduce((sum, sample) => sum + sample.sum, 0);
    case 'Average':
      return (samples) => samples.reduce((sum, sample) => sum + sample.sum, 0) / countOf(samples);
    case 'Minimum':
      return (samples) => samples.reduce((least, sample) => Math.min(least, sample.minimum), Infinity);
    case 'Maximum':
      return (samples) => samples.reduce((most, sample) => Math.max(most, sample.maximum), -Infinity);
    default:
      return extendedStatistic(name);
  }
}

function countOf(samples: readonly Sample[]): number {
  return samples.reduce((count, sample) => count + sample.sampleCount, 0);
}

/** What lies between two bounds, each a share of the values in order or a value; undefined: no bound. */
interface Range {
  readonly from: Bound | undefined;
  readonly to: Bound | undefined;
}

interface Bound {
  readonly amount: number;
  readonly isShare: boolean;
}

function extendedStatistic(name: string): Statistic | undefined {
  const short = /^(p|tm|tc|ts|wm)(\d{1,2}(?:\.\d{0,10})?|100)$/i.exec(name);
  if (short !== null) {
    const share = { amount: Number(short[2]) / 100, isShare: true };
    const kind = short[1]?.toLowerCase() ?? '';
    if (kind === 'p') return weighted((values) => valueAt(values, share.amount));
    return trimmed(kind, { from: undefined, to: share });
  }
  if (/^iqm$/i.test(name)) {
    return trimmed('tm', { from: { amount: 0.25, isShare: true }, to: { amount: 0.75, isShare: true } });
  }
  const long = /^(TM|TC|TS|WM|PR)\(([^:()]*):([^:()]*)\)$/i.exec(name);
  if (long === null) return undefined;
  const [from, to] = [boundOf(long[2] ?? ''), boundOf(long[3] ?? '')];
  if (from === null || to === null || (from === undefined && to === undefined)) return undefined;
  return trimmed(long[1]?.toLowerCase() ?? '', { from, to });
}

/** Null: not a bound. */
function boundOf(text: string): Bound | undefined | null {
  const trimmedText = text.trim();
  if (trimmedText === '') return undefined;
  const [, number, percent] = /^(-?\d+(?:\.\d+)?)(%?)$/.exec(trimmedText) ?? [];
  if (number === undefined) return null;
  return percent === '%' ? { amount: Number(number) / 100, isShare: true } : { amount: Number(number), isShare: false };
}

type Values = readonly (readonly [value: number, count: number])[];

/** Trimmed mean, count and sum, winsorized mean, and how many per cent of the values lie in a range. */
function trimmed(kind: string, range: Range): Statistic {
  return weighted((values) => {
    const low = range.from === undefined ? -Infinity : limitOf(values, range.from);
    const high = range.to === undefined ? Infinity : limitOf(values, range.to);
    const all = total(values);
    const inside = values.filter(([value]) => value >= low && value <= high);
    switch (kind) {
      case 'tc':
        return total(inside);
      case 'ts':
        return sumOf(inside);
      case 'pr':
        return (100 * total(inside)) / all;
      case 'wm':
        return sumOf(values.map(([value, count]) => [Math.min(high, Math.max(low, value)), count])) / all;
      default:
        return total(inside) === 0 ? undefined : sumOf(inside) / total(inside);
    }
  });
}

function limitOf(values: Values, { amount, isShare }: Bound): number {
  return isShare ? valueAt(values, amount) : amount;
}

/** The values in order; undefined when only their statistics were published and there is more than one. */
function weighted(make: (values: Values) => number | undefined): Statistic {
  return (samples) => {
    const values: (readonly [number, number])[] = [];
    for (const sample of samples) {
      if (sample.values !== undefined) values.push(...sample.values);
      else if (sample.minimum === sample.maximum) values.push([sample.minimum, sample.sampleCount]);
      else return undefined;
    }
    return values.length === 0 ? undefined : make(values.toSorted(([a], [b]) => a - b));
  };
}

/** The smallest value that has at least this share of all at or below it. */
function valueAt(values: Values, share: number): number {
  const wanted = share * total(values);
  let below = 0;
  for (const [value, count] of values) {
    below += count;
    if (below >= wanted) return value;
  }
  return values.at(-1)?.[0] ?? 0;
}

function total(values: Values): number {
  return values.reduce((sum, [, count]) => sum + count, 0);
}

function sumOf(values: Values): number {
  return values.reduce((sum, [value, count]) => sum + value * count, 0);
}
