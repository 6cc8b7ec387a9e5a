import type { Architecture } from '../../model/index.ts';
import type { Failure, ResourceChange } from '../../engine/index.ts';
import { handlerMessage, missingAlarm } from '../../engine/index.ts';
import type { StackEntry } from './stack-entry.ts';
import { ownResources } from './stack-readings.ts';

/** Of health checks that are made or changed: those whose alarm nobody has deployed (R53 HC-49). */
export function alarmsMissing(after: Architecture, entry: StackEntry, changes: readonly ResourceChange[]): Failure[] {
  const made = new Set(changes.flatMap((change) => (change.action === 'Remove' ? [] : [change.after.logicalId])));
  const alarms = [...after.metricAlarms, ...after.compositeAlarms];
  return ownResources(after, entry).flatMap(({ logicalId, physicalId }): Failure[] => {
    const check = after.derivedHealthChecks.find(({ id }) => id === physicalId);
    if (!made.has(logicalId) || check?.type !== 'CLOUDWATCH_METRIC') return [];
    const says = missingAlarm({ name: check.alarmName, region: check.alarmRegion }, alarms);
    return says === undefined ? [] : [{ logicalId, reason: handlerMessage(says, 'InvalidRequest') }];
  });
}
