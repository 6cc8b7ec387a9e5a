import type { Architecture, CacheBehavior, Distribution, Origin, OriginGroup } from '../model/index.ts';
import { itemsAt, resourcesOf, textAt, valueAt } from './deployed.ts';
import { listed, namesBehind, regionsBehind } from './names.ts';
import type { Offence, Rule } from './rule.ts';

/** Seconds that a request may wait for a dead primary before we speak of it: longer than most people wait. */
const PATIENCE_SECONDS = 10;

/** Methods that are never repeated at the second origin (CF 1.3). */
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

interface Group {
  readonly distribution: Distribution;
  readonly group: OriginGroup;
  /** Primary first; absent when the template names none such. */
  readonly members: readonly Origin[];
  readonly behaviors: readonly CacheBehavior[];
}

function groupsOf({ distributions }: Architecture): readonly Group[] {
  return distributions.flatMap((distribution) =>
    distribution.originGroups.map((group) => ({
      distribution,
      group,
      members: [group.primary, group.secondary].flatMap(
        (member) => distribution.origins.find(({ id }) => id === member) ?? [],
      ),
      behaviors: distribution.behaviors.filter(({ targetOriginId }) => targetOriginId === group.id),
    })),
  );
}

/** Connect failures count as 503 and timeouts as 504; unlisted, they do not fail over (CF 1.6, 8.6). */
const UNLISTED_CODES: Rule = {
  code: 'check/unlisted-failover-codes',
  weight: 'warning',
  facts: ['CF 1.6', 'CF 8.6', 'CF 8.14'],
  costs: 'an error for every request, as long as the primary is dead',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ group }): Offence[] => {
      const missing = [
        { code: 503, when: 'cannot be reached' },
        { code: 504, when: 'does not answer in time' },
      ].filter(({ code }) => !group.statusCodes.includes(code));
      if (missing.length === 0) return [];
      const codes = missing.map(({ code }) => code).join(' and ');
      const when = missing.map(({ when: what }) => what).join(' or ');
      return [
        {
          place: group.place,
          says: `The origin group ${group.id} does not list ${codes}: when its primary ${when}, users get the error.`,
          remedy: 'List 500, 502, 503 and 504.',
        },
      ];
    }),
};

/** What no behaviour targets never fails over, however well it is set up (CF 1.1, 8.10). */
const UNUSED_GROUP: Rule = {
  code: 'check/unused-origin-group',
  weight: 'warning',
  facts: ['CF 1.1', 'CF 8.10'],
  costs: 'the whole outage, for all users: nothing fails over',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ distribution, group, behaviors }): Offence[] => {
      // A function may choose it by its id.
      const isChosen = codeOf(architecture, distribution).some((code) => code.includes(group.id));
      if (behaviors.length > 0 || isChosen) return [];
      const targets = [...new Set(distribution.behaviors.map(({ targetOriginId }) => targetOriginId))];
      return [
        {
          place: group.place,
          says: `No behaviour leads to the origin group ${group.id}, so that nothing fails over to ${group.secondary}: they lead to ${listed(targets)}.`,
          remedy: `Make ${group.id} the TargetOriginId of the behaviours that are to fail over (in CDK, give the OriginGroup itself as their origin), or remove it.`,
        },
      ];
    }),
};

/** Of the CloudFront Functions of a distribution. */
function codeOf({ cloudFrontFunctions }: Architecture, { behaviors }: Distribution): readonly string[] {
  const arns = new Set(
    behaviors.flatMap(({ functionAssociations = [] }) => functionAssociations.map(({ functionArn }) => functionArn)),
  );
  return cloudFrontFunctions.filter(({ arn }) => arns.has(arn)).map(({ code }) => code);
}

/** A dead primary costs each request all its attempts, for there is no memory (CF 1.10, 1.11, 1.16). */
const SLOW_FAILOVER: Rule = {
  code: 'check/slow-origin-failover',
  weight: 'warning',
  facts: ['CF 1.10', 'CF 1.11', 'CF 1.15', 'CF 1.16', 'CF 8.2', 'CF 8.3'],
  costs: '30 s (unreachable) or 90 s (hung) for every request, by default',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ group, members: [primary] }): Offence[] => {
      if (primary === undefined) return [];
      const { blackHoled, hung } = waitsOf(primary);
      if (blackHoled <= PATIENCE_SECONDS && hung <= PATIENCE_SECONDS) return [];
      const says = [
        `With the primary ${primary.id} unreachable, each GET of the origin group ${group.id} waits ${blackHoled} s before it fails over`,
        `(${primary.connectionAttempts} × ${primary.connectionTimeoutSeconds} s);`,
        `with the primary hung, ${hung} s. CloudFront keeps no memory of it: every request pays again.`,
      ].join(' ');
      return [
        {
          place: primary.place,
          says,
          remedy:
            'Lower ConnectionAttempts, ConnectionTimeout and OriginReadTimeout of the primary as far as its honest answers allow.',
        },
      ];
    }),
};

function waitsOf(origin: Origin): { readonly blackHoled: number; readonly hung: number } {
  const most = origin.responseCompletionTimeoutSeconds ?? Infinity;
  return {
    blackHoled: Math.min(most, origin.connectionAttempts * origin.connectionTimeoutSeconds),
    hung: Math.min(most, origin.connectionAttempts * origin.responseTimeoutSeconds),
  };
}

/** Writes get what the primary gives; such a distribution has been refused, too (CF 1.3, 1.35, 1.36). */
const WRITES_BEHIND_GROUP: Rule = {
  code: 'check/writes-behind-origin-group',
  weight: 'warning',
  facts: ['CF 1.3', 'CF 1.35', 'CF 1.36', 'CF 8.1', 'CF 9.7'],
  costs: 'every write, as long as the primary is dead',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ group, behaviors }) =>
      behaviors.flatMap(({ allowedMethods, place, pathPattern }): Offence[] => {
        const writes = allowedMethods.filter((method) => WRITES.includes(method));
        if (writes.length === 0) return [];
        return [
          {
            place,
            says: `The behaviour ${pathPattern} sends ${listed(writes)} to the origin group ${group.id}: these never fail over, and CloudFront has been seen to refuse such a distribution.`,
            remedy:
              'Give writes a behaviour of their own whose target is one origin, as a failover record of Route 53.',
          },
        ];
      }),
    ),
};

/** OPTIONS fails over only as a cached method (CF 1.4); a browser that gets no preflight sends nothing. */
const PREFLIGHT_LEFT_BEHIND: Rule = {
  code: 'check/preflight-left-behind',
  weight: 'warning',
  facts: ['CF 1.4', 'CF 8.7'],
  costs: 'every cross-origin request of browsers, as long as the primary is dead',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ group, behaviors }) =>
      behaviors
        .filter(
          ({ allowedMethods, cachedMethods }) =>
            allowedMethods.includes('OPTIONS') && !cachedMethods.includes('OPTIONS'),
        )
        .map(({ place, pathPattern }) => ({
          place,
          says: `The behaviour ${pathPattern} allows OPTIONS but does not cache it, so it never fails over in the origin group ${group.id}: with the primary dead, preflights of browsers fail, and the requests after them.`,
          remedy: 'List OPTIONS in CachedMethods; a cache policy that keeps nothing still keeps nothing.',
        })),
    ),
};

/** A missing object is asked for twice, and a fault of permissions stays hidden (CF 8.8). */
const FAILOVER_ON_CLIENT_ERRORS: Rule = {
  code: 'check/failover-on-client-errors',
  weight: 'note',
  facts: ['CF 8.8', 'CF 1.6'],
  costs: 'a second request for each 403 or 404; faults of permissions stay hidden',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ group }): Offence[] => {
      const codes = group.statusCodes.filter((code) => [400, 403, 404, 416].includes(code)).map(String);
      if (codes.length === 0) return [];
      return [
        {
          place: group.place,
          says: `The origin group ${group.id} fails over on ${listed(codes)}: whatever is missing is asked for twice, and a primary that has lost its permissions looks well.`,
          remedy: 'List 500, 502, 503 and 504 only, unless the second origin holds what the first does not.',
        },
      ];
    }),
};

/** Two members of one Region, or of one name, share what takes them down. */
const GROUP_WITHIN_REGION: Rule = {
  code: 'check/group-within-region',
  weight: 'warning',
  facts: ['CF 1.1', 'R53 ST-04'],
  costs: 'the whole outage of that Region',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ group, members }): Offence[] => {
      const [primary, secondary] = members;
      if (primary === undefined || secondary === undefined) return [];
      if (primary.domainName === secondary.domainName && primary.originPath === secondary.originPath) {
        return [
          {
            place: group.place,
            says: `Both members of the origin group ${group.id} are ${primary.domainName}: the second fails as the first does.`,
            remedy: 'Make the second an endpoint in another Region.',
          },
        ];
      }
      const regions = members.map(({ domainName }) => regionsBehind(domainName, architecture));
      const all = new Set(regions.flatMap((each) => [...each]));
      if (all.size !== 1 || regions.some(({ size }) => size === 0)) return [];
      return [
        {
          place: group.place,
          says: `Both members of the origin group ${group.id} stand in ${listed([...all])}: when the Region goes, both go.`,
          remedy: 'Make the second an endpoint in another Region.',
        },
      ];
    }),
};

/** The second member is the failover name itself, or leads where the first does: then DNS moves both at once. */
const GROUP_OF_ONE_NAME: Rule = {
  code: 'check/group-of-one-name',
  weight: 'note',
  facts: ['CF 4.17', 'CF 1.9', 'R53 TL-09'],
  costs: 'until DNS has moved, both attempts of a request',
  find: (architecture) =>
    groupsOf(architecture).flatMap(({ group, members }): Offence[] => {
      const [primary, secondary] = members;
      if (primary === undefined || secondary === undefined || primary.domainName === secondary.domainName) return [];
      const steered = (name: string): readonly string[] =>
        namesBehind(name, architecture).filter((each) =>
          architecture.recordSets.some((record) => record.name === each && record.policy.kind === 'failover'),
        );
      const shared = steered(primary.domainName).find((name) => steered(secondary.domainName).includes(name));
      if (shared === undefined) return [];
      return [
        {
          place: group.place,
          says: `Both members of the origin group ${group.id} lead to the failover name ${shared}: until DNS has moved, the second attempt meets the same dead endpoint as the first.`,
          remedy: "Make the second member the backup Region's own endpoint.",
        },
      ];
    }),
};

/** An origin-request function runs for each attempt, and knows them apart only by request.origin (CF 1.23, 8.9). */
const EDGE_FUNCTION_RUNS_TWICE: Rule = {
  code: 'check/edge-function-runs-twice',
  weight: 'note',
  facts: ['CF 1.23', 'CF 1.24', 'CF 8.9'],
  costs: 'side effects of the function double while the primary is dead',
  find: (architecture) =>
    resourcesOf(architecture, 'AWS::CloudFront::Distribution').flatMap(({ properties }) => {
      const groups = itemsAt(properties, 'DistributionConfig.OriginGroups.Items').map((group) => textAt(group, 'Id'));
      const behaviors = ['DefaultCacheBehavior', 'CacheBehaviors'].flatMap((key) =>
        itemsAt(properties, `DistributionConfig.${key}`),
      );
      return behaviors
        .filter((behavior) => groups.includes(textAt(behavior, 'TargetOriginId')))
        .flatMap((behavior): Offence[] => {
          const association = itemsAt(behavior, 'LambdaFunctionAssociations').find(
            (each) => textAt(each, 'EventType') === 'origin-request',
          );
          if (association === undefined) return [];
          return [
            {
              place: (valueAt(association, 'EventType') ?? association).at,
              says: 'A function at origin-request stands before an origin group: it runs again for the second origin, and whatever it does besides is done twice.',
              remedy: 'Let it tell the attempts apart by request.origin, and do nothing that must be done once.',
            },
          ];
        });
    }),
};

/** Traps of origin groups. */
export const ORIGIN_GROUP_RULES: readonly Rule[] = [
  UNLISTED_CODES,
  UNUSED_GROUP,
  SLOW_FAILOVER,
  WRITES_BEHIND_GROUP,
  PREFLIGHT_LEFT_BEHIND,
  FAILOVER_ON_CLIENT_ERRORS,
  GROUP_WITHIN_REGION,
  GROUP_OF_ONE_NAME,
  EDGE_FUNCTION_RUNS_TWICE,
];
