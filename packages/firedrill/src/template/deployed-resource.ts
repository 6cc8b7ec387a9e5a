import type { DeployedResource, DeployedValue } from '../model/index.ts';
import type { Node } from './node.ts';
import type { ResourceInput } from './resource-kind.ts';
import type { Identity } from './scope.ts';

/** A resource as rules see it: what is written, evaluated, and what it is called. */
export function deployedResource(
  { logicalId, type, at, properties, context }: ResourceInput,
  { ref, attributes }: Identity,
): DeployedResource {
  const texts = [...attributes].flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' ? [[name, value]] : [],
  );
  const { name: stack, region, account } = context;
  return {
    logicalId,
    type,
    physicalId: ref,
    attributes: Object.fromEntries(texts),
    stack,
    region,
    account,
    properties: deployedValue(properties),
    place: at,
  };
}

function deployedValue(node: Node): DeployedValue {
  switch (node.kind) {
    case 'text':
    case 'number':
    case 'boolean':
      return { kind: 'text', text: node.text, at: node.at };
    case 'list':
      return { kind: 'list', items: node.items.map(deployedValue), at: node.at };
    case 'map': {
      const entries = [...node.entries].map(([key, { value }]): [string, DeployedValue] => [key, deployedValue(value)]);
      return { kind: 'map', entries: Object.fromEntries(entries), at: node.at };
    }
    case 'null':
    case 'unknown':
      return { kind: 'unknown', at: node.at };
  }
}
