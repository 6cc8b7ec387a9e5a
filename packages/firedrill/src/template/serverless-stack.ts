import type { Place } from '../model/index.ts';
import type { Entry, MapNode, Node } from './node.ts';
import { get, isScalar, map } from './node.ts';
import type { Written, WrittenMap } from './written-node.ts';
import { nodeOf } from './written-node.ts';
import type { Teller } from './teller.ts';

/** A resource of the template that SAM stands for, its properties with those of Globals. */
export interface ServerlessResource {
  readonly logicalId: string;
  readonly at: Place;
  readonly properties: MapNode;
  /** The whole declaration, for DependsOn, Metadata and the like. */
  readonly declaration: MapNode;
}

/** What SAM knows while it expands a template. */
export interface Serverless {
  readonly tell: Teller;
  /** Values of parameters: SAM looks them up where it makes logical ids of what they say. */
  readonly parameters: ReadonlyMap<string, Node>;
  /** Of all resources, SAM's and others. */
  readonly resources: MapNode;
  /** What `Ref` of `Api.Stage` and the like stands for, by that text. */
  readonly properties: Map<string, string>;
  /** Resources that it makes of one, in their order. */
  readonly made: Map<string, Entry>;
}

/** Attributes that belong to the resource itself, and those that everything made for it has too. */
const OWN_ATTRIBUTES = ['DependsOn', 'Metadata', 'DeletionPolicy', 'UpdateReplacePolicy'] as const;

/** The resource that bears the name that the template gave it. */
export function addMain(sam: Serverless, from: ServerlessResource, type: string, properties: WrittenMap): void {
  const attributes: Record<string, Written | undefined> = {};
  for (const name of OWN_ATTRIBUTES) attributes[name] = get(from.declaration, name);
  add(sam, from, from.logicalId, { Type: type, ...attributes, Properties: properties });
}

/** A resource that is made for another one, under its condition. */
export function addMade(
  sam: Serverless,
  from: ServerlessResource,
  logicalId: string,
  { type, properties, condition }: { type: string; properties: WrittenMap; condition?: Written | undefined },
): void {
  add(sam, from, logicalId, { Type: type, Condition: condition, Properties: properties });
}

function add(sam: Serverless, from: ServerlessResource, logicalId: string, resource: WrittenMap): void {
  const { at, declaration } = from;
  const value = nodeOf({ Condition: get(declaration, 'Condition'), ...dropped(resource) }, at);
  sam.made.set(logicalId, { keyAt: at, value });
}

function dropped(resource: WrittenMap): WrittenMap {
  return Object.fromEntries(Object.entries(resource).filter(([, value]) => value !== undefined));
}

/** The value of a parameter in place of a reference to it, at every depth; what refers to something else stays. */
export function withParameters(node: Node, parameters: ReadonlyMap<string, Node>): Node {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => withParameters(item, parameters)) };
  if (node.kind !== 'map') return node;
  const name = node.entries.size === 1 ? get(node, 'Ref') : undefined;
  const value = name !== undefined && isScalar(name) ? parameters.get(name.text) : undefined;
  // CloudFormation itself tells of references to nothing.
  if (value !== undefined && value.kind !== 'unknown') return { ...value, at: node.at };
  const entries = new Map<string, Entry>();
  for (const [key, entry] of node.entries)
    entries.set(key, { ...entry, value: withParameters(entry.value, parameters) });
  return map(entries, node.at);
}

/** A scalar as text; undefined for anything else, intrinsics among it. */
export function textOf(node: Node | undefined): string | undefined {
  return node !== undefined && isScalar(node) ? node.text : undefined;
}

/** A property as text, a parameter's value among them; undefined when something is to be evaluated first. */
export function givenText(node: Node | undefined, key: string, { parameters }: Serverless): string | undefined {
  const value = get(node, key);
  return value === undefined ? undefined : textOf(withParameters(value, parameters));
}

/** The logical id that a `Ref`, or a plain text, names. */
export function referredIn(node: Node | undefined): string | undefined {
  return textOf(node) ?? textOf(get(node, 'Ref'));
}

export function ref(logicalId: string): WrittenMap {
  return { Ref: logicalId };
}

export function attribute(logicalId: string, name: string): WrittenMap {
  return { 'Fn::GetAtt': [logicalId, name] };
}

/** Tags as CloudFormation lists them: those of the resource, a map, after SAM's own. */
export function tagsOf(tags: Node | undefined, own: string): Written {
  const given = tags?.kind === 'map' ? [...tags.entries] : [];
  return [{ Key: own, Value: 'SAM' }, ...given.map(([Key, { value }]) => ({ Key, Value: value }))];
}

/** Properties that pass as they are. */
export function passed(properties: MapNode, names: readonly string[]): WrittenMap {
  const found: Record<string, Written> = {};
  for (const name of names) {
    const value = get(properties, name);
    if (value !== undefined) found[name] = value;
  }
  return found;
}

/** Tells of properties that SAM does not know, and of those that Firedrill leaves out. */
export function checkProperties(
  { logicalId, properties }: ServerlessResource,
  type: string,
  known: { readonly taken: readonly string[]; readonly notYet: Readonly<Record<string, string>> },
  tell: Teller,
): void {
  const all = new Set([...known.taken, ...Object.keys(known.notYet)]);
  for (const [key, { keyAt }] of properties.entries) {
    const means = Object.hasOwn(known.notYet, key) ? known.notYet[key] : undefined;
    if (means !== undefined)
      tell.warning('template/not-acted-on', keyAt, `Firedrill does not act on ${key} of ${logicalId}. ${means}`);
    else if (!all.has(key))
      tell.error('template/property', keyAt, `${type} has no property ${key}; SAM refuses the template.`, {
        remedy: 'Check the spelling.',
      });
  }
}
