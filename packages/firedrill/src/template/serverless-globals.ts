import type { MapNode, Node } from './node.ts';
import { get, list, map } from './node.ts';
import { intrinsicOf } from './evaluate.ts';
import { nearestTo } from './references.ts';
import type { Teller } from './teller.ts';

/** Sections of Globals, each for one type (RS 8.38). */
const SECTIONS: ReadonlySet<string> = new Set(
  'Function Api HttpApi WebSocketApi SimpleTable StateMachine LayerVersion CapacityProvider'.split(' '),
);

/** What may not stand in them, for every resource must say it itself (RS 8.38a). */
const OWN: ReadonlyMap<string, readonly string[]> = new Map([
  ['Function', ['Role', 'Policies', 'FunctionName', 'Events']],
  ['Api', ['StageName', 'DefinitionBody']],
  ['HttpApi', ['StageName', 'DefinitionBody', 'DefinitionUri']],
]);

/** Tells what has no place in Globals. */
export function checkGlobals(globals: MapNode, tell: Teller): void {
  for (const [name, { keyAt, value }] of globals.entries) {
    if (!SECTIONS.has(name)) {
      const nearest = nearestTo(name, SECTIONS);
      tell.error('template/shape', keyAt, `Globals has no section ${name}.`, {
        remedy: nearest === undefined ? `It has ${[...SECTIONS].join(', ')}.` : `Did you mean ${nearest}?`,
        facts: ['RS 8.38'],
      });
    }
    for (const key of OWN.get(name) ?? []) {
      const entry = value.kind === 'map' ? value.entries.get(key) : undefined;
      if (entry === undefined) continue;
      tell.error('template/shape', entry.keyAt, `${key} cannot stand in Globals.${name}.`, {
        remedy: `Write ${key} in each resource.`,
        facts: ['RS 8.38a'],
      });
    }
  }
}

/** Properties of a resource with what Globals adds to them. */
export function withGlobals(globals: MapNode, section: string, own: MapNode): MapNode {
  const given = get(globals, section);
  if (given?.kind !== 'map') return own;
  const merged = merge(given, own);
  return merged.kind === 'map' ? merged : own;
}

/** Scalars and intrinsics of the resource stand instead; maps are merged; lists follow those of Globals (RS 8.38). */
function merge(given: Node, own: Node): Node {
  if (given.kind === 'list' && own.kind === 'list') return list([...given.items, ...own.items], own.at);
  if (given.kind !== 'map' || own.kind !== 'map' || isIntrinsic(given) || isIntrinsic(own)) return own;
  const entries = new Map(given.entries);
  for (const [key, entry] of own.entries) {
    const other = given.entries.get(key);
    entries.set(key, other === undefined ? entry : { ...entry, value: merge(other.value, entry.value) });
  }
  return map(entries, own.at);
}

function isIntrinsic(node: MapNode): boolean {
  return intrinsicOf(node) !== undefined;
}
