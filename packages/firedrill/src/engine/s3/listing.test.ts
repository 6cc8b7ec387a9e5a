import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEGINNING } from '../../model/index.ts';
import { bucket, saying } from '../object-stores.fixture.ts';
import { BucketContents } from './buckets.ts';
import { compareByUtf8 } from '../utf8.ts';
import { listObjects, listVersions } from './listing.ts';

function filled(keys: readonly string[], versioning: 'Enabled' | 'Unversioned' = 'Unversioned'): BucketContents {
  const contents = new BucketContents(bucket('shop', { versioning }));
  for (const key of keys) contents.put(key, saying(key), BEGINNING, 0);
  return contents;
}

const KEYS = ['a/1', 'a/2', 'a0', 'b', 'c/d/1', 'c/e'];

describe('a list of objects', () => {
  const list = (prefix: string, delimiter: string, after = '', maxKeys = 1000): string => {
    const { objects, commonPrefixes, next } = listObjects(filled(KEYS), { prefix, delimiter, after, maxKeys });
    return `${objects.map(({ key }) => key).join()} | ${commonPrefixes.join()} | ${next ?? ''}`;
  };

  test.each([
    ['', '', '', 1000, 'a/1,a/2,a0,b,c/d/1,c/e |  | '],
    ['', '/', '', 1000, 'a0,b | a/,c/ | '],
    ['c/', '/', '', 1000, 'c/e | c/d/ | '],
    ['', '/', 'a/', 1000, 'a0,b | c/ | '],
    ['', '/', 'a/1', 1000, 'a0,b | a/,c/ | '],
    ['', '/', '', 2, 'a0 | a/ | a0'],
    ['', '/', '', 1, ' | a/ | a/'],
    ['', '', '', 0, ' |  | '],
    ['x', '', '', 1000, ' |  | '],
  ] as const)('with prefix %j, delimiter %j, after %j, %i at most', (prefix, delimiter, after, maxKeys, expected) => {
    expect(list(prefix, delimiter, after, maxKeys)).toBe(expected);
  });

  test('is in the order of UTF-8, where what needs four bytes comes last', () => {
    expect(listed(['\u{1f600}', '\uff5e', 'z', 'Z'])).toEqual(['Z', 'z', '\uff5e', '\u{1f600}']);
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string({ unit: 'binary' }),
        (a, b) => Math.sign(compareByUtf8(a, b)) === Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))),
      ),
    );
  });

  test('is the same whether it is read at once or in pages of any size', () => {
    const key = fc.string({ unit: fc.constantFrom('a', 'b', '/'), minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 30 }),
        fc.constantFrom('', '/', 'a'),
        fc.constantFrom('', 'a', 'b/'),
        fc.integer({ min: 1, max: 7 }),
        (keys, delimiter, prefix, maxKeys) => {
          const contents = filled(keys);
          const whole = listObjects(contents, { prefix, delimiter, after: '', maxKeys: 1000 });
          const pages: { keys: string[]; groups: string[] } = { keys: [], groups: [] };
          for (let after: string | undefined = ''; after !== undefined;) {
            const page = listObjects(contents, { prefix, delimiter, after, maxKeys });
            pages.keys.push(...page.objects.map((object) => object.key));
            pages.groups.push(...page.commonPrefixes);
            after = page.next;
          }
          expect(pages.keys).toEqual(whole.objects.map((object) => object.key));
          expect(pages.groups).toEqual(whole.commonPrefixes);
        },
      ),
    );
  });
});

describe('a list of versions', () => {
  test('tells of the newest of each key first, and goes on within a key', () => {
    const contents = filled(['a', 'b', 'b'], 'Enabled');
    contents.delete('b', BEGINNING, 0);
    const input = { prefix: '', delimiter: '', keyMarker: '', versionIdMarker: '', maxKeys: 3 };
    const first = listVersions(contents, input);
    expect(first.versions.map(({ key, isLatest, version }) => [key, isLatest, version.object === undefined])).toEqual([
      ['a', true, false],
      ['b', true, true],
      ['b', false, false],
    ]);
    const marker = { keyMarker: first.next?.key ?? '', versionIdMarker: first.next?.versionId ?? '' };
    const second = listVersions(contents, { ...input, ...marker });
    expect(second.versions).toHaveLength(1);
    expect([second.versions[0]?.isLatest, second.next]).toEqual([false, undefined]);
  });
});

function listed(keys: readonly string[]): readonly string[] {
  return listObjects(filled(keys), { prefix: '', delimiter: '', after: '', maxKeys: 1000 }).objects.map(
    ({ key }) => key,
  );
}
