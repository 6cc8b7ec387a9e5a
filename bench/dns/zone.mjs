/* What all servers hold, and what all are asked. */

/** Records beside the failover name: label, type, value. */
export const ZONE = [
  ['www', 'A', '192.0.2.10'],
  ['alias', 'CNAME', 'www.example.com'],
];

/** Of ten questions seven are for the failover name. */
export const QUESTIONS = [
  ...Array.from({ length: 7 }, () => 'api.example.com A'),
  'www.example.com A',
  'api.example.com AAAA',
  'missing.example.com A',
];

/** For servers that have no failover: the primary's address, for good. */
export const ZONE_FILE = `$ORIGIN example.com.
$TTL 60
@ 900 IN SOA ns-1.awsdns-01.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400
@ 172800 IN NS ns-1.awsdns-01.com.
@ 172800 IN NS ns-513.awsdns-02.net.
@ 172800 IN NS ns-1025.awsdns-03.org.
@ 172800 IN NS ns-1537.awsdns-04.co.uk.
api IN A 127.82.0.1
${ZONE.map(([label, type, value]) => `${label} IN ${type} ${type === 'CNAME' ? `${value}.` : value}`).join('\n')}
`;
