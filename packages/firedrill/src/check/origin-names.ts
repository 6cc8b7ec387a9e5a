import type { Architecture } from '../model/index.ts';
import type { Offence, Rule } from './rule.ts';

/** Ends of names that public DNS never answers for (RFC 6761, and the ends that are kept for private use). */
const NEVER_PUBLIC: ReadonlySet<string> = new Set(['example', 'internal', 'invalid', 'local', 'localhost', 'test']);

/** Why public DNS has no answer for a name, in words; undefined: it may have one. */
function whyUnknown(name: string, { hostedZones }: Architecture): string | undefined {
  const end = name.split('.').at(-1) ?? '';
  if (NEVER_PUBLIC.has(end)) return `no public name ends in .${end}`;
  const within = hostedZones.filter((zone) => name === zone.name || name.endsWith(`.${zone.name}`));
  const isPrivate = within.length > 0 && within.every((zone) => zone.private);
  return isPrivate ? `${within[0]?.name ?? ''} is a private hosted zone` : undefined;
}

/** Names are resolved in public DNS, and before any function runs: a placeholder is a 502 (CF 2.24, 4.15, 4.16, 8.9). */
const ORIGIN_WITHOUT_PUBLIC_NAME: Rule = {
  code: 'check/origin-without-public-name',
  weight: 'warning',
  facts: ['CF 2.24', 'CF 4.15', 'CF 4.16', 'CF 8.9'],
  costs: 'every request that is sent to that origin: 502',
  find: (architecture) =>
    architecture.distributions.flatMap((distribution) =>
      distribution.origins.flatMap(({ id, domainName, place }): Offence[] => {
        const why = whyUnknown(domainName, architecture);
        if (why === undefined) return [];
        return [
          {
            place: place ?? distribution.place,
            says: `The origin ${id} of ${distribution.logicalId} is ${domainName}, which does not resolve: ${why}. CloudFront answers 502, before a function at origin-request could send the request elsewhere.`,
            remedy: 'Give it a name in public DNS; where a function chooses, any name that resolves will do.',
          },
        ];
      }),
    ),
};

/** Traps of what origins are called. */
export const ORIGIN_NAME_RULES: readonly Rule[] = [ORIGIN_WITHOUT_PUBLIC_NAME];
