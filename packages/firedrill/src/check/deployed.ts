import type { Architecture, DeployedResource, DeployedValue } from '../model/index.ts';
import { groupedBy, onceFor } from './memory.ts';

type Value = DeployedValue | undefined;

/** Resources of one type, in the order of their creation. */
export function resourcesOf(architecture: Architecture, ...types: readonly string[]): readonly DeployedResource[] {
  const [only, ...others] = types;
  if (only !== undefined && others.length === 0) return byType(architecture).get(only) ?? [];
  return architecture.resources.filter(({ type }) => types.includes(type));
}

const byType = onceFor(({ resources }) => groupedBy(resources, ({ type }) => type));

/** The value below a path of keys, as `HealthCheckConfig.Type`. */
export function valueAt(value: Value, path: string): Value {
  let found = value;
  for (const key of path.split('.')) {
    if (found?.kind !== 'map' || !Object.hasOwn(found.entries, key)) return undefined;
    found = found.entries[key];
  }
  return found;
}

/** The text below a path of keys; undefined when there is none, or something else. */
export function textAt(value: Value, path: string): string | undefined {
  const found = valueAt(value, path);
  return found?.kind === 'text' ? found.text : undefined;
}

export function numberAt(value: Value, path: string): number | undefined {
  const text = textAt(value, path);
  return text === undefined || Number.isNaN(Number(text)) ? undefined : Number(text);
}

/** The items below a path of keys; a single value stands for a list of one, as CloudFormation takes it. */
export function itemsAt(value: Value, path: string): readonly DeployedValue[] {
  const found = valueAt(value, path);
  if (found === undefined || found.kind === 'unknown') return [];
  return found.kind === 'list' ? found.items : [found];
}

export function textsAt(value: Value, path: string): readonly string[] {
  return itemsAt(value, path).flatMap((item) => (item.kind === 'text' ? [item.text] : []));
}

/** Every text in a value, however deep. */
export function textsIn(value: DeployedValue): readonly string[] {
  switch (value.kind) {
    case 'text':
      return [value.text];
    case 'list':
      return value.items.flatMap(textsIn);
    case 'map':
      return Object.values(value.entries).flatMap(textsIn);
    case 'unknown':
      return [];
  }
}

/** Whether a text is what `Ref` or `Fn::GetAtt` of the resource gives; of types we do not know, attributes are made up. */
export function isNamedBy({ physicalId, attributes }: DeployedResource, text: string): boolean {
  if (text === physicalId || Object.values(attributes).includes(text)) return true;
  return text.startsWith(`${physicalId}-`) && /^[A-Z][A-Za-z.]*$/.test(text.slice(physicalId.length + 1));
}
