import type { Architecture } from '../model/index.ts';
import { functionUrlHost } from '../model/index.ts';
import type { Vantage } from './conversation.ts';
import { LOAD_BALANCING_FACTS } from './elastic-load-balancing/facts.ts';
import type { FrontEnds } from './front-ends.ts';
import { GLOBAL_ACCELERATOR_FACTS } from './global-accelerator/facts.ts';
import { LAMBDA_FACTS } from './lambda/facts.ts';
import type { LoadBalancers } from './load-balancers.ts';
import type { Endpoint } from './world.ts';

/** Names of load balancers and accelerators, and host names that a drill file maps to servers. */
export interface FrontEndNames {
  /** Endpoints behind a name now; undefined: no such name. */
  endpointsOf(name: string, asker: Vantage): readonly Endpoint[] | undefined;
  /** The load balancer that a name belongs to, as its ARN. */
  balancerOf(name: string): string | undefined;
  ttlSecondsOf(name: string): number | undefined;
}

/** Builds the table of those names. */
export function frontEndNames(
  architecture: Architecture,
  frontEnds: FrontEnds,
  balancers: LoadBalancers,
): FrontEndNames {
  const byName = new Map<string, Entry>();
  for (const { arn, dnsName, zones } of architecture.loadBalancers) {
    const nodes = frontEnds.balancerNodes.filter(({ balancer }) => balancer.arn === arn);
    const inDns = (): readonly Endpoint[] => {
      const offered = new Set(balancers.health.get(arn)?.zonesInDns() ?? zones);
      return nodes.filter(({ zone }) => offered.has(zone)).map(({ endpoint }) => endpoint);
    };
    const ttlSeconds = LOAD_BALANCING_FACTS.NAME_TTL_SECONDS.value;
    const entry: Entry = { arn, ttlSeconds, endpoints: inDns };
    // CDK's aliases carry the prefix; it leads to the same addresses.
    for (const name of [dnsName, `dualstack.${dnsName}`]) byName.set(name.toLowerCase(), entry);
    // Of one zone alone, healthy or not (RS 6.14a).
    for (const { zone, endpoint } of nodes)
      byName.set(`${zone}.${dnsName}`.toLowerCase(), { arn, ttlSeconds, endpoints: () => [endpoint] });
  }
  for (const { arn, dnsName, dualStackDnsName = dnsName } of architecture.accelerators) {
    const endpoints = frontEnds.accelerators
      .filter(({ accelerator }) => accelerator.arn === arn)
      .map(({ endpoint }) => endpoint);
    const ttlSeconds = GLOBAL_ACCELERATOR_FACTS.NAME_TTL_SECONDS.value;
    for (const name of [dnsName, dualStackDnsName]) byName.set(name, { ttlSeconds, endpoints: () => endpoints });
  }
  for (const { names, endpoint } of frontEnds.servers)
    for (const name of names)
      if (isHostName(name)) byName.set(name, { ttlSeconds: MAPPED_TTL_SECONDS, endpoints: () => [endpoint] });
  for (const url of architecture.functionUrls) {
    const endpoint = frontEnds.functionUrls.get(url.region);
    const ttlSeconds = LAMBDA_FACTS.URL_NAME_TTL_SECONDS.value;
    if (endpoint !== undefined) byName.set(functionUrlHost(url), { ttlSeconds, endpoints: () => [endpoint] });
  }
  return {
    endpointsOf: (name) => byName.get(name)?.endpoints(),
    balancerOf: (name) => byName.get(name)?.arn,
    ttlSecondsOf: (name) => byName.get(name)?.ttlSeconds,
  };
}

interface Entry {
  /** Of a load balancer. */
  readonly arn?: string;
  readonly ttlSeconds: number;
  readonly endpoints: () => readonly Endpoint[];
}

/** A name outside AWS: as most people set it. */
const MAPPED_TTL_SECONDS = 60;

function isHostName(name: string): boolean {
  return name.includes('.') && !/^[\d.]+$/.test(name);
}
