import { expect, test } from 'vitest';
import { listedHeaders, singleHeaders } from './payload-headers.ts';
import { payloadResponse } from './payload-response.ts';

/** As JSON can say it, and nothing can make a text of it. */
const TEXTLESS: unknown = JSON.parse('{"toString":1,"valueOf":1}');

test('RS 3.5: numbers and booleans become text', () => {
  expect(singleHeaders({ a: 1, b: true, c: 'x' })).toEqual([
    ['a', '1'],
    ['b', 'true'],
    ['c', 'x'],
  ]);
});

test.each([[TEXTLESS], [{}], [['a', 'b']]])('a header that is %j makes the result none', (value) => {
  expect(singleHeaders({ a: value })).toBeUndefined();
  expect(listedHeaders({ a: [value] })).toBeUndefined();
  expect(payloadResponse({ statusCode: 200, headers: { a: value } })).toBeUndefined();
  expect(payloadResponse({ statusCode: 200, cookies: [value] })).toBeUndefined();
});

test('RS 3.33: what is no answer is told as it was written', () => {
  expect(payloadResponse({ id: 1e19 }, '{"id": 12345678901234567890}')?.body).toBe('{"id": 12345678901234567890}');
  expect(payloadResponse('hello', '"hello"')?.body).toBe('hello');
});

test('a status that cannot be the last word of an exchange is no answer', () => {
  expect(payloadResponse({ statusCode: 103 })).toBeUndefined();
  expect(payloadResponse({ statusCode: 200 })?.status).toBe(200);
});
