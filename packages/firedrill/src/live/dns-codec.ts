import * as packet from 'dns-packet';
import type { Answer, DecodedPacket, OptAnswer, Packet, Question as PacketQuestion } from 'dns-packet';
import type { DnsRecord, DnsReply } from '../engine/index.ts';
import { readRecord, toWire } from './dns-records.ts';

/*
 * The wire format of DNS. All use of the packet library is in this file and in dns-records.ts.
 */

/** Without EDNS, answers over UDP hold no more (R53 WS-04). */
export const UDP_BYTES_MAX = 512;
/** With EDNS, up to so much (R53 WS-04). */
export const EDNS_UDP_BYTES_MAX = 4096;

const HEADER_BYTES = 12;
const RESPONSE_BIT = 0x8000;

const RCODES = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;

type WireRcode = keyof typeof RCODES;

/** A question as it came in. */
export interface DnsQuery {
  readonly id: number;
  readonly recursionDesired: boolean;
  /** As asked, in its own mixture of cases; no trailing dot; empty for the root. */
  readonly name: string;
  /** As `A`; types without a name as `TYPE65280`. */
  readonly type: string;
  readonly isInternet: boolean;
  readonly edns: { readonly udpBytesMax: number; readonly version: number } | undefined;
}

export type DecodedQuery =
  | { readonly kind: 'query'; readonly query: DnsQuery }
  /** Answer with this code, as far as the question could be read. */
  | { readonly kind: 'refusal'; readonly reply: Buffer }
  /** Not a question at all: say nothing, or two servers could answer each other forever. */
  | { readonly kind: 'drop' };

/** Reads one question. Never throws. */
export function decodeQuery(bytes: Buffer): DecodedQuery {
  if (bytes.length < HEADER_BYTES || (bytes.readUInt16BE(2) & RESPONSE_BIT) !== 0) return { kind: 'drop' };
  const decoded = decode(bytes);
  const [question, ...more] = decoded?.questions ?? [];
  if (decoded === undefined || question === undefined || more.length > 0) return refusal(bytes, 'FORMERR');
  if ((bytes.readUInt16BE(2) & 0x7800) !== 0) return refusal(bytes, 'NOTIMP');
  if (!isRepeatable(bytes, question.name)) return refusal(bytes, 'FORMERR');
  const opt = decoded.additionals?.find((record): record is OptAnswer => record.type === 'OPT');
  const query: DnsQuery = {
    id: bytes.readUInt16BE(0),
    recursionDesired: decoded.flag_rd,
    name: question.name === '.' ? '' : question.name,
    type: typeName(question.type),
    isInternet: question.class === 'IN',
    edns: opt === undefined ? undefined : { udpBytesMax: opt.udpPayloadSize, version: opt.ednsVersion },
  };
  return { kind: 'query', query };
}

/**
 * Whether a name can be written again as it came. One with a dot inside a label, or with bytes that are no text, cannot:
 * the packet library would make another name of it, or a message that nobody can read.
 */
function isRepeatable(bytes: Buffer, name: string): boolean {
  const written = packet.encode({ type: 'query', questions: [{ name, type: 'A' }] }).subarray(HEADER_BYTES, -4);
  return bytes.subarray(HEADER_BYTES, HEADER_BYTES + written.length).equals(written);
}

/** What a reply carries, besides the question that it repeats. */
export interface WireReply {
  readonly rcode: WireRcode;
  readonly isAuthoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
}

/**
 * Writes a reply of at most `bytesMax`. The authority section of a positive answer is left out before anything else;
 * what still does not fit is marked as truncated (RFC 2181, 9). A record that cannot be written makes it a SERVFAIL.
 */
export function encodeReply(query: DnsQuery, reply: WireReply, bytesMax: number): Buffer {
  let answers: Answer[];
  let authorities: Answer[];
  try {
    answers = reply.answers.map(toWire);
    authorities = reply.authority.map(toWire);
    const whole = assemble(query, reply, { answers, authorities });
    if (whole.length <= bytesMax) return whole;
    if (answers.length > 0) {
      const lean = assemble(query, reply, { answers, authorities: [] });
      if (lean.length <= bytesMax) return lean;
    }
    return assemble(query, reply, { answers: [], authorities: [], isTruncated: true });
  } catch {
    const failure: WireReply = { rcode: 'SERVFAIL', isAuthoritative: false, answers: [], authority: [] };
    return assemble(query, failure, { answers: [], authorities: [] });
  }
}

/** How long a reply over UDP may be (R53 WS-04). */
export function udpBytesMax({ edns }: DnsQuery): number {
  return edns === undefined ? UDP_BYTES_MAX : Math.min(Math.max(edns.udpBytesMax, UDP_BYTES_MAX), EDNS_UDP_BYTES_MAX);
}

/** Writes a question without EDNS, as the world's own resolvers ask it. */
export function encodeQuestion(id: number, name: string, type: string): Buffer {
  return packet.encode({ type: 'query', id, questions: [{ name, type: typeCode(type) as 'A', class: 'IN' }] });
}

/** A reply as a client reads it. */
export interface DecodedReply {
  readonly id: number;
  readonly isTruncated: boolean;
  readonly rcode: DnsReply['rcode'];
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
}

/** Reads a reply; undefined when it is none. Codes that a resolver does not tell apart count as SERVFAIL. */
export function decodeReply(bytes: Buffer): DecodedReply | undefined {
  const decoded = decode(bytes);
  if (decoded === undefined || !decoded.flag_qr) return undefined;
  const code = bytes.readUInt16BE(2) & 0xf;
  const rcode = code === 0 ? 'NOERROR' : code === 3 ? 'NXDOMAIN' : code === 5 ? 'REFUSED' : 'SERVFAIL';
  return {
    id: bytes.readUInt16BE(0),
    isTruncated: decoded.flag_tc,
    rcode,
    answers: (decoded.answers ?? []).flatMap(readRecord),
    authority: (decoded.authorities ?? []).flatMap(readRecord),
  };
}

function assemble(
  query: DnsQuery,
  { rcode, isAuthoritative }: WireReply,
  sections: { readonly answers: Answer[]; readonly authorities: Answer[]; readonly isTruncated?: boolean },
): Buffer {
  const wrongVersion = query.edns !== undefined && query.edns.version > 0;
  const reply: Packet = {
    type: 'response',
    id: query.id,
    flags:
      (isAuthoritative ? packet.AUTHORITATIVE_ANSWER : 0) |
      (query.recursionDesired ? packet.RECURSION_DESIRED : 0) |
      (sections.isTruncated === true ? packet.TRUNCATED_RESPONSE : 0) |
      (wrongVersion ? 0 : RCODES[rcode]),
    questions: [questionOf(query)],
    answers: wrongVersion ? [] : sections.answers,
    authorities: wrongVersion ? [] : sections.authorities,
    additionals: query.edns === undefined ? [] : [optOf(wrongVersion)],
  };
  return packet.encode(reply);
}

/** BADVERS is 16: its upper bits stand in the OPT record (RFC 6891, 6.1.3). */
function optOf(wrongVersion: boolean): OptAnswer {
  return {
    type: 'OPT',
    name: '.',
    udpPayloadSize: EDNS_UDP_BYTES_MAX,
    extendedRcode: wrongVersion ? 1 : 0,
    ednsVersion: 0,
    flags: 0,
    flag_do: false,
    options: [],
  };
}

function questionOf({ name, type, isInternet }: DnsQuery): PacketQuestion {
  return { name: name === '' ? '.' : name, type: typeCode(type) as 'A', class: isInternet ? 'IN' : 'CH' };
}

function decode(bytes: Buffer): DecodedPacket | undefined {
  try {
    return packet.decode(bytes);
  } catch {
    return undefined;
  }
}

/** A header alone, with the id and the questioner's flags. */
function refusal(bytes: Buffer, rcode: WireRcode): DecodedQuery {
  const reply = Buffer.alloc(HEADER_BYTES);
  reply.writeUInt16BE(bytes.readUInt16BE(0), 0);
  reply.writeUInt16BE(RESPONSE_BIT | (bytes.readUInt16BE(2) & 0x7900) | RCODES[rcode], 2);
  return { kind: 'refusal', reply };
}

/** Types that are younger than the packet library. */
const YOUNGER_TYPES: Readonly<Record<string, string>> = { UNKNOWN_64: 'SVCB', UNKNOWN_65: 'HTTPS' };

function typeName(type: string): string {
  return YOUNGER_TYPES[type] ?? type.replace(/^UNKNOWN_/, 'TYPE');
}

function typeCode(type: string): string {
  const younger = Object.entries(YOUNGER_TYPES).find(([, name]) => name === type)?.[0];
  return younger ?? type.replace(/^TYPE(?=\d)/, 'UNKNOWN_');
}
