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
