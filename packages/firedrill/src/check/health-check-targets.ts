import type { Architecture, HealthCheck, RecordSet } from '../model/index.ts';
import { textsAt } from './deployed.ts';
import { onceFor } from './memory.ts';
import {
  addressesBehind,
  isApiGatewayHost,
  isApiHost,
  isCloudFrontHost,
  listed,
  namesBehind,
  regionsBehind,
  recordsNamed,
  regionsOfRecord,
} from './names.ts';

import type { Offence, Rule } from './rule.ts';

/** Addresses that no checker reaches, as R53 HC-16 has them of IPAddress. */
const PRIVATE_ADDRESS =
  /^(10\.|127\.|169\.254\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.)/;

/** The name that checkers resolve; with an address it is only the Host header (R53 HC-14). */
function probedName({ fullyQualifiedDomainName: name, ipAddress }: HealthCheck): string | undefined {
  return ipAddress === undefined ? name : undefined;
}

/** Whether it decides anything: a check that nothing follows may look at what it likes, as for an alarm. */
function isFollowed({ id }: HealthCheck, architecture: Architecture): boolean {
  return followed(architecture).has(id);
}

const followed = onceFor(({ recordSets, resources }) => {
  const children = resources.flatMap(({ properties }) => textsAt(properties, 'HealthCheckConfig.ChildHealthChecks'));
  return new Set([...recordSets.flatMap(({ healthCheckId }) => healthCheckId ?? []), ...children]);
});

/** Records on the way from a name that choose among several. */
function stepsOf(name: string, architecture: Architecture): readonly RecordSet[] {
  return namesBehind(name, architecture)
    .flatMap((each) => recordsNamed(each, architecture))
    .filter(({ policy }) => policy.kind !== 'simple');
}

/** A checker that resolves the name it steers follows its own failover (R53 HC-17). */
const SELF_STEERING: Rule = {
  code: 'check/self-steering-health-check',
  weight: 'warning',
  facts: ['R53 HC-17', 'R53 PP-04'],
  costs: 'a failback to a dead primary, again and again',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const name = probedName(healthCheck);
      if (name === undefined) return [];
      const steered = stepsOf(name, architecture).find((record) => record.healthCheckId === healthCheck.id);
      if (steered === undefined) return [];
      const way =
        steered.name === name
          ? `${name}, the very name that it steers`
          : `${name}, which leads to ${steered.name}, the name that it steers`;
      return [
        {
          place: healthCheck.place,
          says: `The health check probes ${way}: after a failover it sees the other side, and fails back too early.`,
          remedy: 'Probe a name that belongs to one endpoint only, as the stage URL of its own API.',
        },
      ];
    }),
};

/** A name that stands for several endpoints tells of none of them (R53 HC-17, PP-04). */
const SHARED_NAME_PROBED: Rule = {
  code: 'check/shared-name-probed',
  weight: 'warning',
  facts: ['R53 HC-17', 'R53 PP-04'],
  costs: 'failovers that do not happen, or happen for the other side',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const name = probedName(healthCheck);
      if (name === undefined || !isFollowed(healthCheck, architecture)) return [];
      const steps = stepsOf(name, architecture);
      const [step] = steps;
      if (step === undefined || steps.some((record) => record.healthCheckId === healthCheck.id)) return [];
      return [
        {
          place: healthCheck.place,
          says: `The health check probes ${name}, which leads to one of several endpoints by the ${step.policy.kind} records of ${step.name}: it tells how some endpoint is, not which.`,
          remedy: 'Probe a name that belongs to one endpoint only.',
        },
      ];
    }),
};

/** An edge answers for whichever origin it found, or from its cache (CF 1.2, 1.10). */
const PROBED_THROUGH_CLOUDFRONT: Rule = {
  code: 'check/probed-through-cloudfront',
  weight: 'warning',
  facts: ['R53 PP-04', 'R53 HC-17', 'CF 1.2'],
  costs: 'the whole outage, while the edge answers for the other origin or from its cache',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const name = probedName(healthCheck);
      if (name === undefined || !isFollowed(healthCheck, architecture)) return [];
      const { distributions } = architecture;
      const names = namesBehind(name, architecture);
      if (!names.some((each) => isCloudFrontHost(each) || distributions.some(({ aliases }) => aliases.includes(each))))
        return [];
      return [
        {
          place: healthCheck.place,
          says: `The health check probes ${name}, which is CloudFront: an edge answers from its cache or from the other origin while the endpoint that is meant is dead.`,
          remedy: 'Probe the origin itself, by a name of its own.',
        },
      ];
    }),
};

/** Checkers stand outside of every VPC (R53 HC-43). */
const PRIVATE_ADDRESS_PROBED: Rule = {
  code: 'check/private-address-probed',
  weight: 'warning',
  facts: ['R53 HC-43', 'R53 HC-16', 'R53 PP-05'],
  costs: 'always unhealthy: the failover is used up before anything fails',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const name = probedName(healthCheck);
      if (name === undefined) return [];
      const address = addressesBehind(name, architecture).find((each) => PRIVATE_ADDRESS.test(each));
      if (address === undefined) return [];
      return [
        {
          place: healthCheck.place,
          says: `The health check probes ${name}, which leads to ${address}: checkers stand outside of every VPC and never reach it, so the check is always unhealthy.`,
          remedy: 'Probe a public address, or let the health check look at a CloudWatch alarm of what is inside.',
        },
      ];
    }),
};

/** What an execute-api name answers to anybody: 403 without the stage, or when it is switched off (RS 3.13, 3.45). */
const API_PROBED_WRONGLY: Rule = {
  code: 'check/api-probed-wrongly',
  weight: 'warning',
  facts: ['R53 PP-04', 'R53 HC-09', 'RS 3.13', 'RS 3.45'],
  costs: 'always unhealthy: the failover is used up before anything fails',
  find: ({ healthChecks, restApis }) =>
    healthChecks.flatMap((healthCheck): Offence[] => {
      const { fullyQualifiedDomainName: name = '', resourcePath: path, type, place } = healthCheck;
      const api = isApiHost(name) ? restApis.find(({ id }) => id === name.split('.')[0]) : undefined;
      if (api === undefined || type === 'TCP') return [];
      const stages = api.stages.map((stage) => `/${stage.name}`);
      // Stages may be made elsewhere.
      if (stages.length === 0 && !api.disableExecuteApiEndpoint) return [];
      const why = api.disableExecuteApiEndpoint
        ? 'its default endpoint is disabled'
        : stages.some((stage) => path === stage || path.startsWith(`${stage}/`) || path.startsWith(`${stage}?`))
          ? undefined
          : `${path} begins with none of its stages (${listed(stages)})`;
      if (why === undefined) return [];
      const remedy = api.disableExecuteApiEndpoint
        ? 'Probe a custom domain name of that Region alone, or leave the default endpoint enabled.'
        : 'Begin ResourcePath with the stage.';
      return [
        {
          place,
          says: `The health check probes the API ${api.name} by its own name, but ${why}: the answer is 403, so the check is always unhealthy.`,
          remedy,
        },
      ];
    }),
};

/** Without the name in its hello the handshake fails where many names share an address (R53 HC-12). */
const PROBED_WITHOUT_SNI: Rule = {
  code: 'check/probed-without-sni',
  weight: 'warning',
  facts: ['R53 HC-12'],
  costs: 'always unhealthy: the failover is used up before anything fails',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const { type, enableSni, fullyQualifiedDomainName: name, place } = healthCheck;
      if (!type.startsWith('HTTPS') || enableSni || name === undefined) return [];
      if (!namesBehind(name, architecture).some((each) => isApiGatewayHost(each) || isCloudFrontHost(each))) return [];
      return [
        {
          place,
          says: `The HTTPS health check of ${name} does not send the name (EnableSNI: false); that endpoint cannot choose a certificate without it and ends the handshake, so the check is always unhealthy.`,
          remedy: 'Set EnableSNI to true.',
        },
      ];
    }),
};

/** It sees that somebody listens, and nothing of what they answer (R53 HC-06). */
const TCP_ONLY: Rule = {
  code: 'check/tcp-only',
  weight: 'note',
  facts: ['R53 HC-06'],
  costs: 'an outage with open ports: errors for all its length',
  find: ({ healthChecks, recordSets }) =>
    healthChecks
      .filter(
        ({ id, type, port }) =>
          type === 'TCP' &&
          [80, 443, 8080, 8443].includes(port) &&
          recordSets.some(({ healthCheckId }) => healthCheckId === id),
      )
      .map(({ place, port }) => ({
        place,
        says: `The health check connects to port ${port} and asks nothing: an endpoint that answers every request with 503 is healthy.`,
        remedy: 'Make it an HTTP or HTTPS check of a path that fails when users would see errors.',
      })),
};

/**
 * Standby takes over primary: an inverted check on the primary's record must look at the standby's Region, or the dead
 * Region decides (R53 ST-03, ST-04).
 */
const INVERTED_ON_OWN_REGION: Rule = {
  code: 'check/inverted-on-own-region',
  weight: 'warning',
  facts: ['R53 ST-03', 'R53 ST-04'],
  costs: 'no failover, or one back to the dead Region',
  find: (architecture) =>
    architecture.healthChecks.flatMap((healthCheck): Offence[] => {
      const name = healthCheck.fullyQualifiedDomainName;
      if (!healthCheck.inverted || healthCheck.disabled || name === undefined) return [];
      const record = architecture.recordSets.find(
        ({ healthCheckId, policy }) =>
          healthCheckId === healthCheck.id && policy.kind === 'failover' && policy.role === 'PRIMARY',
      );
      if (record === undefined) return [];
      const regions = regionsOfRecord(record, architecture);
      const [shared] = [...regionsBehind(name, architecture)].filter((region) => regions.has(region));
      if (shared === undefined) return [];
      return [
        {
          place: healthCheck.place,
          says: `The inverted health check of the primary ${record.name} looks at ${name} in ${shared}, the primary's own Region: when it is dead the check is unhealthy, hence healthy, and the primary stays.`,
          remedy: 'Let it look at something in the Region that takes over; or do not invert it.',
        },
      ];
    }),
};

/** Traps of what health checks look at. */
export const HEALTH_CHECK_TARGET_RULES: readonly Rule[] = [
  SELF_STEERING,
  SHARED_NAME_PROBED,
  PROBED_THROUGH_CLOUDFRONT,
  PRIVATE_ADDRESS_PROBED,
  API_PROBED_WRONGLY,
  PROBED_WITHOUT_SNI,
  TCP_ONLY,
  INVERTED_ON_OWN_REGION,
];
