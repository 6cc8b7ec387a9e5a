import { expect, test } from 'vitest';
import { encodingByType } from './body-encoding.ts';

test.each([
  ['application/json', 'text'],
  ['Application/JSON; charset=utf-8', 'text'],
  ['application/xml', 'text'],
  ['application/javascript', 'text'],
  ['text/html', 'text'],
  ['application/x-www-form-urlencoded', 'base64'],
  ['application/vnd.api+json', 'base64'],
  ['application/octet-stream', 'base64'],
  ['multipart/form-data; boundary=x', 'base64'],
  ['', 'base64'],
])('RS 3.31a: a body of type %s is %s', (type, expected) => {
  expect(encodingByType([['Content-Type', type]])).toBe(expected);
});

test('RS 3.31a: a body without a type is Base64', () => {
  expect(encodingByType([['X-Other', 'text/plain']])).toBe('base64');
});
