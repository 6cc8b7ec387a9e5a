import { relative } from 'node:path';
import type { LocalWorld, LocalWorldOptions } from '../live/index.ts';
import { LiveError, openWorld, PORTS } from '../live/index.ts';
import { UserError } from './user-error.ts';

export interface LocalRun extends Omit<LocalWorldOptions, 'ports'> {
  readonly ports: keyof typeof PORTS;
  readonly signal: AbortSignal;
  /** Is told where clients of one's own find the world. */
  readonly say: (line: string) => void;
}

/** Opens a local world, runs the plan in it, and closes it again whatever happens. */
export async function runLocally(options: LocalRun): Promise<void> {
  const { signal, ports, say, ...rest } = options;
  const world = await open({ ...rest, ports: PORTS[ports] });
  try {
    say(whereItIs(world));
    for (const { says, remedy } of world.findings) say(`note: ${says} ${remedy ?? ''}`);
    await world.run(signal);
  } finally {
    await world.close();
  }
}

async function open(options: LocalWorldOptions): ReturnType<typeof openWorld> {
  try {
    return await openWorld(options);
  } catch (error) {
    throw error instanceof LiveError ? new UserError(error.findings) : error;
  }
}

/** Addresses for curl and dig: who wants to look at the drill while it runs needs nothing else. */
function whereItIs({ endpoints, dns, caFile }: LocalWorld): string {
  const places = endpoints.map(({ endpoint, address, httpsPort }) => `${endpoint.label} ${address}:${httpsPort}`);
  return `local world: ${places.join(', ')}; name servers ${dns.address}:${dns.port}; its CA ${relative(process.cwd(), caFile)}`;
}
