import type { CollectionTag, ScalarTag } from 'yaml';
import type { Place } from '../model/index.ts';
import type { Entry, Node } from './node.ts';
import { list, map, pathBelow, text } from './node.ts';

/** Intrinsics that have a short form, by tag without the exclamation mark, with their long name (RS 8.1). */
const LONG_NAMES: ReadonlyMap<string, string> = new Map([
  ['Ref', 'Ref'],
  ['Condition', 'Condition'],
  ...[
    'And Base64 Cidr Contains EachMemberEquals EachMemberIn Equals FindInMap GetAtt GetAZs GetStackOutput If',
    'ImportValue Join Length Not Or RefAll Select Split Sub ToJsonString Transform ValueOf ValueOfAll',
  ]
    .join(' ')
    .split(' ')
    .map((name): [string, string] => [name, `Fn::${name}`]),
]);

/** Tags for the YAML reader: it resolves a tag by its kind of node, so each needs all three forms. */
export const SHORT_TAGS: readonly (ScalarTag | CollectionTag)[] = [...LONG_NAMES.keys()].flatMap(
  (name): (ScalarTag | CollectionTag)[] => [
    { tag: `!${name}`, resolve: (source) => source },
    { tag: `!${name}`, collection: 'seq' },
    { tag: `!${name}`, collection: 'map' },
  ],
);

/** The long form of a tagged value: `!Sub x` becomes `{Fn::Sub: x}`; an unknown tag leaves the value as it is. */
export function longForm(tag: string | undefined, value: Node): Node {
  const name = tag?.startsWith('!') === true ? LONG_NAMES.get(tag.slice(1)) : undefined;
  if (name === undefined) return value;
  const { at } = value;
  const inner = name === 'Fn::GetAtt' ? splitAttribute(value) : value;
  const entries = new Map<string, Entry>([[name, { keyAt: at, value: inner }]]);
  return map(entries, at);
}

/** `!GetAtt a.b.c` names the attribute `b.c` of `a`: it splits on the first dot. */
export function splitAttribute(value: Node): Node {
  if (value.kind !== 'text') return value;
  const dot = value.text.indexOf('.');
  if (dot < 0) return value;
  const at = (index: number): Place => ({ ...value.at, path: pathBelow(value.at.path, String(index)) });
  return list([text(value.text.slice(0, dot), at(0)), text(value.text.slice(dot + 1), at(1))], value.at);
}
