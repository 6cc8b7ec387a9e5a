import type { Place } from './finding.ts';

/** State of a routing control (R53 RC-03). */
export type RoutingControlState = 'On' | 'Off';

/** A cluster of Application Recovery Controller: five Regional endpoints that agree on states (R53 RC-01). */
export interface RecoveryCluster {
  readonly arn: string;
  readonly name: string;
  /** Regions of its endpoints. */
  readonly endpointRegions: readonly string[];
  readonly stack: string;
  readonly place?: Place;
}

/** An on/off switch, hosted on a cluster, whose state is that of its health checks (R53 RC-07, HC-35). */
export interface RoutingControl {
  readonly arn: string;
  readonly name: string;
  readonly clusterArn: string;
  readonly controlPanelArn: string;
  readonly stack: string;
  readonly place?: Place;
}

/** How many of a rule's controls have to be On (R53 SR-02). */
export interface RuleConfig {
  readonly type: 'ATLEAST' | 'AND' | 'OR';
  /** For ATLEAST. */
  readonly threshold: number;
  readonly inverted: boolean;
}

/** A safeguard around changes of routing controls (R53 SR-01). */
export type SafetyRule = AssertionRule | GatingRule;

interface SafetyRuleBase {
  readonly arn: string;
  readonly name: string;
  readonly controlPanelArn: string;
  readonly config: RuleConfig;
  /** For so long after a change its controls cannot be changed again. */
  readonly waitPeriodMs: number;
  readonly stack: string;
  readonly place?: Place;
}

export interface AssertionRule extends SafetyRuleBase {
  readonly kind: 'assertion';
  readonly assertedControls: readonly string[];
}

export interface GatingRule extends SafetyRuleBase {
  readonly kind: 'gating';
  readonly gatingControls: readonly string[];
  readonly targetControls: readonly string[];
}

/** `UpdateRoutingControlState`, or `UpdateRoutingControlStates` with several entries: all of them change or none (R53 RC-04). */
export interface SetRoutingControl {
  readonly kind: 'set-routing-control';
  readonly entries: readonly {
    /** ARN of the routing control. */
    readonly routingControl: string;
    readonly state: RoutingControlState;
  }[];
  /** ARNs of safety rules that are overridden (R53 SR-03). */
  readonly safetyRulesToOverride?: readonly string[];
  /** Regions of the endpoints that the client knows, in the order in which it tries them; all five unless given (R53 RC-01). */
  readonly endpoints?: readonly string[];
}

/** `StartZonalShift`: takes a load balancer's zone out of DNS for a while (R53 ZS-01). */
export interface StartZonalShift {
  readonly kind: 'start-zonal-shift';
  /** ARN of the load balancer. */
  readonly resource: string;
  /** The zone, as `eu-west-1a`. */
  readonly awayFrom: string;
  readonly expiresInMs: number;
}

/** `UpdateZonalShift`: another expiry, from now on. */
export interface UpdateZonalShift {
  readonly kind: 'update-zonal-shift';
  readonly resource: string;
  readonly expiresInMs: number;
}

/** `CancelZonalShift`, of whatever shift of the resource is active. */
export interface CancelZonalShift {
  readonly kind: 'cancel-zonal-shift';
  readonly resource: string;
}

/** `StartPracticeRun` of zonal autoshift: a shift of half an hour, when nothing forbids it (R53 ZS-03). */
export interface StartPracticeRun {
  readonly kind: 'start-practice-run';
  readonly resource: string;
  readonly awayFrom: string;
}

/** `ZonalAutoshiftConfiguration` of a resource, with what its practice runs look at (R53 ZS-03). */
export interface ZonalAutoshift {
  readonly resource: string;
  readonly enabled: boolean;
  /** Undefined: no practice run, and so no autoshift, is configured. */
  readonly practiceRun?: {
    /** ARNs of alarms: red during a run, it has failed. */
    readonly outcomeAlarms: readonly string[];
    /** Red, no run begins. */
    readonly blockingAlarms: readonly string[];
  };
  readonly stack: string;
  readonly place?: Place;
}
