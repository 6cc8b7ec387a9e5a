/** A value as DynamoDB's API has it: one member says which type it is. */
export type AttributeValue =
  | { readonly S: string }
  /** As text: a number has up to 38 digits. */
  | { readonly N: string }
  | { readonly B: Uint8Array }
  | { readonly BOOL: boolean }
  | { readonly NULL: boolean }
  | { readonly M: Item }
  | { readonly L: readonly AttributeValue[] }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly Uint8Array[] };

/** Attributes by their names. */
export type Item = Readonly<Record<string, AttributeValue>>;

export type AttributeType = 'S' | 'N' | 'B' | 'BOOL' | 'NULL' | 'M' | 'L' | 'SS' | 'NS' | 'BS';

const TYPES: readonly AttributeType[] = ['S', 'N', 'B', 'BOOL', 'NULL', 'M', 'L', 'SS', 'NS', 'BS'];

export function isAttributeType(text: string): text is AttributeType {
  return TYPES.some((type) => type === text);
}

export function typeOf(value: AttributeValue): AttributeType {
  for (const type of TYPES) if (Object.hasOwn(value, type)) return type;
  return 'NULL';
}

/** An attribute of an item; names are the user's, so that of an object's own behaviour may be among them. */
export function attributeOf(item: Item, name: string): AttributeValue | undefined {
  return Object.hasOwn(item, name) ? item[name] : undefined;
}

/** An item from its attributes, whatever they are called. */
export function itemOf(attributes: Iterable<readonly [name: string, value: AttributeValue]>): Item {
  // Unlike an assignment, this makes an attribute of `__proto__` too.
  return Object.fromEntries(attributes);
}
