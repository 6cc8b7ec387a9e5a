import type { EdgeEventType } from '../../model/index.ts';
import type { Header, Headers } from '../conversation.ts';
import { isDisallowed, isReadOnly, READ_ONLY_FOR_LAMBDA } from './edge-headers.ts';

/** Headers as Lambda functions have them: by lower-case name, each with all its values (CF 5.6). */
export type LambdaHeaders = Readonly<Record<string, readonly LambdaHeader[]>>;

interface LambdaHeader {
  readonly key?: string;
  readonly value: string;
}

/** @param headers without those that functions do not see. */
export function lambdaHeadersOf(headers: Headers): LambdaHeaders {
  const byName: Record<string, LambdaHeader[]> = {};
  for (const [key, value] of headers) (byName[key.toLowerCase()] ??= []).push({ key, value });
  return byName;
}

/** What a header may be called, and what it may say (RFC 9110, 5.1 and 5.5). */
const NAME = /^[!#$%&'*+.^_`|~\w-]+$/;
const VALUE = /^[\t\x20-\x7e\u0080-\uffff]*$/;

/** The headers of a function's result; a text when they are none, saying why. */
export function readLambdaHeaders(value: unknown): Header[] | string {
  if (value === undefined || value === null) return [];
  if (typeof value !== 'object' || Array.isArray(value)) return 'headers is not an object';
  const headers: Header[] = [];
  for (const [name, entries] of Object.entries(value)) {
    if (!NAME.test(name)) return `${name} is no name of a header`;
    if (!Array.isArray(entries)) return `the header ${name} is not a list`;
    for (const entry of entries as readonly unknown[]) {
      const read = readEntry(name, entry);
      if (typeof read === 'string') return read;
      headers.push(read);
    }
  }
  return headers;
}

function readEntry(name: string, entry: unknown): Header | string {
  if (typeof entry !== 'object' || entry === null) return `the header ${name} has an entry that is not an object`;
  const { key, value } = entry as { readonly key?: unknown; readonly value?: unknown };
  if (typeof value !== 'string') return `the header ${name} has a value that is not a text`;
  if (!VALUE.test(value)) return `the header ${name} has a value that no header can have`;
  if (key === undefined || key === null) return [name, value];
  if (typeof key !== 'string' || key.toLowerCase() !== name.toLowerCase())
    return `the header ${name} has a key that is another name`;
  return [key, value];
}

/**
 * What a function must not have done to headers; undefined when it has kept to the rules (CF 5.14, 5.15). Deleting one that is
 * read-only is a change like others.
 * @param before what the function saw; empty for an answer that it has made itself.
 */
export function headersOffence(before: Headers, after: Headers, event: EdgeEventType): string | undefined {
  const wasThere = valuesByName(before);
  const isThere = valuesByName(after);
  for (const name of isThere.keys()) {
    if (isDisallowed(name)) return `the function added the header ${name}, which is disallowed`;
    if (event === 'viewer-request' && name === 'cloudfront-viewer-country' && !wasThere.has(name))
      return `the function added the header ${name}, which CloudFront adds later (CF 5.18)`;
  }
  for (const name of new Set([...wasThere.keys(), ...isThere.keys()])) {
    const isFixed = isReadOnly(name, event) || (event === 'viewer-response' && READ_ONLY_FOR_LAMBDA.has(name));
    if (isFixed && wasThere.get(name) !== isThere.get(name)) return `the function changed the read-only header ${name}`;
  }
  return undefined;
}

function valuesByName(headers: Headers): Map<string, string> {
  const values = new Map<string, string>();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    const earlier = values.get(lower);
    values.set(lower, earlier === undefined ? value : `${earlier}\n${value}`);
  }
  return values;
}

/** Bytes that headers take on the wire, about. */
export function headerBytes(headers: Headers): number {
  return headers.reduce((sum, [name, value]) => sum + name.length + value.length + 4, 0);
}
