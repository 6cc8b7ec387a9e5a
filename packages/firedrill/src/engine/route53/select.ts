import type { RecordSet } from '../../model/index.ts';
import type { Asking } from './asking.ts';
import { locateAsker } from './asking.ts';
import { ROUTE53_FACTS } from './facts.ts';
import type { Preference } from './preference.ts';
import { preferenceOf, weightOf } from './preference.ts';
import { healthOf } from './target-health.ts';
import type { RecordGroup } from './zones.ts';

/** What a policy has come to for one asker, before chance has its say. */
export interface Selection {
  readonly group: RecordGroup;
  readonly preference: Preference;
  /** Those that may be the answer; empty: no record is for this asker (R53 RP-11). */
  readonly candidates: readonly RecordSet[];
  /** The tier they are of. */
  readonly tier: number;
  /** Nobody is healthy, so all count as healthy (R53 RP-03). */
  readonly isFailOpen: boolean;
  readonly cause: number;
}

/**
 * Applies the policy to the records of a group: the first tier with a healthy record has the candidates, and when nobody is
 * healthy the first tier has them as if all were (R53 RP-01 to RP-03). Here, and only here, it is decided.
 */
export function select(asking: Asking, group: RecordGroup): Selection {
  const preference = preferenceOf(group, () => locateAsker(asking));
  const { tiers } = preference;
  const [first = []] = tiers;
  if (!group.isMonitored || first.length === 0 || group.policy === 'simple')
    return { group, preference, candidates: first, tier: 0, isFailOpen: false, cause: 0 };
  let cause = 0;
  for (const [tier, records] of tiers.entries()) {
    const candidates: RecordSet[] = [];
    for (const record of records) {
      const { healthy, seq } = healthOf(asking, record);
      if (healthy) candidates.push(record);
      cause = Math.max(cause, seq);
    }
    if (candidates.length > 0) {
      // Whatever has become of those further down meanwhile, it is not why.
      const all = candidates.length === records.length;
      return { group, preference, candidates: all ? records : candidates, tier, isFailOpen: false, cause };
    }
  }
  return { group, preference, candidates: first, tier: 0, isFailOpen: true, cause };
}

/** The records that answer this very question: chance draws by weight, or as many as a multivalue answer takes. */
export function drawn(asking: Asking, { candidates, preference, group }: Selection): readonly RecordSet[] {
  switch (preference.among) {
    case 'first':
      return candidates.length <= 1 ? candidates : candidates.slice(0, 1);
    case 'weight':
      return candidates.length <= 1 ? candidates : [byWeight(candidates, asking.around.draw(group.drawer))];
    default:
      return asking.around.shuffle(candidates, group.drawer, ROUTE53_FACTS.MULTIVALUE_ANSWERS_MAX.value);
  }
}

/** Weight by the sum of weights; all zero: equal shares (R53 RP-07). */
export function sharesOf(candidates: readonly RecordSet[]): readonly number[] {
  const sum = candidates.reduce((total, record) => total + weightOf(record), 0);
  return candidates.map((record) => (sum === 0 ? 1 / candidates.length : weightOf(record) / sum));
}

function byWeight(candidates: readonly RecordSet[], draw: number): RecordSet {
  const sum = candidates.reduce((total, record) => total + weightOf(record), 0);
  let left = draw * (sum === 0 ? candidates.length : sum);
  for (const record of candidates) {
    left -= sum === 0 ? 1 : weightOf(record);
    if (left < 0) return record;
  }
  return candidates.at(-1) as RecordSet;
}

/** Why these are the candidates, in the facts' words. */
export function ruleOf({ group, preference, candidates, tier, isFailOpen }: Selection): string {
  const labels = candidates.map(labelOf);
  const nobody = 'nobody is healthy, so all count as healthy';
  switch (group.policy) {
    case 'simple':
      return 'simple';
    case 'failover':
      if (isFailOpen && preference.tiers.length > 1) return `failover: ${nobody}`;
      if (candidates.every(({ policy }) => policy.kind === 'failover' && policy.role === 'SECONDARY'))
        return tier === 0 ? 'failover: there is no primary' : 'failover: primary is unhealthy, secondary is healthy';
      return isFailOpen ? `failover: ${nobody}` : 'failover: primary is healthy';
    case 'weighted': {
      const standby = tier > 0 ? 'all with a weight are unhealthy, so those with weight 0 count; ' : '';
      return `weighted: ${isFailOpen ? `${nobody}; ` : standby}${weightsOf(candidates)}`;
    }
    case 'multivalue':
      return `multivalue: ${isFailOpen ? nobody : `${candidates.length} of ${group.records.length} healthy`}${drawnOf(candidates)}`;
    default:
      if (candidates.length === 0) return `${group.policy}: no record is for this asker, and there is no default`;
      if (isFailOpen) return `${group.policy}: ${nobody}; ${labels.join(', ')} is preferred`;
      return `${group.policy}: ${labels.join(', ')} is ${tier === 0 ? 'preferred' : 'next, what is preferred is unhealthy'}`;
  }
}

function drawnOf(candidates: readonly RecordSet[]): string {
  const most = ROUTE53_FACTS.MULTIVALUE_ANSWERS_MAX.value;
  return candidates.length > most ? `; each answer has ${most} of them` : '';
}

function weightsOf(candidates: readonly RecordSet[]): string {
  if (candidates.length === 1) return candidates.map((record) => `${labelOf(record)} alone`).join('');
  const shares = sharesOf(candidates);
  return candidates.map((record, i) => `${labelOf(record)} ${percent(shares[i] ?? 0)}`).join(', ');
}

function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** How a record is called among those of its name and type. */
export function labelOf({ policy }: RecordSet): string {
  switch (policy.kind) {
    case 'simple':
      return 'simple';
    case 'failover':
      return policy.role.toLowerCase();
    default:
      return policy.setIdentifier;
  }
}

/** What was selected, for comparison with what was before: chance is no change. */
export function labelsOf({ group, candidates }: Selection): string {
  return `${group.name} ${group.type} ${candidates.length === 0 ? 'none' : candidates.map(labelOf).join(' or ')}`;
}
