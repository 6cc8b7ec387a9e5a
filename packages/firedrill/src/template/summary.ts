import type { Architecture, Finding, StackResource } from '../model/index.ts';

/** What was read, for people and programs. */
export interface Summary {
  readonly stacks: readonly StackSummary[];
  /** How many of each kind the world will have. */
  readonly counts: Readonly<Record<Exclude<keyof Architecture, 'stacks' | 'resources' | 'ignores'>, number>>;
  readonly findings: Readonly<Record<Finding['weight'], number>>;
}

export interface StackSummary {
  readonly name: string;
  readonly region: string;
  readonly resources: Readonly<Record<StackResource['standing'], readonly TypeCount[]>>;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface TypeCount {
  readonly type: string;
  readonly count: number;
}

/** Sums up what a reading understood: stacks, resources by what becomes of them, outputs. */
export function describe(architecture: Architecture, findings: readonly Finding[]): Summary {
  const of = (weight: Finding['weight']): number => findings.filter((finding) => finding.weight === weight).length;
  const { stacks, ...kinds } = architecture;
  return {
    stacks: stacks.map(({ name, region, resources, outputs }) => ({
      name,
      region,
      resources: {
        'acted-on': countTypes(resources, 'acted-on'),
        inert: countTypes(resources, 'inert'),
        unknown: countTypes(resources, 'unknown'),
      },
      outputs,
    })),
    counts: Object.fromEntries(Object.entries(kinds).map(([kind, items]) => [kind, items.length])) as Summary['counts'],
    findings: { error: of('error'), warning: of('warning'), note: of('note') },
  };
}

/** Types with their numbers, in alphabetical order. */
function countTypes(resources: readonly StackResource[], standing: StackResource['standing']): readonly TypeCount[] {
  const counts = new Map<string, number>();
  for (const resource of resources) {
    if (resource.standing === standing) counts.set(resource.type, (counts.get(resource.type) ?? 0) + 1);
  }
  return [...counts].map(([type, count]) => ({ type, count })).toSorted((a, b) => (a.type < b.type ? -1 : 1));
}
