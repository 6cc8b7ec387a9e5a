import type { Place, RegionSwitchPlan, SafetyRule, ZonalAutoshift } from '../model/index.ts';
import type { Placed } from './shape.ts';

/** What the resources of Application Recovery Controller said. */
export interface RecoveryDraft {
  readonly clusters: { readonly arn: string; readonly name: string; readonly stack: string; readonly at: Place }[];
  readonly panels: DraftPanel[];
  readonly controls: DraftControl[];
  readonly rules: DraftSafetyRule[];
  readonly autoshifts: ZonalAutoshift[];
  readonly plans: RegionSwitchPlan[];
}

export function emptyRecoveryDraft(): RecoveryDraft {
  return { clusters: [], panels: [], controls: [], rules: [], autoshifts: [], plans: [] };
}

interface DraftPanel {
  readonly arn: string;
  readonly clusterArn: Placed<string> | undefined;
  readonly at: Place;
}

export interface DraftControl {
  readonly arn: string;
  readonly name: string;
  /** Undefined: its panel says. */
  readonly clusterArn: Placed<string> | undefined;
  readonly panelArn: string;
  readonly stack: string;
  readonly at: Place;
}

interface DraftSafetyRule {
  readonly rule: SafetyRule;
  /** Every control that it names, and where. */
  readonly mentioned: readonly Placed<string>[];
}
