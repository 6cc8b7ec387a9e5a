import type { PolicyCondition, PolicyPrincipal, PolicyStatement } from '../model/index.ts';
import type { Node } from './node.ts';
import { get, isScalar } from './node.ts';
import type { Teller } from './teller.ts';

/** Operators of conditions that a bucket's answers go by; with any other a statement cannot be decided. */
const OPERATORS: ReadonlySet<string> = new Set([
  'StringEquals',
  'StringNotEquals',
  'StringEqualsIgnoreCase',
  'StringLike',
  'StringNotLike',
  'ArnEquals',
  'ArnLike',
  'ArnNotEquals',
  'ArnNotLike',
  'Bool',
]);

/** Keys of conditions that a request of the world has a value for; all others count as absent. */
const KEYS: ReadonlySet<string> = new Set([
  'aws:sourcearn',
  'aws:sourceaccount',
  'aws:securetransport',
  'aws:referer',
  'aws:useragent',
]);

/** The statements of a policy document. What cannot be decided is told, and what a drill does instead. */
export function policyStatements(document: Node, tell: Teller): readonly PolicyStatement[] {
  return listed(get(document, 'Statement')).flatMap((statement): PolicyStatement[] => {
    const effect = textOf(get(statement, 'Effect'));
    if (statement.kind !== 'map' || (effect !== 'Allow' && effect !== 'Deny')) {
      if (statement.kind !== 'unknown')
        tell.error('template/property', statement.at, 'A statement of a policy has Effect Allow or Deny.');
      return [];
    }
    const [principal, notPrincipal] = [get(statement, 'Principal'), get(statement, 'NotPrincipal')];
    const [action, notAction] = [get(statement, 'Action'), get(statement, 'NotAction')];
    const [resource, notResource] = [get(statement, 'Resource'), get(statement, 'NotResource')];
    return [
      {
        effect,
        principals: principalsOf(principal ?? notPrincipal),
        ...(notPrincipal === undefined ? {} : { isNotPrincipal: true }),
        actions: textsOf(action ?? notAction),
        ...(notAction === undefined ? {} : { isNotAction: true }),
        resources: textsOf(resource ?? notResource),
        ...(notResource === undefined ? {} : { isNotResource: true }),
        conditions: conditionsOf(get(statement, 'Condition'), effect, tell),
      },
    ];
  });
}

function principalsOf(node: Node | undefined): readonly PolicyPrincipal[] {
  if (node === undefined) return [];
  if (isScalar(node)) return node.text === '*' ? [{ kind: 'everyone', value: '*' }] : [];
  const kinds = ['AWS', 'Service', 'CanonicalUser', 'Federated'] as const;
  return kinds.flatMap((kind) =>
    textsOf(get(node, kind)).map((value): PolicyPrincipal => {
      return value === '*' && kind === 'AWS' ? { kind: 'everyone', value } : { kind, value };
    }),
  );
}

function conditionsOf(node: Node | undefined, effect: string, tell: Teller): readonly PolicyCondition[] {
  if (node?.kind !== 'map') return [];
  return [...node.entries].flatMap(([operator, { value, keyAt }]): PolicyCondition[] => {
    if (value.kind !== 'map') return [];
    return [...value.entries].map(([key, { value: values }]) => {
      const condition = { operator, key: key.toLowerCase(), values: textsOf(values) };
      if (!OPERATORS.has(operator) || !KEYS.has(condition.key)) {
        const says = `Firedrill cannot decide the condition ${operator} on ${key}; the statement that ${effect === 'Allow' ? 'allows' : 'denies'} by it is taken not to apply.`;
        tell.warning('template/not-acted-on', keyAt, says);
      }
      return condition;
    });
  });
}

function listed(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return node.kind === 'list' ? node.items : [node];
}

function textsOf(node: Node | undefined): readonly string[] {
  return listed(node).flatMap((item) => (isScalar(item) ? [item.text] : []));
}

function textOf(node: Node | undefined): string | undefined {
  return node !== undefined && isScalar(node) ? node.text : undefined;
}
