import type { DnsRecord } from '../engine/index.ts';
import { CLIENT_SUBNET_OPTION } from './dns-client-subnet.ts';
import { writeData } from './dns-data.ts';
import { MessageFull, MessageWriter } from './dns-message.ts';
import { nameFrom } from './dns-names.ts';
import type { DnsQuery, Edns } from './dns-query.ts';
import { questionEndOf } from './dns-query.ts';
import type { WireRcode } from './dns-types.ts';
import {
  CLASS_IN,
  EDNS_UDP_BYTES_MAX,
  FLAGS,
  HEADER_BYTES,
  RCODES,
  TCP_BYTES_MAX,
  typeCode,
  UDP_BYTES_MAX,
} from './dns-types.ts';

/** What a reply carries, besides the question that it repeats. */
export interface WireReply {
  readonly rcode: WireRcode;
  readonly isAuthoritative: boolean;
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional?: readonly DnsRecord[];
  /** Bits of the client subnet that made this the answer (RFC 7871, 7.2.1). */
  readonly subnetScope?: number;
}

/** How long a reply over UDP may be (R53 WS-04). */
export function udpBytesMax({ edns }: DnsQuery): number {
  return edns === undefined ? UDP_BYTES_MAX : Math.min(Math.max(edns.udpBytesMax, UDP_BYTES_MAX), EDNS_UDP_BYTES_MAX);
}

/** Messages are written here and copied out: one at a time. */
const scratch = Buffer.alloc(TCP_BYTES_MAX);

/**
 * Writes a reply of at most `bytesMax`. Additional records, then the authority section of a positive answer are left out before
 * anything else; what still does not fit is marked as truncated (RFC 2181, 9). A record that cannot be written makes it a SERVFAIL.
 */
export function encodeReply(query: DnsQuery, reply: WireReply, bytesMax: number): Buffer {
  if (query.edns !== undefined && query.edns.version > 0) return bare(query, 'BADVERS');
  try {
    const leaner = reply.answers.length > 0 ? { ...reply, additional: [], authority: [] } : reply;
    for (const some of [reply, { ...reply, additional: [] }, leaner]) {
      const whole = assemble(query, some, bytesMax);
      if (whole !== undefined) return whole;
    }
    return bare(query, reply.rcode, FLAGS.truncated | (reply.isAuthoritative ? FLAGS.authoritative : 0), reply);
  } catch {
    return bare(query, 'SERVFAIL');
  }
}

/** The question with a code. Fits always: it is hardly longer than the question. */
function bare(query: DnsQuery, rcode: WireRcode, flags = 0, { subnetScope = 0 }: Partial<WireReply> = {}): Buffer {
  const end = startReply(query, rcode, flags);
  const writer = new MessageWriter(scratch, scratch.length, end);
  finishReply(query, writer, { answers: 0, authority: 0, additional: 0 }, { rcode, subnetScope });
  return Buffer.from(scratch.subarray(0, writer.at));
}

/** The whole reply; undefined when it does not fit. @throws for records that cannot be written. */
function assemble(query: DnsQuery, reply: WireReply, bytesMax: number): Buffer | undefined {
  const { rcode, isAuthoritative, answers, authority, additional = [], subnetScope = 0 } = reply;
  const start = startReply(query, rcode, isAuthoritative ? FLAGS.authoritative : 0);
  const writer = new MessageWriter(scratch, Math.min(bytesMax, scratch.length), start);
  writer.remember(nameFrom(query.bytes, HEADER_BYTES), HEADER_BYTES);
  try {
    for (const record of [...answers, ...authority, ...additional]) writeRecord(writer, record);
    const counts = { answers: answers.length, authority: authority.length, additional: additional.length };
    finishReply(query, writer, counts, { rcode, subnetScope });
    return Buffer.from(scratch.subarray(0, writer.at));
  } catch (error) {
    if (error instanceof MessageFull) return undefined;
    throw error;
  }
}

/** Header and question, as they came; answers where they end. */
function startReply(query: DnsQuery, rcode: WireRcode, flags: number): number {
  const end = questionEndOf(query);
  query.bytes.copy(scratch, 0, 0, end);
  const kept = query.bytes.readUInt16BE(2) & (FLAGS.recursionDesired | FLAGS.checkingDisabled);
  scratch.writeUInt16BE(FLAGS.response | kept | flags | (RCODES[rcode] & 0xf), 2);
  return end;
}

function finishReply(
  { edns }: DnsQuery,
  writer: MessageWriter,
  counts: { readonly answers: number; readonly authority: number; readonly additional: number },
  { rcode, subnetScope }: { readonly rcode: WireRcode; readonly subnetScope: number },
): void {
  if (edns !== undefined) writeOpt(writer, edns, rcode, subnetScope);
  scratch.writeUInt16BE(counts.answers, 6);
  scratch.writeUInt16BE(counts.authority, 8);
  scratch.writeUInt16BE(counts.additional + (edns === undefined ? 0 : 1), 10);
}

function writeRecord(writer: MessageWriter, { name, type, ttlSeconds, data }: DnsRecord): void {
  writer.name(name);
  writer.uint16(typeCode(type));
  writer.uint16(CLASS_IN);
  writer.uint32(ttlSeconds);
  writer.measured(() => writeData(writer, type, data));
}

/** RFC 6891, 6.1.3; whoever asks for DNSSEC gets the bit back, though nothing is signed (RFC 3225, 3). */
function writeOpt(writer: MessageWriter, edns: Edns, rcode: WireRcode, subnetScope: number): void {
  writer.name('');
  writer.uint16(typeCode('OPT'));
  writer.uint16(EDNS_UDP_BYTES_MAX);
  writer.uint8(RCODES[rcode] >> 4);
  writer.uint8(0);
  writer.uint16(edns.wantsDnssec ? 0x8000 : 0);
  writer.measured(() => {
    if (edns.clientSubnet === undefined) return;
    const { subnet, option } = edns.clientSubnet;
    writer.uint16(CLIENT_SUBNET_OPTION);
    writer.measured(() => {
      // All as it came but the scope, which is the fourth byte; who did not want to tell gets none.
      writer.raw(option.subarray(0, 3));
      writer.uint8(subnet === undefined || subnet.prefixLength === 0 ? 0 : subnetScope);
      writer.raw(option.subarray(4));
    });
  });
}
