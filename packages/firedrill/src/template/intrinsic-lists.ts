import type { Place } from '../model/index.ts';
import { evaluateInteger, evaluateList, evaluatePresent, evaluateText, itemsOf } from './arguments.ts';
import { cidrBlocks } from './cidr.ts';
import type { Node } from './node.ts';
import { get, isScalar, list, text, unknown } from './node.ts';
import type { Intrinsic, Scope } from './scope.ts';

/** Intrinsics that make lists, look into them, or look things up. */
export const LIST_INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Fn::Select', select],
  ['Fn::GetAZs', availabilityZones],
  ['Fn::Cidr', cidr],
  ['Fn::Length', length],
  ['Fn::FindInMap', findInMap],
  ['Fn::Transform', transform],
]);

/** Fails when the index is out of range (RS 8.2). */
function select(argument: Node, at: Place, scope: Scope): Node {
  const [indexNode, listNode] = itemsOf(argument, { least: 2, most: 2 }, 'Fn::Select', scope) ?? [];
  if (indexNode === undefined || listNode === undefined) return unknown(at);
  const values = evaluateList(listNode, 'What Fn::Select selects from', scope);
  if (values === undefined) return unknown(at);
  if (values.length === 0) {
    scope.tell.error('template/intrinsic', at, 'Fn::Select selects from an empty list.', { facts: ['RS 8.2'] });
    return unknown(at);
  }
  const bounds = { least: 0, most: values.length - 1 };
  const index = evaluateInteger(indexNode, 'The index of Fn::Select', bounds, scope);
  const value = index === undefined ? undefined : values[index];
  return value === undefined ? unknown(at) : { ...value, at };
}

/** Three zones stand for a Region's: how many there are matters to nothing that a drill shows (RS 8.5). */
function availabilityZones(argument: Node, at: Place, scope: Scope): Node {
  const named = evaluateText(argument, 'The Region of Fn::GetAZs', scope);
  if (named === undefined) return unknown(at);
  if (named === '') scope.needRegion(at, 'Fn::GetAZs');
  const region = named === '' ? scope.context.region : named;
  return list(
    ['a', 'b', 'c'].map((zone) => text(`${region}${zone}`, at)),
    at,
  );
}

function cidr(argument: Node, at: Place, scope: Scope): Node {
  const [blockNode, countNode, bitsNode] = itemsOf(argument, { least: 2, most: 3 }, 'Fn::Cidr', scope) ?? [];
  if (blockNode === undefined || countNode === undefined) return unknown(at);
  const block = evaluateText(blockNode, 'The block of Fn::Cidr', scope);
  const count = evaluateInteger(countNode, 'The count of Fn::Cidr', { least: 1, most: 256 }, scope);
  const bits =
    bitsNode === undefined ? 8 : evaluateInteger(bitsNode, 'The bits of Fn::Cidr', { least: 1, most: 128 }, scope);
  if (block === undefined || count === undefined || bits === undefined) return unknown(at);
  const blocks = cidrBlocks(block, count, bits);
  if (blocks === undefined) {
    const says = `Fn::Cidr cannot cut ${count} blocks of ${bits} bits out of ${block}.`;
    scope.tell.error('template/intrinsic', at, says, { facts: ['RS 8.1b'] });
    return unknown(at);
  }
  return list(
    blocks.map((each) => text(each, at)),
    at,
  );
}

function length(argument: Node, at: Place, scope: Scope): Node {
  if (!scope.extensions) {
    scope.tell.error('template/transform', at, 'Fn::Length needs the transform AWS::LanguageExtensions.', {
      remedy: 'Add `Transform: AWS::LanguageExtensions` to the template.',
      facts: ['RS 8.10'],
    });
  }
  const values = evaluateList(argument, 'What Fn::Length counts', scope);
  if (values === undefined) return unknown(at);
  return { kind: 'number', value: values.length, text: String(values.length), at };
}

/** `[map, first key, second key]`, with `{DefaultValue: x}` as a fourth when extended (RS 8.8, 8.15). */
function findInMap(argument: Node, at: Place, scope: Scope): Node | undefined {
  const items = itemsOf(argument, { least: 3, most: scope.extensions ? 4 : 3 }, 'Fn::FindInMap', scope);
  const [mapNode, firstNode, secondNode, options] = items ?? [];
  if (mapNode === undefined || firstNode === undefined || secondNode === undefined) return unknown(at);
  const keys = [mapNode, firstNode, secondNode].map((key) => evaluateText(key, 'A key of Fn::FindInMap', scope));
  if (keys.includes(undefined)) return unknown(at);
  let found: Node | undefined = scope.mappings;
  for (const key of keys) found = get(found, key ?? '');
  if (found !== undefined && (isScalar(found) || found.kind === 'list')) return { ...found, at };
  const fallback = get(options, 'DefaultValue');
  if (found === undefined && fallback !== undefined) return scope.evaluate(fallback);
  if (found?.kind !== 'unknown') {
    scope.tell.error('template/intrinsic', at, `Mappings have no ${keys.join(' → ')}.`, {
      remedy: 'Add the entry to the mapping, or correct the keys.',
      facts: ['RS 8.15'],
    });
  }
  return unknown(at);
}

function transform(argument: Node, at: Place, scope: Scope): Node {
  const name = get(argument, 'Name');
  const shown = name === undefined ? undefined : evaluatePresent(name, scope);
  const macro = shown !== undefined && isScalar(shown) ? shown.text : 'a macro';
  scope.tell.error('template/transform', at, `Firedrill does not run ${macro}, which Fn::Transform asks for.`, {
    remedy:
      'Give the template as it is after the transform: `aws cloudformation get-template --template-stage Processed`.',
  });
  return unknown(at);
}
