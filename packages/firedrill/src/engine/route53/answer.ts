import type { HostedZone, RecordSet } from '../../model/index.ts';
import { assert } from '../../model/index.ts';
import type { DnsRecord, DnsReply, Question, Vantage } from '../conversation.ts';
import type { Asking, Surroundings } from './asking.ts';
import { ALIAS_DEPTH_MAX } from './asking.ts';
import { isLocated } from './preference.ts';
import type { Selection } from './select.ts';
import { drawn, labelOf, labelsOf, ruleOf, select } from './select.ts';
import { groupBehind } from './target-health.ts';
import type { RecordGroup, ZoneData } from './zones.ts';
import { parentOf } from './zones.ts';

/** One policy's turn on the way to an answer. */
export interface Step {
  readonly selection: Selection;
  /** Which of several candidates chance has drawn; empty where there was no chance. */
  readonly drawn: string;
}

/** An answer, and how it came about. */
export class ZoneAnswer {
  readonly reply: DnsReply;
  /** What each policy on the way came to; empty for negative answers. */
  readonly steps: readonly Step[];

  constructor(reply: DnsReply, steps: readonly Step[]) {
    this.reply = reply;
    this.steps = steps;
  }

  /** Whether a policy had a choice at all. */
  get routed(): boolean {
    return this.steps.some(({ selection }) => selection.group.policy !== 'simple');
  }

  /** Whether others may be answered otherwise because of where they are. */
  get located(): boolean {
    return this.steps.some(({ selection }) => isLocated(selection.group.policy));
  }

  /** The records that may be chosen on the way, as `api.example.com A primary`; empty for negative answers. */
  get chosen(): string {
    return chosenIn(this.steps);
  }

  /** The same as far as chance has had no say. */
  get chosenBeforeChance(): string {
    const chance = this.steps.findIndex(({ drawn: label }) => label !== '');
    return chance < 0 ? this.chosen : chosenIn(this.steps.slice(0, chance + 1));
  }

  /** What chance has drawn on the way; empty where it had no say. */
  get luck(): string {
    return this.steps
      .map(({ drawn: label }) => label)
      .join(' ')
      .trim();
  }

  /** The rule that decided, in the facts' words. */
  get rule(): string {
    return this.steps.map(({ selection }) => ruleOf(selection)).join('; ');
  }
}

function chosenIn(steps: readonly Step[]): string {
  return steps.map(({ selection }) => labelsOf(selection)).join(' > ');
}

/** A part of a reply: what one group contributes. */
type Part = Pick<DnsReply, 'rcode' | 'answers' | 'cause'>;

/** Answers a question about a name in one of the zones; undefined when no zone has authority (R53 WS-11). */
export function answerFromZones(
  data: ZoneData,
  question: Question,
  asker: Vantage,
  around: Surroundings,
): ZoneAnswer | undefined {
  const zone = data.zoneOf(question.name, around.vpcOf(asker));
  if (zone === undefined) return undefined;
  const asking: Asking = { data, zone, question, asker, around, found: undefined, located: undefined };
  const delegation = data.delegation(zone, question.name, question.type);
  if (delegation !== undefined) return referral(asking, delegation);
  const owner = ownerOf(data, zone, question.name);
  const groups = owner === undefined ? [] : groupsFor(asking, owner);
  if (groups.length === 0) return withoutRecords(asking, owner !== undefined);
  const steps: Step[] = [];
  const [first] = groups;
  assert(first !== undefined, 'there is a group');
  const part = question.type === 'ANY' ? together(asking, groups, steps) : choose(asking, first, 0, steps);
  return new ZoneAnswer(replyOf(asking, part, steps), steps);
}

/** The name that has the records: the one asked for, or a wildcard that covers it (R53 WS-08). */
export function ownerOf(data: ZoneData, zone: HostedZone, name: string): string | undefined {
  return data.exists(zone, name) ? name : coveringWildcard(data, zone, name);
}

/** The closest name that exists stops the search: its wildcard covers, those above it do not (RFC 4592). */
function coveringWildcard(data: ZoneData, zone: HostedZone, name: string): string | undefined {
  // Neither the apex nor what is above it is covered (R53 WS-08).
  for (let at = name; at.length > zone.name.length; at = parentOf(at)) {
    const parent = parentOf(at);
    const wildcard = `*.${parent}`;
    if (data.exists(zone, wildcard)) return wildcard;
    if (data.exists(zone, parent)) return undefined;
  }
  return undefined;
}

/** The records of the name and type, else its CNAME; for ANY all there are, or one (R53 WS-10, OQ-06). */
export function groupsFor({ data, zone, question, around }: Asking, owner: string): readonly RecordGroup[] {
  if (question.type === 'ANY') {
    const all = data.groupsAt(zone, owner);
    return around.any === 'all' ? all : all.slice(0, 1);
  }
  const group = data.group(zone, owner, question.type) ?? data.group(zone, owner, 'CNAME');
  return group === undefined ? [] : [group];
}

function together(asking: Asking, groups: readonly RecordGroup[], steps: Step[]): Part {
  const { data, zone, question, around } = asking;
  const parts = groups.map((group) => choose(asking, group, 0, steps));
  const { nameServers, soa } = data.apex(zone);
  const own = question.name === zone.name && around.any === 'all' ? [...nameServers, ...soa] : [];
  const isWritten = new Set(groups.map(({ type }) => type));
  return {
    rcode: 'NOERROR',
    answers: [...parts.flatMap(({ answers }) => answers), ...own.filter(({ type }) => !isWritten.has(type))],
    cause: Math.max(...parts.map(({ cause }) => cause)),
  };
}

function replyOf({ data, zone, question }: Asking, { rcode, answers, cause }: Part, steps: readonly Step[]): DnsReply {
  const { nameServers, soa, negativeTtlSeconds } = data.apex(zone);
  const isPositive = answers.length > 0;
  const additional = isPositive ? additionalTo(data, zone, answers) : undefined;
  const { clientSubnet } = question;
  const isOwnSubnet =
    clientSubnet !== undefined && !zone.private && steps.some(({ selection }) => isLocated(selection.group.policy));
  return {
    kind: 'dns',
    rcode,
    answers,
    authority: isPositive ? nameServers : soa,
    ...(additional === undefined ? {} : { additional }),
    negativeTtlSeconds: isPositive ? 0 : negativeTtlSeconds,
    ...(isOwnSubnet ? { subnetScope: clientSubnet.prefixLength } : {}),
    hostedZoneId: zone.id,
    cause,
  };
}

/** One group's part: what its policy chooses, and what the choice leads to. */
function choose(asking: Asking, group: RecordGroup, depth: number, steps: Step[]): Part {
  const selection = select(asking, group);
  const records = drawn(asking, selection);
  const [only] = records;
  const isChance =
    only !== undefined &&
    records.length === 1 &&
    selection.preference.among === 'weight' &&
    selection.candidates.length > 1;
  steps.push({ selection, drawn: isChance ? labelOf(only) : '' });
  if (only === undefined) return { rcode: 'NOERROR', answers: [], cause: selection.cause };
  if (records.length > 1) {
    const answers = records.flatMap((record) => valuesOf(asking, group, record));
    return { rcode: 'NOERROR', answers, cause: selection.cause };
  }
  const inner = recordsOf(asking, group, only, { depth, steps });
  return selection.cause <= inner.cause ? inner : { ...inner, cause: selection.cause };
}

/** A record's own values, or what its alias leads to, under the name that was asked for. */
function recordsOf(
  asking: Asking,
  group: RecordGroup,
  record: RecordSet,
  { depth, steps }: { readonly depth: number; readonly steps: Step[] },
): Part {
  if (record.alias === undefined) return { rcode: 'NOERROR', answers: valuesOf(asking, group, record), cause: 0 };
  const inZone = groupBehind(asking, record);
  if (inZone !== undefined) {
    // An alias that leads round in a circle cannot be answered (R53 AL-11).
    if (depth >= ALIAS_DEPTH_MAX) return { rcode: 'SERVFAIL', answers: [], cause: 0 };
    return choose(asking, inZone, depth + 1, steps);
  }
  const { name } = asking.question;
  const { dnsName } = record.alias;
  // An alias answers for its own type only, with the TTL of its target (R53 AL-01, AL-11).
  const addresses = record.type === 'A' ? asking.around.addressesOf(dnsName, asking.asker) : [];
  const ttlSeconds = asking.around.ttlSecondsOf(dnsName);
  const answers = addresses.map((data) => ({ name, type: 'A', ttlSeconds, data }));
  return { rcode: 'NOERROR', answers, cause: 0 };
}

/** Whose draws put the values of simple records in order. */
const ORDER_OF_VALUES = 'route53/order-of-values';

/** Several values of a simple record come in an order of chance (R53 RP-04). */
function valuesOf({ question, around }: Asking, group: RecordGroup, record: RecordSet): readonly DnsRecord[] {
  const isOwnName = question.name === group.name;
  const known = isOwnName ? group.written.get(record) : undefined;
  const answers = known ?? writtenFor(question.name, record);
  if (known === undefined && isOwnName) group.written.set(record, answers);
  return answers.length > 1 && record.policy.kind === 'simple' ? around.shuffle(answers, ORDER_OF_VALUES) : answers;
}

function writtenFor(name: string, { type, values, ttlSeconds = 0 }: RecordSet): readonly DnsRecord[] {
  return values.map((data) => ({ name, type, ttlSeconds, data }));
}

/** Where the host name is in the data of a type. */
const TARGETS: Readonly<Record<string, number>> = { CNAME: 0, NS: 0, MX: 1, SRV: 3 };

/** Addresses of what the answers lead to, as far as the same zone has them without a policy (R53 WS-03). */
function additionalTo(
  data: ZoneData,
  zone: HostedZone,
  answers: readonly DnsRecord[],
): readonly DnsRecord[] | undefined {
  let found: DnsRecord[] | undefined;
  for (const { type, data: text } of answers) {
    const field = TARGETS[type];
    if (field === undefined) continue;
    const target = text.split(' ')[field]?.toLowerCase().replace(/\.$/, '') ?? '';
    for (const address of ['A', 'AAAA']) {
      const [record] = data.group(zone, target, address)?.records ?? [];
      if (record?.policy.kind !== 'simple') continue;
      found ??= [];
      found.push(...writtenFor(target, record));
    }
  }
  return found;
}

/** Where to ask instead: the zone has no say about names that it has handed to others. */
function referral({ data, zone }: Asking, { name, records }: RecordGroup): ZoneAnswer {
  const authority = records.flatMap((record) => writtenFor(name, record));
  const additional = additionalTo(data, zone, authority);
  const reply: DnsReply = {
    kind: 'dns',
    rcode: 'NOERROR',
    answers: [],
    authority,
    ...(additional === undefined ? {} : { additional }),
    negativeTtlSeconds: 0,
    isReferral: true,
    hostedZoneId: zone.id,
    cause: 0,
  };
  return new ZoneAnswer(reply, []);
}

/** NODATA where the name exists, NXDOMAIN where it does not; SOA and NS of the apex are Route 53's own (WS-01, WS-05). */
function withoutRecords(asking: Asking, exists: boolean): ZoneAnswer {
  const { data, zone, question } = asking;
  const { nameServers, soa } = data.apex(zone);
  const isApex = question.name === zone.name;
  const { type } = question;
  const answers = !isApex
    ? []
    : type === 'SOA'
      ? soa
      : type === 'NS'
        ? nameServers
        : type === 'ANY'
          ? [...nameServers, ...soa]
          : [];
  const reply = replyOf(asking, { rcode: exists ? 'NOERROR' : 'NXDOMAIN', answers, cause: 0 }, []);
  return new ZoneAnswer(answers.length === 0 ? reply : { ...reply, authority: [] }, []);
}
