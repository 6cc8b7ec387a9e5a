import type { Instant } from '../model/index.ts';
import type { Question, Vantage } from './conversation.ts';
import type { Branch, Walk, WalkedGroup } from './route53/walk.ts';
import type { Endpoint, World } from './world.ts';

/** CNAMEs followed before a name counts as broken, as a resolver does. */
const HOPS_MAX = 8;

/** One name on the way to an address. */
export interface Hop {
  readonly question: Question;
  /** How its zone answers; undefined: it is in none of the world's. */
  readonly walk: Walk | undefined;
  /** What is behind a name that AWS itself answers for. */
  readonly endpoints: readonly Endpoint[] | undefined;
}

/**
 * The walk of a name, and of each name that a CNAME on the way leads to: what a resolver goes through, with the rule at each
 * step. A name that a CNAME only may lead to is followed too.
 */
export function followName(
  world: World,
  question: Question,
  how: { readonly asker: Vantage; readonly now: Instant; readonly unhealthy?: ReadonlySet<string> },
): readonly Hop[] {
  const hops: Hop[] = [];
  const waiting = [question.name];
  const seen = new Set<string>();
  while (hops.length < HOPS_MAX) {
    const name = waiting.shift();
    if (name === undefined) break;
    if (seen.has(name)) continue;
    seen.add(name);
    const asked = { ...question, name };
    const walk = world.walk(asked, how.asker, how.now, how.unhealthy);
    hops.push({
      question: asked,
      walk,
      endpoints: walk === undefined ? world.endpointsBehind(name, how.asker) : undefined,
    });
    if (question.type !== 'CNAME') waiting.push(...(walk?.groups ?? []).flatMap(namesAfter));
  }
  return hops;
}

/** Where the CNAMEs that may be answered lead. */
function namesAfter(group: WalkedGroup): readonly string[] {
  return group.branches.filter(({ standing }) => standing === 'taken').flatMap((branch) => namesBehind(group, branch));
}

function namesBehind({ type }: WalkedGroup, { below, record, answers }: Branch): readonly string[] {
  if (below !== undefined) return namesAfter(below);
  return type === 'CNAME' && record.alias === undefined ? answers : [];
}
