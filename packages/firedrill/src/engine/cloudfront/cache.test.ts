import { expect, test } from 'vitest';
import { BEGINNING } from '../../model/index.ts';
import { CACHED_ANSWERS_MAX, EdgeCache, keptError } from './cache.ts';

const ANSWER = keptError({ status: 404, headers: [], body: { bytes: 1 }, origin: 'o', endpoint: 'e' }, 10, BEGINNING);

test('an edge keeps so many answers and no more; what nobody has asked for longest goes first', () => {
  const cache = new EdgeCache();
  for (let i = 0; i < CACHED_ANSWERS_MAX; i++) cache.put(`key ${i}`, ANSWER);
  // Asked for again, so it is not the one that goes.
  expect(cache.get('key 0')).toBe(ANSWER);
  cache.put('one more', ANSWER);
  expect(cache.get('key 0')).toBe(ANSWER);
  expect(cache.get('key 1')).toBeUndefined();
  expect(cache.get('key 2')).toBe(ANSWER);
});

test('parts are bounded likewise: by object and by objects', () => {
  const cache = new EdgeCache();
  for (let i = 0; i < 20; i++) cache.putPart('one', ANSWER);
  expect(cache.partsOf('one')).toHaveLength(16);
  for (let i = 0; i < CACHED_ANSWERS_MAX; i++) cache.putPart(`key ${i}`, ANSWER);
  expect(cache.partsOf('one')).toHaveLength(0);
});
