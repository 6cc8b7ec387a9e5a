import type { DesiredResource, Failure } from '../../engine/index.ts';
import { courseOf } from '../../engine/index.ts';
import type { TemplateSource } from '../../template/index.ts';
import type { HandMadeResources } from '../hand-made.ts';
import { leftBehind } from './left-behind.ts';
import type { Plan } from './planning.ts';
import type { Deployed, FailedUpdate, StackEntry, Target } from './stack-entry.ts';

/** A stack as a failed update leaves it that nobody takes back. */
interface Left {
  readonly deployed: Deployed;
  readonly births: StackEntry['births'];
  readonly handMade: HandMadeResources;
  readonly failedUpdate: FailedUpdate;
}

/**
 * What was done before the failure stays, all else is as it was (RS 8.19b): resources that were not tried have their former properties, new ones
 * are not there, and those that were to go are.
 */
export function leftAsFailed(
  entry: StackEntry & { readonly deployed: Deployed },
  target: Target,
  { plan, failure, handMade }: { readonly plan: Plan; readonly failure: Failure; readonly handMade: HandMadeResources },
): Left {
  const { deployed: before, failedUpdate } = entry;
  const { failed, untried } = courseOf(plan.changes, failure);
  const undone = new Map(
    [...failed, ...untried].flatMap((change) =>
      change.action === 'Remove'
        ? []
        : [[change.after.logicalId, change.action === 'Modify' ? change.before : undefined]],
    ),
  );
  const removed = plan.changes.flatMap((change) => (change.action === 'Remove' ? [change.before] : []));
  const resources = plan.after.flatMap((resource): readonly DesiredResource[] => {
    if (!undone.has(resource.logicalId)) return [resource];
    const former = undone.get(resource.logicalId);
    return former === undefined ? [] : [former];
  });
  const { history = {} } = plan.source;
  // What was not replaced after all is known as before.
  const births = Object.fromEntries(
    Object.entries({ ...entry.births, ...plan.births }).flatMap(([logicalId, birth]) => {
      const known = undone.has(logicalId) ? entry.births[logicalId] : birth;
      return known === undefined ? [] : [[logicalId, known] as const];
    }),
  );
  const formers = [...undone].flatMap(([logicalId, former]) =>
    former === undefined ? [] : [[logicalId, former.properties] as const],
  );
  const source: TemplateSource = {
    ...plan.source,
    // A nested stack that was not changed has its former template.
    code: { ...before.source.code, ...plan.source.code },
    history: {
      ...history,
      births,
      changedByHand: { ...history.changedByHand, ...Object.fromEntries(formers) },
      absent: [
        ...(history.absent ?? []),
        ...[...undone].flatMap(([logicalId, former]) => (former === undefined ? [logicalId] : [])),
      ],
    },
  };
  const kept = leftBehind(withoutLeftovers(handMade, entry), entry, removed);
  return {
    deployed: { target, source, resources: [...resources, ...removed], outputs: before.outputs },
    births,
    handMade: kept.made,
    failedUpdate: {
      stable: failedUpdate?.stable ?? before,
      births: failedUpdate?.births ?? entry.births,
      changes: plan.changes,
      failure,
      leftovers: kept.ids,
    },
  };
}

/** Without what an earlier update has left behind: whoever comes next decides anew. */
export function withoutLeftovers(
  made: HandMadeResources,
  { region, failedUpdate }: Pick<StackEntry, 'region' | 'failedUpdate'>,
): HandMadeResources {
  return (failedUpdate?.leftovers ?? []).reduce((all, logicalId) => all.without(region, logicalId), made);
}
