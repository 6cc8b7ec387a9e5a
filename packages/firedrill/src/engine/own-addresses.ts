import type { Architecture } from '../model/index.ts';
import type { Layout } from './vantages.ts';

/**
 * The estate with addresses of the world in place of those that AWS would have given: records and health checks that name a
 * static address of an accelerator, an Elastic IP address or a mapped server lead to what stands for it here.
 */
export function withOwnAddresses(architecture: Architecture, { frontEnds }: Layout): Architecture {
  const own = new Map([
    ...frontEnds.accelerators.map(({ publicAddress, endpoint }) => [publicAddress, endpoint.address] as const),
    ...frontEnds.servers.flatMap(({ names, endpoint }) => names.map((name) => [name, endpoint.address] as const)),
  ]);
  if (own.size === 0) return architecture;
  return {
    ...architecture,
    recordSets: architecture.recordSets.map((record) =>
      record.type === 'A' ? { ...record, values: record.values.map((value) => own.get(value) ?? value) } : record,
    ),
    healthChecks: architecture.healthChecks.map((check) =>
      check.ipAddress === undefined ? check : { ...check, ipAddress: own.get(check.ipAddress) ?? check.ipAddress },
    ),
  };
}
