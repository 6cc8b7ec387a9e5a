import type { MetricIdentity } from '../../model/index.ts';
import { CLOUDWATCH_FACTS } from './facts.ts';

/** Some values of a metric that were published together. */
export interface Sample {
  /** When they count from: milliseconds since 1970. */
  readonly timestamp: number;
  /** When alarms can read them first. */
  readonly readableAt: number;
  readonly unit: string;
  /** 1: may be read by the second (RS 1.45). */
  readonly storageResolution: 1 | 60;
  readonly sum: number;
  readonly sampleCount: number;
  readonly minimum: number;
  readonly maximum: number;
  /** Values and how often each came; undefined when only their statistics were published. */
  readonly values: readonly (readonly [value: number, count: number])[] | undefined;
  /** `seq` of the event that made it so; 0 for none. */
  readonly cause: number;
}

/** The samples of one metric, by the minute or second that they fall into. */
interface Series {
  readonly region: string;
  readonly metric: MetricIdentity;
  readonly byMinute: Map<number, Sample[]>;
  readonly bySecond: Map<number, Sample[]>;
}

/** How many metrics one world keeps. AWS has no such limit; a drill that makes more has a bug. */
const SERIES_MAX = 100_000;

/** All metrics of one account, each in its Region. */
export class MetricStore {
  private readonly series = new Map<string, Series>();

  /** @returns false when there are {@link SERIES_MAX} metrics already and this would be another. */
  add(region: string, metric: MetricIdentity, sample: Sample): boolean {
    const key = keyOf(region, metric);
    let series = this.series.get(key);
    if (series === undefined) {
      if (this.series.size >= SERIES_MAX) return false;
      series = { region, metric, byMinute: new Map(), bySecond: new Map() };
      this.series.set(key, series);
    }
    const { FINE_RETENTION_SECONDS, RETENTION_SECONDS } = CLOUDWATCH_FACTS;
    push(series.byMinute, Math.floor(sample.timestamp / 60_000), sample, RETENTION_SECONDS.value / 60);
    // Points without high resolution fall on the beginning of their minute, and nothing finer is known of them (RS 1.3).
    if (sample.storageResolution === 1) {
      push(series.bySecond, Math.floor(sample.timestamp / 1000), sample, FINE_RETENTION_SECONDS.value);
    }
    return true;
  }

  /** Every metric of a Region that anything was ever published for. */
  metricsIn(region: string): readonly MetricIdentity[] {
    return [...this.series.values()].flatMap((series) => (series.region === region ? [series.metric] : []));
  }

  /** Whether anything was ever published for a metric. */
  has(region: string, metric: MetricIdentity): boolean {
    return this.series.has(keyOf(region, metric));
  }

  /**
   * What can be read at a moment of a metric between two others (`until` exclusive), all in milliseconds since 1970.
   * Periods of less than a minute see only what was stored with high resolution (RS 1.3).
   */
  read(
    region: string,
    metric: MetricIdentity,
    {
      from,
      until,
      unit,
      now,
    }: { readonly from: number; readonly until: number; readonly unit?: string; readonly now: number },
  ): readonly Sample[] {
    const series = this.series.get(keyOf(region, metric));
    if (series === undefined) return [];
    const isFine = until - from < 60_000;
    const step = isFine ? 1000 : 60_000;
    const buckets = isFine ? series.bySecond : series.byMinute;
    const found: Sample[] = [];
    for (let bucket = Math.floor(from / step); bucket * step < until; bucket += 1) {
      for (const sample of buckets.get(bucket) ?? []) {
        // A unit that nobody publishes finds nothing (RS 1.12).
        if (sample.readableAt <= now && (unit === undefined || sample.unit === unit)) found.push(sample);
      }
    }
    return found;
  }
}

function push(buckets: Map<number, Sample[]>, bucket: number, sample: Sample, bucketsMax: number): void {
  const samples = buckets.get(bucket);
  if (samples !== undefined) {
    samples.push(sample);
    return;
  }
  buckets.set(bucket, [sample]);
  if (buckets.size <= bucketsMax) return;
  const [oldest] = buckets.keys();
  if (oldest !== undefined) buckets.delete(oldest);
}

/** Dimensions are a set: their order does not matter (RS 1.13). */
function keyOf(region: string, { namespace, metricName, dimensions }: MetricIdentity): string {
  const named = dimensions.map(({ name, value }) => `${name}=${value}`).toSorted();
  return [region, namespace, metricName, ...named].join('\u0000');
}
