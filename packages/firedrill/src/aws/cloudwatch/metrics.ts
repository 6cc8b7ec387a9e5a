import type {
  Datapoint,
  Dimension as WrittenDimension,
  MetricDataQuery,
  MetricDatum as WrittenDatum,
  MetricStat,
} from '@aws-sdk/client-cloudwatch';
import type { Dimension, MetricDatum, MetricIdentity } from '../../model/index.ts';
import type { MetricDatapoint, MetricQuery } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { performed } from '../performed.ts';
import type { CloudWatchHandlers } from './cloudwatch-handlers.ts';

type Operations = 'PutMetricData' | 'GetMetricStatistics' | 'GetMetricData' | 'ListMetrics';

const STATISTICS = ['SampleCount', 'Average', 'Sum', 'Minimum', 'Maximum'] as const;
/** What one page of ListMetrics holds. */
const METRICS_PAGE_MAX = 500;
/** RS 1.47. */
const QUERIES_MAX = 500;

/** Metrics: published into the world, read from it. Moments of clients are those of the wall clock. */
export function metricHandlers(cloud: Cloud): Pick<CloudWatchHandlers, Operations> {
  return {
    ...puttingHandlers(cloud),
    GetMetricStatistics: (input, call) => {
      const names: readonly string[] = [...(input.Statistics ?? []), ...(input.ExtendedStatistics ?? [])];
      if (names.length === 0) {
        throw new AwsError(
          'MissingParameter',
          'At least one of the parameters Statistics and ExtendedStatistics must be specified.',
        );
      }
      const found = read(cloud, call, {
        metric: identityOf(input.Namespace, input.MetricName, input.Dimensions),
        statistics: names,
        periodSeconds: input.Period ?? 0,
        from: input.StartTime?.getTime() ?? 0,
        until: input.EndTime?.getTime() ?? 0,
        ...(input.Unit === undefined ? {} : { unit: input.Unit }),
      });
      return {
        Label: input.MetricName ?? '',
        Datapoints: found.map((point) => writeDatapoint(point, input.ExtendedStatistics ?? [])),
      };
    },
    GetMetricData: ({ MetricDataQueries = [], StartTime, EndTime, ScanBy }, call) => {
      if (MetricDataQueries.length > QUERIES_MAX) {
        throw new AwsError(
          'ValidationError',
          `The collection MetricDataQueries must not have a size greater than ${QUERIES_MAX}.`,
        );
      }
      const range = { from: StartTime?.getTime() ?? 0, until: EndTime?.getTime() ?? 0 };
      const shown = MetricDataQueries.filter(({ ReturnData }) => ReturnData !== false);
      const isAscending = ScanBy === 'TimestampAscending';
      return {
        MetricDataResults: shown.map((query) => resultOf(cloud, call, query, range, isAscending)),
        Messages: [],
      };
    },
    ListMetrics: ({ Namespace, MetricName, Dimensions = [], NextToken }, { region }) => {
      const metrics = cloud.world().control.metrics({
        region,
        ...(Namespace === undefined ? {} : { namespace: Namespace }),
        ...(MetricName === undefined ? {} : { metricName: MetricName }),
        dimensions: Dimensions.map(({ Name = '', Value }) => ({
          name: Name,
          ...(Value === undefined ? {} : { value: Value }),
        })),
      });
      const start = Number(NextToken ?? 0);
      const end = start + METRICS_PAGE_MAX;
      return {
        Metrics: metrics.slice(start, end).map(writeIdentity),
        ...(metrics.length > end ? { NextToken: String(end) } : {}),
      };
    },
  };
}

function puttingHandlers(cloud: Cloud): Pick<CloudWatchHandlers, 'PutMetricData'> {
  return {
    PutMetricData: ({ Namespace = '', MetricData = [], EntityMetricData = [] }, { region }) => {
      const all = [...MetricData, ...EntityMetricData.flatMap(({ MetricData: data = [] }) => data)];
      const nowMs = Date.now();
      performed(cloud, {
        kind: 'put-metric-data',
        region,
        namespace: Namespace,
        metricData: all.map((datum) => readDatum(datum, nowMs)),
      });
      return {};
    },
  };
}

function readDatum(written: WrittenDatum, nowMs: number): MetricDatum {
  const { Value, Values, Counts, StatisticValues: statistics, Unit, StorageResolution, Timestamp } = written;
  return {
    metricName: written.MetricName ?? '',
    dimensions: readDimensions(written.Dimensions),
    ...(Value === undefined ? {} : { value: Value }),
    ...(Values === undefined || Values.length === 0 ? {} : { values: Values }),
    ...(Counts === undefined || Counts.length === 0 ? {} : { counts: Counts }),
    ...(statistics === undefined
      ? {}
      : {
          statisticValues: {
            sampleCount: statistics.SampleCount ?? 0,
            sum: statistics.Sum ?? 0,
            minimum: statistics.Minimum ?? 0,
            maximum: statistics.Maximum ?? 0,
          },
        }),
    ...(Unit === undefined ? {} : { unit: Unit }),
    ...(StorageResolution === undefined ? {} : { storageResolution: StorageResolution }),
    ...(Timestamp === undefined ? {} : { ageMs: nowMs - Timestamp.getTime() }),
  };
}

function readDimensions(written: readonly WrittenDimension[] | undefined): readonly Dimension[] {
  return (written ?? []).map(({ Name = '', Value = '' }) => ({ name: Name, value: Value }));
}

function identityOf(
  namespace: string | undefined,
  metricName: string | undefined,
  dimensions: readonly WrittenDimension[] | undefined,
): MetricIdentity {
  return { namespace: namespace ?? '', metricName: metricName ?? '', dimensions: readDimensions(dimensions) };
}

/** A metric as CloudWatch lists it. */
export function writeIdentity({ namespace, metricName, dimensions }: MetricIdentity) {
  return {
    Namespace: namespace,
    MetricName: metricName,
    Dimensions: dimensions.map(({ name, value }) => ({ Name: name, Value: value })),
  };
}

type Query = Omit<MetricQuery, 'region'>;

/** Moments of the query and of what is found are those of the wall clock, which a world at another speed leaves behind. */
function read(cloud: Cloud, { region }: Call, query: Query): readonly MetricDatapoint[] {
  const aheadMs = Math.round((cloud.epochMs() - Date.now()) / MINUTE_MS) * MINUTE_MS;
  const asked = { ...query, region, from: query.from + aheadMs, until: query.until + aheadMs };
  const found = cloud.world().control.metricStatistics(asked, cloud.now());
  if (found.kind === 'refused') throw new AwsError(found.code, found.message);
  const stepMs = Math.min(query.periodSeconds * 1000, MINUTE_MS);
  // CloudWatch's own points begin with whole minutes of everybody's clock.
  return found.datapoints.map((point) => ({
    ...point,
    timestamp: Math.floor((point.timestamp - aheadMs) / stepMs) * stepMs,
  }));
}

const MINUTE_MS = 60_000;
/** What is read at once: GetMetricData gives more points than GetMetricStatistics (RS 1.47, 1.48). */
const PERIODS_AT_ONCE = 1000;
const DATA_POINTS_MAX = 100_800;

function readAll(cloud: Cloud, call: Call, query: Query): readonly MetricDatapoint[] {
  const periodMs = query.periodSeconds * 1000;
  const points = Math.ceil((query.until - query.from) / periodMs);
  if (points > DATA_POINTS_MAX) {
    const message = `You have requested up to ${points} datapoints, which exceeds the limit of ${DATA_POINTS_MAX}. You may reduce the datapoints requested by increasing Period, or decreasing the time range.`;
    throw new AwsError('ValidationError', message);
  }
  const pieces = Math.max(1, Math.ceil(points / PERIODS_AT_ONCE));
  const piece = (index: number): readonly MetricDatapoint[] => {
    const from = query.from + index * PERIODS_AT_ONCE * periodMs;
    const until = index === pieces - 1 ? query.until : from + PERIODS_AT_ONCE * periodMs;
    return read(cloud, call, { ...query, from, until });
  };
  return Array.from({ length: pieces }, (_, index) => piece(index)).flat();
}

function writeDatapoint({ timestamp, values, unit }: MetricDatapoint, extended: readonly string[]): Datapoint {
  const plain = STATISTICS.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]] as const]));
  const further = extended.flatMap((name) => (values[name] === undefined ? [] : [[name, values[name]] as const]));
  return {
    Timestamp: new Date(timestamp),
    ...Object.fromEntries(plain),
    ...(further.length === 0 ? {} : { ExtendedStatistics: Object.fromEntries(further) }),
    Unit: unit as NonNullable<Datapoint['Unit']>,
  };
}

/** One query's answer (RS 1.62). */
function resultOf(
  cloud: Cloud,
  call: Call,
  { Id = '', Label, MetricStat: stat, Expression }: MetricDataQuery,
  range: { readonly from: number; readonly until: number },
  isAscending: boolean,
) {
  if (stat === undefined) {
    throw new AwsError(
      'ValidationError',
      `The expression ${Expression ?? ''} of ${Id} is metric math, which this world does not compute.`,
    );
  }
  const points = readAll(cloud, call, { ...queryOf(stat), ...range });
  const ordered = isAscending ? points : points.toReversed();
  const known = ordered.flatMap(({ timestamp, values }) => {
    const value = values[stat.Stat ?? ''];
    return value === undefined ? [] : [{ timestamp, value }];
  });
  return {
    Id,
    Label: Label ?? stat.Metric?.MetricName ?? '',
    Timestamps: known.map(({ timestamp }) => new Date(timestamp)),
    Values: known.map(({ value }) => value),
    StatusCode: 'Complete' as const,
  };
}

function queryOf({ Metric, Period, Stat, Unit }: MetricStat) {
  return {
    metric: identityOf(Metric?.Namespace, Metric?.MetricName, Metric?.Dimensions),
    statistics: [Stat ?? ''],
    periodSeconds: Period ?? 0,
    ...(Unit === undefined ? {} : { unit: Unit }),
  };
}
