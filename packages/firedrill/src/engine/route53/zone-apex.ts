import type { HostedZone, RecordSet } from '../../model/index.ts';
import { delegationSetOf } from '../../model/index.ts';
import type { DnsRecord } from '../conversation.ts';
import { ROUTE53_FACTS } from './facts.ts';

/** What every zone has at its own name. */
export interface Apex {
  readonly nameServers: readonly DnsRecord[];
  readonly soa: readonly DnsRecord[];
  /** The smaller of the SOA's TTL and its minimum: for so long is a negative answer kept (R53 WS-02). */
  readonly negativeTtlSeconds: number;
}

/** Route 53's own SOA and name servers, or what the zone's owner has put in their place (R53 WS-01, WS-02). */
export function apexOf(zone: HostedZone, soa: RecordSet | undefined, nameServers: RecordSet | undefined): Apex {
  const servers: readonly DnsRecord[] =
    nameServers === undefined ? ownNameServers(zone) : recordsOf(nameServers, ROUTE53_FACTS.NS_TTL_SECONDS.value);
  const [own] = soa === undefined ? [] : recordsOf(soa, ROUTE53_FACTS.SOA_TTL_SECONDS.value);
  const record = own ?? ownSoa(zone, servers[0]?.data ?? '');
  return { nameServers: servers, soa: [record], negativeTtlSeconds: Math.min(record.ttlSeconds, minimumOf(record)) };
}

/** The name servers and the SOA that Route 53 gave the zone, as records: those of them that `records` do not replace. */
export function apexRecordsOf(zone: HostedZone, records: readonly RecordSet[]): readonly RecordSet[] {
  const apex = records.filter(({ name }) => name === zone.name);
  const { nameServers, soa } = apexOf(
    zone,
    apex.find(({ type }) => type === 'SOA'),
    apex.find(({ type }) => type === 'NS'),
  );
  return [nameServers, soa].flatMap((own) => {
    const [first] = own;
    if (first === undefined || apex.some(({ type }) => type === first.type)) return [];
    const { type, ttlSeconds } = first;
    const values = own.map(({ data }) => data);
    return [{ zoneId: zone.id, name: zone.name, type, policy: { kind: 'simple' }, ttlSeconds, values, stack: '' }];
  });
}

function recordsOf({ name, type, values, ttlSeconds }: RecordSet, ttlUnlessSet: number): DnsRecord[] {
  return values.map((data) => ({ name, type, ttlSeconds: ttlSeconds ?? ttlUnlessSet, data }));
}

/** The last of the seven fields of an SOA. */
function minimumOf({ data }: DnsRecord): number {
  const minimum = Number(data.trim().split(/\s+/)[6]);
  return Number.isFinite(minimum) ? minimum : ROUTE53_FACTS.SOA_MINIMUM_SECONDS.value;
}

function ownSoa(zone: HostedZone, master: string): DnsRecord {
  return {
    name: zone.name,
    type: 'SOA',
    ttlSeconds: ROUTE53_FACTS.SOA_TTL_SECONDS.value,
    data: `${master}. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 ${ROUTE53_FACTS.SOA_MINIMUM_SECONDS.value}`,
  };
}

/** Each zone has a set of its own (R53 WS-01, WS-12). */
function ownNameServers(zone: HostedZone): DnsRecord[] {
  return delegationSetOf(zone.id).map((data) => ({
    name: zone.name,
    type: 'NS',
    ttlSeconds: ROUTE53_FACTS.NS_TTL_SECONDS.value,
    data,
  }));
}
