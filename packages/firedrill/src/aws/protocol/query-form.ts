import { FromStringShapeDeserializer } from '@smithy/core/protocols';
import type { NormalizedSchema } from '@smithy/core/schema';
import { ISO_TIME } from './codec.ts';

/** More parameters than AWS lets a request have are not read. */
const PARAMETERS_MAX = 20_000;
/** Names with more dots than any shape has members inside each other. */
const DEPTH_MAX = 64;

/** A parameter and those whose names go on from its name with a dot. */
interface Node {
  text?: string;
  readonly below: Map<string, Node>;
}

const texts = new FromStringShapeDeserializer({
  timestampFormat: { useTrait: true, default: ISO_TIME },
  httpBindings: false,
});

/**
 * Reads a form of the Query protocol, `Metrics.member.1.Name=a`, into a value of the schema. The client packages have the
 * way out only.
 * @throws RangeError for a form that is too large; whatever a value's parser throws.
 */
export function readForm(schema: NormalizedSchema, parameters: Iterable<readonly [string, string]>): unknown {
  const root: Node = { below: new Map() };
  let count = 0;
  for (const [name, text] of parameters) {
    count += 1;
    if (count > PARAMETERS_MAX) throw new RangeError('Too many parameters');
    place(root, name.split('.'), text);
  }
  return readNode(schema, root) ?? {};
}

function place(root: Node, names: readonly string[], text: string): void {
  if (names.length > DEPTH_MAX) throw new RangeError('Parameters are nested too deep');
  let node = root;
  for (const name of names) {
    let next = node.below.get(name);
    if (next === undefined) {
      next = { below: new Map() };
      node.below.set(name, next);
    }
    node = next;
  }
  node.text = text;
}

function readNode(schema: NormalizedSchema, node: Node): unknown {
  if (schema.isStructSchema()) return readStruct(schema, node);
  if (schema.isListSchema()) return readList(schema, node);
  if (schema.isMapSchema()) return readMap(schema, node);
  return node.text === undefined ? undefined : (texts.read(schema, node.text) as unknown);
}

function readStruct(schema: NormalizedSchema, node: Node): unknown {
  const value: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const below = node.below.get(member.getMemberTraits().xmlName ?? name);
    if (below === undefined) continue;
    const read = readNode(member, below);
    if (read !== undefined) value[name] = read;
  }
  return value;
}

function readList(schema: NormalizedSchema, node: Node): unknown {
  const member = schema.getValueSchema();
  const isFlat = Boolean(schema.getMergedTraits().xmlFlattened);
  const items = isFlat ? node : node.below.get(member.getMergedTraits().xmlName ?? 'member');
  return numbered(items).map((item) => readNode(member, item));
}

function readMap(schema: NormalizedSchema, node: Node): unknown {
  const [keys, values] = [schema.getKeySchema(), schema.getValueSchema()];
  const entries = numbered(schema.getMergedTraits().xmlFlattened ? node : node.below.get('entry'));
  const value: [string, unknown][] = [];
  for (const entry of entries) {
    const key = entry.below.get(keys.getMergedTraits().xmlName ?? 'key')?.text;
    const below = entry.below.get(values.getMergedTraits().xmlName ?? 'value');
    if (key !== undefined && below !== undefined) value.push([key, readNode(values, below)]);
  }
  return Object.fromEntries(value);
}

/** Items `1`, `2`, … in the order of their numbers, whatever the order of the form; gaps are closed, as AWS does. */
function numbered(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  return [...node.below.entries()]
    .filter(([name]) => /^\d{1,9}$/.test(name))
    .toSorted(([left], [right]) => Number(left) - Number(right))
    .map(([, item]) => item);
}
