import type { Accelerator, Architecture, LoadBalancer, Plan, Spot } from '../model/index.ts';
import { assert, CITIES, distanceKm, REGIONS } from '../model/index.ts';
import type { Vantage } from './conversation.ts';
import { groupArnsOf } from './elastic-load-balancing/balancer-health.ts';
import { CHECKER_REGIONS } from './route53/facts.ts';
import type { Endpoint } from './world.ts';

/** Endpoints in front of others, and the servers behind them: load balancers, accelerators, what Firedrill does not run. */
export interface FrontEnds {
  readonly endpoints: readonly Endpoint[];
  /** One for each zone of each load balancer. */
  readonly balancerNodes: readonly BalancerPlace[];
  /** Two for each accelerator (RS 2.1). */
  readonly accelerators: readonly AcceleratorPlace[];
  readonly servers: readonly ServerPlace[];
  /** Of function URLs, by Region. */
  readonly functionUrls: ReadonlyMap<string, Endpoint>;
  /** Where traffic from somewhere enters AWS's own network: the nearest edge location. */
  ingressOf(from: Vantage): Vantage;
  /** By Region: where checks and load balancers of a Region are. */
  readonly regions: ReadonlyMap<string, Vantage>;
  /** The checker nearest to a Region, where anything is checked from outside it. */
  readonly checkers: ReadonlyMap<string, Vantage>;
}

export interface BalancerPlace {
  readonly endpoint: Endpoint;
  readonly balancer: LoadBalancer;
  readonly zone: string;
}

interface AcceleratorPlace {
  readonly endpoint: Endpoint;
  readonly accelerator: Accelerator;
  /** The address that AWS would have given. */
  readonly publicAddress: string;
}

export interface ServerPlace {
  readonly endpoint: Endpoint;
  /** Everything that it is called by: ids, addresses, host names. */
  readonly names: readonly string[];
}

type Kind = 'load-balancer' | 'accelerator' | 'server' | 'ingress' | 'function-url';

/** How a world gives out addresses and places. */
export interface Ground {
  addressIn(kind: Kind, name: string): string;
  place(kind: Kind, name: string, spot: Spot): Vantage;
  regionVantage(region: string): Vantage;
  checkerVantage(region: string): Vantage;
  readonly cities: ReadonlyMap<string, Vantage>;
  /** All that have been laid out so far. */
  readonly vantages: readonly Vantage[];
}

/** Lays out what an architecture and a plan need of these; nothing for estates without them. */
export function layOutFrontEnds(architecture: Architecture, plan: Plan, ground: Ground): FrontEnds {
  const balancerNodes = architecture.loadBalancers.flatMap((balancer) =>
    balancer.zones.map((zone): BalancerPlace => {
      const vantage = ground.regionVantage(balancer.region);
      const ports = new Map(
        balancer.listeners.map(({ port, protocol }) => [port, protocol === 'TCP' ? 'tcp' : lower(protocol)] as const),
      );
      const endpoint: Endpoint = {
        address: ground.addressIn('load-balancer', `${balancer.arn}/${zone}`),
        kind: 'load-balancer',
        label: balancer.region,
        vantage,
        resource: balancer.arn,
        ports,
        ...(balancer.type === 'network' ? { passesThrough: true } : {}),
      };
      return { endpoint, balancer, zone };
    }),
  );
  const servers = serversOf(architecture, plan, ground);
  const inner = [...balancerNodes, ...servers].flatMap(({ endpoint }) => [...(endpoint.ports?.keys() ?? [])]);
  const accelerators = architecture.accelerators.flatMap((accelerator) =>
    accelerator.ipv4Addresses.map((publicAddress): AcceleratorPlace => {
      const vantage = ground.place('accelerator', `${accelerator.name}/${publicAddress}`, spotOf(ground));
      const endpoint: Endpoint = {
        address: vantage.address,
        kind: 'accelerator',
        label: accelerator.name,
        vantage,
        resource: accelerator.arn,
        ports: new Map(portsOf(accelerator, inner).map((port) => [port, 'tcp'])),
        passesThrough: true,
      };
      return { endpoint, accelerator, publicAddress };
    }),
  );
  const checkers = new Map<string, Vantage>();
  const regions = new Map<string, Vantage>();
  for (const { region } of [...architecture.loadBalancers, ...architecture.targetGroups, ...groupsOf(architecture)]) {
    if (regions.has(region)) continue;
    regions.set(region, ground.regionVantage(region));
    // Whoever looks at a Region from outside does not stand in it.
    checkers.set(region, ground.checkerVantage(nearestChecker(region)));
  }
  const functionUrls = functionUrlsOf(architecture, ground);
  const own = [...balancerNodes, ...accelerators, ...servers].map(({ endpoint }) => endpoint);
  const endpoints = [...own, ...functionUrls.values()];
  return {
    endpoints,
    balancerNodes,
    accelerators,
    servers,
    functionUrls,
    ingressOf: ingresses(ground, accelerators),
    regions,
    checkers,
  };
}

/** One endpoint in each Region that has any; they speak HTTPS only. */
function functionUrlsOf({ functionUrls }: Architecture, ground: Ground): ReadonlyMap<string, Endpoint> {
  const regions = new Set(functionUrls.map(({ region }) => region));
  return new Map(
    [...regions].map((region): [string, Endpoint] => [
      region,
      {
        address: ground.addressIn('function-url', region),
        kind: 'function-url',
        label: region,
        vantage: ground.regionVantage(region),
        ports: FUNCTION_URL_PORTS,
      },
    ]),
  );
}

const FUNCTION_URL_PORTS: ReadonlyMap<number, 'https'> = new Map([[443, 'https']]);

function lower(protocol: 'HTTP' | 'HTTPS'): 'http' | 'https' {
  return protocol === 'HTTP' ? 'http' : 'https';
}

function groupsOf({ accelerators }: Architecture): readonly { readonly region: string }[] {
  return accelerators.flatMap(({ listeners }) => listeners.flatMap(({ endpointGroups }) => endpointGroups));
}

/** Instances and addresses of the templates, and host names that the plan maps to servers. */
function serversOf(architecture: Architecture, plan: Plan, ground: Ground): readonly ServerPlace[] {
  const ports = serverPorts(architecture);
  const brought = architecture.servers.map(({ id, region, otherNames }): ServerPlace => {
    const endpoint: Endpoint = {
      address: ground.addressIn('server', id),
      kind: 'server',
      label: region,
      vantage: ground.regionVantage(region),
      resource: id,
      ports: ports.get(id) ?? WEB_PORTS,
    };
    return { endpoint, names: [id, ...otherNames] };
  });
  const named = new Set(brought.flatMap(({ names }) => names));
  const mapped = Object.entries(plan.origins ?? {}).flatMap(([name, { region, city }]): ServerPlace[] => {
    if (name === '*' || named.has(name)) return [];
    const vantage =
      region === undefined
        ? ground.place('server', name, CITIES[city ?? ''] ?? spotOf(ground))
        : ground.regionVantage(region);
    const endpoint: Endpoint = {
      address: region === undefined ? vantage.address : ground.addressIn('server', name),
      kind: 'server',
      label: region ?? name,
      vantage,
      resource: name,
      ports: WEB_PORTS,
    };
    return [{ endpoint, names: [name.toLowerCase()] }];
  });
  return [...brought, ...mapped];
}

type ServerPorts = ReadonlyMap<number, 'http' | 'https'>;

const WEB_PORTS: ServerPorts = new Map([
  [443, 'https'],
  [80, 'http'],
]);

/** The ports that target groups and accelerators reach each server on. */
function serverPorts({ targetGroups, accelerators, servers }: Architecture): ReadonlyMap<string, ServerPorts> {
  const ports = new Map(servers.map(({ id }) => [id, new Map(WEB_PORTS)]));
  const open = (id: string, port: number, protocol: 'http' | 'https'): void => void ports.get(id)?.set(port, protocol);
  for (const { targets, protocol, healthCheck } of targetGroups) {
    for (const { id, port } of targets) {
      open(id, port, protocol === 'HTTPS' || (protocol === 'TCP' && port === 443) ? 'https' : 'http');
      if (healthCheck.port !== undefined)
        open(id, healthCheck.port, healthCheck.protocol === 'HTTPS' ? 'https' : 'http');
    }
  }
  for (const { healthCheck, portOverrides, endpoints } of accelerators
    .flatMap(({ listeners }) => listeners)
    .flatMap(({ endpointGroups }) => endpointGroups)) {
    for (const { endpointId } of endpoints) {
      const known = ports.get(endpointId);
      for (const port of [healthCheck.port, ...portOverrides.map(({ endpointPort }) => endpointPort)])
        if (known?.has(port) === false) open(endpointId, port, 'http');
    }
  }
  return ports;
}

/** Most listener ports that a world opens for one accelerator. */
const ACCELERATOR_PORTS_MAX = 32;

/** A listener may take 65,535 ports; those that anything behind it listens on are enough, and the usual two. */
function portsOf({ listeners }: Accelerator, inner: readonly number[]): readonly number[] {
  const overridden = listeners.flatMap(({ endpointGroups }) =>
    endpointGroups.flatMap(({ portOverrides }) => portOverrides.map(({ listenerPort }) => listenerPort)),
  );
  const taken = (port: number): boolean =>
    listeners.some(
      ({ protocol, portRanges }) => protocol === 'TCP' && portRanges.some(({ from, to }) => from <= port && port <= to),
    );
  return [...new Set([443, 80, ...overridden, ...inner])].filter(taken).slice(0, ACCELERATOR_PORTS_MAX);
}

/** Checkers of Route 53 stand in eight Regions; the nearest one that is not the Region itself. */
function nearestChecker(region: string): string {
  const own = REGIONS[region];
  const others = CHECKER_REGIONS.filter((each) => each !== region);
  if (own === undefined) return others[0] ?? region;
  const distance = (name: string): number => distanceKm(own, REGIONS[name] ?? own);
  return others.toSorted((a, b) => distance(a) - distance(b))[0] ?? region;
}

/** Each vantage with the edge location nearest to it, laid out once. */
function ingresses(ground: Ground, accelerators: readonly AcceleratorPlace[]): (from: Vantage) => Vantage {
  const byEdge = new Map<string, Vantage>();
  const near = (spot: Spot): Vantage => {
    const [nearest] = Object.values(CITIES).toSorted((a, b) => distanceKm(spot, a) - distanceKm(spot, b));
    const { edge, latitude, longitude } = nearest ?? {
      edge: 'DUB',
      latitude: spot.latitude,
      longitude: spot.longitude,
    };
    const known = byEdge.get(edge) ?? ground.place('ingress', edge, { latitude, longitude });
    byEdge.set(edge, known);
    return known;
  };
  const bySpot = new Map<Vantage, Vantage>();
  const places = ground.vantages.filter(
    ({ name }) => !name.startsWith('ingress:') && !name.startsWith('regional-cache:'),
  );
  // All are laid out beforehand: the table of distances is made once.
  if (accelerators.length > 0) for (const from of places) bySpot.set(from, near(from.spot));
  return (from) => {
    const known = bySpot.get(from) ?? closest(from.spot, [...byEdge.values()]);
    bySpot.set(from, known);
    return known;
  };
}

function closest(spot: Spot, among: readonly Vantage[]): Vantage {
  const [first, ...rest] = among;
  assert(first !== undefined, 'a world with accelerators has edge locations');
  return rest.reduce((best, one) => (distanceKm(spot, one.spot) < distanceKm(spot, best.spot) ? one : best), first);
}

function spotOf({ cities }: Ground): Spot {
  return cities.values().next().value?.spot ?? { latitude: 53.3, longitude: -6.3 };
}

/** Target groups that any load balancer uses: others are not checked. */
export function groupsInUse({ loadBalancers }: Architecture): ReadonlySet<string> {
  return new Set(loadBalancers.flatMap(groupArnsOf));
}
