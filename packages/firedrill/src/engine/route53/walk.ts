import type { RecordSet } from '../../model/index.ts';
import type { DnsRecord, Question, Vantage } from '../conversation.ts';
import { groupsFor, ownerOf } from './answer.ts';
import type { Asking, Health, Surroundings } from './asking.ts';
import { ALIAS_DEPTH_MAX, locateAsker } from './asking.ts';
import type { Selection } from './select.ts';
import { labelOf, ruleOf, select, sharesOf } from './select.ts';
import { groupBehind, healthOf, targetHealth } from './target-health.ts';
import type { RecordGroup, ZoneData } from './zones.ts';
import type { Apex } from './zone-apex.ts';
import { whyPreferred } from './why-preferred.ts';

/** How an answer comes about: every group on the way, and what became of each of its records. */
export interface Walk {
  readonly zone: { readonly id: string; readonly name: string; readonly private: boolean };
  readonly question: Question;
  /** The name that has the records: the one asked for or a wildcard; undefined: there is none. */
  readonly owner: string | undefined;
  readonly rcode: 'NOERROR' | 'NXDOMAIN';
  /** The group is of NS records that hand the name to other name servers. */
  readonly isDelegated: boolean;
  /** For how long a negative answer may be kept. */
  readonly negativeTtlSeconds: number;
  readonly groups: readonly WalkedGroup[];
  /** The name servers or the SOA that Route 53 gave the zone, when they are what was asked for (R53 WS-01). */
  readonly own: readonly DnsRecord[];
}

export interface WalkedGroup {
  readonly name: string;
  readonly type: string;
  readonly policy: RecordGroup['policy'];
  /** The rule that decided; undefined for a group that does not answer. */
  readonly rule: string | undefined;
  /** What Route 53 did with it: `unused` when its branch was left and an alias does not evaluate its health (R53 ET-09). */
  readonly use: 'answered' | 'health' | 'unused';
  readonly branches: readonly Branch[];
}

export interface Branch {
  /** `primary`, `secondary`, or the SetIdentifier. */
  readonly label: string;
  readonly record: RecordSet;
  /** `taken`: it answers, or may be drawn; `left`: it does not. */
  readonly standing: 'taken' | 'left';
  /** Of all answers, 0 to 1. */
  readonly share: number;
  /** Why it was taken or left. */
  readonly why: string;
  readonly health: BranchHealth;
  /** What a record outside the zone leads to, or the record's own values. */
  readonly answers: readonly string[];
  readonly ttlSeconds: number | undefined;
  /** Records of the zone that its alias leads to. */
  readonly below: WalkedGroup | undefined;
}

export interface BranchHealth extends Health {
  /** Its health check, when it has one. */
  readonly check: { readonly id: string; readonly healthy: boolean } | undefined;
  /** What EvaluateTargetHealth finds, when it is on. */
  readonly target: { readonly healthy: boolean } | undefined;
}

/** Walks the tree that an answer to a question comes from; decides by {@link select}, as answers do. */
export function walkZones(data: ZoneData, question: Question, asker: Vantage, around: Surroundings): Walk | undefined {
  const zone = data.zoneOf(question.name, around.vpcOf(asker));
  if (zone === undefined) return undefined;
  const asking: Asking = { data, zone, question, asker, around, found: undefined, located: undefined };
  const delegation = data.delegation(zone, question.name, question.type);
  const owner = delegation?.name ?? ownerOf(data, zone, question.name);
  const groups = delegation !== undefined ? [delegation] : owner === undefined ? [] : groupsFor(asking, owner);
  return {
    zone: { id: zone.id, name: zone.name, private: zone.private },
    question,
    owner,
    rcode: owner === undefined ? 'NXDOMAIN' : 'NOERROR',
    isDelegated: delegation !== undefined,
    negativeTtlSeconds: data.apex(zone).negativeTtlSeconds,
    groups: groups.map((group) => walkGroup(asking, group, 0)),
    own: groups.length > 0 || question.name !== zone.name ? [] : ownRecords(data.apex(zone), question.type),
  };
}

function ownRecords({ nameServers, soa }: Apex, type: string): readonly DnsRecord[] {
  const all = type === 'ANY';
  return [...(type === 'NS' || all ? nameServers : []), ...(type === 'SOA' || all ? soa : [])];
}

function walkGroup(asking: Asking, group: RecordGroup, depth: number): WalkedGroup {
  const selection = select(asking, group);
  const { candidates } = selection;
  const shares = sharesIn(selection);
  const branches = group.records.map((record): Branch => {
    const at = candidates.indexOf(record);
    const share = shares[at] ?? 0;
    return branchOf(asking, record, {
      standing: share > 0 ? 'taken' : 'left',
      share,
      why: whyOf(asking, selection, record),
      below: (inner) =>
        share > 0
          ? walkGroup(asking, inner, depth + 1)
          : lookAt(asking, inner, { depth: depth + 1, use: useOf(record) }),
      depth,
    });
  });
  return {
    name: group.name,
    type: group.type,
    policy: group.policy,
    rule: ruleOf(selection),
    use: 'answered',
    branches,
  };
}

/** Of a branch that was left: whether what its alias leads to had a part in that. */
function useOf({ alias }: RecordSet): 'health' | 'unused' {
  return alias?.evaluateTargetHealth === true ? 'health' : 'unused';
}

/** A group that is not answered from; perhaps a branch is as healthy as it is. */
function lookAt(
  asking: Asking,
  group: RecordGroup,
  { depth, use }: { readonly depth: number; readonly use: 'health' | 'unused' },
): WalkedGroup {
  const branches = group.records.map((record) =>
    branchOf(asking, record, {
      standing: 'left',
      share: 0,
      why: healthOf(asking, record).healthy ? 'healthy, and its branch was left' : 'unhealthy',
      below: (inner) => lookAt(asking, inner, { depth: depth + 1, use: use === 'unused' ? use : useOf(record) }),
      depth,
    }),
  );
  return { name: group.name, type: group.type, policy: group.policy, rule: undefined, use, branches };
}

interface Standing extends Pick<Branch, 'standing' | 'share' | 'why'> {
  readonly below: (group: RecordGroup) => WalkedGroup;
  readonly depth: number;
}

function branchOf(asking: Asking, record: RecordSet, { standing, share, why, below, depth }: Standing): Branch {
  const { alias, healthCheckId, values } = record;
  const { around, asker } = asking;
  const inner = groupBehind(asking, record);
  const isOutside = alias !== undefined && inner === undefined;
  return {
    label: labelOf(record),
    record,
    standing,
    share,
    why,
    health: {
      ...healthOf(asking, record),
      check:
        healthCheckId === undefined
          ? undefined
          : { id: healthCheckId, healthy: around.health(healthCheckId, asker).healthy },
      target: alias?.evaluateTargetHealth === true ? { healthy: targetHealth(asking, record).healthy } : undefined,
    },
    answers: isOutside ? (record.type === 'A' ? around.addressesOf(alias.dnsName, asker) : []) : values,
    ttlSeconds: isOutside ? around.ttlSecondsOf(alias.dnsName) : record.ttlSeconds,
    below: inner === undefined || depth >= ALIAS_DEPTH_MAX ? undefined : below(inner),
  };
}

/** How often each candidate is the answer. */
function sharesIn({ candidates, preference }: Selection): readonly number[] {
  switch (preference.among) {
    case 'first':
      return candidates.map((_, i) => (i === 0 ? 1 : 0));
    case 'weight':
      return sharesOf(candidates);
    default:
      return candidates.map(() => 1);
  }
}

/** Why one record was taken or left: its place in the policy's order, then its health. */
function whyOf(asking: Asking, selection: Selection, record: RecordSet): string {
  const { preference, candidates, tier, isFailOpen } = selection;
  const ownTier = preference.tiers.findIndex((records) => records.includes(record));
  const because = whyPreferred(record, () => locateAsker(asking));
  const { healthy } = healthOf(asking, record);
  const says = (verdict: string): string => (because === '' ? verdict : `${because}; ${verdict}`);
  if (ownTier < 0) return says('not for this asker');
  if (candidates.includes(record)) {
    if (isFailOpen) return says('nobody is healthy, so it counts as healthy');
    if (candidates.length > 1 && preference.among === 'first')
      return says(candidates[0] === record ? 'first' : 'another comes first');
    return says(healthy ? 'healthy' : 'unhealthy');
  }
  if (!healthy) return says(isFailOpen ? 'unhealthy like all others, and another is preferred' : 'unhealthy');
  return says(ownTier > tier ? 'healthy, and what comes before it answers' : 'left');
}
