import { expect, test } from 'vitest';
import type { CloudFrontFunction } from '../model/index.ts';
import { EMPTY_ARCHITECTURE } from '../model/index.ts';
import { flawsOf } from './flaws.ts';

function told(code: string): readonly string[] {
  const fn: CloudFrontFunction = {
    arn: 'a',
    name: 'f',
    runtime: 'cloudfront-js-2.0',
    code,
    stack: 's',
    logicalId: 'F',
  };
  return flawsOf({ ...EMPTY_ARCHITECTURE, cloudFrontFunctions: [fn] }).map(
    ({ code: kind, says }) => `${kind}: ${says}`,
  );
}

test('code that its runtime does not take is told before anything runs (CF 5.35)', () => {
  expect(told('async function handler(event) {\n  return f(await g());\n}')).toEqual([
    'function/not-in-runtime: cloudfront-js-2.0 does not have await inside the arguments of a call: line 2, column 12 of the code of the CloudFront Function f. Every request that it runs for is answered with 503.',
  ]);
  expect(told('function handler(event) { return event.request; }')).toEqual([]);
  expect(told(`function handler() { ${'(class {}); '.repeat(20)} }`)).toHaveLength(5);
});
