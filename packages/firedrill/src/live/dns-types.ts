/*
 * Numbers of the wire format of DNS, as IANA keeps them.
 */

/** Types whose data is written, and those with a name of their own that questions may carry. */
const TYPE_CODES: Readonly<Record<string, number>> = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  MX: 15,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  NAPTR: 35,
  DNAME: 39,
  OPT: 41,
  DS: 43,
  SSHFP: 44,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  TLSA: 52,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  CAA: 257,
};

const TYPE_NAMES: ReadonlyMap<number, string> = new Map(Object.entries(TYPE_CODES).map(([name, code]) => [code, name]));

/** As `A`; a type without a name as `TYPE65280` (RFC 3597). */
export function typeName(code: number): string {
  return TYPE_NAMES.get(code) ?? `TYPE${code}`;
}

/** @throws for what is neither a name above nor `TYPE` and a number. */
export function typeCode(name: string): number {
  const code = TYPE_CODES[name] ?? Number(/^TYPE(\d{1,5})$/.exec(name)?.[1] ?? NaN);
  if (!(code <= 0xffff)) throw new Error(`no type of DNS records: ${name}`);
  return code;
}

export const CLASS_IN = 1;

export const RCODES = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  /** Its upper bits stand in the OPT record (RFC 6891, 6.1.3). */
  BADVERS: 16,
} as const;

export type WireRcode = keyof typeof RCODES;

export const HEADER_BYTES = 12;

/** Bits of the second 16 of a header. */
export const FLAGS = {
  response: 0x8000,
  opcode: 0x7800,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  checkingDisabled: 0x0010,
} as const;

/** Without EDNS, answers over UDP hold no more (R53 WS-04). */
export const UDP_BYTES_MAX = 512;
/** With EDNS, up to so much (R53 WS-04). */
export const EDNS_UDP_BYTES_MAX = 4096;
/** What the length before a message over TCP can say. */
export const TCP_BYTES_MAX = 65_535;
