import type { Place } from '../model/index.ts';
import { evaluateList, itemsOf } from './arguments.ts';
import { NODES_MAX } from './limits.ts';
import type { Entry, MapNode, Node } from './node.ts';
import { isScalar, kindInWords, list, map, text } from './node.ts';
import type { Scope } from './scope.ts';

const PREFIX = 'Fn::ForEach::';

/**
 * Replaces each `Fn::ForEach::Name: [identifier, collection, {key: body}]` by its entries (RS 8.9). The
 * identifier is filled in wherever `${identifier}` or `&{identifier}` stands, and for `{Ref: identifier}`.
 */
export function expandForEach(section: MapNode, scope: Scope): MapNode {
  return containsForEach(section) ? new Expansion(scope).entries(section, new Map()) : section;
}

function containsForEach(node: Node): boolean {
  if (node.kind === 'list') return node.items.some(containsForEach);
  if (node.kind !== 'map') return false;
  for (const [key, { value }] of node.entries) if (key.startsWith(PREFIX) || containsForEach(value)) return true;
  return false;
}

/** What identifiers stand for inside a loop. */
type Bindings = ReadonlyMap<string, string>;

class Expansion {
  readonly #scope: Scope;
  #count = 0;

  constructor(scope: Scope) {
    this.#scope = scope;
  }

  entries(node: MapNode, bindings: Bindings): MapNode {
    const entries = new Map<string, Entry>();
    for (const [key, entry] of node.entries) {
      if (key.startsWith(PREFIX)) this.#loop(entry, bindings, entries);
      else this.#add(entries, fill(key, bindings), entry.keyAt, this.#value(entry.value, bindings));
    }
    return map(entries, node.at);
  }

  #loop({ keyAt, value }: Entry, bindings: Bindings, into: Map<string, Entry>): void {
    const { tell } = this.#scope;
    if (!this.#scope.extensions) {
      tell.error('template/transform', keyAt, 'Fn::ForEach needs the transform AWS::LanguageExtensions.', {
        remedy: 'Add `Transform: AWS::LanguageExtensions` to the template.',
        facts: ['RS 8.9'],
      });
    }
    const [identifier, collection, body] = itemsOf(value, { least: 3, most: 3 }, 'Fn::ForEach', this.#scope) ?? [];
    if (identifier === undefined || collection === undefined || body === undefined) return;
    if (!isScalar(identifier) || body.kind !== 'map') {
      const odd = isScalar(identifier) ? `its third item is ${kindInWords(body)}` : 'its first item is not a name';
      tell.error('template/intrinsic', keyAt, `Fn::ForEach takes a name, a list and a map; ${odd}.`, {
        facts: ['RS 8.9'],
      });
      return;
    }
    const values = evaluateList(this.#value(collection, bindings), 'What Fn::ForEach goes through', this.#scope) ?? [];
    for (const item of values) {
      if (!isScalar(item)) {
        tell.error('template/intrinsic', item.at, `Fn::ForEach goes through texts; this is ${kindInWords(item)}.`);
        continue;
      }
      const inner = this.entries(body, new Map([...bindings, [identifier.text, item.text]]));
      for (const [key, entry] of inner.entries) this.#add(into, key, entry.keyAt, entry.value);
      if (this.#count > NODES_MAX) return;
    }
  }

  #add(into: Map<string, Entry>, key: string, keyAt: Place, value: Node): void {
    if (into.has(key)) {
      const says = `Fn::ForEach makes the key ${key} twice.`;
      this.#scope.tell.error('template/intrinsic', keyAt, says, {
        remedy: 'Put the identifier into the key.',
        facts: ['RS 8.9'],
      });
      return;
    }
    into.set(key, { keyAt, value });
  }

  #value(node: Node, bindings: Bindings): Node {
    this.#count += 1;
    if (this.#count > NODES_MAX) {
      const says = `Fn::ForEach makes more than ${NODES_MAX} values.`;
      this.#scope.tell.error('template/limit', { ...node.at, line: 1, column: 1 }, says);
      return { kind: 'unknown', at: node.at };
    }
    switch (node.kind) {
      case 'text':
        return bindings.size === 0 ? node : text(fill(node.text, bindings), node.at);
      case 'list':
        return list(
          node.items.map((item) => this.#value(item, bindings)),
          node.at,
        );
      case 'map':
        return this.#reference(node, bindings) ?? this.entries(node, bindings);
      default:
        return node;
    }
  }

  /** `{Ref: identifier}` is the identifier's value. */
  #reference(node: MapNode, bindings: Bindings): Node | undefined {
    const named = node.entries.size === 1 ? node.entries.get('Ref')?.value : undefined;
    const value = named?.kind === 'text' ? bindings.get(named.text) : undefined;
    return value === undefined ? undefined : text(value, node.at);
  }
}

/** `&{identifier}` keeps letters and digits only, as logical ids demand. */
function fill(source: string, bindings: Bindings): string {
  let filled = source;
  for (const [identifier, value] of bindings) {
    filled = filled.replaceAll(`\${${identifier}}`, () => value);
    filled = filled.replaceAll(`&{${identifier}}`, () => value.replaceAll(/[^A-Za-z0-9]/g, ''));
  }
  return filled;
}
