import type { DeployedValue } from '../model/index.ts';
import type { PlainValue } from '../engine/index.ts';
import type { JsonValue } from '../template/index.ts';

/** A resource's value without its places; what could not be evaluated is null. */
function plainValue(value: DeployedValue): PlainValue {
  switch (value.kind) {
    case 'text':
      return value.text;
    case 'list':
      return value.items.map(plainValue);
    case 'map':
      return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, plainValue(item)]));
    case 'unknown':
      return null;
  }
}

/** Properties by name; of anything but a map there are none. */
export function plainProperties(value: DeployedValue): Readonly<Record<string, PlainValue>> {
  if (value.kind !== 'map') return {};
  return Object.fromEntries(Object.entries(value.entries).map(([key, item]) => [key, plainValue(item)]));
}

/** What a handler makes of a request as JSON: dates as texts, nothing where nothing is. */
export function asJson(properties: Readonly<Record<string, unknown>>): JsonValue {
  return JSON.parse(JSON.stringify(properties)) as JsonValue;
}
