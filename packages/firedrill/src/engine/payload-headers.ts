import type { Header } from './conversation.ts';

/** `headers` of a function's result: booleans and numbers become text, null is none (RS 3.5). Undefined: it is no map of such values. */
export function singleHeaders(value: unknown): Header[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const headers: Header[] = [];
  for (const [name, one] of Object.entries(value)) {
    if (!isPlain(one)) return undefined;
    headers.push([name, String(one)]);
  }
  return headers;
}

/** `multiValueHeaders` of a function's result, each value a list (RS 3.5). Undefined: one is not. */
export function listedHeaders(value: unknown): Header[] | undefined {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const headers: Header[] = [];
  for (const [name, values] of Object.entries(value)) {
    if (!Array.isArray(values) || !values.every(isPlain)) return undefined;
    for (const one of values) headers.push([name, String(one)]);
  }
  return headers;
}

/** Neither list nor map: those are no text, and may not even become one. */
export function isPlain(value: unknown): value is string | number | boolean | null | undefined {
  return typeof value !== 'object' || value === null;
}
