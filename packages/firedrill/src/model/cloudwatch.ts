import type { Place } from './finding.ts';

export interface Dimension {
  readonly name: string;
  readonly value: string;
}

/** Which metric of one Region: all of it must be the same, dimensions in any order (RS 1.13). */
export interface MetricIdentity {
  readonly namespace: string;
  readonly metricName: string;
  readonly dimensions: readonly Dimension[];
}

export type ComparisonOperator =
  | 'GreaterThanOrEqualToThreshold'
  | 'GreaterThanThreshold'
  | 'LessThanThreshold'
  | 'LessThanOrEqualToThreshold';

export type TreatMissingData = 'missing' | 'ignore' | 'breaching' | 'notBreaching';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** What is called when an alarm comes into a state: ARNs, never looked at (RS 1.11). */
export interface AlarmActions {
  /** False: nothing is ever called. */
  readonly enabled: boolean;
  readonly ok: readonly string[];
  readonly alarm: readonly string[];
  readonly insufficientData: readonly string[];
}

interface AlarmBase {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly actions: AlarmActions;
  readonly stack: string;
  readonly place?: Place;
}

/** What an alarm makes of a metric: the part that Route 53 copies (R53 HC-29). */
export interface MetricRule {
  readonly region: string;
  readonly metric: MetricIdentity;
  /** `Maximum` and its like, or an extended one as `p99` (RS 1.8). */
  readonly statistic: string;
  /** Only what was published with this unit counts; undefined: everything (RS 1.12). */
  readonly unit?: string;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly comparisonOperator: ComparisonOperator;
  readonly threshold: number;
  readonly treatMissingData: TreatMissingData;
  /** Periods begin with the clock's (RS 1.7); false: they slide, a minute further with each evaluation. */
  readonly alignedToClock: boolean;
}

/** An alarm on one metric. */
export interface MetricAlarm extends AlarmBase, MetricRule {}

/** What a composite alarm asks of others. Alarms are named by name or ARN. */
export type AlarmRule =
  | { readonly kind: 'state'; readonly state: AlarmState; readonly alarm: string }
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'not'; readonly of: AlarmRule }
  | { readonly kind: 'and' | 'or'; readonly of: readonly AlarmRule[] };

/** An alarm on the states of others (RS 1.35 to 1.37). */
export interface CompositeAlarm extends AlarmBase {
  readonly rule: AlarmRule;
  /** Name or ARN of the alarm that keeps its actions back, and for how long they wait before and after it. */
  readonly suppressor?: { readonly alarm: string; readonly waitSeconds: number; readonly extensionSeconds: number };
}

/** One metric of a `PutMetricData`. Exactly one of `value`, `values` and `statisticValues`. */
export interface MetricDatum {
  readonly metricName: string;
  readonly dimensions?: readonly Dimension[];
  readonly value?: number;
  readonly values?: readonly number[];
  /** How often each of `values` came; once when undefined. */
  readonly counts?: readonly number[];
  readonly statisticValues?: {
    readonly sampleCount: number;
    readonly sum: number;
    readonly minimum: number;
    readonly maximum: number;
  };
  readonly unit?: string;
  readonly storageResolution?: number;
  /** How long before the call its timestamp lies; negative: after it. */
  readonly ageMs?: number;
}
