import type { InjectedAnswer, GatewaySurroundings } from './api-gateway/serve.ts';
import { Ways } from './api-gateway/routes.ts';
import type { Architecture } from '../model/index.ts';
import { assert } from '../model/index.ts';
import type { Parts } from './parts.ts';
import { resolverFor } from './parts.ts';
import { uuidFrom } from './request-id.ts';
import { PLAIN_RESOLVER } from './resolver.ts';

/** Who asks other servers, by Region. */
export type GatewayAskers = Map<string, ReturnType<GatewaySurroundings['askerIn']>>;

/** API Gateway's view of the world: hosts, functions, faults, identifiers. */
export function gatewaySurroundings(parts: Parts, askers: GatewayAskers): GatewaySurroundings {
  const { input, random, faults, endpoints, layout } = parts;
  const { architecture, beganAtEpochMs } = input;
  const functions = new Map(architecture.functions.map((fn) => [fn.arn, fn]));
  const ways = new Map<string, Ways>();
  const hosts = {
    apis: new Map(architecture.restApis.map((api) => [api.id, api])),
    httpApis: new Map(architecture.httpApis.map((api) => [api.id, api])),
    domains: new Map(architecture.apiDomainNames.map((domain) => [`${domain.name} ${domain.region}`, domain])),
  };
  const ids = random.lasting('api-gateway/request-id');
  return {
    waysOf(region) {
      const known = ways.get(region);
      if (known !== undefined) return known;
      const found = new Ways(hosts, region);
      ways.set(region, found);
      return found;
    },
    functionOf: (arn) => functions.get(arn),
    fault(_region, arrival, { now }): InjectedAnswer | undefined {
      if (faults.isQuiet(now)) return undefined;
      const { host, target } = arrival.request;
      const found = faults.answer({ endpoint: endpoints.get(arrival.to), host, path: target, now });
      const effect = found?.fault.effect;
      if (found === undefined || effect === undefined) return undefined;
      if (effect.kind === 'status') return { kind: 'status', status: effect.status, cause: found.seq };
      return effect.kind === 'throttle'
        ? { kind: 'throttle', cause: found.seq }
        : { kind: 'function-error', cause: found.seq };
    },
    nextRequestId: () => uuidFrom(() => ids.next()),
    account: architecture.stacks[0]?.account ?? '123456789012',
    epochMs: ({ now }) => beganAtEpochMs + Math.floor(now / 1000),
    askerIn(region) {
      const known = askers.get(region);
      if (known !== undefined) return known;
      const vantage = layout.gateways.get(region)?.vantage;
      assert(vantage !== undefined, 'integrations are of APIs, and those have a gateway');
      const asker = { vantage, resolver: resolverFor(parts, `api-gateway:${region}`, vantage, PLAIN_RESOLVER) };
      askers.set(region, asker);
      return asker;
    },
  };
}

/** Regions whose APIs ask other servers: what is to come of a request there is not known at once. */
export function regionsWithServers({ restApis, httpApis }: Architecture): ReadonlySet<string> {
  const rest = restApis.filter(({ resources }) =>
    resources.some(({ methods }) => methods.some(({ integration }) => integration.kind === 'http')),
  );
  const http = httpApis.filter(({ routes }) => routes.some(({ integration }) => integration.kind === 'http'));
  return new Set([...rest, ...http].map(({ region }) => region));
}
