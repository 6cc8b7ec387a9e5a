import type { Architecture, DerivedHealthCheck, Finding, HealthCheck } from '../model/index.ts';
import { remedyFor } from '../drill/index.ts';

type AnyCheck = HealthCheck | DerivedHealthCheck;

/** Health checks and AWS names that are to be taken as unhealthy, by whatever the user calls them. */
export function resolveUnhealthy(
  written: readonly string[],
  architecture: Architecture,
): { readonly value: ReadonlySet<string>; readonly findings: readonly Finding[] } {
  const checks = new Map<string, AnyCheck[]>();
  for (const check of [...architecture.healthChecks, ...architecture.derivedHealthChecks]) {
    for (const name of namesOf(check, architecture)) checks.set(name, [...(checks.get(name) ?? []), check]);
  }
  const own = new Set(architecture.recordSets.map(({ name }) => name));
  const aliased = architecture.recordSets.flatMap(({ alias }) => (alias === undefined ? [] : [alias.dnsName]));
  const targets = new Set(aliased.filter((name) => !own.has(name)));
  const value = new Set<string>();
  const findings: Finding[] = [];
  for (const name of written) {
    const found = checks.get(name) ?? [];
    const [only] = found;
    if (targets.has(name.toLowerCase())) value.add(name.toLowerCase());
    else if (only !== undefined && found.length === 1) value.add(only.id);
    else findings.push(unclear(name, found, [...checks.keys(), ...targets]));
  }
  return { value, findings };
}

function unclear(name: string, found: readonly AnyCheck[], known: readonly string[]): Finding {
  const says =
    found.length === 0
      ? `There is no health check ${name}, and no alias to it.`
      : `${name} is the name of ${found.length} health checks: ${found.map(({ id }) => id).join(', ')}.`;
  const remedy = found.length === 0 ? remedyFor(name, known, 'health check') : 'Name one of them by its id.';
  return { code: 'explain/unknown-check', weight: 'error', says, remedy };
}

/** Its id, its logical id alone and with its stack, and what it watches. */
function namesOf(check: AnyCheck, architecture: Architecture): readonly string[] {
  const logicalId = logicalIdOf(check, architecture);
  const watched = 'port' in check ? [check.fullyQualifiedDomainName, check.ipAddress] : [];
  const endpoint = watched.filter((name) => name !== undefined);
  const names = logicalId === undefined ? [check.id] : [check.id, logicalId, `${check.stack}.${logicalId}`];
  return [...new Set([...names, ...endpoint])];
}

function logicalIdOf({ id, stack }: AnyCheck, { stacks }: Architecture): string | undefined {
  const resources = stacks.filter(({ name }) => name === stack).flatMap((each) => each.resources);
  return resources.find(({ physicalId, type }) => physicalId === id && type === 'AWS::Route53::HealthCheck')?.logicalId;
}

/** How a health check is called in the template, with its stack; its id where no template has it. */
export function checkName(id: string, architecture: Architecture): string {
  const all: readonly AnyCheck[] = [...architecture.healthChecks, ...architecture.derivedHealthChecks];
  const check = all.find((each) => each.id === id);
  const logicalId = check && logicalIdOf(check, architecture);
  if (check !== undefined && 'plan' in check) return `${id}, of the Region switch plan ${check.plan}`;
  return check === undefined || logicalId === undefined ? id : `${check.stack}.${logicalId}`;
}
