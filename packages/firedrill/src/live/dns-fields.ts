import { bytesOf } from './dns-names.ts';

/** A word or a quoted string of a record's data in presentation form. */
export interface Field {
  readonly text: string;
  readonly isQuoted: boolean;
}

/** Cuts data into fields at blanks; what stands between quotes is one field. @throws for a quote that is not closed. */
export function fieldsOf(data: string): readonly Field[] {
  const fields = [...data.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|((?:[^\s"\\]|\\.)+(?:"(?:[^"\\]|\\.)*")?)|(\S))/gsu)];
  return fields.map(([, quoted, word, stray]) => {
    if (stray !== undefined) throw new Error(`not closed: ${data}`);
    return quoted === undefined ? { text: word ?? '', isQuoted: false } : { text: quoted, isQuoted: true };
  });
}

/** The same for data that has so many fields, no more and no fewer. @throws otherwise. */
export function exactFields(data: string, count: number): readonly string[] {
  const fields = fieldsOf(data);
  if (fields.length !== count) throw new Error(`${count} fields are needed: ${data}`);
  return fields.map(({ text }) => text);
}

/** @throws for what is not a whole number from 0 to `most`. */
export function wholeNumber(text: string, most: number): number {
  const number = /^\d{1,10}$/.test(text) ? Number(text) : NaN;
  if (!(number <= most)) throw new Error(`no number from 0 to ${most}: ${text}`);
  return number;
}

/** @throws for what is not hexadecimal, in full bytes. */
export function hexBytes(text: string): Buffer {
  if (!/^(?:[\da-f]{2})+$/i.test(text)) throw new Error(`not hexadecimal: ${text}`);
  return Buffer.from(text, 'hex');
}

const STRING_BYTES_MAX = 255;

/**
 * The strings of a TXT record: as quoted; a bare text is one, or as many as its length needs.
 * @throws for a quoted string of more than 255 bytes.
 */
export function stringsOf(data: string): readonly Buffer[] {
  if (data.trimStart().startsWith('"')) return fieldsOf(data).map(({ text }) => oneString(bytesOf(text)));
  const bytes = Buffer.from(data);
  const strings: Buffer[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += STRING_BYTES_MAX)
    strings.push(bytes.subarray(at, at + STRING_BYTES_MAX));
  return strings;
}

function oneString(bytes: Buffer): Buffer {
  if (bytes.length > STRING_BYTES_MAX) throw new Error('a string of a record holds 255 bytes at most');
  return bytes;
}
