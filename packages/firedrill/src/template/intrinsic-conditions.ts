import { evaluatePresent, evaluateText, itemsOf } from './arguments.ts';
import type { Node } from './node.ts';
import { get, isScalar, unknown } from './node.ts';
import type { Intrinsic, Scope } from './scope.ts';

/** Condition functions: `Fn::If` chooses values; the others are truths, and only conditions hold them (RS 8.1a). */
export const CONDITION_INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ['Fn::If', chooseByCondition],
  ...['Fn::And', 'Fn::Or', 'Fn::Not', 'Fn::Equals'].map((name): [string, Intrinsic] => [
    name,
    (argument, at, scope) => {
      const truth = evaluateTruth({ name, argument }, at, scope);
      return truth === undefined ? unknown(at) : { kind: 'boolean', value: truth, text: String(truth), at };
    },
  ]),
]);

function chooseByCondition(argument: Node, at: Node['at'], scope: Scope): Node | undefined {
  const branch = branchOf(argument, scope);
  return branch === undefined ? unknown(at) : scope.evaluate(branch);
}

/** The branch of an `Fn::If` that its condition chooses, not evaluated; undefined when that could not be told. */
export function branchOf(argument: Node, scope: Scope): Node | undefined {
  const [name, whenTrue, whenFalse] = itemsOf(argument, { least: 3, most: 3 }, 'Fn::If', scope) ?? [];
  if (name === undefined || whenTrue === undefined || whenFalse === undefined) return undefined;
  const truth = isScalar(name) ? scope.condition(name.text, name.at) : namedTruth(name, scope);
  return truth === undefined ? undefined : truth ? whenTrue : whenFalse;
}

/** `Fn::If` names a condition; some write `{Condition: Name}` or a condition function in its place. */
function namedTruth(node: Node, scope: Scope): boolean | undefined {
  return node.kind === 'map' ? evaluateCondition(node, scope) : undefined;
}

/** The truth of a condition's expression; undefined when it could not be told. */
export function evaluateCondition(node: Node, scope: Scope): boolean | undefined {
  const named = get(node, 'Condition');
  if (named !== undefined && isScalar(named)) return scope.condition(named.text, named.at);
  if (node.kind === 'map' && node.entries.size === 1) {
    for (const [name, { value }] of node.entries) {
      if (CONDITION_INTRINSICS.has(name) && name !== 'Fn::If')
        return evaluateTruth({ name, argument: value }, node.at, scope);
    }
  }
  if (node.kind !== 'unknown') {
    scope.tell.error(
      'template/intrinsic',
      node.at,
      'A condition is made of Fn::Equals, Fn::And, Fn::Or, Fn::Not and Condition.',
      {
        facts: ['RS 8.1a'],
      },
    );
  }
  return undefined;
}

function evaluateTruth(
  call: { readonly name: string; readonly argument: Node },
  at: Node['at'],
  scope: Scope,
): boolean | undefined {
  if (call.name === 'Fn::Equals') return equals(call.argument, scope);
  const count = call.name === 'Fn::Not' ? { least: 1, most: 1 } : { least: 2, most: 10 };
  const items = itemsOf(call.argument, count, call.name, scope);
  if (items === undefined) return undefined;
  const truths = items.map((item) => evaluateCondition(item, scope));
  if (truths.includes(undefined)) return undefined;
  switch (call.name) {
    case 'Fn::Not':
      return truths[0] === false;
    case 'Fn::And':
      return !truths.includes(false);
    default:
      return truths.includes(true);
  }
}

/** Compares texts; the case of letters counts. Maps and lists are compared by what they hold. */
function equals(argument: Node, scope: Scope): boolean | undefined {
  const [left, right] = itemsOf(argument, { least: 2, most: 2 }, 'Fn::Equals', scope) ?? [];
  if (left === undefined || right === undefined) return undefined;
  const texts = [left, right].map((side) => comparable(side, scope));
  return texts.includes(undefined) ? undefined : texts[0] === texts[1];
}

function comparable(node: Node, scope: Scope): string | undefined {
  const value = evaluatePresent(node, scope);
  if (value.kind === 'list') {
    const items = value.items.map((item) => evaluateText(item, 'What Fn::Equals compares', scope));
    return items.includes(undefined) ? undefined : `list ${JSON.stringify(items)}`;
  }
  if (isScalar(value)) return value.text;
  if (value.kind !== 'unknown') {
    scope.tell.error('template/intrinsic', node.at, 'Fn::Equals compares texts.', { facts: ['RS 8.1a'] });
  }
  return undefined;
}
