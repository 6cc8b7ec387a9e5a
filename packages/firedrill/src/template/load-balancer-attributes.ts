import type { ResourceInput } from './resource-kind.ts';
import type { Placed } from './shape.ts';
import { anyText, listOf, placed, required, shape, text } from './shape.ts';

/** A list of keys and values, as attributes of load balancers, target groups and listeners. */
export const ATTRIBUTES = listOf(shape('Attribute', { Key: required(text()), Value: required(placed(anyText)) }));

export type Attributes = ReadonlyMap<string, Placed<string>>;

export function attributesOf(
  list: readonly { readonly Key: string; readonly Value: Placed<string> }[] | undefined,
): Attributes {
  return new Map((list ?? []).map(({ Key, Value }) => [Key, Value]));
}

/** An attribute that is a whole number; what does not fit is told, and the default taken. */
export function numberAttribute(
  attributes: Attributes,
  wanted: {
    readonly key: string;
    readonly least: number;
    readonly most: number;
    readonly otherwise: number;
    readonly facts: readonly string[];
  },
  { tell }: ResourceInput,
): number {
  const { key, least, most, otherwise, facts } = wanted;
  const given = attributes.get(key);
  if (given === undefined || given.value === 'off') return otherwise;
  const value = Number(given.value);
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  tell.error('template/property', given.at, `${key} is ${given.value}; it must be from ${least} to ${most}.`, {
    facts,
  });
  return otherwise;
}
