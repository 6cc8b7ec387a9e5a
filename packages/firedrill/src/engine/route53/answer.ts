import type { HostedZone, RecordSet } from '../../model/index.ts';
import { assert, never } from '../../model/index.ts';
import type { DnsRecord, DnsReply, Question, Vantage } from '../conversation.ts';
import { ROUTE53_FACTS } from './facts.ts';
import type { RecordGroup, ZoneData } from './zones.ts';
import { wildcardsFor } from './zones.ts';

/** What Route 53 must know of the rest of the world to answer. */
export interface Surroundings {
  /** The status of a health check as DNS sees it now, and the event that made it so. */
  health(healthCheckId: string): { readonly healthy: boolean; readonly seq: number };
  /** Addresses behind an AWS name that an alias targets, as the asker would get them. */
  addressesOf(dnsName: string, asker: Vantage): readonly string[];
  /** What EvaluateTargetHealth finds for an AWS name (R53 ET-05). */
  targetIsHealthy(dnsName: string): boolean;
  /** Values of a simple record come in random order (R53 RP-04). */
  shuffle(values: readonly string[]): readonly string[];
}

/** An answer, and how it came about. */
export interface ZoneAnswer {
  readonly reply: DnsReply;
  /** The records that were chosen on the way, as `api.example.com A primary`; empty for negative answers. */
  readonly chosen: string;
  /** The rule that decided, in the facts' words. */
  readonly rule: string;
  /** Whether a policy had a choice at all. */
  readonly routed: boolean;
}

/** Aliases within a zone that lead to each other end here. */
const ALIAS_DEPTH_MAX = 16;

/** Answers a question about a name in one of the zones; undefined when no zone has authority (R53 WS-11). */
export function answerFromZones(
  data: ZoneData,
  question: Question,
  asker: Vantage,
  around: Surroundings,
): ZoneAnswer | undefined {
  const zone = data.zoneOf(question.name);
  if (zone === undefined) return undefined;
  const group = findGroup(data, zone, question);
  if (group === undefined) return withoutRecords(data, zone, question);
  return choose({ data, asker, around, question }, group, 0);
}

interface Asking {
  readonly data: ZoneData;
  readonly asker: Vantage;
  readonly around: Surroundings;
  readonly question: Question;
}

/** The records of the name and type, else its CNAME, else those of a wildcard that covers it (R53 WS-08). */
function findGroup(data: ZoneData, zone: HostedZone, { name, type }: Question): RecordGroup | undefined {
  const at = (owner: string): RecordGroup | undefined =>
    data.group(zone, owner, type) ?? data.group(zone, owner, 'CNAME');
  if (data.exists(zone, name)) return at(name);
  const wildcard = coveringWildcard(data, zone, name);
  return wildcard === undefined ? undefined : at(wildcard);
}

/** The closest name that exists stops the search: its wildcard covers, those above it do not (RFC 4592). */
function coveringWildcard(data: ZoneData, zone: HostedZone, name: string): string | undefined {
  for (const wildcard of wildcardsFor(zone, name)) {
    if (data.exists(zone, wildcard)) return wildcard;
    if (data.exists(zone, wildcard.slice(2))) return undefined;
  }
  return undefined;
}

function choose(asking: Asking, group: RecordGroup, depth: number): ZoneAnswer {
  const pick = pickRecord(asking, group, depth);
  const label = `${group.name} ${group.type} ${labelOf(pick.record)}`;
  const inner = recordsOf(asking, group, pick.record, depth);
  return {
    reply: {
      kind: 'dns',
      rcode: inner.reply.rcode,
      answers: inner.reply.answers,
      authority: inner.reply.answers.length > 0 ? nameServersOf(group.zone) : [soaOf(group.zone)],
      negativeTtlSeconds: inner.reply.answers.length > 0 ? 0 : negativeTtl(),
      cause: Math.max(pick.cause, inner.reply.cause),
    },
    chosen: inner.chosen === '' ? label : `${label} > ${inner.chosen}`,
    rule: inner.rule === '' ? pick.rule : `${pick.rule}; ${inner.rule}`,
    routed: pick.routed || inner.routed,
  };
}

interface Choice {
  readonly record: RecordSet;
  readonly rule: string;
  readonly cause: number;
  readonly routed: boolean;
}

/** RP-01 to RP-05: by the policy, the healthy ones first; when none is healthy, as if all were. */
function pickRecord(asking: Asking, group: RecordGroup, depth: number): Choice {
  const [first] = group.records;
  assert(first !== undefined, 'a group has at least one record');
  if (first.policy.kind === 'simple') return { record: first, rule: 'simple', cause: 0, routed: false };
  const primary = group.records.find(({ policy }) => policy.kind === 'failover' && policy.role === 'PRIMARY');
  const secondary = group.records.find(({ policy }) => policy.kind === 'failover' && policy.role === 'SECONDARY');
  const primaryHealth = primary === undefined ? undefined : healthOf(asking, primary, depth);
  const secondaryHealth = secondary === undefined ? undefined : healthOf(asking, secondary, depth);
  const cause = Math.max(primaryHealth?.seq ?? 0, secondaryHealth?.seq ?? 0);
  if (primary === undefined)
    return { record: secondary ?? first, rule: 'failover: there is no primary', cause, routed: true };
  // Whatever has become of the secondary meanwhile, it is not why.
  if (primaryHealth?.healthy === true)
    return { record: primary, rule: 'failover: primary is healthy', cause: primaryHealth.seq, routed: true };
  if (secondary !== undefined && secondaryHealth?.healthy === true) {
    return { record: secondary, rule: 'failover: primary is unhealthy, secondary is healthy', cause, routed: true };
  }
  return { record: primary, rule: 'failover: nobody is healthy, so all count as healthy', cause, routed: true };
}

/** No check and no EvaluateTargetHealth: always healthy (RP-02). Both: both must pass (ET-07). */
function healthOf(asking: Asking, record: RecordSet, depth: number): { healthy: boolean; seq: number } {
  const checked =
    record.healthCheckId === undefined ? { healthy: true, seq: 0 } : asking.around.health(record.healthCheckId);
  const { alias } = record;
  if (alias === undefined || !alias.evaluateTargetHealth) return checked;
  const target = targetHealth(asking, record, depth);
  return { healthy: checked.healthy && target.healthy, seq: Math.max(checked.seq, target.seq) };
}

/** An alias to records of the zone is healthy while at least one of them is (ET-06). */
function targetHealth(asking: Asking, record: RecordSet, depth: number): { healthy: boolean; seq: number } {
  const inZone = groupBehind(asking, record);
  if (inZone === undefined) {
    return { healthy: asking.around.targetIsHealthy(record.alias?.dnsName ?? ''), seq: 0 };
  }
  if (depth >= ALIAS_DEPTH_MAX) return { healthy: false, seq: 0 };
  const healths = inZone.records.map((inner) => healthOf(asking, inner, depth + 1));
  return {
    healthy: healths.some((health) => health.healthy),
    seq: Math.max(0, ...healths.map((health) => health.seq)),
  };
}

/** What one record contributes: its part of the reply, and what was chosen further down. */
interface Records {
  readonly reply: Pick<DnsReply, 'rcode' | 'answers' | 'cause'>;
  readonly chosen: string;
  readonly rule: string;
  readonly routed: boolean;
}

const UNROUTED = { chosen: '', rule: '', routed: false };

/** The chosen record's own values, or what its alias leads to, under the name that was asked for. */
function recordsOf(asking: Asking, group: RecordGroup, record: RecordSet, depth: number): Records {
  const { name } = asking.question;
  if (record.alias === undefined) {
    const values = record.policy.kind === 'simple' ? asking.around.shuffle(record.values) : record.values;
    const ttlSeconds = record.ttlSeconds ?? 0;
    const answers = values.map((data) => ({ name, type: group.type, ttlSeconds, data }));
    return { reply: { rcode: 'NOERROR', answers, cause: 0 }, ...UNROUTED };
  }
  const inZone = groupBehind(asking, record);
  if (inZone !== undefined) {
    // An alias that leads round in a circle cannot be answered (R53 AL-11).
    if (depth >= ALIAS_DEPTH_MAX) return { reply: { rcode: 'SERVFAIL', answers: [], cause: 0 }, ...UNROUTED };
    const inner = choose(asking, inZone, depth + 1);
    return { reply: inner.reply, chosen: inner.chosen, rule: inner.rule, routed: inner.routed };
  }
  // An alias answers for its own type only, with the TTL of its target (R53 AL-01, AL-11).
  const addresses = group.type === 'A' ? asking.around.addressesOf(record.alias.dnsName, asking.asker) : [];
  const ttlSeconds = aliasTtl(record.alias.dnsName);
  const answers = addresses.map((data) => ({ name, type: 'A', ttlSeconds, data }));
  return { reply: { rcode: 'NOERROR', answers, cause: 0 }, ...UNROUTED };
}

/** An alias to another record of the same zone and type (R53 AL-10). */
function groupBehind({ data }: Asking, record: RecordSet): RecordGroup | undefined {
  const target = record.alias?.dnsName ?? '';
  const zone = data.zoneOf(target);
  return zone?.id === record.zoneId ? data.group(zone, target, record.type) : undefined;
}

function aliasTtl(dnsName: string): number {
  return dnsName.includes('.execute-api.')
    ? ROUTE53_FACTS.API_GATEWAY_ALIAS_TTL_SECONDS.value
    : ROUTE53_FACTS.ALIAS_TTL_SECONDS.value;
}

/** NODATA where the name exists, NXDOMAIN where it does not; SOA and NS of the apex are Route 53's own (WS-01, WS-05). */
function withoutRecords(data: ZoneData, zone: HostedZone, question: Question): ZoneAnswer {
  const apex = question.name === zone.name;
  const own =
    apex && question.type === 'SOA' ? [soaOf(zone)] : apex && question.type === 'NS' ? nameServersOf(zone) : [];
  const covered = data.exists(zone, question.name) || coveringWildcard(data, zone, question.name) !== undefined;
  return {
    reply: {
      kind: 'dns',
      rcode: covered ? 'NOERROR' : 'NXDOMAIN',
      answers: own,
      authority: own.length > 0 ? [] : [soaOf(zone)],
      negativeTtlSeconds: own.length > 0 ? 0 : negativeTtl(),
      cause: 0,
    },
    chosen: '',
    rule: covered ? 'no record of this type' : 'no such name',
    routed: false,
  };
}

/** Negative answers live for the smaller of the SOA's TTL and its minimum (R53 WS-02). */
function negativeTtl(): number {
  return Math.min(ROUTE53_FACTS.SOA_TTL_SECONDS.value, ROUTE53_FACTS.SOA_MINIMUM_SECONDS.value);
}

function soaOf(zone: HostedZone): DnsRecord {
  const [master] = nameServersOf(zone);
  return {
    name: zone.name,
    type: 'SOA',
    ttlSeconds: ROUTE53_FACTS.SOA_TTL_SECONDS.value,
    data: `${master?.data ?? ''}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 ${ROUTE53_FACTS.SOA_MINIMUM_SECONDS.value}`,
  };
}

/** Four name servers, one under each of four top-level domains (R53 WS-01). */
function nameServersOf(zone: HostedZone): DnsRecord[] {
  return ['com', 'net', 'org', 'co.uk'].map((domain, i) => ({
    name: zone.name,
    type: 'NS',
    ttlSeconds: ROUTE53_FACTS.NS_TTL_SECONDS.value,
    data: `ns-${i * 512 + 1}.awsdns-0${i + 1}.${domain}`,
  }));
}

function labelOf(record: RecordSet): string {
  switch (record.policy.kind) {
    case 'simple':
      return 'simple';
    case 'failover':
      return record.policy.role.toLowerCase();
    default:
      return never(record.policy);
  }
}
