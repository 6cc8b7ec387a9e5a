import type { Place } from '../model/index.ts';
import { intrinsicOf } from './evaluate.ts';
import { branchOf } from './intrinsic-conditions.ts';
import { PSEUDO_PARAMETERS } from './intrinsic-references.ts';
import type { MapNode, Node } from './node.ts';
import { get, isScalar } from './node.ts';
import type { Scope } from './scope.ts';
import { splitAttribute } from './short-tags.ts';
import { subPieces } from './sub-text.ts';

/** A name that an expression refers to: of a parameter, a resource or a pseudo parameter. */
export interface Reference {
  readonly name: string;
  readonly at: Place;
  /** Whether it is asked for an attribute; only resources have those. */
  readonly attribute: boolean;
}

/** Every name that a node refers to, in branches that are taken and in those that are not. */
function referencesIn(node: Node): Reference[] {
  const found: Reference[] = [];
  collect(node, (argument) => [argument], found);
  return found;
}

/** Names that a node refers to in the branches that its conditions take: these make the order (RS 8.14). */
export function takenReferencesIn(node: Node, scope: Scope): Reference[] {
  const found: Reference[] = [];
  const taken = (argument: Node): readonly Node[] => {
    const branch = branchOf(argument, scope);
    return branch === undefined ? [] : [branch];
  };
  collect(node, taken, found);
  return found;
}

/** Arguments of one intrinsic, wherever it is used within a node. */
export function argumentsWithin(node: Node, name: string): Node[] {
  if (node.kind === 'list') return node.items.flatMap((item) => argumentsWithin(item, name));
  if (node.kind !== 'map') return [];
  return [...node.entries].flatMap(([key, { value }]) => [
    ...(key === name ? [value] : []),
    ...argumentsWithin(value, name),
  ]);
}

/** Names that a section may refer to. */
export interface KnownNames {
  readonly parameters: ReadonlySet<string>;
  /** Conditions may not refer to resources: for them it is empty. */
  readonly resources: ReadonlySet<string>;
}

/** Tells about references to names that stand for nothing (RS 8.13). */
export function checkReferences(section: MapNode, { parameters, resources }: KnownNames, scope: Scope): void {
  const all = new Set([...parameters, ...resources]);
  for (const { name, at, attribute } of referencesIn(section)) {
    if (resources.has(name)) continue;
    // Pseudo parameters that do not exist are told when they are evaluated.
    if (!attribute && (parameters.has(name) || PSEUDO_PARAMETERS.has(name) || name.startsWith('AWS::'))) continue;
    const what = attribute
      ? 'no resource'
      : resources.size === 0
        ? 'no parameter'
        : 'neither a parameter nor a resource';
    scope.tell.error('template/unresolved-reference', at, `${name} is ${what} of this template.`, {
      remedy: nearestRemedy(name, attribute ? resources : all),
      facts: ['RS 8.13'],
    });
  }
}

function collect(node: Node, branches: (argument: Node) => readonly Node[], into: Reference[]): void {
  if (node.kind === 'list') {
    for (const item of node.items) collect(item, branches, into);
    return;
  }
  if (node.kind !== 'map') return;
  const call = intrinsicOf(node);
  if (call === undefined) {
    for (const { value } of node.entries.values()) collect(value, branches, into);
    return;
  }
  collectCall(call, node.at, branches, into);
}

function collectCall(
  { name, argument }: { readonly name: string; readonly argument: Node },
  at: Place,
  branches: (argument: Node) => readonly Node[],
  into: Reference[],
): void {
  switch (name) {
    case 'Ref':
      if (isScalar(argument)) into.push({ name: argument.text, at, attribute: false });
      else collect(argument, branches, into);
      return;
    case 'Fn::GetAtt': {
      const parts = splitAttribute(argument);
      const resource = parts.kind === 'list' ? parts.items[0] : undefined;
      if (resource !== undefined && isScalar(resource)) into.push({ name: resource.text, at, attribute: true });
      collect(argument, branches, into);
      return;
    }
    case 'Fn::Sub':
      collectSub(argument, at, into);
      collect(argument, branches, into);
      return;
    case 'Fn::If':
      for (const branch of branches(argument)) collect(branch, branches, into);
      return;
    default:
      collect(argument, branches, into);
  }
}

function collectSub(argument: Node, at: Place, into: Reference[]): void {
  const source = argument.kind === 'list' ? argument.items[0] : argument;
  const variables = argument.kind === 'list' ? argument.items[1] : undefined;
  if (source === undefined || !isScalar(source)) return;
  for (const piece of subPieces(source.text)) {
    if (piece.kind === 'literal' || get(variables, piece.name) !== undefined) continue;
    // A malformed name is told when the text is evaluated.
    if (!/^[A-Za-z0-9_.:]+$/.test(piece.name)) continue;
    const [name = ''] = piece.name.split('.', 1);
    into.push({ name, at, attribute: piece.name.includes('.') });
  }
}

/** Proposes the name that was probably meant. */
export function nearestRemedy(name: string, known: Iterable<string>): string {
  const nearest = nearestTo(name, known);
  return nearest === undefined ? 'Declare it, or correct the name.' : `Did you mean ${nearest}?`;
}

/** The known word that differs least from `word`, when it differs little. */
export function nearestTo(word: string, known: Iterable<string>): string | undefined {
  let best: { readonly word: string; readonly distance: number } | undefined;
  for (const candidate of known) {
    if (Math.abs(candidate.length - word.length) > 2 || candidate.length > 64) continue;
    const distance = distanceBetween(word.toLowerCase(), candidate.toLowerCase());
    if (distance <= Math.min(2, word.length / 3) && (best === undefined || distance < best.distance)) {
      best = { word: candidate, distance };
    }
  }
  return best?.word;
}

/** How many letters must change, come or go (Levenshtein). */
function distanceBetween(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const changed = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(changed, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[to.length] ?? 0;
}
