import { resolve } from 'node:path';
import type { Plan, TimelineEvent } from '../model/index.ts';

/** Events that are written down of one world, some 300 bytes each; it lives on without those that follow. */
const EVENTS_MAX = 1_000_000;

/** Of those, requests of clients: what happens to the world is to have room beside them. */
const REQUESTS_MAX = 700_000;

/**
 * Records a world into the directory that `firedrill up --out` names, as a drill records itself: for `firedrill report`, while it is
 * up and afterwards. Each event is written at once, so that none is lost with the process.
 *
 * @param out undefined: nobody asked for it; nothing is written, and nothing is loaded.
 * @param say hears when the recording is full, or cannot be written any more: the world lives on.
 */
export async function recordWorld(
  out: string | undefined,
  plan: Plan,
  say: (text: string) => void,
): Promise<(event: TimelineEvent) => void> {
  if (out === undefined) return () => undefined;
  const { Recording } = await import('./recording.ts');
  const recording = new Recording(resolve(out), { plan, expectations: [] }, 'each');
  let events = 0;
  let requests = 0;
  let isBroken = false;
  const write = (event: TimelineEvent): void => {
    try {
      recording.add(event);
    } catch (error) {
      isBroken = true;
      say(`The timeline cannot be written any more: ${error instanceof Error ? error.message : String(error)}`);
    }
  };
  return (event) => {
    if (event.what === 'request.ended') {
      requests += 1;
      if (requests === REQUESTS_MAX + 1) say(`The timeline has ${REQUESTS_MAX} requests, and takes no more.`);
      if (requests > REQUESTS_MAX) return;
    }
    if (isBroken) return;
    events += 1;
    if (events <= EVENTS_MAX) write(event);
    else if (events === EVENTS_MAX + 1) say(`The timeline has ${EVENTS_MAX} events, and takes no more.`);
  };
}
