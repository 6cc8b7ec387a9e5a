import { digest, utf8Of } from '../model/index.ts';
import type { Node } from './node.ts';
import { isScalar } from './node.ts';
import { canonicalJson, plainValueOf } from './node-text.ts';

/** The ten digits that SAM appends to logical ids: of a text as it is, of anything else as compact JSON (RS 8.35). */
export function hashOf(value: Node): string {
  return hashOfText(isScalar(value) ? value.text : canonicalJson(plainValueOf(value)));
}

export function hashOfText(text: string): string {
  return hexOf(digest('sha1', Uint8Array.from(utf8Of(text)))).slice(0, 10);
}

/** Only letters and digits, as Python's isalnum sees those that logical ids can have. */
export function isAlphanumeric(text: string): boolean {
  return /^[A-Za-z0-9]+$/.test(text);
}

export function alphanumericOf(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9]/g, '');
}

function hexOf(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
