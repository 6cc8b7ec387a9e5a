import type { Dimension, MetricIdentity } from '../model/index.ts';
import { CLOUDWATCH_FACTS } from './cloudwatch/facts.ts';
import type { MetricStore, Sample } from './cloudwatch/metric-store.ts';
import { statisticOf } from './cloudwatch/statistics.ts';

/** Which metrics of a Region somebody wants to know of; what is not given may be anything. */
export interface MetricFilter {
  readonly region: string;
  readonly namespace?: string;
  readonly metricName?: string;
  /** A metric has all of these, and perhaps more; a dimension without a value may have any. */
  readonly dimensions?: readonly (Pick<Dimension, 'name'> & Partial<Dimension>)[];
}

/** What somebody wants to know of one metric. Moments are milliseconds since 1970. */
export interface MetricQuery {
  readonly region: string;
  readonly metric: MetricIdentity;
  /** Included; rounded down to the minute, or to the period where that is shorter (RS 1.47). */
  readonly from: number;
  /** Not included. */
  readonly until: number;
  readonly periodSeconds: number;
  /** As `Sum` or `p99.9`. */
  readonly statistics: readonly string[];
  /** Only what was published with this unit; undefined: everything, each unit by itself. */
  readonly unit?: string;
}

export interface MetricDatapoint {
  /** Where its period begins, in milliseconds since 1970. */
  readonly timestamp: number;
  readonly unit: string;
  /** By the name of the statistic; one that cannot be made of what was published is missing. */
  readonly values: Readonly<Record<string, number>>;
}

export type MetricAnswer =
  | { readonly kind: 'datapoints'; readonly datapoints: readonly MetricDatapoint[] }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string };

/** Seconds that a period may have besides whole minutes (RS 1.3). */
const SHORT_PERIODS: readonly number[] = [1, 5, 10, 20, 30];

/** `ListMetrics`. */
export function metricsLike(
  store: MetricStore,
  { region, namespace, metricName, dimensions = [] }: MetricFilter,
): readonly MetricIdentity[] {
  return store
    .metricsIn(region)
    .filter(
      (metric) =>
        (namespace === undefined || metric.namespace === namespace) &&
        (metricName === undefined || metric.metricName === metricName) &&
        dimensions.every(({ name, value }) =>
          metric.dimensions.some((own) => own.name === name && (value === undefined || own.value === value)),
        ),
    );
}

/**
 * `GetMetricStatistics`: periods without data have no datapoint (RS 1.48).
 * @param store counts moments as the query does.
 * @param now in milliseconds since 1970: what was published but cannot be read yet is not there (RS 1.42).
 */
export function metricStatistics(store: MetricStore, query: MetricQuery, now: number): MetricAnswer {
  const statistics = query.statistics.map((name) => [name, statisticOf(name)] as const);
  const unknown = statistics.find(([, statistic]) => statistic === undefined);
  if (unknown !== undefined)
    return refused('InvalidParameterValue', `The value ${unknown[0]} for parameter Statistics is not supported.`);
  const isPeriod =
    SHORT_PERIODS.includes(query.periodSeconds) || (query.periodSeconds >= 60 && query.periodSeconds % 60 === 0);
  if (!isPeriod)
    return refused('InvalidParameterValue', 'The parameter Period must be 1, 5, 10, 20, 30, or any multiple of 60.');
  if (!(query.from < query.until)) {
    const says = 'The parameter StartTime must be less than the parameter EndTime.';
    return refused('InvalidParameterCombination', says);
  }
  const periodMs = query.periodSeconds * 1000;
  const gridMs = Math.min(60_000, periodMs);
  const first = Math.floor(query.from / gridMs) * gridMs;
  const most = CLOUDWATCH_FACTS.STATISTICS_DATAPOINTS_MAX.value;
  const wanted = Math.ceil((query.until - first) / periodMs);
  if (wanted > most) {
    const advice = 'You may reduce the datapoints requested by increasing Period, or decreasing the time range.';
    const says = `You have requested up to ${wanted} datapoints, which exceeds the limit of ${most}. ${advice}`;
    return refused('InvalidParameterCombination', says);
  }
  const datapoints: MetricDatapoint[] = [];
  for (let from = first; from < query.until; from += periodMs) {
    const unit = query.unit === undefined ? {} : { unit: query.unit };
    const samples = store.read(query.region, query.metric, { from, until: from + periodMs, now, ...unit });
    for (const [of, own] of byUnit(samples)) {
      const values = statistics.flatMap(([name, statistic]) => {
        const value = statistic?.(own);
        return value === undefined ? [] : [[name, value] as const];
      });
      datapoints.push({ timestamp: from, unit: of, values: Object.fromEntries(values) });
    }
  }
  return { kind: 'datapoints', datapoints };
}

function byUnit(samples: readonly Sample[]): ReadonlyMap<string, readonly Sample[]> {
  const units = new Map<string, Sample[]>();
  for (const sample of samples) {
    const own = units.get(sample.unit);
    if (own === undefined) units.set(sample.unit, [sample]);
    else own.push(sample);
  }
  return units;
}

function refused(code: string, message: string): MetricAnswer {
  return { kind: 'refused', code, message };
}
