import type { Architecture, Place, Selection } from '../model/index.ts';
import type { Offence, Rule } from './rule.ts';

/** How many of each a distribution may have, and how many distributions an account (CF 7.1). */
const OF_DISTRIBUTIONS = { origins: 100, originGroups: 10, behaviors: 75, aliases: 100 } as const;
const DISTRIBUTIONS_MAX = 500;

/** How many headers, cookies and query strings a policy may list, of each (CF 7.4). */
const LISTED_MAX = 10;

const IN_WORDS = {
  origins: 'origins',
  originGroups: 'origin groups',
  behaviors: 'cache behaviours besides the default one',
  aliases: 'aliases',
} as const;

/** More than a quota allows is refused until AWS has raised it. */
const QUOTA_EXCEEDED: Rule = {
  code: 'check/quota-exceeded',
  weight: 'warning',
  facts: ['CF 7.1', 'CF 7.4'],
  costs: 'refused, unless AWS has raised the quota',
  find: (architecture) => [...ofDistributions(architecture), ...ofPolicies(architecture)],
};

function* ofDistributions({ distributions }: Architecture): Iterable<Offence> {
  for (const distribution of distributions) {
    for (const [what, most] of Object.entries(OF_DISTRIBUTIONS) as [keyof typeof OF_DISTRIBUTIONS, number][]) {
      const count = distribution[what].length - (what === 'behaviors' ? 1 : 0);
      if (count > most)
        yield offence(
          `The distribution ${distribution.logicalId}`,
          { count, most, of: IN_WORDS[what] },
          distribution.place,
        );
    }
  }
  const { length: count } = distributions;
  if (count > DISTRIBUTIONS_MAX)
    yield offence('The estate', { count, most: DISTRIBUTIONS_MAX, of: 'distributions' }, distributions.at(-1)?.place);
}

function* ofPolicies({ distributions }: Architecture): Iterable<Offence> {
  const seen = new Set<string>();
  for (const { behaviors } of distributions) {
    for (const { cachePolicy, originRequestPolicy, place } of behaviors) {
      for (const policy of [cachePolicy, originRequestPolicy]) {
        if (policy === undefined || policy.id === 'legacy' || seen.has(policy.id)) continue;
        seen.add(policy.id);
        const lists = { headers: policy.headers, cookies: policy.cookies, 'query strings': policy.queryStrings };
        for (const [of, selection] of Object.entries(lists)) {
          const count = lengthOf(selection);
          if (count > LISTED_MAX) yield offence(`The policy ${policy.name}`, { count, most: LISTED_MAX, of }, place);
        }
      }
    }
  }
}

function lengthOf(selection: Selection): number {
  return selection.kind === 'only' || selection.kind === 'except' ? selection.names.length : 0;
}

function offence(
  who: string,
  { count, most, of }: { readonly count: number; readonly most: number; readonly of: string },
  place: Place | undefined,
): Offence {
  return {
    place,
    says: `${who} has ${count} ${of}; CloudFront allows ${most}.`,
    remedy: 'Have fewer, or ask AWS for a higher quota before you deploy it.',
  };
}

/** What is more than CloudFront allows. */
export const QUOTA_RULES: readonly Rule[] = [QUOTA_EXCEEDED];
