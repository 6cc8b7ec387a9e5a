import { expect, test } from 'vitest';
import { assert } from '../../model/index.ts';
import { sitesByHost } from './aliases.ts';
import { hybridDistribution } from './edge-script.fixture.ts';
import { siteOf } from './site.ts';

const SITES = [
  { id: 'EWIDE', domainName: 'dwide.cloudfront.net', aliases: ['*.example.com'] },
  { id: 'EDEEP', domainName: 'ddeep.cloudfront.net', aliases: ['*.shop.example.com', 'pay.example.com'] },
].map((more) => siteOf({ ...hybridDistribution(), ...more }));

test.each([
  ['dwide.cloudfront.net', 'EWIDE'],
  ['www.example.com', 'EWIDE'],
  ['a.b.example.com', 'EWIDE'],
  ['WWW.Example.COM', 'EWIDE'],
  ['pay.example.com', 'EDEEP'],
  ['eu.shop.example.com', 'EDEEP'],
  ['shop.example.com', 'EWIDE'],
  ['example.com', 'nobody'],
  ['www.example.org', 'nobody'],
  ['com', 'nobody'],
])('CF 4.6: %s is for %s: the more specific alias wins', (host, id) => {
  expect(sitesByHost(SITES)(host)?.distribution.id ?? 'nobody').toBe(id);
});

test('CF 4.6: of two distributions with one alias the first has it, for the second is refused', () => {
  const [first] = SITES;
  assert(first !== undefined, 'there are two');
  const second = { ...first, distribution: { ...first.distribution, id: 'ESECOND' } };
  expect(sitesByHost([first, second])('www.example.com')?.distribution.id).toBe('EWIDE');
});
