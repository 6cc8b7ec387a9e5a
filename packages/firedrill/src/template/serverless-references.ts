import type { Entry, MapNode, Node } from './node.ts';
import { isScalar, list, map, text } from './node.ts';

/**
 * Replaces what names a resource that SAM has made by way of another one: `Ref` of `Api.Stage`, `${Function.Alias}` in Fn::Sub.
 * @param properties logical ids by what they are called.
 */
export function withServerlessReferences(section: MapNode, properties: ReadonlyMap<string, string>): MapNode {
  if (properties.size === 0) return section;
  const replaced = replace(section, properties);
  return replaced.kind === 'map' ? replaced : section;
}

function replace(node: Node, properties: ReadonlyMap<string, string>): Node {
  if (node.kind === 'list')
    return list(
      node.items.map((item) => replace(item, properties)),
      node.at,
    );
  if (node.kind !== 'map') return node;
  const entries = new Map<string, Entry>();
  for (const [key, { keyAt, value }] of node.entries)
    entries.set(key, { keyAt, value: replaceValue(key, value, properties) });
  return map(entries, node.at);
}

function replaceValue(key: string, value: Node, properties: ReadonlyMap<string, string>): Node {
  if (key === 'Ref' && isScalar(value)) return text(properties.get(value.text) ?? value.text, value.at);
  if (key === 'Fn::GetAtt' && value.kind === 'list') return attributeOf(value.items, properties) ?? value;
  if (key === 'Fn::Sub' && value.kind === 'text') return text(substituted(value.text, properties), value.at);
  const [source, ...others] = value.kind === 'list' ? value.items : [];
  if (key === 'Fn::Sub' && source?.kind === 'text')
    return list(
      [text(substituted(source.text, properties), source.at), ...others.map((item) => replace(item, properties))],
      value.at,
    );
  return replace(value, properties);
}

/** `[Api, Stage.Arn]`, which is `Api.Stage` asked for `Arn`. */
function attributeOf(items: readonly Node[], properties: ReadonlyMap<string, string>): Node | undefined {
  const [resource, name] = items;
  if (resource?.kind !== 'text' || name?.kind !== 'text') return undefined;
  const [property = '', ...rest] = name.text.split('.');
  const found = properties.get(`${resource.text}.${property}`);
  if (found === undefined || rest.length === 0) return undefined;
  return list([text(found, resource.at), text(rest.join('.'), name.at)], resource.at);
}

/** `${Api.Stage}` or `${Api.Stage.Arn}`; literals keep their exclamation mark. */
function substituted(source: string, properties: ReadonlyMap<string, string>): string {
  return source.replaceAll(
    /\$\{([A-Za-z0-9]+\.[A-Za-z0-9]+)((?:\.[A-Za-z0-9.]+)?)\}/g,
    (whole, name: string, rest: string) => {
      const found = properties.get(name);
      return found === undefined ? whole : `\${${found}${rest}}`;
    },
  );
}
