import type { RecordSet } from '../../model/index.ts';
import type { Asking, Health } from './asking.ts';
import type { RecordGroup } from './zones.ts';

const ALWAYS_HEALTHY: Health = { healthy: true, seq: 0 };
const NEVER_HEALTHY: Health = { healthy: false, seq: 0 };

/** No check and no EvaluateTargetHealth: always healthy (R53 RP-02). Both: both must pass (R53 ET-07). */
export function healthOf(asking: Asking, record: RecordSet): Health {
  const { alias, healthCheckId } = record;
  const checked = healthCheckId === undefined ? ALWAYS_HEALTHY : asking.around.health(healthCheckId, asking.asker);
  if (alias === undefined || !alias.evaluateTargetHealth) return checked;
  const target = targetHealth(asking, record);
  if (healthCheckId === undefined) return target;
  return { healthy: checked.healthy && target.healthy, seq: Math.max(checked.seq, target.seq) };
}

/** What EvaluateTargetHealth finds behind an alias. */
export function targetHealth(asking: Asking, record: RecordSet): Health {
  const inZone = groupBehind(asking, record);
  return inZone === undefined ? asking.around.targetHealth(record.alias?.dnsName ?? '') : healthOfGroup(asking, inZone);
}

/** An alias to records of the zone is healthy while at least one of them is (R53 ET-06). */
function healthOfGroup(asking: Asking, group: RecordGroup): Health {
  if (!group.isMonitored) return ALWAYS_HEALTHY;
  const found = (asking.found ??= new Map());
  const known = found.get(group);
  if (known !== undefined) return known;
  // Aliases that lead round in a circle find nothing healthy at its end (R53 AL-11).
  found.set(group, NEVER_HEALTHY);
  let healthy = false;
  let seq = 0;
  for (const record of group.records) {
    const health = healthOf(asking, record);
    healthy ||= health.healthy;
    seq = Math.max(seq, health.seq);
  }
  const result = { healthy, seq };
  found.set(group, result);
  return result;
}

/** The group that an alias to another record of the same zone and type leads to (R53 AL-10). */
export function groupBehind({ data, zone }: Asking, { alias, type }: RecordSet): RecordGroup | undefined {
  return alias === undefined ? undefined : data.group(zone, alias.dnsName, type);
}
