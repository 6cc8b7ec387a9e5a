/** One character of a text: an octal code, one that is escaped, or any other. */
const CHARACTER = String.raw`\\[0-7]{3}|\\[^]|[^"\\]`;
const STRING = `"((?:${CHARACTER})*)"`;
const STRINGS = new RegExp(`^${STRING}(?:[ \\t]+${STRING})*$`);

/**
 * How many characters each string of a TXT record's value has: strings in quotation marks, with spaces between them (R53 CH-28).
 * Undefined: it is no such value.
 */
export function characterStringLengths(value: string): readonly number[] | undefined {
  const written = value.trim();
  if (!STRINGS.test(written)) return undefined;
  const strings = [...written.matchAll(new RegExp(STRING, 'g'))].map(([, text = '']) => text);
  return strings.map((text) => text.match(new RegExp(CHARACTER, 'g'))?.length ?? 0);
}
