import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { EDGE_TEMPLATE, REGIONAL_TEMPLATE } from '../../test/hybrid-templates.ts';
import { source } from '../../test/read-one.ts';
import { FINDINGS_MAX } from './limits.ts';
import type { Node } from './node.ts';
import { readTemplates } from './index.ts';
import { parseTemplate } from './parse.ts';
import { readParsed } from './read-templates.ts';
import { SHORT_TAGS } from './short-tags.ts';
import { createTeller } from './teller.ts';

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** A template as plain JSON, short tags in their long form. */
function plain(node: Node | undefined): Json {
  switch (node?.kind) {
    case 'text':
      return node.text;
    case 'number':
    case 'boolean':
      return node.value;
    case 'list':
      return node.items.map(plain);
    case 'map':
      return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plain(value)]));
    default:
      return null;
  }
}

const BASES: readonly Json[] = [REGIONAL_TEMPLATE, EDGE_TEMPLATE].map((text) =>
  plain(parseTemplate('t', text, createTeller())),
);

/** Plain JSON as nodes, without going through text. */
function nodeOf(json: Json, path = ''): Node {
  const at = { file: 't', line: 1, column: 1, path };
  if (json === null) return { kind: 'null', at };
  if (typeof json === 'string') return { kind: 'text', text: json, at };
  if (typeof json === 'number') return { kind: 'number', value: json, text: String(json), at };
  if (typeof json === 'boolean') return { kind: 'boolean', value: json, text: String(json), at };
  if (isList(json)) return { kind: 'list', items: json.map((item, index) => nodeOf(item, `${path}.${index}`)), at };
  return {
    kind: 'map',
    entries: new Map(
      Object.entries(json).map(([key, value]) => [key, { keyAt: at, value: nodeOf(value, `${path}.${key}`) }]),
    ),
    at,
  };
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

const NAMES = [
  'Api',
  'Record',
  'Function',
  'DomainName',
  'Role',
  'IsPrimary',
  'Hybrid',
  'AWS::Region',
  'AWS::NoValue',
  'Nobody',
  'A.B',
  '',
  '${Api}',
  '__proto__',
  'constructor',
  'DependsOn',
  'Timeout',
  'Typo',
];
const INTRINSICS = [
  'Ref',
  'Condition',
  'Fn::GetAtt',
  'Fn::Sub',
  'Fn::If',
  'Fn::Join',
  'Fn::Select',
  'Fn::Split',
  'Fn::Cidr',
  'Fn::Equals',
  'Fn::Not',
  'Fn::And',
  'Fn::Or',
  'Fn::FindInMap',
  'Fn::ImportValue',
  'Fn::GetAZs',
  'Fn::Base64',
  'Fn::Length',
  'Fn::ToJsonString',
  'Fn::Transform',
  'Fn::ForEach::Loop',
  'Fn::GetStackOutput',
  'Fn::Nothing',
];

/** Anything that might stand in a template: odd values, and intrinsics within each other. */
const anything = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom<Json>(
      null,
      true,
      0,
      -1,
      1e21,
      3.5,
      'x',
      '',
      '10',
      'PRIMARY',
      '*',
      '${',
      '${!x}',
      '{{resolve:ssm:x}}',
      'arn:aws:acm:us-east-1:1:certificate/x',
    ),
    fc.constantFrom<Json>(...NAMES),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.tuple(fc.constantFrom(...INTRINSICS), tie('value')).map(([name, value]): Json => ({ [name]: value })),
    fc.dictionary(
      fc.constantFrom('Type', 'Id', 'Name', 'Items', 'Properties', 'Value', 'Quantity', ...NAMES),
      tie('value'),
      { maxKeys: 3 },
    ),
  ),
})).value;

/** A share from 0 to 1, all alike: fast-check's doubles crowd near 0. */
const share = fc.noBias(fc.integer({ min: 0, max: 999_999 })).map((millionths) => millionths / 1_000_000);

interface Mutation {
  /** Chooses one place among all: a share of their number. */
  readonly where: number;
  readonly kind: 'drop' | 'replace' | 'rename' | 'wrap' | 'borrow';
  readonly with: Json;
  readonly name: string;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  where: share,
  kind: fc.constantFrom('drop', 'replace', 'rename', 'wrap', 'borrow'),
  with: anything,
  name: fc.constantFrom(...NAMES, ...INTRINSICS),
});

function places(json: Json, count = { value: 0 }): number {
  count.value += 1;
  if (isList(json)) for (const item of json) places(item, count);
  else if (json !== null && typeof json === 'object') for (const value of Object.values(json)) places(value, count);
  return count.value;
}

function mutate(base: Json, { where, kind, with: other, name }: Mutation): Json {
  const chosen = 1 + Math.floor(where * (places(base) - 1));
  let index = -1;
  const borrowed = kind === 'borrow' ? at(base, Math.floor(((where * 7919) % 1) * places(base))) : other;
  const go = (json: Json): { readonly json: Json; readonly dropped: boolean; readonly renamed: boolean } => {
    index += 1;
    if (index === chosen) {
      if (kind === 'drop') return { json, dropped: true, renamed: false };
      if (kind === 'rename') return { json, dropped: false, renamed: true };
      return { json: kind === 'wrap' ? { [name]: json } : borrowed, dropped: false, renamed: false };
    }
    if (isList(json))
      return {
        json: json
          .map(go)
          .filter(({ dropped }) => !dropped)
          .map((each) => each.json),
        dropped: false,
        renamed: false,
      };
    if (json === null || typeof json !== 'object') return { json, dropped: false, renamed: false };
    const entries = Object.entries(json).flatMap(([key, value]): [string, Json][] => {
      const each = go(value);
      return each.dropped ? [] : [[each.renamed ? name : key, each.json]];
    });
    return { json: Object.fromEntries(entries), dropped: false, renamed: false };
  };
  return go(base).json;
}

/** The value at a place, counted as `places` counts. */
function at(json: Json, wanted: number, count = { value: -1 }): Json {
  count.value += 1;
  if (count.value === wanted || json === null || typeof json !== 'object') return json;
  let found: Json = null;
  for (const value of isList(json) ? json : Object.values(json)) {
    if (count.value < wanted) found = at(value, wanted, count);
  }
  return found;
}

/** Whatever comes out names only what it has: a world can be built from it, or there is an error. */
function isSound({ value, findings }: ReturnType<typeof readTemplates>): void {
  expect(findings.length).toBeLessThanOrEqual(FINDINGS_MAX);
  const functions = new Set(value.functions.map(({ arn }) => arn));
  const methods = value.restApis.flatMap(({ resources }) => resources.flatMap((resource) => resource.methods));
  for (const { integration } of methods)
    if (integration.kind === 'lambda-proxy') expect(functions).toContain(integration.functionArn);
  for (const { origins, originGroups, behaviors } of value.distributions) {
    const ids = new Set(origins.map(({ id }) => id));
    for (const { primary, secondary } of originGroups)
      expect([ids.has(primary), ids.has(secondary)]).toEqual([true, true]);
    const targets = new Set([...ids, ...originGroups.map(({ id }) => id)]);
    for (const { targetOriginId } of behaviors) expect(targets).toContain(targetOriginId);
  }
  const zones = new Set(value.hostedZones.map(({ id }) => id));
  const checks = new Set([...value.healthChecks, ...value.derivedHealthChecks].map(({ id }) => id));
  for (const { zoneId, healthCheckId } of value.recordSets) {
    expect(zones).toContain(zoneId);
    if (healthCheckId !== undefined) expect(checks).toContain(healthCheckId);
  }
}

const PARAMETERS = { HostedZoneId: 'Z0EXAMPLE', Role: 'PRIMARY', FallbackHost: 'b.example.com' };

describe('10,000 generated and mutated templates neither throw nor hang', () => {
  test('9,000 as values: dropped, replaced, renamed, wrapped into intrinsics, borrowed from elsewhere', () => {
    const cases = fc.tuple(fc.constantFrom(...BASES), fc.array(mutation, { minLength: 1, maxLength: 4 }), fc.boolean());
    fc.assert(
      fc.property(cases, ([base, mutations, extended]) => {
        const mutated = mutations.reduce(mutate, base);
        const json =
          extended && mutated !== null && typeof mutated === 'object' && !isList(mutated)
            ? { Transform: 'AWS::LanguageExtensions', ...mutated }
            : mutated;
        const tell = createTeller();
        isSound(
          readParsed(
            [{ source: source('', { parameters: PARAMETERS }), root: nodeOf(json) }],
            { zones: { 'example.com': 'Z0EXAMPLE' }, account: '123456789012', lenient: false },
            tell,
          ),
        );
      }),
      { numRuns: 9000 },
    );
  });

  test('1,000 as text: characters lost, doubled and swapped', () => {
    const edit = fc.record({
      where: share,
      length: fc.integer({ min: 0, max: 12 }),
      text: fc.constantFrom(
        '',
        ':',
        '{',
        '}',
        '[',
        ']',
        '"',
        "'",
        '!',
        '&a ',
        '*a',
        '- ',
        '\n',
        '\t',
        '|',
        '>',
        '%',
        '#',
        '? ',
        '!Ref ',
        '---\n',
        '\u0000',
        '\ud800',
      ),
    });
    const cases = fc.tuple(
      fc.constantFrom(EDGE_TEMPLATE, REGIONAL_TEMPLATE.slice(0, 1500)),
      fc.array(edit, { minLength: 1, maxLength: 4 }),
    );
    fc.assert(
      fc.property(cases, ([base, edits]) => {
        const text = edits.reduce((whole, { where, length, text: put }) => {
          const start = Math.floor(where * whole.length);
          return whole.slice(0, start) + put + whole.slice(start + length);
        }, base);
        isSound(readTemplates({ sources: [source(text, { parameters: PARAMETERS })], zones: {} }));
      }),
      { numRuns: 1000 },
    );
  });

  test('the mutations reach every corner: most codes of findings are told', () => {
    const told = new Set<string>();
    fc.assert(
      fc.property(fc.constantFrom(...BASES), fc.array(mutation, { minLength: 1, maxLength: 3 }), (base, mutations) => {
        const root = nodeOf(mutations.reduce(mutate, base));
        const { findings } = readParsed(
          [{ source: source('', { parameters: PARAMETERS }), root }],
          { zones: {}, account: '1', lenient: false },
          createTeller(),
        );
        for (const { code } of findings) told.add(code);
      }),
      { numRuns: 2000, seed: 1 },
    );
    expect([...told].toSorted()).toEqual(
      expect.arrayContaining([
        'template/circular',
        'template/intrinsic',
        'template/parameter',
        'template/property',
        'template/shape',
        'template/unknown-property',
        'template/unknown-zone',
        'template/unresolved-reference',
      ]),
    );
  });
});

test('the yaml library sees the same in a template as we do', () => {
  const ours = BASES[0];
  const theirs: unknown = parse(REGIONAL_TEMPLATE, { version: '1.2', schema: 'core', customTags: [...SHORT_TAGS] });
  expect(Object.keys(ours as object)).toEqual(Object.keys(theirs as object));
  expect(places(ours ?? null)).toBeGreaterThan(150);
});
