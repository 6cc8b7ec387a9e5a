import type { Architecture, RecordSet } from '../model/index.ts';
import { numberAt, textsAt } from './deployed.ts';
import { listed, recordsNamed, regionsOfRecord, targetsOf } from './names.ts';
import type { FailoverRecord } from './record-groups.ts';
import { failoverGroups, ofRole } from './record-groups.ts';
import type { Offence, Rule } from './rule.ts';
import { writtenNamed, writtenRecords } from './written-records.ts';

/** Negative TTL of a zone as Route 53 makes it (R53 WS-02). */
const NEGATIVE_TTL_SECONDS = 900;

/** One primary and one secondary, no more (R53 RP-05). */
const SAME_ROLE: Rule = {
  code: 'check/same-failover-role',
  weight: 'error',
  facts: ['R53 RP-05'],
  costs: 'refused',
  find: ({ recordSets }) =>
    failoverGroups(recordSets).flatMap((group) =>
      (['PRIMARY', 'SECONDARY'] as const).flatMap((role): Offence[] => {
        const [first, second] = group.filter(({ policy }) => policy.role === role);
        if (first === undefined || second === undefined) return [];
        return [
          {
            place: second.place,
            says: `${second.name} of type ${second.type} has two ${role} records, ${first.policy.setIdentifier} and ${second.policy.setIdentifier}.`,
            remedy: 'Make one of them the other role.',
          },
        ];
      }),
    ),
};

/** A record without health is always healthy (R53 RP-02), so a failover from it never happens. */
const PRIMARY_WITHOUT_HEALTH: Rule = {
  code: 'check/primary-without-health',
  weight: 'warning',
  facts: ['R53 CH-19', 'R53 ET-05', 'R53 RP-02', 'R53 PP-02'],
  costs: 'the whole outage, for all users',
  find: (architecture) =>
    withoutHealth(architecture, 'PRIMARY').map(({ name, alias, place }) => {
      const why =
        alias?.evaluateTargetHealth === true
          ? 'EvaluateTargetHealth sees only a failure of the whole service in the Region, never one of your API.'
          : 'Nothing looks at its health.';
      return {
        place,
        says: `The primary failover record ${name} has no health check, so it stays in the answers when its endpoint dies. ${why}`,
        remedy: 'Give it a HealthCheckId of a check on its own endpoint, by a name of its own.',
      };
    }),
};

/** R53 RP-05, PP-07. */
const SECONDARY_WITHOUT_HEALTH: Rule = {
  code: 'check/secondary-without-health',
  weight: 'note',
  facts: ['R53 RP-05', 'R53 PP-07'],
  costs: 'an outage of both sides is answered with the wrong one',
  find: (architecture) =>
    withoutHealth(architecture, 'SECONDARY').map(({ name, place }) => ({
      place,
      says: `The secondary failover record ${name} has no health check: whenever the primary is unhealthy it is served, dead or alive.`,
      remedy: 'Give it a health check if a dead secondary should leave the primary in the answers.',
    })),
};

function withoutHealth(architecture: Architecture, role: 'PRIMARY' | 'SECONDARY'): readonly FailoverRecord[] {
  return failoverGroups(architecture.recordSets)
    .flat()
    .filter((record) => record.policy.role === role && record.healthCheckId === undefined)
    .filter((record) => !inheritsHealth(record, architecture))
    .filter(({ name }) => !hasWrittenHealth(name, role, architecture));
}

/** A check of a type that the world does not act on is a check all the same. */
function hasWrittenHealth(name: string, role: 'PRIMARY' | 'SECONDARY', architecture: Architecture): boolean {
  return writtenNamed(name, architecture).some((each) => each.failover === role && each.healthCheckId !== undefined);
}

/** An alias to records of its zone, or to load balancers, is with EvaluateTargetHealth as healthy as those are (R53 ET-01, ET-02, ET-06). */
function inheritsHealth({ alias, zoneId, type }: RecordSet, architecture: Architecture): boolean {
  if (alias?.evaluateTargetHealth !== true) return false;
  if (/\.elb(\.[a-z0-9-]+)?\.amazonaws\.com(\.cn)?$/.test(alias.dnsName)) return true;
  return recordsNamed(alias.dnsName, architecture).some((target) => target.zoneId === zoneId && target.type === type);
}

/** When the one check fails both records do, and then the primary is served again (R53 RP-05). */
const SHARED_HEALTH_CHECK: Rule = {
  code: 'check/shared-health-check',
  weight: 'warning',
  facts: ['R53 RP-05', 'R53 PP-07'],
  costs: 'the whole outage, for all users',
  find: ({ recordSets }) =>
    failoverGroups(recordSets).flatMap((group): Offence[] => {
      const [primary, secondary] = [ofRole(group, 'PRIMARY'), ofRole(group, 'SECONDARY')];
      if (primary?.healthCheckId === undefined || primary.healthCheckId !== secondary?.healthCheckId) return [];
      return [
        {
          place: secondary.place,
          says: `Both failover records of ${primary.name} carry one health check: when it fails both are unhealthy, and Route 53 serves the primary again.`,
          remedy: 'Give each record a check of its own endpoint.',
        },
      ];
    }),
};

/** A primary alone has nowhere to go; told only of estates that were read with all their Regions. */
const LONE_FAILOVER_RECORD: Rule = {
  code: 'check/lone-failover-record',
  weight: 'note',
  facts: ['R53 RP-05'],
  costs: 'the whole outage, if the other record exists nowhere',
  find: (architecture) => {
    const { recordSets, stacks } = architecture;
    if (new Set(stacks.map(({ region }) => region)).size < 2) return [];
    return failoverGroups(recordSets).flatMap((group): Offence[] => {
      const [first] = group;
      const [primary, secondary] = [ofRole(group, 'PRIMARY'), ofRole(group, 'SECONDARY')];
      if (first === undefined || (primary !== undefined && secondary !== undefined)) return [];
      const missing = primary === undefined ? 'PRIMARY' : 'SECONDARY';
      // One that the world does not act on is there all the same.
      const written = writtenNamed(first.name, architecture);
      if (written.some(({ failover }) => failover === missing)) return [];
      return [
        {
          place: first.place,
          says: `${first.name} of type ${first.type} has no ${missing} record in these templates: there is nothing to fail over to.`,
          remedy: `Add the ${missing} record, or give the template that has it too.`,
        },
      ];
    });
  },
};

/** Two endpoints in one Region share what takes the Region down. */
const FAILOVER_WITHIN_REGION: Rule = {
  code: 'check/failover-within-region',
  weight: 'warning',
  facts: ['R53 RP-05', 'R53 ST-04'],
  costs: 'the whole outage of that Region',
  find: (architecture) =>
    failoverGroups(architecture.recordSets).flatMap((group): Offence[] => {
      const [primary, secondary] = [ofRole(group, 'PRIMARY'), ofRole(group, 'SECONDARY')];
      if (primary === undefined || secondary === undefined) return [];
      const regions = [primary, secondary].map((record) => regionsOfRecord(record, architecture));
      const all = new Set(regions.flatMap((each) => [...each]));
      if (all.size !== 1 || regions.some(({ size }) => size === 0)) return [];
      return [
        {
          place: secondary.place,
          says: `Both failover records of ${primary.name} lead to ${listed([...all])}: when the Region goes, both go.`,
          remedy: 'Point the secondary to an endpoint in another Region.',
        },
      ];
    }),
};

/** A dual-stack client asks both types; each fails over by its own records (R53 WS-06). */
const UNPAIRED_ADDRESS_TYPE: Rule = {
  code: 'check/unpaired-address-type',
  weight: 'warning',
  facts: ['R53 WS-06', 'R53 RP-04'],
  costs: 'the whole outage, for users with IPv6 (or IPv4) only on that type',
  find: (architecture) =>
    failoverGroups(architecture.recordSets).flatMap((group): Offence[] => {
      const [first] = group;
      const other = first?.type === 'A' ? 'AAAA' : first?.type === 'AAAA' ? 'A' : undefined;
      if (first === undefined || other === undefined) return [];
      const simple = recordsNamed(first.name, architecture).find(
        ({ zoneId, type, policy }) => zoneId === first.zoneId && type === other && policy.kind === 'simple',
      );
      if (simple === undefined) return [];
      return [
        {
          place: simple.place,
          says: `${simple.name} fails over for ${first.type} but has one simple ${other} record${shownTarget(simple)}: clients that prefer ${other} stay where that leads.`,
          remedy: `Make two failover records of type ${other}, as there are of type ${first.type}.`,
        },
      ];
    }),
};

/** That a name is missing is kept for the smaller of the SOA's TTL and its last number (R53 WS-02). */
const LONG_NEGATIVE_TTL: Rule = {
  code: 'check/long-negative-ttl',
  weight: 'note',
  facts: ['R53 WS-02', 'R53 WS-06', 'R53 RV-01', 'R53 PP-10'],
  costs: 'up to that long after a missing record has been made',
  find: (architecture) =>
    writtenRecords(architecture).flatMap(({ name, type, properties }): Offence[] => {
      const [value = ''] = textsAt(properties, 'ResourceRecords');
      const seconds = Math.min(numberAt(properties, 'TTL') ?? 0, Number(value.trim().split(/\s+/).at(-1)));
      if (type !== 'SOA' || !(seconds > NEGATIVE_TTL_SECONDS)) return [];
      return [
        {
          place: properties.at,
          says: `The SOA record of ${name} lets resolvers keep for ${seconds} s that a name or an address of a type is missing; Route 53 itself sets out with ${NEGATIVE_TTL_SECONDS} s. A record that is made, or made anew, during an outage is unseen for so long.`,
          remedy: 'Lower its TTL or its last number to 60.',
        },
      ];
    }),
};

function shownTarget(record: RecordSet): string {
  const [target] = targetsOf(record);
  return target === undefined ? '' : ` to ${target}`;
}

/** Traps of failover records themselves. */
export const FAILOVER_RECORD_RULES: readonly Rule[] = [
  SAME_ROLE,
  PRIMARY_WITHOUT_HEALTH,
  SECONDARY_WITHOUT_HEALTH,
  SHARED_HEALTH_CHECK,
  LONE_FAILOVER_RECORD,
  FAILOVER_WITHIN_REGION,
  UNPAIRED_ADDRESS_TYPE,
  LONG_NEGATIVE_TTL,
];
