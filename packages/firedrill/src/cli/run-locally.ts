import type { LocalWorldOptions } from '../live/index.ts';
import { LiveError, openWorld, PORTS } from '../live/index.ts';
import { UserError } from './user-error.ts';

/** Opens a local world, runs the plan in it, and closes it again whatever happens. */
export async function runLocally(
  options: Omit<LocalWorldOptions, 'ports'> & { readonly ports: keyof typeof PORTS; readonly signal: AbortSignal },
): Promise<void> {
  const { signal, ports, ...rest } = options;
  const world = await open({ ...rest, ports: PORTS[ports] });
  try {
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
