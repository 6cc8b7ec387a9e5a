/*
 * Names between the wire, where they are labels of any bytes, and the engine, where they are text in lower case: bytes that
 * are no plain characters stand as \ooo, octal, as Route 53 has them (R53 WS-07).
 */

const LABEL_BYTES_MAX = 63;
const NAME_BYTES_MAX = 255;
const POINTER = 0xc0;
const DOT = 0x2e;
const BACKSLASH = 0x5c;

/**
 * Where a name on the wire ends; -1 when it is cut off or no name. One in a question may not point elsewhere: there is
 * nothing before it to point at.
 */
export function endOfName(bytes: Uint8Array, from: number, mayPoint: boolean): number {
  let at = from;
  for (;;) {
    const length = bytes[at];
    if (length === undefined || at - from >= NAME_BYTES_MAX) return -1;
    if (length === 0) return at + 1;
    if (length > LABEL_BYTES_MAX) return mayPoint && length >= POINTER && at + 2 <= bytes.length ? at + 2 : -1;
    at += 1 + length;
  }
}

/** A whole name without pointers, as the engine writes it; the root is empty. */
export function nameFrom(bytes: Uint8Array, from: number): string {
  let text = '';
  for (let at = from, length = bytes[at] ?? 0; length > 0; at += 1 + length, length = bytes[at] ?? 0) {
    if (at > from) text += '.';
    for (let i = at + 1; i <= at + length; i++) text += characterOf(bytes[i] ?? 0);
  }
  return text;
}

function characterOf(byte: number): string {
  if (byte <= 0x20 || byte >= 0x7f || byte === DOT || byte === BACKSLASH)
    return `\\${byte.toString(8).padStart(3, '0')}`;
  return String.fromCharCode(byte).toLowerCase();
}

/**
 * The labels of a name in text, with or without its trailing dot; each with the text from it on.
 * @throws for labels that are empty or longer than 63 bytes, and for names of more than 255.
 */
export function labelsOf(name: string): { readonly rest: string; readonly bytes: Buffer }[] {
  const labels: { rest: string; bytes: Buffer }[] = [];
  let rest = name.endsWith('.') && !name.endsWith('\\.') ? name.slice(0, -1) : name;
  let total = 1;
  while (rest !== '') {
    const end = endOfLabel(rest);
    const bytes = bytesOf(rest.slice(0, end));
    total += 1 + bytes.length;
    if (bytes.length === 0 || bytes.length > LABEL_BYTES_MAX || total > NAME_BYTES_MAX)
      throw new Error(`no name: ${name}`);
    labels.push({ rest, bytes });
    if (end === rest.length - 1) throw new Error(`no name: ${name}`);
    rest = rest.slice(end + 1);
  }
  return labels;
}

function endOfLabel(text: string): number {
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '.') return at;
    if (text[at] === '\\') at += 1;
  }
  return text.length;
}

/** Text with its escapes undone: `\ooo` is a byte in octal, as Route 53 has it, `\` and another character that one. */
export function bytesOf(text: string): Buffer {
  if (!text.includes('\\')) return Buffer.from(text);
  const parts = text.matchAll(/\\([0-3][0-7]{2})|\\(.)|([^\\]+)/gsu);
  return Buffer.concat(
    [...parts].map(([, octal, escaped, plain]) =>
      octal === undefined ? Buffer.from(escaped ?? plain ?? '') : Buffer.of(Number.parseInt(octal, 8)),
    ),
  );
}
