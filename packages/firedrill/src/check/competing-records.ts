import type { Architecture } from '../model/index.ts';
import { numberAt, textAt } from './deployed.ts';
import type { Offence, Rule } from './rule.ts';
import type { WrittenRecord } from './written-records.ts';
import { competingRecords } from './written-records.ts';

/** Values that one answer of a multivalue name has at most (R53 RP-14). */
const MULTIVALUE_ANSWER_MAX = 8;

function hasHealth(record: WrittenRecord): boolean {
  return record.healthCheckId !== undefined || record.evaluatesTarget === true;
}

/** Groups of records that are not failover records, which have rules of their own. */
function groupsOf(architecture: Architecture): readonly (readonly WrittenRecord[])[] {
  return competingRecords(architecture).filter(
    ([first, second]) => first?.policy !== 'failover' && second !== undefined,
  );
}

/** Without checks a dead Region keeps its share of the users (R53 RP-01, RP-02). */
const NO_HEALTH_IN_GROUP: Rule = {
  code: 'check/no-health-in-group',
  weight: 'warning',
  facts: ['R53 RP-02', 'R53 RP-10'],
  costs: 'the whole outage, for the users of the dead side',
  find: (architecture) =>
    groupsOf(architecture).flatMap((group): Offence[] => {
      const [first] = group;
      if (first === undefined || group.some((record) => hasHealth(record))) return [];
      return [
        {
          place: first.properties.at,
          // A canary has shares and many addresses are many chances, without any thought of failing over.
          ...(first.policy === 'weighted' || first.policy === 'multivalue' ? { weight: 'note' } : {}),
          says: `The ${group.length} ${first.policy} records of ${first.name} have no health checks: when one of their endpoints dies, its users are sent there for all the outage.`,
          remedy: 'Give each record a HealthCheckId of a check on its own endpoint.',
        },
      ];
    }),
};

/** It cannot fail, so it takes what the others lose, and keeps what it loses itself (R53 ET-10, RP-02). */
const UNCHECKED_AMONG_CHECKED: Rule = {
  code: 'check/unchecked-among-checked',
  weight: 'warning',
  facts: ['R53 ET-10', 'R53 RP-02'],
  costs: 'the whole outage, for the users of that record; and it draws those of the others',
  find: (architecture) =>
    groupsOf(architecture).flatMap((group): Offence[] => {
      const bare = group.filter((record) => !hasHealth(record));
      if (bare.length === group.length) return [];
      return bare.map(({ name, policy, properties }) => ({
        place: properties.at,
        says: `One of the ${policy} records of ${name} has no health check while others have: it is always healthy, so it keeps its users when it is dead, and draws those of the others when they are.`,
        remedy: 'Give it a HealthCheckId of a check on its own endpoint.',
      }));
    }),
};

/** Zero is a standby (R53 RP-08, RP-09). */
const WEIGHT_ZERO: Rule = {
  code: 'check/weight-zero-is-standby',
  weight: 'note',
  facts: ['R53 RP-08', 'R53 RP-09', 'R53 PP-07'],
  costs: 'traffic at an endpoint that is thought to be off',
  find: (architecture) =>
    groupsOf(architecture).flatMap((group): Offence[] => {
      const others = group.filter((record) => weightOf(record) > 0);
      if (others.length === 0 || !others.every((record) => hasHealth(record))) return [];
      return group
        .filter((record) => weightOf(record) === 0)
        .map(({ name, properties }) => ({
          place: properties.at,
          says: `A record of ${name} has weight 0, which is not off: when all records with a weight are unhealthy, it gets everything.`,
          remedy: 'If nothing may ever go there, remove the record; if it is your standby, give it a health check.',
        }));
    }),
};

/** Infinite for records of other policies. */
function weightOf({ properties }: WrittenRecord): number {
  return numberAt(properties, 'Weight') ?? Infinity;
}

/** Equal shares, not none (R53 RP-07). */
const ALL_WEIGHTS_ZERO: Rule = {
  code: 'check/all-weights-zero',
  weight: 'warning',
  facts: ['R53 RP-07'],
  costs: 'an equal share of users at each endpoint that is thought to be off',
  find: (architecture) =>
    competingRecords(architecture).flatMap((group): Offence[] => {
      const [first] = group;
      if (first === undefined || !group.every((record) => weightOf(record) === 0)) return [];
      return [
        {
          place: first.properties.at,
          says: `All ${group.length} weighted records of ${first.name} have weight 0: Route 53 then gives each an equal share.`,
          remedy: 'Give the records that are to be used a weight above 0.',
        },
      ];
    }),
};

/** More than eight are never in one answer (R53 RP-14). */
const MULTIVALUE_BEYOND_ANSWER: Rule = {
  code: 'check/multivalue-beyond-answer',
  weight: 'note',
  facts: ['R53 RP-14'],
  costs: 'values that clients cannot try, as they are not in their answer',
  find: (architecture) =>
    competingRecords(architecture).flatMap((group): Offence[] => {
      const [first] = group;
      if (first?.policy !== 'multivalue' || group.length <= MULTIVALUE_ANSWER_MAX) return [];
      return [
        {
          place: first.properties.at,
          says: `${first.name} has ${group.length} multivalue records, and an answer holds ${MULTIVALUE_ANSWER_MAX} of those that are healthy, drawn by chance.`,
          remedy: 'Count on eight; a load balancer spreads over more.',
        },
      ];
    }),
};

/** Whom no record is for gets an empty answer (R53 RP-11, RP-15). */
const NO_DEFAULT_LOCATION: Rule = {
  code: 'check/no-default-location',
  weight: 'warning',
  facts: ['R53 RP-11', 'R53 RP-12', 'R53 RP-15'],
  costs: 'users elsewhere get no address at all, always; others, when their record is unhealthy',
  find: (architecture) =>
    competingRecords(architecture).flatMap((group): Offence[] => {
      const [first] = group;
      const kind = first?.policy;
      if (first === undefined || (kind !== 'geolocation' && kind !== 'ip-based')) return [];
      const hasDefault = group.some(({ properties }) =>
        ['GeoLocation.CountryCode', 'CidrRoutingConfig.LocationName'].some((path) => textAt(properties, path) === '*'),
      );
      if (hasDefault) return [];
      return [
        {
          place: first.properties.at,
          says: `The ${kind} records of ${first.name} have no default: users whom none of them is for get an empty answer, and so do those whose record is unhealthy with nothing wider to take its place.`,
          remedy:
            kind === 'geolocation'
              ? "Add a record with GeoLocation: { CountryCode: '*' }."
              : "Add a record with LocationName: '*'.",
        },
      ];
    }),
};

/** Traps of weighted, latency, geolocation, geoproximity, multivalue and IP-based records. */
export const COMPETING_RECORD_RULES: readonly Rule[] = [
  NO_HEALTH_IN_GROUP,
  UNCHECKED_AMONG_CHECKED,
  WEIGHT_ZERO,
  ALL_WEIGHTS_ZERO,
  MULTIVALUE_BEYOND_ANSWER,
  NO_DEFAULT_LOCATION,
];
