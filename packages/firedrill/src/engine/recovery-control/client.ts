import type { Call, ClusterError } from './cluster.ts';
import { RECOVERY_CONTROL_FACTS } from './facts.ts';

/** How an endpoint of a cluster can be reached: it answers, refuses connections, or is silent. */
export type Reach = 'up' | 'refuses' | 'silent';

/** What a client knows and does. */
export interface ClusterClient {
  /** Regions of the endpoints, in the order in which they are tried; one is enough to be unlucky (R53 RC-01). */
  readonly order: readonly string[];
  readonly reach: ReadonlyMap<string, Reach>;
  readonly now: Call['now'];
}

export interface Tried<Answer> {
  /** The last answer there was; undefined when no endpoint could be reached at all. */
  readonly answer: Answer | ClusterError | undefined;
  /** Regions that were asked, in order. */
  readonly asked: readonly string[];
  /** What was lost in waiting for endpoints that did not answer. */
  readonly spentMs: number;
}

/** Errors that another endpoint may not make. */
const WORTH_ANOTHER: ReadonlySet<string> = new Set(['EndpointTemporarilyUnavailableException', 'ThrottlingException']);

/** How long a client waits until it comes to an endpoint that answers or refuses; 0 when none is silent before that. */
export function waitBefore({ order, reach }: ClusterClient): number {
  const first = order.findIndex((region) => reach.get(region) === 'up');
  const before = first === -1 ? order : order.slice(0, first);
  const silent = before.filter((region) => reach.get(region) === 'silent' || !reach.has(region));
  return silent.length * RECOVERY_CONTROL_FACTS.CLIENT_TIMEOUT_MS.value;
}

/** Asks the endpoints of a cluster one after another until one has an answer of its own, as AWS advises (R53 RC-01, RC-09). */
export function askInTurn<Answer extends { readonly kind: string }>(
  { order, reach, now }: ClusterClient,
  ask: (call: Call) => Answer | ClusterError,
): Tried<Answer> {
  const up = new Set([...reach].filter(([, how]) => how === 'up').map(([region]) => region));
  const asked: string[] = [];
  let spentMs = 0;
  let answer: Answer | ClusterError | undefined;
  for (const at of order) {
    asked.push(at);
    if (!up.has(at)) {
      if (reach.get(at) !== 'refuses') spentMs += RECOVERY_CONTROL_FACTS.CLIENT_TIMEOUT_MS.value;
      continue;
    }
    answer = ask({ at, now, up });
    if (!('code' in answer) || !WORTH_ANOTHER.has(answer.code)) break;
  }
  return { answer, asked, spentMs };
}
