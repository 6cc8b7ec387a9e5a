import type { Architecture, DeployedResource, HealthCheck, RecordSet } from '../model/index.ts';
import { itemsAt, numberAt, resourcesOf, textAt, textsAt } from './deployed.ts';
import type { Offence, Rule } from './rule.ts';

/** TTL above which AWS advises against on records with health checks (R53 AL-06); aliases have it too (R53 AL-01 to AL-05). */
const HEALTH_CHECKED_TTL_SECONDS_MAX = 60;

/** Seconds of a failover by DNS that we take without a word. */
const FAILOVER_SECONDS_MAX = 120;

/** Share of an interval until enough of sixteen checkers have failed, in the mean (R53 TL-04). */
const LAST_CHECKER = 14 / 17;

/** Users stay with the old answer for up to the TTL (R53 TL-05). */
const LONG_TTL: Rule = {
  code: 'check/long-ttl',
  weight: 'warning',
  facts: ['R53 AL-06', 'R53 TL-05', 'R53 PP-03'],
  costs: 'up to the TTL, for each resolver',
  find: ({ recordSets }) =>
    recordSets.flatMap(({ name, ttlSeconds, healthCheckId, place }): Offence[] => {
      if (healthCheckId === undefined || ttlSeconds === undefined || ttlSeconds <= HEALTH_CHECKED_TTL_SECONDS_MAX)
        return [];
      return [
        {
          place,
          says: `The record ${name} has a health check and a TTL of ${ttlSeconds} s: users stay with a dead answer for up to so long after DNS has moved.`,
          remedy: 'Lower TTL to 60 or less.',
        },
      ];
    }),
};

/** Detection and TTL together (R53 TL-01, TL-02, TL-04). */
const SLOW_DETECTION: Rule = {
  code: 'check/slow-detection',
  weight: 'note',
  facts: ['R53 TL-02', 'R53 TL-04', 'R53 PP-03', 'R53 HC-03', 'R53 HC-04'],
  costs: 'interval × threshold before DNS moves: 85 s by default',
  find: ({ healthChecks, recordSets }) =>
    healthChecks.flatMap((healthCheck): Offence[] => {
      const record = recordSets.find(
        ({ healthCheckId, policy }) => healthCheckId === healthCheck.id && policy.kind !== 'simple',
      );
      if (record === undefined || healthCheck.disabled || healthCheck.requestIntervalSeconds !== 30) return [];
      const detection = detectionSeconds(healthCheck.requestIntervalSeconds, healthCheck.failureThreshold);
      const ttl = record.ttlSeconds ?? HEALTH_CHECKED_TTL_SECONDS_MAX;
      if (detection + ttl <= FAILOVER_SECONDS_MAX) return [];
      const quick = detectionSeconds(10, healthCheck.failureThreshold);
      return [
        {
          place: healthCheck.place,
          says: `The health check of ${record.name} probes every 30 s and wants ${healthCheck.failureThreshold} failures: about ${detection} s until it is unhealthy, and up to ${ttl} s of TTL after that. Every 10 s it would be about ${quick} s.`,
          remedy:
            'Set RequestInterval to 10 (it costs more, and cannot be changed later: the check is replaced), or lower FailureThreshold.',
        },
      ];
    }),
};

/** Mean seconds until a dead endpoint is unhealthy, without its own timeouts (R53 TL-04). */
function detectionSeconds(interval: number, threshold: number): number {
  return Math.round(interval * (threshold - 1 + LAST_CHECKER));
}

/** There is no latch: a half-recovered primary takes the traffic back at once (R53 RP-06, PP-08). */
const HAIR_TRIGGER: Rule = {
  code: 'check/hair-trigger',
  weight: 'note',
  facts: ['R53 PP-08', 'R53 RP-06', 'R53 HC-04'],
  costs: 'traffic that goes to and fro while the primary half works',
  find: ({ healthChecks, recordSets }) =>
    healthChecks
      .filter(
        ({ id, failureThreshold, type }) =>
          failureThreshold === 1 && isEndpointType(type) && isOnPrimary(id, recordSets),
      )
      .map(({ place }) => ({
        place,
        says: 'The health check of a primary changes its mind after one probe, either way, and Route 53 has no latch: while the primary half works, traffic goes to and fro.',
        remedy:
          'Raise FailureThreshold to 2 or 3; for a failback by hand let a second check decide, as one that you invert.',
      })),
};

function isEndpointType(type: HealthCheck['type']): boolean {
  return /^(HTTP|HTTPS|TCP)/.test(type);
}

function isOnPrimary(id: string, recordSets: readonly RecordSet[]): boolean {
  return recordSets.some(
    ({ healthCheckId, policy }) => healthCheckId === id && policy.kind === 'failover' && policy.role === 'PRIMARY',
  );
}

/** Disabled is healthy for good; inverted as well, unhealthy for good (R53 HC-26). */
const DISABLED: Rule = {
  code: 'check/disabled-health-check',
  weight: 'warning',
  facts: ['R53 HC-26'],
  costs: 'the whole outage; or, inverted, a primary that is never used',
  find: (architecture) =>
    healthCheckResources(architecture)
      .filter(({ properties }) => textAt(properties, 'HealthCheckConfig.Disabled') === 'true')
      .map(({ properties, place }) => {
        const inverted = textAt(properties, 'HealthCheckConfig.Inverted') === 'true';
        const status = inverted ? 'unhealthy' : 'healthy';
        const means = inverted ? 'traffic goes to the other side for good' : 'records with it never leave the answers';
        return {
          place,
          says: `The health check is disabled${inverted ? ' and inverted' : ''}, which is not off but ${status} for good: ${means}. It is billed all the same.`,
          remedy: inverted
            ? 'Once the traffic may come back, remove Inverted.'
            : 'Remove Disabled. To push traffic away use Inverted.',
        };
      }),
};

function healthCheckResources(architecture: Architecture): readonly DeployedResource[] {
  return resourcesOf(architecture, 'AWS::Route53::HealthCheck');
}

function calculated(architecture: Architecture): readonly DeployedResource[] {
  return healthCheckResources(architecture).filter(
    ({ properties }) => textAt(properties, 'HealthCheckConfig.Type') === 'CALCULATED',
  );
}

/** 0 is always healthy, more than there are children never (R53 HC-27). */
const THRESHOLD_OUT_OF_REACH: Rule = {
  code: 'check/threshold-out-of-reach',
  weight: 'warning',
  facts: ['R53 HC-27'],
  costs: 'the whole outage, or a record that is never used',
  find: (architecture) =>
    calculated(architecture).flatMap(({ properties, place }): Offence[] => {
      const threshold = numberAt(properties, 'HealthCheckConfig.HealthThreshold');
      const children = itemsAt(properties, 'HealthCheckConfig.ChildHealthChecks').length;
      if (threshold === undefined || (threshold > 0 && threshold <= children)) return [];
      const status = threshold === 0 ? 'always healthy' : 'never healthy';
      return [
        {
          place,
          says: `The calculated health check wants ${threshold} of its ${children} children healthy, so it is ${status}, whatever they are.`,
          remedy: `Set HealthThreshold to a number from 1 to ${Math.max(children, 1)}.`,
        },
      ];
    }),
};

/** A calculated check cannot be the child of another (R53 HC-27). */
const CALCULATED_OF_CALCULATED: Rule = {
  code: 'check/calculated-of-calculated',
  weight: 'error',
  facts: ['R53 HC-27'],
  costs: 'refused',
  find: (architecture) => {
    const parents = calculated(architecture);
    return parents.flatMap((parent): Offence[] => {
      const children = textsAt(parent.properties, 'HealthCheckConfig.ChildHealthChecks');
      const child = parents.find(({ physicalId }) => children.includes(physicalId));
      if (child === undefined) return [];
      return [
        {
          place: parent.place,
          says: `The calculated health check ${parent.logicalId} has the calculated health check ${child.logicalId} as a child; Route 53 refuses that.`,
          remedy: `Name the children of ${child.logicalId} directly, with a threshold that means the same; or nest records instead of checks.`,
        },
      ];
    });
  },
};

/** Traps of how health checks are set. */
export const HEALTH_CHECK_SETTING_RULES: readonly Rule[] = [
  LONG_TTL,
  SLOW_DETECTION,
  HAIR_TRIGGER,
  DISABLED,
  THRESHOLD_OUT_OF_REACH,
  CALCULATED_OF_CALCULATED,
];
