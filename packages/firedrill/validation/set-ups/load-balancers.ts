import type { Architecture, HealthCheck, RecordSet } from '../../src/model/index.ts';
import { acceleratedArchitecture } from '../../test/accelerated-architecture.ts';
import { Course } from '../course.ts';
import { asking, broken, inRegions, planOf } from '../estates.ts';
import { setUp } from '../measurement.ts';

/* Applications behind load balancers in two Regions. */

const BROKEN = 120;

/** From the first 503 to the full outage, in the run of MT-03. */
const UNTIL_FULLY_DOWN = 22;

const CHECK = 'check-of-primary';

/** Both load balancers, and records that somebody else wrote. */
function withRecords(
  architecture: Architecture,
  recordSets: readonly RecordSet[],
  check: Partial<HealthCheck>,
): Architecture {
  const healthCheck: HealthCheck = {
    id: CHECK,
    type: 'HTTP',
    port: 80,
    resourcePath: '/health/live',
    requestIntervalSeconds: 30,
    failureThreshold: 3,
    enableSni: false,
    inverted: false,
    disabled: false,
    regions: [],
    stack: 'primary',
    ...check,
  };
  return { ...architecture, recordSets, healthChecks: [healthCheck], accelerators: [] };
}

/** A failover alias with EvaluateTargetHealth, to a load balancer or to a record of the zone. */
function failover(
  name: string,
  role: 'PRIMARY' | 'SECONDARY',
  { dnsName, hostedZoneId }: { readonly dnsName: string; readonly hostedZoneId: string },
): RecordSet {
  return {
    zoneId: 'Z0EXAMPLE',
    name,
    type: 'A',
    policy: { kind: 'failover', role, setIdentifier: role },
    values: [],
    alias: { dnsName, hostedZoneId, evaluateTargetHealth: true },
    ...(role === 'PRIMARY' ? { healthCheckId: CHECK } : {}),
    stack: role,
  };
}

const balancer = (region: string) => ({ dnsName: `app-1.${region}.elb.amazonaws.com`, hostedZoneId: 'Z35SXDOTRQ7X7K' });

/** Targets of Kubernetes' load balancer controller: checked every 15 s, two failures count. */
const KUBERNETES_CHECK = {
  enabled: true,
  protocol: 'HTTP',
  path: '/health',
  intervalSeconds: 15,
  timeoutSeconds: 5,
  healthyThresholdCount: 2,
  unhealthyThresholdCount: 2,
  matcher: [[200, 200]],
} as const;

/** The settings that were committed for MT-03 (R53 MT-12): a check of 30 s x 3 and EvaluateTargetHealth. */
function scaledToZero(): Architecture {
  const plain = acceleratedArchitecture({ targetGroup: { healthCheck: KUBERNETES_CHECK } });
  const estate = inRegions(plain, { 'eu-west-1': 'us-east-2', 'us-east-1': 'us-west-2' });
  const name = 'app.example.com';
  const { dnsName } = balancer('us-east-2');
  return withRecords(
    estate,
    [failover(name, 'PRIMARY', balancer('us-east-2')), failover(name, 'SECONDARY', balancer('us-west-2'))],
    { type: 'HTTPS', port: 443, fullyQualifiedDomainName: dnsName },
  );
}

/** R53 MT-03, with the settings of MT-12. */
export const primaryScaledToZero = setUp({
  name: 'primary scaled to 0',
  lines: ['R53 MT-03', 'R53 MT-12'],
  says: 'Containers behind a load balancer in us-east-2 are scaled to 0; dig and curl every 5 to 6 s.',
  figures: {
    'dig after the first 503': { measured: { kind: 'seen', least: 55, most: 66 } },
    'dig after the full outage': { measured: { kind: 'seen', least: 33, most: 44 } },
  },
  simulate(seed) {
    const target = { kind: 'service', service: 'lambda', region: 'us-east-2' } as const;
    const down = BROKEN + UNTIL_FULLY_DOWN;
    const course = new Course(
      scaledToZero(),
      planOf(seed, 420, {
        probes: [asking('https://app.example.com/', 5.5)],
        faults: [
          broken(target, { kind: 'function-error' }, [BROKEN, down], 0.5),
          broken(target, { kind: 'function-error' }, [down]),
        ],
      }),
    );
    const moved = course.secondsToAnswerOf('us-west-2', BROKEN);
    return { 'dig after the first 503': moved, 'dig after the full outage': moved - UNTIL_FULLY_DOWN };
  },
});

/** The scripts of R53 MT-06: the client's failover alias leads to a name of the zone, and that to the load balancer. */
function keycloak(): Architecture {
  const site = (name: string, region: string): RecordSet => {
    const { healthCheckId: _unchecked, ...record } = failover(name, 'PRIMARY', balancer(region));
    return { ...record, policy: { kind: 'simple' } };
  };
  const inZone = (name: string) => ({ dnsName: name, hostedZoneId: 'Z0EXAMPLE' });
  const primary = 'primary.example.com';
  const backup = 'backup.example.com';
  const client = 'client.example.com';
  const estate = withRecords(
    acceleratedArchitecture(),
    [
      site(primary, 'eu-west-1'),
      site(backup, 'us-east-1'),
      failover(client, 'PRIMARY', inZone(primary)),
      { ...failover(client, 'SECONDARY', inZone(backup)), healthCheckId: 'check-of-backup' },
    ],
    { failureThreshold: 1, fullyQualifiedDomainName: primary },
  );
  const [checked] = estate.healthChecks;
  if (checked === undefined) return estate;
  const other = { ...checked, id: 'check-of-backup', fullyQualifiedDomainName: backup };
  return { ...estate, healthChecks: [checked, other] };
}

/** R53 MT-05, MT-06, MT-13, MT-14. The site's router goes on answering, with errors, so its load balancer stays healthy. */
export const keycloakSites = setUp({
  name: 'Keycloak sites',
  lines: ['R53 MT-05', 'R53 MT-06', 'R53 MT-13', 'R53 MT-14'],
  says: 'HTTP check of 30 s x 1 on a site, alias to alias to load balancer; routes deleted, then a script that digs.',
  figures: {
    'script, all routes deleted': { measured: { kind: 'seen', least: 57, most: 57 } },
    'script, health probe disabled': { measured: { kind: 'seen', least: 72, most: 72 } },
    'script, least of many': { measured: { kind: 'seen', least: 45, most: 45 } },
    'script, most of many': {
      measured: { kind: 'seen', least: 120, most: 120 },
      explained:
        'The longest of an unknown number of runs; its author adds that DNS caching in corner cases makes it unpredictable ' +
        '(R53 MT-14). A resolver that keeps a TTL of 60 s adds at most that to detection and propagation, 96 s in all; ' +
        '120 s take a second cache in front, as that of a JVM (RV-08), or one that stretches TTLs (RV-12).',
    },
    'test in Java, least': { measured: { kind: 'seen', least: 90, most: 90 } },
    'test in Java, most': {
      measured: { kind: 'seen', least: 120, most: 120 },
      explained:
        'Told as "usually around 1.5 to 2 minutes" by one who waits for a test in Java (R53 MT-05). With the 30 s that a JVM ' +
        'keeps a name (RV-08) on top of a resolver the simulation reaches 120 s, in fewer than 5 % of the runs. What else the ' +
        'test waited for (its own requests, a container that restarts) is not told.',
    },
  },
  simulate(seed) {
    const target = { kind: 'service', service: 'elastic-load-balancing', region: 'eu-west-1' } as const;
    const url = 'http://client.example.com/';
    const probes = [
      asking(url, 1, { name: 'dig' }),
      // Behind a resolver: without a population a JVM would ask name servers itself.
      asking(url, 1, {
        name: 'java',
        client: 'jvm',
        places: ['Frankfurt'],
        population: { clients: 1, resolvers: [{ preset: 'plain', share: 1 }] },
      }),
    ];
    const faults = [broken(target, { kind: 'status', status: 503 }, [BROKEN])];
    const course = new Course(keycloak(), planOf(seed, 420, { probes, faults }));
    const script = course.secondsToAnswerOf('us-east-1', BROKEN, 'dig');
    const java = course.secondsToAnswerOf('us-east-1', BROKEN, 'java');
    return {
      'script, all routes deleted': script,
      'script, health probe disabled': script,
      'script, least of many': script,
      'script, most of many': script,
      'test in Java, least': java,
      'test in Java, most': java,
    };
  },
});
