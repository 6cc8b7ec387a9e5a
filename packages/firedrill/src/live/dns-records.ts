import type { Answer } from 'dns-packet';
import type { DnsRecord } from '../engine/index.ts';

/** Longest string of a TXT record. */
const TXT_STRING_BYTES_MAX = 255;

/**
 * A record for the wire.
 * @throws for types whose data we cannot write, and for data that is not of its type.
 */
export function toWire({ name, type, ttlSeconds, data }: DnsRecord): Answer {
  const head = { name, ttl: ttlSeconds, class: 'IN' } as const;
  switch (type) {
    case 'A':
    case 'AAAA':
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'DNAME':
      return { ...head, type, data };
    case 'TXT':
      return { ...head, type, data: stringsOf(data) };
    case 'SOA':
      return { ...head, type, data: soaOf(fieldsOf(data, 7)) };
    case 'MX': {
      const [preference = '', exchange = ''] = fieldsOf(data, 2);
      return { ...head, type, data: { preference: Number(preference), exchange } };
    }
    case 'SRV': {
      const [priority, weight, port, target = ''] = fieldsOf(data, 4);
      return {
        ...head,
        type,
        data: { priority: Number(priority), weight: Number(weight), port: Number(port), target },
      };
    }
    case 'CAA': {
      const [, flags, tag = '', value = ''] = /^(\d+)\s+(\w+)\s+"?([^"]*)"?$/.exec(data) ?? [];
      if (tag !== 'issue' && tag !== 'issuewild' && tag !== 'iodef') throw new Error(`no CAA tag: ${tag}`);
      return { ...head, type, data: { flags: Number(flags), tag, value } };
    }
    default:
      throw new Error(`records of type ${type} are not written`);
  }
}

/** A record from the wire, in presentation form; none for types that nothing here reads. */
export function readRecord(record: Answer): DnsRecord[] {
  if (record.type === 'OPT') return [];
  const head = { name: record.name.toLowerCase(), type: record.type, ttlSeconds: record.ttl ?? 0 };
  switch (record.type) {
    case 'A':
    case 'AAAA':
      return [{ ...head, data: record.data }];
    case 'CNAME':
    case 'NS':
    case 'PTR':
    case 'DNAME':
      return [{ ...head, data: record.data.toLowerCase() }];
    case 'TXT':
      return [{ ...head, data: [record.data].flat().join('') }];
    case 'SOA': {
      const { mname, rname, serial, refresh, retry, expire, minimum } = record.data;
      return [{ ...head, data: [mname, rname, serial, refresh, retry, expire, minimum].join(' ') }];
    }
    case 'MX':
      return [{ ...head, data: `${record.data.preference ?? 0} ${record.data.exchange}` }];
    default:
      return [];
  }
}

function soaOf([mname = '', rname = '', ...numbers]: readonly string[]): {
  mname: string;
  rname: string;
  serial: number;
  refresh: number;
  retry: number;
  expire: number;
  minimum: number;
} {
  const [serial = 0, refresh = 0, retry = 0, expire = 0, minimum = 0] = numbers.map(Number);
  return { mname, rname, serial, refresh, retry, expire, minimum };
}

function fieldsOf(data: string, count: number): readonly string[] {
  const fields = data.trim().split(/\s+/);
  if (fields.length !== count) throw new Error(`${count} fields are needed: ${data}`);
  return fields;
}

function stringsOf(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const strings: Buffer[] = [];
  for (let at = 0; at < bytes.length || at === 0; at += TXT_STRING_BYTES_MAX)
    strings.push(bytes.subarray(at, at + TXT_STRING_BYTES_MAX));
  return strings;
}
