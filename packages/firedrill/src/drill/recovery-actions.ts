import type { Action, Architecture } from '../model/index.ts';
import type { ActionText } from './drill-schema.ts';

/** What can be done with Application Recovery Controller, by key in the drill file. */
export const RECOVERY_DEEDS: Readonly<Record<string, (text: ActionText) => Action | undefined>> = {
  setRoutingControl: ({ setRoutingControl: deed }) =>
    deed && {
      kind: 'set-routing-control',
      entries: Object.entries(deed.states).map(([routingControl, state]) => ({ routingControl, state })),
      ...(deed.override === undefined ? {} : { safetyRulesToOverride: deed.override }),
      ...(deed.endpoints === undefined ? {} : { endpoints: deed.endpoints }),
    },
  startZonalShift: ({ startZonalShift: deed }) =>
    deed && {
      kind: 'start-zonal-shift',
      resource: deed.resource,
      awayFrom: deed.awayFrom,
      expiresInMs: deed.expiresIn,
    },
  updateZonalShift: ({ updateZonalShift: deed }) =>
    deed && { kind: 'update-zonal-shift', resource: deed.resource, expiresInMs: deed.expiresIn },
  cancelZonalShift: ({ cancelZonalShift: deed }) => deed && { kind: 'cancel-zonal-shift', ...deed },
  startPlanExecution: ({ startPlanExecution: deed }) =>
    deed && {
      kind: 'start-plan-execution',
      plan: deed.plan,
      targetRegion: deed.targetRegion,
      action: deed.action,
      mode: deed.mode ?? 'graceful',
    },
  cancelPlanExecution: ({ cancelPlanExecution: deed }) => deed && { kind: 'cancel-plan-execution', plan: deed.plan },
  approvePlanStep: ({ approvePlanStep: deed }) =>
    deed && { kind: 'approve-plan-step', plan: deed.plan, step: deed.step, approval: deed.approval ?? 'approve' },
  startPracticeRun: ({ startPracticeRun: deed }) => deed && { kind: 'start-practice-run', ...deed },
};

type RecoveryAction = Extract<
  Action,
  { readonly kind: 'set-routing-control' | `${string}-zonal-shift` | 'start-practice-run' }
>;

/** Fills physical ids in; `idOf` gives the one of the known ids that was meant. */
export function resolveRecoveryAction(
  action: RecoveryAction,
  { routingControls, safetyRules, loadBalancers }: Architecture,
  idOf: (written: string, known: readonly string[], what: string) => string,
): Action {
  const arnsOf = (items: readonly { readonly arn: string }[]): readonly string[] => items.map(({ arn }) => arn);
  if (action.kind !== 'set-routing-control') {
    return { ...action, resource: idOf(action.resource, arnsOf(loadBalancers), 'load balancer') };
  }
  const overridden = action.safetyRulesToOverride?.map((name) => idOf(name, arnsOf(safetyRules), 'safety rule'));
  return {
    ...action,
    entries: action.entries.map(({ routingControl, state }) => ({
      routingControl: idOf(routingControl, arnsOf(routingControls), 'routing control'),
      state,
    })),
    ...(overridden === undefined ? {} : { safetyRulesToOverride: overridden }),
  };
}
