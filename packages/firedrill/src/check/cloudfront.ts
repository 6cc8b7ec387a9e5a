import type { Architecture, Distribution, Finding, Origin, OriginGroup } from '../model/index.ts';
import { trap } from './trap.ts';

/** Seconds that a request may wait for a dead primary before we speak of it: longer than most people wait. */
const PATIENCE_SECONDS = 10;

/** Traps of distributions: origin groups that do not fail over, or slowly; one name on two distributions. */
export function checkCloudFront({ distributions }: Architecture): readonly Finding[] {
  return [
    ...distributions.flatMap((distribution) =>
      distribution.originGroups.flatMap((group) => [...unlistedCodes(group), ...slowFailover(group, distribution)]),
    ),
    ...sharedAliases(distributions),
  ];
}

/** Connect failures count as 503 and timeouts as 504; unlisted, they do not fail over (CF 1.6, 8.6). */
function unlistedCodes(group: OriginGroup): readonly Finding[] {
  const missing = [
    { code: 503, when: 'cannot be reached' },
    { code: 504, when: 'does not answer in time' },
  ].filter(({ code }) => !group.statusCodes.includes(code));
  if (missing.length === 0) return [];
  const codes = missing.map(({ code }) => code).join(' and ');
  const when = missing.map(({ when: what }) => what).join(' or ');
  return [
    trap(group.place, {
      code: 'check/unlisted-failover-codes',
      weight: 'warning',
      says: `The origin group ${group.id} does not list ${codes}: when its primary ${when}, users get the error.`,
      remedy: 'List 500, 502, 503 and 504.',
      facts: ['CF 1.6', 'CF 8.6'],
    }),
  ];
}

/** A dead primary costs each request all its attempts, for there is no memory (CF 1.10, 1.11, 1.16). */
function slowFailover(group: OriginGroup, { origins }: Distribution): readonly Finding[] {
  const primary = origins.find(({ id }) => id === group.primary);
  if (primary === undefined) return [];
  const { blackHoled, hung } = waitsOf(primary);
  if (blackHoled <= PATIENCE_SECONDS && hung <= PATIENCE_SECONDS) return [];
  const says = [
    `With the primary ${primary.id} unreachable, each GET of the origin group ${group.id} waits ${blackHoled} s before it fails over`,
    `(${primary.connectionAttempts} × ${primary.connectionTimeoutSeconds} s);`,
    `with the primary hung, ${hung} s. CloudFront keeps no memory of it: every request pays again.`,
  ].join(' ');
  return [
    trap(primary.place, {
      code: 'check/slow-origin-failover',
      weight: 'warning',
      says,
      remedy:
        'Lower ConnectionAttempts, ConnectionTimeout and OriginReadTimeout of the primary as far as its honest answers allow.',
      facts: ['CF 1.10', 'CF 1.11', 'CF 1.15', 'CF 1.16'],
    }),
  ];
}

function waitsOf(origin: Origin): { readonly blackHoled: number; readonly hung: number } {
  const most = origin.responseCompletionTimeoutSeconds ?? Infinity;
  return {
    blackHoled: Math.min(most, origin.connectionAttempts * origin.connectionTimeoutSeconds),
    hung: Math.min(most, origin.connectionAttempts * origin.responseTimeoutSeconds),
  };
}

/** A name belongs to one distribution in the world (CF 4.6). */
function sharedAliases(distributions: readonly Distribution[]): readonly Finding[] {
  const owners = new Map<string, Distribution>();
  const findings: Finding[] = [];
  for (const distribution of distributions) {
    for (const alias of distribution.aliases) {
      const owner = owners.get(alias);
      if (owner === undefined) owners.set(alias, distribution);
      else {
        findings.push(
          trap(distribution.place, {
            code: 'check/shared-alias',
            weight: 'error',
            says: `${alias} is an alias of ${owner.logicalId} and of ${distribution.logicalId}; CloudFront refuses the second.`,
            remedy: 'Give each distribution names of its own; fail over behind one distribution, not between two.',
            facts: ['CF 4.6', 'CF 4.7'],
          }),
        );
      }
    }
  }
  return findings;
}
