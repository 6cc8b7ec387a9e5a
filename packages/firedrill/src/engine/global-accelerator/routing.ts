import { GLOBAL_ACCELERATOR_FACTS } from './facts.ts';

/** An endpoint as routing sees it at one moment. */
interface SeenEndpoint {
  readonly weight: number;
  readonly healthy: boolean;
  /** Event that made it healthy or unhealthy. */
  readonly seq: number;
}

/** An endpoint group as routing sees it at one moment. */
export interface SeenGroup {
  /** 0 to 100. */
  readonly dial: number;
  readonly endpoints: readonly SeenEndpoint[];
}

/** Where a new connection goes, by positions in what was given. */
export interface Chosen {
  readonly group: number;
  readonly endpoint: number;
  /** The group it was headed for while everybody was healthy. */
  readonly headedFor: number;
  readonly rule: 'nearest' | 'dialled away' | 'failover' | 'fail open';
  /** The event that made it leave the group it was headed for; 0 for none. */
  readonly cause: number;
}

/** How dials are read where AWS is silent. */
export interface DialRules {
  /** Whether traffic that one group's dial sends on meets the next group's dial again. */
  readonly spillIsDialled: boolean;
}

/**
 * Where a new connection goes (RS 2.13 to 2.16). First to the nearest group, as far as its dial lets it, else on to the
 * next one; in the group to a healthy endpoint, by weights. A group without a healthy endpoint that has a weight is left for
 * the nearest one that has, whatever the dials; when three have none, any endpoint of the nearest group is taken.
 * @param groups nearest to the client's edge first.
 * @param draw from 0 to 1, 1 excluded; asked anew for each decision.
 * @returns undefined when there is no endpoint at all.
 */
export function chooseEndpoint(groups: readonly SeenGroup[], draw: () => number, rules: DialRules): Chosen | undefined {
  const headedFor = headedGroup(groups, draw, rules);
  if (headedFor === undefined) return undefined;
  const original = groups[headedFor];
  const endpoint = original === undefined ? undefined : weightedEndpoint(original, draw);
  if (endpoint !== undefined)
    return { group: headedFor, endpoint, headedFor, rule: headedFor === 0 ? 'nearest' : 'dialled away', cause: 0 };
  const cause = Math.max(0, ...(original?.endpoints ?? []).map(({ seq }) => seq));
  for (const [index, group] of groups.slice(0, GLOBAL_ACCELERATOR_FACTS.GROUPS_TRIED_MAX.value).entries()) {
    const found = weightedEndpoint(group, draw);
    if (found !== undefined) return { group: index, endpoint: found, headedFor, rule: 'failover', cause };
  }
  return failOpen(groups, draw, { headedFor, cause });
}

/** The group that a connection goes to when everybody is healthy: dials only (RS 2.13, 2.14). */
function headedGroup(
  groups: readonly SeenGroup[],
  draw: () => number,
  { spillIsDialled }: DialRules,
): number | undefined {
  const open = groups.flatMap(({ dial, endpoints }, index) =>
    dial > 0 && endpoints.length > 0 ? [{ dial, index }] : [],
  );
  // Every dial is at 0: nobody is headed anywhere, and failover, which ignores dials, finds the nearest.
  if (open.length === 0) return groups.length === 0 ? undefined : 0;
  for (const [place, { dial, index }] of open.entries()) {
    // What no dial takes is not lost: the last one gets it, as in AWS's own example of 50 and 50.
    const isLast = place === open.length - 1;
    if (isLast || (place > 0 && !spillIsDialled) || draw() * 100 < dial) return index;
  }
  return undefined;
}

/** A healthy endpoint by its share of the weights of all healthy ones (RS 2.11); undefined: there is none with a weight. */
function weightedEndpoint({ endpoints }: SeenGroup, draw: () => number): number | undefined {
  const able = endpoints.flatMap(({ weight, healthy }, index) => (healthy && weight > 0 ? [{ weight, index }] : []));
  const [only] = able;
  if (able.length <= 1) return only?.index;
  let left = draw() * able.reduce((sum, { weight }) => sum + weight, 0);
  for (const { weight, index } of able) {
    if (left < weight) return index;
    left -= weight;
  }
  return able.at(-1)?.index;
}

/** Any endpoint, healthy or not, with or without a weight (RS 2.16). */
function failOpen(
  groups: readonly SeenGroup[],
  draw: () => number,
  { headedFor, cause }: { readonly headedFor: number; readonly cause: number },
): Chosen | undefined {
  const group = groups.findIndex(({ endpoints }) => endpoints.length > 0);
  if (group < 0) return undefined;
  const count = groups[group]?.endpoints.length ?? 0;
  return { group, endpoint: Math.floor(draw() * count), headedFor, rule: 'fail open', cause };
}
