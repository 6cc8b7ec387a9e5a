import type { BodyEncoding, Headers } from './conversation.ts';
import { headerOf } from './headers.ts';

/** Types of bodies that events carry as text, whatever they hold. */
const TEXT_TYPES: ReadonlySet<string> = new Set(['application/json', 'application/javascript', 'application/xml']);

/** How HTTP APIs and function URLs pass a body on: by its type alone; one without a type, or of a form, is Base64 (RS 3.31a). */
export function encodingByType(headers: Headers): BodyEncoding {
  const type = headerOf(headers, 'content-type')?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  return type.startsWith('text/') || TEXT_TYPES.has(type) ? 'text' : 'base64';
}
