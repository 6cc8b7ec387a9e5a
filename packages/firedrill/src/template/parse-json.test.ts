import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from './parse-json.ts';
import { parseYaml } from './parse-yaml.ts';
import { createTeller } from './teller.ts';

/** Both readers' nodes are the same, places included, and nothing was to be told. */
function agree(text: string): void {
  const tell = createTeller();
  const node = parseJson('t', text);
  expect(node, text).toBeDefined();
  expect(node).toEqual(parseYaml('t', text, tell));
  expect(tell.findings).toEqual([]);
}

const VALUES = fc
  .dictionary(fc.string({ unit: 'binary', maxLength: 8 }), fc.jsonValue({ maxDepth: 4 }), { maxKeys: 5 })
  // Whole numbers of so many digits are the other reader's.
  .filter((value) => !/\d{16,}/.test(JSON.stringify(value)));
const SPACES = fc.constantFrom<string | number>(0, 1, 2, '\t', '  \t');

test('JSON is read as the reader of YAML reads it, with its places', () => {
  fc.assert(
    fc.property(VALUES, SPACES, fc.constantFrom('\n', '\r\n'), (value, space, newline) => {
      agree(JSON.stringify(value, undefined, space).replaceAll('\n', newline));
    }),
    { numRuns: 1000 },
  );
});

test.each([
  '{}',
  ' \n{ }\n\n',
  '{"a":[],"b":{}}',
  '{"a" : 1 , "b":-0,"c":1.50,"d":1E+5,"e":12345678e1}',
  '{"Fn::Sub": "${A}\\n\\u00e9\\ud83d\\ude00\\/\\"\\\\"}',
  '{"a\\"b": {"": {"__proto__": null}}, "<<": {"x": true}}',
  '{"a": "# no comment", "b": "- x", "c": "! *x &y", "d": "\u2028\u0085\u007f"}',
  `{"a": "${'x'.repeat(5000)}"}`,
  `${'{"a":'.repeat(98)}1${'}'.repeat(98)}`,
])('%# both readers see the same', agree);

describe('what has to be told of, or is no JSON, is left to the other reader', () => {
  test.each([
    ['a key twice', '{"a": 1, "a": 2}'],
    ['a comma too many', '{"a": 1,}'],
    ['YAML', 'a: 1'],
    ['YAML within braces', '{a: 1}'],
    ['a list', '[1]'],
    ['two documents', '{"a": 1}\n---\n{"b": 2}'],
    ['a comment', '{"a": 1} # one'],
    ['a number of many digits', '{"a": 12345678901234567890}'],
    ['deep nesting', `${'{"a":'.repeat(100)}1${'}'.repeat(100)}`],
    ['a line that ends with a carriage return alone', '{"a":\r1}'],
    ['a key longer than YAML takes', `{"${'k'.repeat(1025)}": 1}`],
    ['nothing', ''],
  ])('%s', (_what, text) => expect(parseJson('t', text)).toBeUndefined());
});
