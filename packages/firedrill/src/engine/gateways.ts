import type { InjectedAnswer, GatewaySurroundings } from './api-gateway/serve.ts';
import { Ways } from './api-gateway/routes.ts';
import type { Parts } from './parts.ts';

/** API Gateway's view of the world: hosts, functions, faults, identifiers. */
export function gatewaySurroundings({ input, random, faults, endpoints }: Parts): GatewaySurroundings {
  const { architecture, beganAtEpochMs } = input;
  const functions = new Map(architecture.functions.map((fn) => [fn.arn, fn]));
  const ways = new Map<string, Ways>();
  const hosts = {
    apis: new Map(architecture.restApis.map((api) => [api.id, api])),
    domains: new Map(architecture.apiDomainNames.map((domain) => [`${domain.name} ${domain.region}`, domain])),
  };
  const ids = random.stream('api-gateway/request-id');
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
  };
}

/** A version 4 UUID from draws. */
function uuidFrom(draw: () => number): string {
  const hex = (digits: number): string =>
    Math.floor(draw() * 16 ** digits)
      .toString(16)
      .padStart(digits, '0');
  return `${hex(8)}-${hex(4)}-4${hex(3)}-${['8', '9', 'a', 'b'][Math.floor(draw() * 4)] ?? '8'}${hex(3)}-${hex(12)}`;
}
