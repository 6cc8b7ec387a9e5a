import { build, type Histogram } from 'hdr-histogram-js';

/** Up to so many values are kept and figures are exact; beyond, a histogram keeps them to three digits. */
const EXACT_MAX = 4096;

/** The histogram counts hundredths of a millisecond, up to one hour. */
const UNITS_PER_MS = 100;
const HIGHEST_UNITS = 3_600_000 * UNITS_PER_MS;

/** Lengths of time in milliseconds, of which percentiles are wanted; bounded in memory whatever their number. */
export class TimeDistribution {
  private exact: number[] = [];
  private histogram: Histogram | undefined;
  private highestMs = 0;
  private total = 0;

  add(ms: number): void {
    this.total += 1;
    if (ms > this.highestMs) this.highestMs = ms;
    if (this.histogram !== undefined) {
      record(this.histogram, ms);
      return;
    }
    this.exact.push(ms);
    if (this.exact.length > EXACT_MAX) this.histogram = this.toHistogram();
  }

  get isEmpty(): boolean {
    return this.total === 0;
  }

  /** The least value that `percent` of all values do not exceed (nearest rank); 0 when there are none. */
  percentile(percent: number): number {
    if (this.total === 0) return 0;
    if (this.histogram !== undefined) {
      return Math.min(this.highestMs, this.histogram.getValueAtPercentile(percent) / UNITS_PER_MS);
    }
    const sorted = this.exact.toSorted((left, right) => left - right);
    return sorted[Math.max(0, Math.ceil((percent * sorted.length) / 100) - 1)] ?? 0;
  }

  /** Exact whatever the number of values; 0 when there are none. */
  get max(): number {
    return this.highestMs;
  }

  private toHistogram(): Histogram {
    const histogram = build({
      lowestDiscernibleValue: 1,
      highestTrackableValue: HIGHEST_UNITS,
      numberOfSignificantValueDigits: 3,
    });
    for (const ms of this.exact) record(histogram, ms);
    this.exact = [];
    return histogram;
  }
}

function record(histogram: Histogram, ms: number): void {
  histogram.recordValue(Math.min(HIGHEST_UNITS, Math.max(0, Math.round(ms * UNITS_PER_MS))));
}
