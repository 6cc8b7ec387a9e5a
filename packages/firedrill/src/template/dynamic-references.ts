import { ssmKey } from './cross-region-references.ts';
import type { Estate } from './estate.ts';
import type { Entry, Node } from './node.ts';
import { list, map, text } from './node.ts';
import type { OpenStack } from './stack-scope.ts';

const REFERENCE = /\{\{resolve:(ssm|ssm-secure|secretsmanager):([^{}]*)\}\}/g;

/**
 * Properties with the values of the parameter store in place of dynamic references (RS 8.12). What nobody here knows, as secrets,
 * stays as it is written, and is told.
 */
export function resolveReferences(node: Node, logicalId: string, stack: OpenStack, estate: Estate): Node {
  switch (node.kind) {
    case 'list':
      return list(
        node.items.map((item) => resolveReferences(item, logicalId, stack, estate)),
        node.at,
      );
    case 'map':
      return map(
        new Map(
          [...node.entries].map(([key, { keyAt, value }]): [string, Entry] => [
            key,
            { keyAt, value: resolveReferences(value, logicalId, stack, estate) },
          ]),
        ),
        node.at,
      );
    case 'text':
      return node.text.includes('{{resolve:') ? resolved(node.text, node, logicalId, stack, estate) : node;
    default:
      return node;
  }
}

function resolved(
  written: string,
  { at }: Node,
  logicalId: string,
  { scope, source }: OpenStack,
  estate: Estate,
): Node {
  const unknown: string[] = [];
  const result = written.replaceAll(REFERENCE, (reference: string, kind: string, name: string) => {
    const value =
      kind === 'secretsmanager'
        ? undefined
        : (source.stored?.value(name, logicalId) ?? estate.ssm.get(ssmKey(scope.context.region, name)));
    if (value === undefined) unknown.push(reference);
    return value ?? reference;
  });
  const [reference] = unknown;
  if (reference !== undefined)
    scope.tell.note(
      'template/dynamic-reference',
      at,
      `The value of ${reference} is known to AWS only; it stays as it is written.`,
      { remedy: 'Where the value decides something, give it as a parameter for the drill.', facts: ['RS 8.12'] },
    );
  return text(result, at);
}
