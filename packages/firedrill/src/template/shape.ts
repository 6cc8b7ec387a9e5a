import type { Place } from '../model/index.ts';
import type { Node } from './node.ts';
import { isScalar, kindInWords } from './node.ts';
import { nearestTo } from './references.ts';
import type { Teller } from './teller.ts';

/** Reads a typed value from an evaluated node. Undefined: it did not fit, and that has been told. */
export type Decoder<T> = (node: Node, tell: Teller) => T | undefined;

/** What is to be known about a property of a resource. */
type Field<T> =
  | { readonly presence: 'required' | 'optional'; readonly decoder: Decoder<T> }
  /** Known, and without influence on what users see. */
  | { readonly presence: 'inert' }
  /** AWS acts on it, we do not yet. */
  | { readonly presence: 'not-yet'; readonly means: string };

type Fields = Readonly<Record<string, Field<unknown>>>;

/** What a shape of fields reads: required ones are there, optional ones may be undefined; and where it stands. */
export type Shape<F extends Fields> = {
  readonly at: Place;
  /** Keys that are written, whether or not their values fit: what is written and wrong has been told already. */
  readonly written: ReadonlySet<string>;
} & {
  readonly [K in keyof F as F[K] extends { readonly presence: 'required' } ? K : never]: Decoded<F[K]>;
} & {
  readonly [K in keyof F as F[K] extends { readonly presence: 'optional' } ? K : never]: Decoded<F[K]> | undefined;
};

type Decoded<F> = F extends { readonly decoder: Decoder<infer T> } ? T : never;

/** A value and where it stands, for rules over several properties. */
export interface Placed<T> {
  readonly value: T;
  readonly at: Place;
}

export function required<T>(decoder: Decoder<T>): { readonly presence: 'required'; readonly decoder: Decoder<T> } {
  return { presence: 'required', decoder };
}

export function optional<T>(decoder: Decoder<T>): { readonly presence: 'optional'; readonly decoder: Decoder<T> } {
  return { presence: 'optional', decoder };
}

export const inert = { presence: 'inert' } as const;

/** `means` says what a drill shows instead, as a sentence. */
export function notYet(means: string): { readonly presence: 'not-yet'; readonly means: string } {
  return { presence: 'not-yet', means };
}

/** Several inert fields at once: names with spaces between. */
export function inertFields<const Name extends string>(...names: readonly Name[]): Record<Name, typeof inert> {
  return Object.fromEntries(names.map((name) => [name, inert])) as Record<Name, typeof inert>;
}

/** A map with known keys. `what` names it in findings, as `AWS::Route53::RecordSet`. */
export function shape<const F extends Fields>(what: string, fields: F): Decoder<Shape<F>> {
  return (node, tell) => {
    if (node.kind !== 'map') return mismatch(node, 'a map', tell);
    const read: Record<string, unknown> = { at: node.at, written: new Set(node.entries.keys()) };
    let complete = true;
    for (const [key, { keyAt, value }] of node.entries) {
      const field = Object.hasOwn(fields, key) ? fields[key] : undefined;
      if (field === undefined) tellUnknown(what, { key, at: keyAt }, Object.keys(fields), tell);
      else if (field.presence === 'not-yet') {
        tell.warning('template/not-acted-on', keyAt, `Firedrill does not act on ${key} yet. ${field.means}`);
      } else if (field.presence !== 'inert') {
        const decoded = field.decoder(value, tell);
        if (decoded === undefined && field.presence === 'required') complete = false;
        read[key] = decoded;
      }
    }
    for (const [key, field] of Object.entries(fields)) {
      if (field.presence !== 'required' || node.entries.has(key)) continue;
      tell.error('template/property', node.at, `${what} needs ${key}.`);
      complete = false;
    }
    // The loop has read each field with the decoder that Shape takes its type from.
    return complete ? (read as Shape<F>) : undefined;
  };
}

function tellUnknown(
  what: string,
  { key, at }: { readonly key: string; readonly at: Place },
  known: readonly string[],
  tell: Teller,
): void {
  const nearest = nearestTo(key, known);
  tell.warning(
    'template/unknown-property',
    at,
    `Firedrill knows no property ${key} of ${what}; a drill runs as if it were not there.`,
    {
      remedy:
        nearest === undefined
          ? 'Check the spelling: CloudFormation refuses properties it does not know.'
          : `Did you mean ${nearest}?`,
    },
  );
}

/** A text; numbers and booleans are taken as they are written. */
export function text(limits: { readonly most?: number; readonly facts?: readonly string[] } = {}): Decoder<string> {
  return (node, tell) => {
    if (!isScalar(node)) return mismatch(node, 'a text', tell);
    const { most } = limits;
    if (node.text.length > 0 && (most === undefined || node.text.length <= most)) return node.text;
    const says =
      node.text === ''
        ? `${nameOf(node.at)} must not be empty.`
        : `${nameOf(node.at)} may have ${most} characters at most.`;
    tell.error('template/property', node.at, says, limits.facts === undefined ? {} : { facts: limits.facts });
    return undefined;
  };
}

/** A text that may be empty. */
export const anyText: Decoder<string> = (node, tell) => (isScalar(node) ? node.text : mismatch(node, 'a text', tell));

/** A whole number; CloudFormation takes it as a text too. */
export function integer(range: {
  readonly least: number;
  readonly most: number;
  readonly facts: readonly string[];
}): Decoder<number> {
  return (node, tell) => {
    if (!isScalar(node)) return mismatch(node, 'a whole number', tell);
    if (!/^[+-]?\d{1,15}$/.test(node.text)) return mismatch(node, 'a whole number', tell);
    const value = Number(node.text);
    if (value >= range.least && value <= range.most) return value;
    const says = `${nameOf(node.at)} is ${value}; it must be from ${range.least} to ${range.most}.`;
    tell.error('template/property', node.at, says, { facts: range.facts });
    return undefined;
  };
}

/** Any finite number; CloudFormation takes it as a text too. */
export const number: Decoder<number> = (node, tell) => {
  const value = isScalar(node) && node.text.trim() !== '' ? Number(node.text) : NaN;
  return Number.isFinite(value) ? value : mismatch(node, 'a number', tell);
};

export const boolean: Decoder<boolean> = (node, tell) => {
  if (isScalar(node) && (node.text === 'true' || node.text === 'false')) return node.text === 'true';
  return mismatch(node, 'true or false', tell);
};

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[], facts?: readonly string[]): Decoder<T> {
  return (node, tell) => {
    if (!isScalar(node)) return mismatch(node, `one of ${words.join(', ')}`, tell);
    const found = words.find((word) => word === node.text);
    if (found !== undefined) return found;
    const says = `${nameOf(node.at)} is ${node.text}; it must be one of ${words.join(', ')}.`;
    tell.error('template/property', node.at, says, facts === undefined ? {} : { facts });
    return undefined;
  };
}

/** A list; a single value stands for a list of one, as CloudFormation takes it. */
export function listOf<T>(decoder: Decoder<T>): Decoder<readonly T[]> {
  return (node, tell) => {
    if (node.kind === 'unknown' || node.kind === 'null') return undefined;
    const items = node.kind === 'list' ? node.items : [node];
    const decoded = items.map((item) => decoder(item, tell));
    const complete = decoded.filter((item) => item !== undefined);
    return complete.length === decoded.length ? complete : undefined;
  };
}

/** A map from any key. */
export function recordOf<T>(decoder: Decoder<T>): Decoder<ReadonlyMap<string, T>> {
  return (node, tell) => {
    if (node.kind !== 'map') return mismatch(node, 'a map', tell);
    const read = new Map<string, T>();
    for (const [key, { value }] of node.entries) {
      const decoded = decoder(value, tell);
      if (decoded === undefined) return undefined;
      read.set(key, decoded);
    }
    return read;
  };
}

export function placed<T>(decoder: Decoder<T>): Decoder<Placed<T>> {
  return (node, tell) => {
    const value = decoder(node, tell);
    return value === undefined ? undefined : { value, at: node.at };
  };
}

/** The node itself, for what is read elsewhere. */
export const anything: Decoder<Node> = (node) => (node.kind === 'unknown' ? undefined : node);

function mismatch(node: Node, wanted: string, tell: Teller): undefined {
  if (node.kind === 'unknown') return undefined;
  const given = isScalar(node) ? `${kindInWords(node)} (${node.text.slice(0, 60)})` : kindInWords(node);
  tell.error('template/property', node.at, `${nameOf(node.at)} must be ${wanted}; this is ${given}.`);
  return undefined;
}

/** The last word of the path that is not a number, with its number: `Origins item 2`. */
function nameOf(at: Place): string {
  const parts = (at.path ?? '').split('.');
  const last = parts.at(-1) ?? '';
  if (!/^\d+$/.test(last)) return last === '' ? 'This' : last;
  return `${parts.at(-2) ?? 'List'} item ${Number(last) + 1}`;
}
