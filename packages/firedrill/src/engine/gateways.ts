import type { InjectedAnswer, GatewaySurroundings } from './api-gateway/serve.ts';
import { Ways } from './api-gateway/routes.ts';
import type { Architecture } from '../model/index.ts';
import { assert } from '../model/index.ts';
import type { Parts } from './parts.ts';
import { resolverFor } from './parts.ts';
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
export function regionsWithServers({ restApis }: Architecture): ReadonlySet<string> {
  const asks = restApis.filter(({ resources }) =>
    resources.some(({ methods }) => methods.some(({ integration }) => integration.kind === 'http')),
  );
  return new Set(asks.map(({ region }) => region));
}

/** A version 4 UUID from draws. Every answer has one, those to health checkers too: bytes are looked up, not written anew. */
function uuidFrom(draw: () => number): string {
  const first = Math.floor(draw() * 0x1_0000_0000);
  const second = Math.floor(draw() * 0x1_0000);
  const third = Math.floor(draw() * 0x1000);
  const variant = Math.floor(draw() * 4);
  const fourth = Math.floor(draw() * 0x1000);
  const last = Math.floor(draw() * 0x1_0000_0000_0000);
  const [high, low] = [Math.floor(last / 0x1_0000_0000), last % 0x1_0000_0000];
  return (
    `${two(first / 0x100_0000)}${two(first >>> 16)}${two(first >>> 8)}${two(first)}-${two(second >>> 8)}${two(second)}` +
    `-${two(0x40 | (third >>> 8))}${two(third)}-${two(0x80 | (variant << 4) | (fourth >>> 8))}${two(fourth)}` +
    `-${two(high >>> 8)}${two(high)}${two(low / 0x100_0000)}${two(low >>> 16)}${two(low >>> 8)}${two(low)}`
  );
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** The last byte of a whole number, in two digits. */
function two(value: number): string {
  return BYTES[Math.floor(value) & 0xff] ?? '';
}
