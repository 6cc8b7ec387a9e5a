import { ipv4Bytes, ipv6Bytes } from './dns-addresses.ts';
import { exactFields, fieldsOf, hexBytes, stringsOf, wholeNumber } from './dns-fields.ts';
import type { MessageWriter } from './dns-message.ts';
import { bytesOf } from './dns-names.ts';
import { writeServiceBinding } from './dns-service-binding.ts';

/**
 * Writes the data of a record from its presentation form: of every type that a record of Route 53 may have (R53 CH-03).
 * @throws for types whose data is not written, and for data that is not of its type.
 */
export function writeData(writer: MessageWriter, type: string, data: string): void {
  switch (type) {
    case 'A':
      return writer.raw(ipv4Bytes(data));
    case 'AAAA':
      return writer.raw(ipv6Bytes(data));
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return writer.name(data);
    case 'DNAME':
      return writer.name(data, false);
    case 'SPF':
    case 'TXT':
      for (const string of stringsOf(data)) writer.string(string);
      return undefined;
    case 'HTTPS':
    case 'SVCB':
      return writeServiceBinding(writer, data);
    default:
      return writeFields(writer, type, data);
  }
}

/** Data of several fields. */
function writeFields(writer: MessageWriter, type: string, data: string): void {
  switch (type) {
    case 'SOA': {
      const [master = '', mailbox = '', ...numbers] = exactFields(data, 7);
      writer.name(master);
      writer.name(mailbox);
      for (const number of numbers) writer.uint32(wholeNumber(number, 0xffff_ffff));
      return;
    }
    case 'MX': {
      const [preference = '', exchange = ''] = exactFields(data, 2);
      writer.uint16(wholeNumber(preference, 0xffff));
      return writer.name(exchange);
    }
    case 'SRV': {
      const [priority = '', weight = '', port = '', target = ''] = exactFields(data, 4);
      for (const number of [priority, weight, port]) writer.uint16(wholeNumber(number, 0xffff));
      return writer.name(target, false);
    }
    case 'NAPTR': {
      const [order = '', preference = '', flags = '', service = '', expression = '', replacement = ''] = exactFields(
        data,
        6,
      );
      for (const number of [order, preference]) writer.uint16(wholeNumber(number, 0xffff));
      for (const text of [flags, service, expression]) writer.string(bytesOf(text));
      return writer.name(replacement, false);
    }
    case 'CAA': {
      const [flags = '', tag = '', value = ''] = exactFields(data, 3);
      if (!/^[\da-z]{1,255}$/i.test(tag)) throw new Error(`no CAA tag: ${tag}`);
      writer.uint8(wholeNumber(flags, 0xff));
      writer.string(Buffer.from(tag));
      return writer.raw(bytesOf(value));
    }
    case 'HINFO': {
      for (const text of exactFields(data, 2)) writer.string(bytesOf(text));
      return;
    }
    case 'DS':
    case 'SSHFP':
    case 'TLSA':
      return writeDigest(writer, type, data);
    default:
      throw new Error(`records of type ${type} are not written`);
  }
}

/** Numbers, and a digest that may stand in several pieces. */
function writeDigest(writer: MessageWriter, type: 'DS' | 'SSHFP' | 'TLSA', data: string): void {
  const fields = fieldsOf(data).map(({ text }) => text);
  const numbers = fields.slice(0, type === 'SSHFP' ? 2 : 3);
  for (const [i, number] of numbers.entries()) {
    // The key tag of a DS is of two bytes, all else of one.
    if (type === 'DS' && i === 0) writer.uint16(wholeNumber(number, 0xffff));
    else writer.uint8(wholeNumber(number, 0xff));
  }
  writer.raw(hexBytes(fields.slice(numbers.length).join('')));
}
