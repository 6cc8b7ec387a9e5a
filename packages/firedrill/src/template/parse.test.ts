import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';
import type { Node } from './node.ts';
import { parseTemplate } from './parse.ts';
import { createTeller } from './teller.ts';

function plain(node: Node | undefined): unknown {
  if (node?.kind === 'map') return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
  if (node?.kind === 'list') return node.items.map(plain);
  if (node?.kind === 'text') return node.text;
  return node === undefined || node.kind === 'null' || node.kind === 'unknown' ? node?.kind : node.value;
}

function check(text: string, expected: unknown): void {
  const tell = createTeller();
  expect(plain(parseTemplate('t', text, tell))).toEqual(expected);
  expect(tell.findings).toEqual([]);
}

function checkMistakes(text: string, expected: readonly string[]): void {
  const tell = createTeller();
  parseTemplate('t', text, tell);
  expect(tell.findings.map(inLine)).toEqual(expected);
}

describe('reading text', () => {
  test('short tags take scalars, lists and maps', () => {
    check('!Ref A', { Ref: 'A' });
    check('a: !GetAtt x.y.z', { a: { 'Fn::GetAtt': ['x', 'y.z'] } });
    check('a: !GetAtt [x, y]', { a: { 'Fn::GetAtt': ['x', 'y'] } });
    check('a: !Sub\n  - ${x}\n  - { x: !Ref y }', { a: { 'Fn::Sub': ['${x}', { x: { Ref: 'y' } }] } });
    check('a: !Base64\n  Fn::Sub: x', { a: { 'Fn::Base64': { 'Fn::Sub': 'x' } } });
    check('a: !Transform { Name: x }', { a: { 'Fn::Transform': { Name: 'x' } } });
    check('a: !Condition c', { a: { Condition: 'c' } });
  });

  test('dates stay texts, and yes is a word (YAML 1.2)', () => {
    check('Version: 2012-10-17\nYes: no', { Version: '2012-10-17', Yes: 'no' });
  });

  test('JSON is read with tabs and escapes', () => {
    check('{\n\t"a": [1,\n\t\t"b\\/\\u00e9\\ud83d\\ude00", true]\n}', { a: [1, 'b/é😀', true] });
  });

  test('places count from one', () => {
    const node = parseTemplate('t', 'a:\n  - b: !Ref c\n', createTeller());
    const a = node?.kind === 'map' ? node.entries.get('a')?.value : undefined;
    const item = a?.kind === 'list' ? a.items[0] : undefined;
    const b = item?.kind === 'map' ? item.entries.get('b')?.value : undefined;
    expect(b?.at).toEqual({ file: 't', line: 2, column: 13, path: 'a.0.b' });
  });
});

describe('text that cannot be read', () => {
  test('all mistakes of the parser are told', () => {
    checkMistakes('a: [1\nb: "x\n', [
      'error template/syntax 2: Flow sequence in block collection must be sufficiently indented and end with a ].',
      'error template/syntax 3: Missing closing "quote.',
    ]);
  });

  test('a key twice, an unknown tag, a second document, nothing at all', () => {
    checkMistakes('a: 1\nb: 2\na: 3', ['error template/syntax 3: The key a stands here twice.']);
    checkMistakes('a: !Nope x', ['error template/syntax 1: Unresolved tag: !Nope.']);
    checkMistakes('a: 1\n---\nb: 2', ['error template/syntax 2: The text holds more than one document.']);
    checkMistakes('', ['error template/shape 1: The template is empty.']);
  });

  test('an alias is written out, and CloudFormation would refuse it', () => {
    checkMistakes('a: &x [1]\nb: *x', [
      'warning template/syntax 2: CloudFormation does not take YAML aliases such as *x.',
    ]);
  });

  test('nesting and aliases end at a limit with a name', () => {
    checkMistakes('['.repeat(100_000), ['error template/limit 1: Values nest deeper than 100 levels.']);
    checkMistakes(`${'{"a":'.repeat(200)}1${'}'.repeat(200)}`, [
      'error template/limit 1: Values nest deeper than 100 levels.',
    ]);
    const bomb = [
      'a: &a [x, x, x, x, x, x, x, x, x, x]',
      ...'bcdefghij'
        .split('')
        .map((name, index) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[index]}`).join(', ')}]`),
    ];
    const tell = createTeller();
    parseTemplate('t', bomb.join('\n'), tell);
    expect(tell.findings.map(({ code }) => code)).toContain('template/limit');
    checkMistakes('x'.repeat(1_048_577), [
      'error template/limit 1: The template has 1048577 characters; 1 MB is the most.',
    ]);
  });
});

describe('limits of evaluation', () => {
  test('texts that double each other end at a limit', () => {
    let expression = 'xxxxxxxxxx';
    for (let level = 0; level < 30; level += 1)
      expression = `{"Fn::Sub": ["\${V}\${V}", {"V": ${level === 0 ? '"xxxxxxxxxx"' : expression}}]}`;
    const { findings } = readOne(
      `{"Resources": {"R": {"Type": "AWS::IAM::Role"}}, "Outputs": {"O": {"Value": ${expression}}}}`,
    );
    expect(findings.map(({ code }) => code)).toEqual(['template/limit']);
  });
});
