import type { AttributeValue, Item } from './attribute-value.ts';
import { invalid } from './refusal.ts';
import { canonical } from './values.ts';

/** Stand-ins that expressions of one request use, and which of them they have used. */
export class Placeholders {
  private readonly names: Readonly<Record<string, string>>;
  private readonly values: Item;
  private readonly used = new Set<string>();

  constructor(names: Readonly<Record<string, string>> = {}, values: Item = {}) {
    for (const key of Object.keys(names))
      if (!/^#\w+$/.test(key))
        throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    for (const key of Object.keys(values))
      if (!/^:\w+$/.test(key))
        throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
    this.names = names;
    this.values = values;
  }

  /** What stands for `#name`. */
  name(what: string, token: string): string {
    this.used.add(token);
    const name = Object.hasOwn(this.names, token) ? this.names[token] : undefined;
    if (name !== undefined) return name;
    throw invalid(
      `Invalid ${what}: An expression attribute name used in the document path is not defined; attribute name: ${token}`,
    );
  }

  /** What stands for `:value`. */
  value(what: string, token: string): AttributeValue {
    this.used.add(token);
    const value = Object.hasOwn(this.values, token) ? this.values[token] : undefined;
    if (value !== undefined) return canonical(value);
    throw invalid(
      `Invalid ${what}: An expression attribute value used in expression is not defined; attribute value: ${token}`,
    );
  }

  /** @throws Refusal when something was given that no expression uses. */
  checkUsed(): void {
    const unused = (keys: readonly string[]): string => keys.filter((key) => !this.used.has(key)).join(', ');
    const names = unused(Object.keys(this.names));
    if (names !== '')
      throw invalid(`Value provided in ExpressionAttributeNames unused in expressions: keys: {${names}}`);
    const values = unused(Object.keys(this.values));
    if (values !== '')
      throw invalid(`Value provided in ExpressionAttributeValues unused in expressions: keys: {${values}}`);
  }
}
