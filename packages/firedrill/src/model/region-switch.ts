import type { Place } from './finding.ts';
import type { SetRoutingControl } from './recovery-control.ts';

/** A plan of ARC Region switch, as far as its Route 53 and routing control blocks (R53 RS-01). */
export interface RegionSwitchPlan {
  readonly arn: string;
  readonly name: string;
  readonly approach: 'activePassive' | 'activeActive';
  readonly regions: readonly string[];
  readonly workflows: readonly RegionSwitchWorkflow[];
  readonly triggers: readonly RegionSwitchTrigger[];
  readonly stack: string;
  readonly place?: Place;
}

export interface RegionSwitchWorkflow {
  readonly action: RegionSwitchAction | 'postRecovery';
  /** Undefined: for every Region of the plan. */
  readonly region?: string;
  readonly steps: readonly RegionSwitchStep[];
}

export type RegionSwitchAction = 'activate' | 'deactivate';

export interface RegionSwitchStep {
  readonly name: string;
  readonly block: RegionSwitchBlock;
}

export type RegionSwitchBlock =
  | { readonly kind: 'health-check'; readonly checks: readonly { readonly id: string; readonly region: string }[] }
  /** Entries by the Region that is activated or deactivated. */
  | { readonly kind: 'routing-control'; readonly entries: ReadonlyMap<string, SetRoutingControl['entries']> }
  | { readonly kind: 'manual-approval' }
  | { readonly kind: 'parallel'; readonly steps: readonly RegionSwitchStep[] }
  /** Not simulated: taken as done at once, or skipped in an ungraceful execution. */
  | { readonly kind: 'other'; readonly type: string; readonly skippedWhenUngraceful: boolean };

/** Starts an execution by itself when all its conditions hold (R53 RS-06). */
export interface RegionSwitchTrigger {
  readonly action: RegionSwitchAction;
  readonly region: string;
  /** ARNs of alarms, and whether each has to be in ALARM or out of it. */
  readonly conditions: readonly { readonly alarm: string; readonly red: boolean }[];
  readonly minimumDelayMs: number;
}

/** `StartPlanExecution` (R53 RS-04). */
export interface StartPlanExecution {
  readonly kind: 'start-plan-execution';
  readonly plan: string;
  readonly targetRegion: string;
  readonly action: RegionSwitchAction;
  readonly mode: 'graceful' | 'ungraceful';
}

/** `CancelPlanExecution`: what has been done stays done. */
export interface CancelPlanExecution {
  readonly kind: 'cancel-plan-execution';
  readonly plan: string;
}

/** `ApprovePlanExecutionStep`: lets a step for manual approval pass, or declines it. */
export interface ApprovePlanStep {
  readonly kind: 'approve-plan-step';
  readonly plan: string;
  readonly step: string;
  readonly approval: 'approve' | 'decline';
}
