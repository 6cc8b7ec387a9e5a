import type { Answer } from 'dns-packet';
import type { DnsRecord } from '../engine/index.ts';

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
