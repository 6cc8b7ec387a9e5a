import type { Architecture, Fault, FaultService, Finding, Place, Plan, Probe, Read } from '../model/index.ts';
import { functionUrlHost } from '../model/index.ts';
import type { Drill } from './drill.ts';
import { fillOutputs } from './fill-outputs.ts';
import { resolveAction } from './resolve-action.ts';
import { resolveObjects } from './resolve-objects.ts';
import { remedyFor } from './suggestion.ts';

/**
 * Joins a drill with the architecture it runs on: fills stack outputs into URLs and holds that faults and
 * URLs name what the architecture has. The plan leaves out what could not be resolved.
 */
export function resolveDrill(drill: Drill, architecture: Architecture): Read<Plan> {
  const findings: Finding[] = [];
  const hosts = [...hostsOf(architecture), ...Object.keys(drill.origins).filter((name) => name.includes('.'))];
  const probes = drill.probes.map(({ place, ...probe }): Probe => {
    const url = fillOutputs(probe.url, { says: `Probe ${probe.name}`, place }, { architecture, findings });
    if (url === undefined) return probe;
    checkUrl(url, { name: probe.name, place, isWebSocket: probe.webSocket !== undefined }, hosts, findings);
    return { ...probe, url };
  });
  const placed = Object.values(drill.origins).flatMap(({ region }) => region ?? []);
  for (const fault of drill.faults) checkTarget(fault, architecture, { hosts, placed }, findings);
  // Places in the file have done their part; without them a plan, and so a run, does not depend on where the file lies.
  const faults = drill.faults.map(({ place: _place, ...fault }): Fault => fault);
  checkOrigins(drill, architecture, findings);
  const objects = resolveObjects(drill, architecture, findings);
  const actions = drill.actions.map((action) => resolveAction(action, architecture, findings));
  const { name, seed, end, switches, functionModels, keyValues, origins, networks } = drill;
  const done = actions.length === 0 ? {} : { actions };
  const located = Object.keys(networks).length === 0 ? {} : { networks };
  const stored = {
    ...(Object.keys(objects).length === 0 ? {} : { objects }),
    ...(Object.keys(keyValues).length === 0 ? {} : { keyValues }),
  };
  const value = { name, seed, end, probes, faults, ...done, switches, functionModels, origins, ...stored, ...located };
  checkStores(keyValues, architecture, findings);
  return { value, findings };
}

function checkStores(keyValues: Drill['keyValues'], { keyValueStores }: Architecture, findings: Finding[]): void {
  const known = keyValueStores.map(({ name }) => name);
  for (const name of Object.keys(keyValues)) {
    if (known.includes(name)) continue;
    const says = `keyValues: the architecture has no key value store ${name}.`;
    findings.push(error('drill/unknown-target', undefined, says, remedyFor(name, known, 'key value store')));
  }
}

interface Owner {
  readonly name: string;
  readonly place: Place | undefined;
  readonly isWebSocket: boolean;
}

function error(code: Finding['code'], place: Place | undefined, says: string, remedy: string): Finding {
  return { code, weight: 'error', says, remedy, ...(place === undefined ? {} : { place }) };
}

const URL_FORM = /^(https?|wss?):\/\/([^/?#:@]+)(?::\d+)?(?:[/?][^\s#]*)?$/;

function checkUrl(url: string, owner: Owner, hosts: readonly string[], findings: Finding[]): void {
  const [, scheme = '', name] = URL_FORM.exec(url) ?? [];
  const host = name?.toLowerCase();
  // What the file says decides what a probe is, not what an output turns out to be.
  if (host === undefined || scheme.startsWith('ws') !== owner.isWebSocket) {
    findings.push(
      error(
        'drill/shape',
        owner.place,
        `Probe ${owner.name}: ${url} is not a URL.`,
        'Write scheme, host and path, as https://www.example.com/.',
      ),
    );
  } else if (!hosts.includes(host)) {
    findings.push(
      error(
        'drill/unknown-host',
        owner.place,
        `Probe ${owner.name}: nothing in the architecture answers to ${host}.`,
        remedyFor(host, hosts, 'host'),
      ),
    );
  }
}

/** Every host name that something in the architecture answers to. */
function hostsOf(architecture: Architecture): readonly string[] {
  const names = [
    ...architecture.distributions.flatMap((distribution) => [distribution.domainName, ...distribution.aliases]),
    ...architecture.apiDomainNames.flatMap((domain) => [domain.name, domain.regionalDomainName]),
    ...[...architecture.restApis, ...architecture.httpApis].map(
      (api) => `${api.id}.execute-api.${api.region}.amazonaws.com`,
    ),
    ...architecture.functionUrls.map(functionUrlHost),
    ...architecture.loadBalancers.map((balancer) => balancer.dnsName),
    ...architecture.accelerators.map((accelerator) => accelerator.dnsName),
    ...architecture.buckets.flatMap(({ name, region }) => [
      ...[`s3.${region}`, 's3', `s3-website-${region}`, `s3-website.${region}`].map(
        (host) => `${name}.${host}.amazonaws.com`,
      ),
      `s3.${region}.amazonaws.com`,
    ]),
    ...architecture.recordSets
      .filter((record) => ['A', 'AAAA', 'CNAME'].includes(record.type))
      .map((record) => record.name),
  ];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

/** A name that a zone answers leads where its records say; mapping it as well would be two answers to one question. */
function checkOrigins({ origins, file }: Drill, { recordSets }: Architecture, findings: Finding[]): void {
  for (const name of Object.keys(origins)) {
    const record = recordSets.find((each) => each.name === name && ['A', 'AAAA', 'CNAME'].includes(each.type));
    if (record === undefined) continue;
    const says = `The origin ${name} is mapped to a server, but a record of the zone answers for that name.`;
    const remedy = 'Map what the record leads to: its address, or the name in it.';
    findings.push(error('drill/unknown-host', { file, line: 1, column: 1 }, says, remedy));
  }
}

/** What a fault may befall beside the architecture. */
interface Befallen {
  readonly hosts: readonly string[];
  /** Regions that the drill puts origins in. */
  readonly placed: readonly string[];
}

function checkTarget(fault: Fault, architecture: Architecture, { hosts, placed }: Befallen, findings: Finding[]): void {
  const { target } = fault;
  const complain = (says: string, written: string, known: readonly string[], what: string): void => {
    findings.push(
      error(
        'drill/unknown-target',
        fault.place,
        `Fault ${fault.name}: ${says}`,
        remedyFor(written, [...new Set(known)], what),
      ),
    );
  };
  switch (target.kind) {
    case 'region':
    case 'service': {
      const regions =
        target.kind === 'service' ? regionsOf(architecture, target.service) : [...regionsOf(architecture), ...placed];
      const what = target.kind === 'service' ? `${target.service} in ${target.region}` : `Region ${target.region}`;
      if (!regions.includes(target.region))
        complain(`the architecture has nothing of ${what}.`, target.region, regions, 'Region');
      return;
    }
    case 'host':
      if (!hosts.includes(target.host))
        complain(`nothing in the architecture answers to ${target.host}.`, target.host, hosts, 'host');
      return;
    case 'name': {
      const zones = architecture.hostedZones.map((zone) => zone.name);
      const isServed = zones.some(
        (zone) => target.name === zone || target.name.endsWith(`.${zone}`) || zone.endsWith(`.${target.name}`),
      );
      if (!isServed) complain(`no hosted zone answers for ${target.name}.`, target.name, zones, 'zone');
      return;
    }
    case 'key-value-store': {
      const known = architecture.keyValueStores.flatMap(({ name, logicalId, arn }) => [name, logicalId, arn]);
      if (!known.includes(target.store))
        complain(`there is no key value store ${target.store}.`, target.store, known, 'key value store');
      return;
    }
    case 'control-plane':
      // AWS has them whatever the architecture has.
      return;
    case 'edge':
    case 'dns-location':
      // Edge locations belong to the geography, not to the architecture; reading the file has checked the code.
      return;
  }
}

function regionsOf(architecture: Architecture, service?: FaultService): readonly string[] {
  const regionsWith = (items: readonly { readonly region: string }[]): readonly string[] =>
    items.map(({ region }) => region);
  const of: Readonly<Record<FaultService, readonly string[]>> = {
    'api-gateway': regionsWith([...architecture.restApis, ...architecture.httpApis, ...architecture.apiDomainNames]),
    lambda: regionsWith(architecture.functions),
    'elastic-load-balancing': regionsWith(architecture.loadBalancers),
    s3: regionsWith(architecture.buckets),
    dynamodb: regionsWith(architecture.tables),
    'recovery-cluster': architecture.recoveryClusters.flatMap(({ endpointRegions }) => endpointRegions),
  };
  // Route 53 and CloudFront are changed in one Region (R53 ST-01): its loss is worth a drill with nothing else there.
  const planes = architecture.hostedZones.length + architecture.distributions.length > 0 ? ['us-east-1'] : [];
  return service === undefined
    ? [...Object.values(of).flat(), ...regionsWith(architecture.servers), ...planes]
    : of[service];
}
