import { ipv4Bytes, ipv6Bytes } from './dns-addresses.ts';
import { fieldsOf, wholeNumber } from './dns-fields.ts';
import type { MessageWriter } from './dns-message.ts';
import { bytesOf } from './dns-names.ts';

/*
 * SVCB and HTTPS records: a priority, a target, and parameters by number (RFC 9460).
 */

const KEYS: Readonly<Record<string, number>> = {
  mandatory: 0,
  alpn: 1,
  'no-default-alpn': 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
  dohpath: 7,
  ohttp: 8,
};

/** @throws for data that is none, or says a parameter twice. */
export function writeServiceBinding(writer: MessageWriter, data: string): void {
  const [priority = '', target = '', ...parameters] = fieldsOf(data).map(({ text }) => text);
  if (target === '') throw new Error(`a priority and a target are needed: ${data}`);
  writer.uint16(wholeNumber(priority, 0xffff));
  writer.name(target === '.' ? '' : target, false);
  const read = parameters.map(readParameter).toSorted((a, b) => a.key - b.key);
  for (const [i, { key, value }] of read.entries()) {
    if (key === read[i - 1]?.key) throw new Error(`said twice: ${data}`);
    writer.uint16(key);
    writer.uint16(value.length);
    writer.raw(value);
  }
}

function readParameter(parameter: string): { readonly key: number; readonly value: Buffer } {
  const [, name = '', quoted, bare] = /^([\da-z-]+)(?:=(?:"(.*)"|(.*)))?$/su.exec(parameter) ?? [];
  const text = quoted ?? bare ?? '';
  const key = keyOf(name);
  return { key, value: valueOf(key, text) };
}

function keyOf(name: string): number {
  return KEYS[name] ?? wholeNumber(/^key(\d{1,5})$/.exec(name)?.[1] ?? '', 0xfffe);
}

function valueOf(key: number, text: string): Buffer {
  switch (key) {
    case KEYS['mandatory']:
      return Buffer.concat(
        text
          .split(',')
          .map(keyOf)
          .toSorted((a, b) => a - b)
          .map(number16),
      );
    case KEYS['alpn']:
      return Buffer.concat(listOf(text).flatMap((id) => [Buffer.of(id.length), id]));
    case KEYS['no-default-alpn']:
    case KEYS['ohttp']:
      if (text !== '') throw new Error(`a parameter without a value has one: ${text}`);
      return Buffer.alloc(0);
    case KEYS['port']:
      return number16(wholeNumber(text, 0xffff));
    case KEYS['ipv4hint']:
      return Buffer.concat(text.split(',').map(ipv4Bytes));
    case KEYS['ipv6hint']:
      return Buffer.concat(text.split(',').map(ipv6Bytes));
    case KEYS['ech']:
      return Buffer.from(text, 'base64');
    default:
      return bytesOf(text);
  }
}

/** Values between commas; a comma within one is escaped, twice over in presentation form (RFC 9460, A.1). */
function listOf(text: string): Buffer[] {
  return [...text.replaceAll('\\\\', '\\').matchAll(/((?:[^,\\]|\\.)+)(?:,|$)/gsu)].map(([, id = '']) => {
    const bytes = bytesOf(id);
    if (bytes.length > 255) throw new Error('a protocol has 255 bytes at most');
    return bytes;
  });
}

function number16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}
