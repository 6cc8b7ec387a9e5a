import type { Architecture, Finding } from '../model/index.ts';
import { readFunction } from './language.ts';

/** Flaws of one function that are told; the rest is likely to follow from them. */
const FLAWS_MAX = 5;

/**
 * Where code of CloudFront Functions leaves the language that its runtime documents. CloudFront takes such code and answers
 * every request with an error (CF 5.35), so a drill can run and shows just that.
 */
export function flawsOf({ cloudFrontFunctions }: Architecture): readonly Finding[] {
  return cloudFrontFunctions.flatMap(({ name, runtime, code, place }) =>
    readFunction(runtime, code)
      .flaws.slice(0, FLAWS_MAX)
      .map(({ says, line, column }): Finding => ({
        code: 'function/not-in-runtime',
        weight: 'warning',
        says: `${says}: line ${line}, column ${column} of the code of the CloudFront Function ${name}. Every request that it runs for is answered with 503.`,
        remedy: 'Write it with what the runtime documents.',
        facts: ['CF 5.25', 'CF 5.35'],
        ...(place === undefined ? {} : { place }),
      })),
  );
}
