import type { Architecture, Finding, HealthCheck, RecordSet } from '../model/index.ts';
import { trap } from './trap.ts';

/** TTL above which AWS advises against on records with health checks (R53 AL-06). */
const HEALTH_CHECKED_TTL_SECONDS_MAX = 60;

/** Traps of failover records and their health checks. */
export function checkRoute53(architecture: Architecture): readonly Finding[] {
  return [
    ...failoverGroups(architecture.recordSets).flatMap((group) => [
      ...sameRoles(group),
      ...missingHealth(group, architecture),
    ]),
    ...architecture.recordSets.flatMap((record) => [...longTtl(record), ...targetHealthOnCloudFront(record)]),
    ...architecture.healthChecks.flatMap((healthCheck) => selfSteering(healthCheck, architecture.recordSets)),
  ];
}

type FailoverRecord = RecordSet & { readonly policy: Extract<RecordSet['policy'], { kind: 'failover' }> };

/** Failover records by zone, name and type. */
function failoverGroups(records: readonly RecordSet[]): readonly (readonly FailoverRecord[])[] {
  const groups = new Map<string, FailoverRecord[]>();
  for (const record of records) {
    if (!isFailover(record)) continue;
    const key = `${record.zoneId} ${record.name} ${record.type}`;
    groups.set(key, [...(groups.get(key) ?? []), record]);
  }
  return [...groups.values()];
}

function isFailover(record: RecordSet): record is FailoverRecord {
  return record.policy.kind === 'failover';
}

/** One primary and one secondary, no more (R53 RP-05). */
function sameRoles(group: readonly FailoverRecord[]): readonly Finding[] {
  return (['PRIMARY', 'SECONDARY'] as const).flatMap((role) => {
    const [first, second] = group.filter(({ policy }) => policy.role === role);
    if (first === undefined || second === undefined) return [];
    return [
      trap(second.place, {
        code: 'check/same-failover-role',
        weight: 'error',
        says: `${second.name} of type ${second.type} has two ${role} records, ${first.policy.setIdentifier} and ${second.policy.setIdentifier}.`,
        remedy: 'Make one of them the other role.',
        facts: ['R53 RP-05'],
      }),
    ];
  });
}

function missingHealth(group: readonly FailoverRecord[], architecture: Architecture): readonly Finding[] {
  return group.flatMap((record) => {
    if (record.healthCheckId !== undefined || inheritsHealth(record, architecture)) return [];
    return [record.policy.role === 'PRIMARY' ? primaryWithoutHealth(record) : secondaryWithoutHealth(record)];
  });
}

/** An alias to records of its zone with EvaluateTargetHealth is as healthy as those are (R53 ET-06). */
function inheritsHealth({ alias, zoneId, type }: RecordSet, { recordSets }: Architecture): boolean {
  if (alias?.evaluateTargetHealth !== true) return false;
  return recordSets.some((target) => target.zoneId === zoneId && target.type === type && target.name === alias.dnsName);
}

function primaryWithoutHealth({ name, alias, place }: FailoverRecord): Finding {
  const why =
    alias?.evaluateTargetHealth === true
      ? 'EvaluateTargetHealth sees only a failure of the whole service in the Region, never one of your API.'
      : 'Nothing looks at its health.';
  return trap(place, {
    code: 'check/primary-without-health',
    weight: 'warning',
    says: `The primary failover record ${name} has no health check, so it stays in the answers when its endpoint dies. ${why}`,
    remedy: 'Give it a HealthCheckId of a check on its own endpoint, by a name of its own.',
    facts: ['R53 CH-19', 'R53 ET-05', 'R53 RP-02'],
  });
}

function secondaryWithoutHealth({ name, place }: FailoverRecord): Finding {
  return trap(place, {
    code: 'check/secondary-without-health',
    weight: 'note',
    says: `The secondary failover record ${name} has no health check: whenever the primary is unhealthy it is served, dead or alive.`,
    remedy: 'Give it a health check if a dead secondary should leave the primary in the answers.',
    facts: ['R53 RP-05', 'R53 PP-07'],
  });
}

/** Users stay with the old answer for up to the TTL (R53 TL-05). */
function longTtl({ name, ttlSeconds, healthCheckId, place }: RecordSet): readonly Finding[] {
  if (healthCheckId === undefined || ttlSeconds === undefined || ttlSeconds <= HEALTH_CHECKED_TTL_SECONDS_MAX)
    return [];
  return [
    trap(place, {
      code: 'check/long-ttl',
      weight: 'warning',
      says: `The record ${name} has a health check and a TTL of ${ttlSeconds} s: users stay with a dead answer for up to so long after DNS has moved.`,
      remedy: 'Lower TTL to 60 or less.',
      facts: ['R53 AL-06', 'R53 TL-05'],
    }),
  ];
}

/** CloudFront's aliases cannot evaluate health (R53 ET-04). */
function targetHealthOnCloudFront({ name, alias, place }: RecordSet): readonly Finding[] {
  if (alias?.evaluateTargetHealth !== true || !alias.dnsName.endsWith('.cloudfront.net')) return [];
  return [
    trap(place, {
      code: 'check/target-health-on-cloudfront',
      weight: 'error',
      says: `The alias ${name} targets CloudFront with EvaluateTargetHealth; Route 53 refuses that.`,
      remedy: 'Set EvaluateTargetHealth to false.',
      facts: ['R53 ET-04'],
    }),
  ];
}

/** A checker that resolves the name it steers follows its own failover (R53 HC-17). */
function selfSteering(healthCheck: HealthCheck, records: readonly RecordSet[]): readonly Finding[] {
  const { fullyQualifiedDomainName: name } = healthCheck;
  // With an address the name is only the Host header (R53 HC-14).
  if (name === undefined || healthCheck.ipAddress !== undefined) return [];
  const steered = records.find(
    (record) => record.healthCheckId === healthCheck.id && record.name === name && record.policy.kind !== 'simple',
  );
  if (steered === undefined) return [];
  return [
    trap(healthCheck.place, {
      code: 'check/self-steering-health-check',
      weight: 'warning',
      says: `The health check probes ${name}, the very name that it steers: after a failover it sees the other side, and fails back too early.`,
      remedy: 'Probe a name that belongs to one endpoint only, as the stage URL of its own API.',
      facts: ['R53 HC-17'],
    }),
  ];
}
