import { expect, test } from 'vitest';
import { proxyResponse } from './proxy-response.ts';

/** `status body` and the headers, one a line; `502` for none. */
function check(payload: unknown, ...expected: readonly string[]): void {
  const read = proxyResponse(payload);
  const told =
    read === undefined
      ? ['502']
      : [`${read.status} ${read.body}`.trimEnd(), ...read.headers.map((pair) => pair.join(': '))];
  expect(told, JSON.stringify(payload)).toEqual(expected);
}

const JSON_TYPE = 'Content-Type: application/json';

test('RS 3.4: status, headers and body of the answer are those of the result', () => {
  check(
    { statusCode: 201, headers: { 'Content-Type': 'text/plain', 'X-One': '1' }, body: 'made', isBase64Encoded: false },
    '201 made',
    'Content-Type: text/plain',
    'X-One: 1',
  );
});

test('RS 3.4, 3.5: what is no object is no answer', () => {
  for (const payload of [null, undefined, 'hello', 7, true, [], [{ statusCode: 200 }]]) check(payload, '502');
});

test('RS 3.5: a key that is not known makes a 502', () => {
  check({ statusCode: 200, body: 'x', extra: 1 }, '502');
  check({ statusCode: 200, Body: 'x' }, '502');
});

test('RS 3.5: the status may be digits in a string, or left out, but no other text', () => {
  check({ statusCode: '201' }, '201', JSON_TYPE);
  check({ headers: { 'X-One': '1' } }, '200', 'X-One: 1', JSON_TYPE);
  check({}, '200', JSON_TYPE);
  for (const statusCode of ['test', '', '2e2', 20.5, true, {}, 99, 600, -200]) check({ statusCode }, '502');
});

test('a status that cannot be the last word of an exchange makes a 502', () => {
  for (const statusCode of [100, 101, 103, '199']) check({ statusCode }, '502');
});

test('RS 3.27a: a REST API has names of its own for some headers', () => {
  expect(proxyResponse({ headers: { Date: 'never', 'X-One': '1', 'content-type': 'a/b' } })?.remapped).toEqual([
    ['x-amzn-Remapped-Date', 'never'],
    ['X-One', '1'],
    ['content-type', 'a/b'],
  ]);
});

test('RS 3.5: headers may be null; booleans and numbers become text', () => {
  check({ statusCode: 200, headers: null, multiValueHeaders: null }, '200', JSON_TYPE);
  check({ statusCode: 200, headers: { 'X-Flag': true, 'X-Count': 7 } }, '200', 'X-Flag: true', 'X-Count: 7', JSON_TYPE);
});

test('RS 3.5: every value of multiValueHeaders must be a list', () => {
  check({ multiValueHeaders: { 'X-One': ['1', '2'] } }, '200', 'X-One: 1', 'X-One: 2', JSON_TYPE);
  check({ multiValueHeaders: { 'X-One': '1' } }, '502');
  check({ multiValueHeaders: { 'X-One': ['1'], 'X-Two': null } }, '502');
  check({ multiValueHeaders: ['X-One'] }, '502');
  check({ headers: 'X-One: 1' }, '502');
});

test('RS 3.6: of one name the multi values come first, then the single one', () => {
  check(
    { headers: { 'x-one': 'solo' }, multiValueHeaders: { 'X-One': ['multi'] } },
    '200',
    'X-One: multi',
    'x-one: solo',
    JSON_TYPE,
  );
});

test('RS 3.9: Base64 passes through as it is, since no binary media types are known', () => {
  check({ body: 'aGVsbG8=', isBase64Encoded: true }, '200 aGVsbG8=', JSON_TYPE);
});

test('RS 3.10: the Content-Type is application/json unless the function says otherwise, in any case', () => {
  check({ headers: { 'content-TYPE': 'text/html' } }, '200', 'content-TYPE: text/html');
  check({ multiValueHeaders: { 'content-type': ['text/html'] } }, '200', 'content-type: text/html');
});

test('RS 3.4: a body that is no text makes a 502; null is an empty one', () => {
  check({ body: null }, '200', JSON_TYPE);
  check({ body: { region: 'eu-west-1' } }, '502');
  check({ body: 7 }, '502');
});
