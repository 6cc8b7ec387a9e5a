import type { MetricDatum, MetricRule } from './cloudwatch.ts';
import type {
  CancelZonalShift,
  SetRoutingControl,
  StartPracticeRun,
  StartZonalShift,
  UpdateZonalShift,
} from './recovery-control.ts';
import type { Place } from './finding.ts';
import type { ApprovePlanStep, CancelPlanExecution, StartPlanExecution } from './region-switch.ts';
import type { Instant } from './instant.ts';
import type { AliasTarget, RecordSet } from './route53.ts';
import type { StoredObject } from './s3.ts';

/**
 * Something that operators, or their scripts, do to the estate while it runs: a call of an AWS API with what it says.
 * Each kind is performed in one place, `engine/actions.ts` has the list.
 */
export type Action =
  | UpdateHealthCheck
  | ChangeRecordSets
  | GetChange
  | ListRecordSets
  | PutMetricData
  | SetAlarmState
  | PutMetricAlarm
  | CreateInvalidation
  | SetTrafficDial
  | SetEndpointWeight
  | SetRoutingControl
  | StartZonalShift
  | UpdateZonalShift
  | CancelZonalShift
  | StartPracticeRun
  | StartPlanExecution
  | CancelPlanExecution
  | ApprovePlanStep
  | PutObject
  | DeleteObject
  | UpdateKeys;

/** `UpdateHealthCheck` of Route 53: what is given changes, the rest stays (R53 HC-26). */
export interface UpdateHealthCheck {
  readonly kind: 'update-health-check';
  /** Id of the health check. */
  readonly healthCheck: string;
  readonly disabled?: boolean;
  readonly inverted?: boolean;
  readonly failureThreshold?: number;
  readonly resourcePath?: string;
  readonly searchString?: string;
  readonly healthThreshold?: number;
  readonly childHealthChecks?: readonly string[];
  readonly insufficientDataHealthStatus?: 'Healthy' | 'Unhealthy' | 'LastKnownStatus';
  /** Refused unless it is the check's present one (R53 HC-45). */
  readonly healthCheckVersion?: number;
}

/** `PutMetricData` of CloudWatch in one Region (RS 1.41 to 1.45). */
export interface PutMetricData {
  readonly kind: 'put-metric-data';
  readonly region: string;
  readonly namespace: string;
  readonly metricData: readonly MetricDatum[];
}

/** `SetAlarmState` of CloudWatch: until the next evaluation (RS 1.33). */
export interface SetAlarmState {
  readonly kind: 'set-alarm-state';
  readonly region: string;
  readonly alarm: string;
  /** As it is sent: CloudWatch refuses what is no state (RS 1.34). */
  readonly state: string;
  readonly reason: string;
}

/** `PutMetricAlarm` for an alarm that exists: what is given changes, all else is sent as it was; its state stays (RS 1.1). */
export interface PutMetricAlarm {
  readonly kind: 'put-metric-alarm';
  readonly region: string;
  readonly alarm: string;
  readonly change: Partial<
    Pick<
      MetricRule,
      | 'threshold'
      | 'comparisonOperator'
      | 'evaluationPeriods'
      | 'datapointsToAlarm'
      | 'periodSeconds'
      | 'treatMissingData'
      | 'statistic'
    >
  >;
}

/** `CreateInvalidation` of CloudFront (CF 3.46). */
export interface CreateInvalidation {
  readonly kind: 'create-invalidation';
  /** Id of the distribution. */
  readonly distribution: string;
  /** As `/index.html` or `/images/*`. */
  readonly paths: readonly string[];
}

/** `UpdateEndpointGroup` of Global Accelerator, as far as its traffic dial (RS 2.5, 2.13). */
export interface SetTrafficDial {
  readonly kind: 'set-traffic-dial';
  /** ARN of the endpoint group. */
  readonly endpointGroup: string;
  /** 0 to 100. */
  readonly percentage: number;
}

/** `UpdateEndpointGroup` of Global Accelerator, as far as the weight of one endpoint (RS 2.11). */
export interface SetEndpointWeight {
  readonly kind: 'set-endpoint-weight';
  /** ARN of the endpoint group. */
  readonly endpointGroup: string;
  /** ARN of a load balancer, id of an instance, or allocation id of an Elastic IP address. */
  readonly endpoint: string;
  /** 0 to 255. */
  readonly weight: number;
}

/** `PutObject` of S3. */
export interface PutObject {
  readonly kind: 'put-object';
  /** Its name. */
  readonly bucket: string;
  readonly key: string;
  readonly object: StoredObject;
}

/** `DeleteObject` of S3: a delete marker in a bucket with versioning (RS 5.23). */
export interface DeleteObject {
  readonly kind: 'delete-object';
  /** Its name. */
  readonly bucket: string;
  readonly key: string;
  /** Deletes that version for good; `current`: the newest. */
  readonly versionId?: string;
}

/** `UpdateKeys` of CloudFront KeyValueStore: all or nothing (CF 5.33). */
export interface UpdateKeys {
  readonly kind: 'update-keys';
  /** ARN of the store. */
  readonly store: string;
  readonly puts: Readonly<Record<string, string>>;
  readonly deletes: readonly string[];
}

export type ActionKind = Action['kind'];

/** An action of a drill, and when it is done. */
export interface PlannedAction {
  readonly name: string;
  readonly at: Instant;
  /** Done again after each such length of time; only once when undefined. */
  readonly everyMs?: number;
  /** Of an action that is repeated: the moment from which on it is not done any more. */
  readonly until?: Instant;
  readonly action: Action;
  readonly place?: Place;
}

/** `ChangeResourceRecordSets` of Route 53: all changes are made, or none (R53 CH-04). */
export interface ChangeRecordSets {
  readonly kind: 'change-record-sets';
  /** Id of the hosted zone. */
  readonly hostedZoneId: string;
  readonly changes: readonly RecordChange[];
  /** By what `GetChange` asks for it; nobody asks when undefined. */
  readonly changeId?: string;
}

/** `GetChange` of Route 53: PENDING, or INSYNC once all name servers have the change (R53 CH-08). */
export interface GetChange {
  readonly kind: 'get-change';
  /** `changeId` of the change; of several the last. */
  readonly change: string;
}

/** `ListResourceRecordSets` of Route 53 (R53 CH-11). */
export interface ListRecordSets {
  readonly kind: 'list-record-sets';
  readonly hostedZoneId: string;
  /** Where the page begins: at this name, or the first one after it. */
  readonly startName?: string;
  readonly startType?: string;
  readonly startIdentifier?: string;
  /** As it is sent; more than 300 are 300. */
  readonly maxItems?: number;
}

/** One change of a batch. */
export interface RecordChange {
  readonly action: 'CREATE' | 'UPSERT' | 'DELETE';
  readonly recordSet: Omit<RecordSet, 'zoneId' | 'stack' | 'place' | 'alias'> & { readonly alias?: WrittenAlias };
}

/** As it is sent: Route 53 refuses one that does not say whether its target's health counts (R53 CH-25). */
export type WrittenAlias = Omit<AliasTarget, 'evaluateTargetHealth'> & { readonly evaluateTargetHealth?: boolean };
