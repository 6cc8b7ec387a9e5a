import type { Place } from '../model/index.ts';

/**
 * A value of a template and where it stands. Short tags are already in their long form, so `!Ref A` and
 * `{"Ref": "A"}` look alike. What evaluation gives is made of the same nodes, without intrinsics.
 */
export type Node = TextNode | NumberNode | BooleanNode | NullNode | ListNode | MapNode | UnknownNode;

export interface TextNode {
  readonly kind: 'text';
  readonly text: string;
  readonly at: Place;
}

/** `text` is the number as it was written: an account id keeps its leading zeros. */
interface NumberNode {
  readonly kind: 'number';
  readonly value: number;
  readonly text: string;
  readonly at: Place;
}

interface BooleanNode {
  readonly kind: 'boolean';
  readonly value: boolean;
  readonly text: string;
  readonly at: Place;
}

interface NullNode {
  readonly kind: 'null';
  readonly at: Place;
}

export interface ListNode {
  readonly kind: 'list';
  readonly items: readonly Node[];
  readonly at: Place;
}

export interface Entry {
  readonly keyAt: Place;
  readonly value: Node;
}

/** Entries in the order of the document. */
export interface MapNode {
  readonly kind: 'map';
  readonly entries: ReadonlyMap<string, Entry>;
  readonly at: Place;
}

/** What could not be evaluated. The finding has been told, so whoever meets it says nothing more. */
export interface UnknownNode {
  readonly kind: 'unknown';
  readonly at: Place;
}

export type ScalarNode = TextNode | NumberNode | BooleanNode;

export function text(value: string, at: Place): TextNode {
  return { kind: 'text', text: value, at };
}

export function list(items: readonly Node[], at: Place): ListNode {
  return { kind: 'list', items, at };
}

export function unknown(at: Place): UnknownNode {
  return { kind: 'unknown', at };
}

export function map(entries: ReadonlyMap<string, Entry>, at: Place): MapNode {
  return { kind: 'map', entries, at };
}

export function isScalar(node: Node): node is ScalarNode {
  return node.kind === 'text' || node.kind === 'number' || node.kind === 'boolean';
}

/** The value of a key, when the node is a map that has it. */
export function get(node: Node | undefined, key: string): Node | undefined {
  return node?.kind === 'map' ? node.entries.get(key)?.value : undefined;
}

/** A place further down in the same line of the document, for what has no node of its own. */
export function placeBelow(at: Place, key: string): Place {
  return { ...at, path: pathBelow(at.path, key) };
}

export function pathBelow(path: string | undefined, key: string): string {
  return path === undefined || path === '' ? key : `${path}.${key}`;
}

/** What a node is, in words for findings. */
export function kindInWords(node: Node): string {
  switch (node.kind) {
    case 'text':
      return 'text';
    case 'number':
      return 'a number';
    case 'boolean':
      return 'true or false';
    case 'null':
      return 'nothing';
    case 'list':
      return 'a list';
    case 'map':
      return 'a map';
    case 'unknown':
      return 'a value that could not be evaluated';
  }
}
