import type { Dimension, MetricDatum, PutMetricData } from '../../model/index.ts';
import { CLOUDWATCH_FACTS } from './facts.ts';
import type { MetricStore, Sample } from './metric-store.ts';

/** Why CloudWatch refuses a call. */
interface Refusal {
  readonly code: 'InvalidParameterValue' | 'InvalidParameterCombination' | 'MissingParameter';
  readonly message: string;
}

const UNITS: ReadonlySet<string> = new Set(
  [
    'Seconds Microseconds Milliseconds Percent Count Count/Second None',
    'Bytes Kilobytes Megabytes Gigabytes Terabytes Bits Kilobits Megabits Gigabits Terabits',
    'Bytes/Second Kilobytes/Second Megabytes/Second Gigabytes/Second Terabytes/Second',
    'Bits/Second Kilobits/Second Megabits/Second Gigabits/Second Terabits/Second',
  ].flatMap((line) => line.split(' ')),
);

/** What CloudWatch does not take, and in which words; undefined when it takes everything (RS 1.41, 1.43, 1.44, 1.60). */
export function refusalOf({ namespace, metricData }: PutMetricData): Refusal | undefined {
  const { METRICS_PER_CALL_MAX } = CLOUDWATCH_FACTS;
  if (namespace === '' || namespace.length > 255 || namespace.startsWith(':')) {
    return invalid(`The value ${namespace} for parameter Namespace is invalid.`);
  }
  // Namespaces of AWS are written to by AWS only.
  if (namespace.startsWith('AWS/')) return invalid('The value AWS/ for parameter Namespace is invalid.');
  if (metricData.length === 0) {
    return { code: 'MissingParameter', message: 'The parameter MetricData is required.' };
  }
  if (metricData.length > METRICS_PER_CALL_MAX.value) {
    return invalid(`The collection MetricData must not have a size greater than ${METRICS_PER_CALL_MAX.value}.`);
  }
  for (const [index, datum] of metricData.entries()) {
    const found = refusalOfDatum(`MetricData.member.${index + 1}`, datum);
    if (found !== undefined) return found;
  }
  return undefined;
}

function refusalOfDatum(member: string, datum: MetricDatum): Refusal | undefined {
  const { metricName, value, values, counts, statisticValues, unit, storageResolution } = datum;
  if (metricName === '' || metricName.length > 255)
    return invalid(`The value ${metricName} for parameter ${member}.MetricName is invalid.`);
  const given = [
    ...(value === undefined ? [] : ['Value']),
    ...(values === undefined ? [] : ['Values']),
    ...(statisticValues === undefined ? [] : ['StatisticValues']),
  ];
  const [first, second] = given;
  if (first === undefined) return { code: 'MissingParameter', message: `The parameter ${member}.Value is required.` };
  if (second !== undefined) {
    return combined(
      `The parameters ${member}.${first} and ${member}.${second} are mutually exclusive and you have specified both.`,
    );
  }
  if (counts !== undefined && counts.length !== values?.length) {
    // The words are recorded, the code is not (RS 1.44).
    return invalid(`The parameters ${member}.Values and ${member}.Counts must be of the same size.`);
  }
  const many = values?.length ?? 1;
  if (many === 0 || many > CLOUDWATCH_FACTS.VALUES_PER_METRIC_MAX.value) {
    return invalid(
      `The collection ${member}.Values must not have a size greater than ${CLOUDWATCH_FACTS.VALUES_PER_METRIC_MAX.value}.`,
    );
  }
  const numbers = [...(value === undefined ? [] : [value]), ...(values ?? []), ...Object.values(statisticValues ?? {})];
  const bad = numbers.find((number) => !(Math.abs(number) <= CLOUDWATCH_FACTS.VALUE_MAX.value));
  if (bad !== undefined) return invalid(`The value ${bad} for parameter ${member}.Value is invalid.`);
  if (unit !== undefined && !UNITS.has(unit))
    return invalid(`The value ${unit} for parameter ${member}.Unit is invalid.`);
  if (storageResolution !== undefined && storageResolution !== 1 && storageResolution !== 60) {
    return invalid(`The value ${storageResolution} for parameter ${member}.StorageResolution is invalid.`);
  }
  return refusalOfDimensions(member, datum.dimensions ?? []) ?? refusalOfTimestamp(member, datum.ageMs ?? 0);
}

function refusalOfDimensions(member: string, dimensions: readonly Dimension[]): Refusal | undefined {
  const { DIMENSIONS_MAX } = CLOUDWATCH_FACTS;
  if (dimensions.length > DIMENSIONS_MAX.value) {
    return invalid(`The collection ${member}.Dimensions must not have a size greater than ${DIMENSIONS_MAX.value}.`);
  }
  for (const [index, { name, value }] of dimensions.entries()) {
    const at = `${member}.Dimensions.member.${index + 1}`;
    if (name === '' || name.length > 255 || name.startsWith(':'))
      return invalid(`The value ${name} for parameter ${at}.Name is invalid.`);
    if (value === '' || value.length > 1024) return invalid(`The value ${value} for parameter ${at}.Value is invalid.`);
  }
  return undefined;
}

function refusalOfTimestamp(member: string, ageMs: number): Refusal | undefined {
  const { PAST_MAX_SECONDS, FUTURE_MAX_SECONDS } = CLOUDWATCH_FACTS;
  if (ageMs > PAST_MAX_SECONDS.value * 1000) {
    return invalid(`The parameter ${member}.Timestamp must specify a time within the past two weeks.`);
  }
  return ageMs < -FUTURE_MAX_SECONDS.value * 1000
    ? invalid(`The parameter ${member}.Timestamp must specify a time no more than two hours in the future.`)
    : undefined;
}

function invalid(message: string): Refusal {
  return { code: 'InvalidParameterValue', message };
}

function combined(message: string): Refusal {
  return { code: 'InvalidParameterCombination', message };
}

/** How long what is published takes until alarms can read it. */
export interface Ingestion {
  readonly seconds: number;
  /** Of the first values of a new metric (RS 1.42). */
  readonly newMetricSeconds: number;
}

/**
 * Stores what a call publishes that was not refused. `now` is in milliseconds since 1970.
 * @returns false when the world has too many metrics already.
 */
export function storeMetricData(
  { region, namespace, metricData }: PutMetricData,
  store: MetricStore,
  { now, ingestion, cause }: { readonly now: number; readonly ingestion: Ingestion; readonly cause: number },
): boolean {
  let stored = true;
  for (const datum of metricData) {
    const metric = { namespace, metricName: datum.metricName, dimensions: datum.dimensions ?? [] };
    const ageMs = datum.ageMs ?? 0;
    const seconds = store.has(region, metric) ? ingestion.seconds : ingestion.newMetricSeconds;
    const sample: Sample = {
      timestamp: now - ageMs,
      readableAt: now + (seconds + lateSeconds(ageMs)) * 1000,
      unit: datum.unit ?? 'None',
      storageResolution: datum.storageResolution === 1 ? 1 : 60,
      cause,
      ...amountsOf(datum),
    };
    stored = store.add(region, metric, sample) && stored;
  }
  return stored;
}

/** RS 1.41. */
function lateSeconds(ageMs: number): number {
  const { OLD_AGE_SECONDS, OLD_DELAY_SECONDS, LATE_AGE_SECONDS, LATE_DELAY_SECONDS } = CLOUDWATCH_FACTS;
  if (ageMs >= OLD_AGE_SECONDS.value * 1000) return OLD_DELAY_SECONDS.value;
  return ageMs >= LATE_AGE_SECONDS.value * 1000 ? LATE_DELAY_SECONDS.value : 0;
}

function amountsOf({
  value,
  values,
  counts,
  statisticValues,
}: MetricDatum): Pick<Sample, 'sum' | 'sampleCount' | 'minimum' | 'maximum' | 'values'> {
  if (statisticValues !== undefined) return { ...statisticValues, values: undefined };
  const given = values ?? [value ?? 0];
  const weighted = given.map((each, index) => [each, counts?.[index] ?? 1] as const);
  return {
    sum: weighted.reduce((sum, [each, count]) => sum + each * count, 0),
    sampleCount: weighted.reduce((sum, [, count]) => sum + count, 0),
    minimum: Math.min(...given),
    maximum: Math.max(...given),
    values: weighted,
  };
}
