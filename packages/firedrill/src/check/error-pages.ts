import type { CacheBehavior, CustomErrorResponse, Distribution } from '../model/index.ts';
import { listed } from './names.ts';
import type { Offence, Rule } from './rule.ts';

/** Methods whose sender wants to know whether something was done. */
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

/** Errors of a service that is down, and what CloudFront itself answers for an origin that cannot be reached (CF 2.21, 2.23). */
const OUTAGE_CODES = [500, 502, 503, 504];

interface Page {
  readonly path: string;
  readonly codes: readonly number[];
}

/** Pages for outages, each with the codes that it stands for. */
function pagesOf(
  { customErrorResponses }: Distribution,
  takes: (response: CustomErrorResponse) => boolean = () => true,
): readonly Page[] {
  const codes = new Map<string, number[]>();
  for (const response of customErrorResponses) {
    const { responsePagePath: path, errorCode } = response;
    if (path !== undefined && OUTAGE_CODES.includes(errorCode) && takes(response))
      codes.set(path, [...(codes.get(path) ?? []), errorCode]);
  }
  return [...codes].map(([path, each]) => ({ path, codes: each }));
}

/** The page takes the place of an error whatever the method was (CF 2.16, 2.17). */
const SAYS_SUCCESS: Rule = {
  code: 'check/error-page-says-success',
  weight: 'warning',
  facts: ['CF 2.16', 'CF 2.36'],
  costs: 'every write in an outage, without anybody noticing',
  find: ({ distributions }) =>
    distributions.flatMap((distribution): Offence[] => {
      const writing = distribution.behaviors.filter(({ allowedMethods }) =>
        WRITES.some((method) => allowedMethods.includes(method)),
      );
      const pages = pagesOf(distribution, ({ responseCode = 0 }) => responseCode === 200);
      if (writing.length === 0 || pages.length === 0) return [];
      const codes = listed(pages.flatMap((page) => page.codes).map(String));
      const patterns = listed(writing.map(({ pathPattern }) => pathPattern));
      return [
        {
          place: distribution.place,
          says: `The distribution ${distribution.logicalId} turns ${codes} into 200, also for writes to ${patterns}: their senders take for done what was not.`,
          remedy: 'Give these errors a ResponseCode of 503, or serve reads and writes from two distributions.',
        },
      ];
    }),
};

/** A page comes through the behaviour that its path leads to (CF 2.17, 1.30); in an outage it cannot be had (CF 2.18). */
const OF_FAILING_ORIGIN: Rule = {
  code: 'check/error-page-of-failing-origin',
  weight: 'warning',
  facts: ['CF 2.17', 'CF 2.18', 'CF 1.30'],
  costs: 'the page, and twice the wait for each request',
  find: ({ distributions }) =>
    distributions.flatMap((distribution) =>
      pagesOf(distribution).flatMap(({ path, codes }): Offence[] => {
        const target = behaviorOf(distribution, path)?.targetOriginId;
        const standard = distribution.behaviors.at(-1)?.targetOriginId;
        if (target === undefined || target !== standard) return [];
        return [
          {
            place: distribution.place,
            says: `The page ${path} for ${listed(codes.map(String))} comes from ${target}, as what fails does: when ${target} is down, so is the page, and each request waits for it twice.`,
            remedy: `Give ${path} a behaviour of its own, whose origin is somewhere else.`,
          },
        ];
      }),
    ),
};

function behaviorOf({ behaviors }: Distribution, path: string): CacheBehavior | undefined {
  return behaviors.find(({ pathPattern }) => matches(pathPattern, path));
}

/** CF 4.1. */
function matches(pattern: string, path: string): boolean {
  const full = /^[/*]/.test(pattern) ? pattern : `/${pattern}`;
  const source = full
    .replaceAll(/[.+^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(path);
}

/** Traps of custom error pages. */
export const ERROR_PAGE_RULES: readonly Rule[] = [SAYS_SUCCESS, OF_FAILING_ORIGIN];
