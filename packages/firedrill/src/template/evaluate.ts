import { CONDITION_INTRINSICS } from './intrinsic-conditions.ts';
import { LIST_INTRINSICS } from './intrinsic-lists.ts';
import { REFERENCE_INTRINSICS } from './intrinsic-references.ts';
import { TEXT_INTRINSICS } from './intrinsic-texts.ts';
import type { Entry, MapNode, Node } from './node.ts';
import { list, map, unknown } from './node.ts';
import type { Intrinsic, Scope } from './scope.ts';

const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map([
  ...TEXT_INTRINSICS,
  ...LIST_INTRINSICS,
  ...REFERENCE_INTRINSICS,
  ...CONDITION_INTRINSICS,
]);

/**
 * The value of a node, free of intrinsics. Undefined is `AWS::NoValue`: whoever holds the value drops it
 * (RS 8.1a). What cannot be evaluated has been told and becomes an unknown node.
 */
export function evaluate(node: Node, scope: Scope): Node | undefined {
  if (node.kind === 'list') {
    return list(
      node.items.map((item) => evaluate(item, scope)).filter((item) => item !== undefined),
      node.at,
    );
  }
  if (node.kind === 'null') {
    scope.tell.error('template/shape', node.at, 'A template may not hold null or empty values.', {
      remedy: 'Give it a value, or remove the key.',
      facts: ['RS 8.26b'],
    });
    return unknown(node.at);
  }
  return node.kind === 'map' ? evaluateMap(node, scope) : node;
}

/** The intrinsic a map stands for: its only key. */
export function intrinsicOf(node: MapNode): { readonly name: string; readonly argument: Node } | undefined {
  if (node.entries.size !== 1) return undefined;
  for (const [name, { value }] of node.entries) {
    if (name === 'Ref' || name.startsWith('Fn::')) return { name, argument: value };
  }
  return undefined;
}

function evaluateMap(node: MapNode, scope: Scope): Node | undefined {
  const call = intrinsicOf(node);
  if (call === undefined) return evaluateEntries(node, scope);
  const intrinsic = INTRINSICS.get(call.name);
  if (intrinsic === undefined) {
    scope.tell.error('template/intrinsic', node.at, `There is no intrinsic function ${call.name}.`, {
      facts: ['RS 8.1'],
    });
    return unknown(node.at);
  }
  return intrinsic(call.argument, node.at, scope);
}

function evaluateEntries(node: MapNode, scope: Scope): Node {
  const entries = new Map<string, Entry>();
  for (const [key, { keyAt, value }] of node.entries) {
    if (key.startsWith('Fn::')) {
      scope.tell.error('template/intrinsic', keyAt, `${key} must be the only key of its map.`);
      continue;
    }
    const evaluated = evaluate(value, scope);
    if (evaluated !== undefined) entries.set(key, { keyAt, value: evaluated });
  }
  return map(entries, node.at);
}
