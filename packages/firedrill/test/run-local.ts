import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Architecture, Plan, TimelineEvent } from '../src/model/index.ts';
import type { CodeSandbox } from '../src/engine/index.ts';
import { openWorld, PORTS } from '../src/live/index.ts';

/** Runs a plan on real sockets and answers with its events. Takes any free ports, leaves nothing behind. */
export async function runLocal(
  architecture: Architecture,
  plan: Plan,
  speed: number,
  sandbox?: CodeSandbox,
): Promise<TimelineEvent[]> {
  const stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
  const events: TimelineEvent[] = [];
  const sink = (event: TimelineEvent): void => void events.push(event);
  const code = sandbox === undefined ? {} : { sandbox };
  const world = await openWorld({ architecture, plan, speed, ports: PORTS.any, stateDirectory, sink, ...code });
  try {
    await world.run(new AbortController().signal);
  } finally {
    await world.close();
    await rm(stateDirectory, { recursive: true, force: true });
  }
  return events;
}
