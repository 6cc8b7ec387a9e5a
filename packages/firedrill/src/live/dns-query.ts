import type { Question } from '../engine/index.ts';
import type { WireSubnet } from './dns-client-subnet.ts';
import { CLIENT_SUBNET_OPTION, readClientSubnet } from './dns-client-subnet.ts';
import { endOfName, nameFrom } from './dns-names.ts';
import type { WireRcode } from './dns-types.ts';
import { CLASS_IN, FLAGS, HEADER_BYTES, RCODES, typeName } from './dns-types.ts';

/*
 * Reads what comes to a name server. Written by hand: of a question only its header, its name and its OPT record matter,
 * nothing that is read may take longer than the message is long, and nothing may throw.
 */

/** A question as it came in. */
export interface DnsQuery {
  /** The whole message. Its question stands behind the header, up to `questionEnd`. */
  readonly bytes: Buffer;
  readonly nameEnd: number;
  readonly typeCode: number;
  readonly isInternet: boolean;
  readonly edns: Edns | undefined;
}

/** What an OPT record says (RFC 6891). Options that are not understood are not there. */
export interface Edns {
  readonly udpBytesMax: number;
  readonly version: number;
  readonly wantsDnssec: boolean;
  readonly clientSubnet: WireSubnet | undefined;
}

export type ReadQuery =
  | { readonly kind: 'query'; readonly query: DnsQuery }
  /** Answer with this, as far as the question could be read. */
  | { readonly kind: 'refusal'; readonly reply: Buffer }
  /** Not a question at all: say nothing, or two servers could answer each other forever. */
  | { readonly kind: 'drop' };

/** Type and class behind the name of a question. */
const QUESTION_TAIL_BYTES = 4;
const RECORD_TAIL_BYTES = 10;
const TYPE_OPT = 41;
const DROP: ReadQuery = { kind: 'drop' };

/** Reads one message. Never throws; takes no longer than the message is long. */
export function readQuery(bytes: Buffer): ReadQuery {
  if (bytes.length < HEADER_BYTES) return DROP;
  const flags = bytes.readUInt16BE(2);
  if ((flags & FLAGS.response) !== 0) return DROP;
  if ((flags & FLAGS.opcode) !== 0) return refusal(bytes, 'NOTIMP');
  const nameEnd = endOfName(bytes, HEADER_BYTES, false);
  const questionEnd = nameEnd + QUESTION_TAIL_BYTES;
  const isOne = bytes.readUInt16BE(4) === 1;
  if (!isOne || nameEnd < 0 || questionEnd > bytes.length) return refusal(bytes, 'FORMERR');
  const type = bytes.readUInt16BE(nameEnd);
  const edns = ednsOf(bytes, questionEnd);
  if (edns === 'malformed' || type === TYPE_OPT) return refusal(bytes, 'FORMERR');
  const isInternet = bytes.readUInt16BE(nameEnd + 2) === CLASS_IN;
  return { kind: 'query', query: { bytes, nameEnd, typeCode: type, isInternet, edns } };
}

/** The question as the engine wants it. */
export function questionOf({ bytes, typeCode, edns }: DnsQuery): Question {
  const question = { name: nameFrom(bytes, HEADER_BYTES), type: typeName(typeCode) };
  const clientSubnet = edns?.clientSubnet?.subnet;
  return clientSubnet === undefined ? question : { ...question, clientSubnet };
}

/** Where the question ends within the message. */
export function questionEndOf({ nameEnd }: DnsQuery): number {
  return nameEnd + QUESTION_TAIL_BYTES;
}

/** The OPT record behind the question; undefined when there is none. More than one is malformed (RFC 6891, 6.1.1). */
function ednsOf(bytes: Buffer, from: number): Edns | undefined | 'malformed' {
  const others = bytes.readUInt16BE(6) + bytes.readUInt16BE(8);
  const records = others + bytes.readUInt16BE(10);
  let found: Edns | undefined;
  let at = from;
  for (let i = 0; i < records; i++) {
    const nameEnd = endOfName(bytes, at, true);
    const dataAt = nameEnd + RECORD_TAIL_BYTES;
    if (nameEnd < 0 || dataAt > bytes.length) return 'malformed';
    const end = dataAt + bytes.readUInt16BE(dataAt - 2);
    if (end > bytes.length) return 'malformed';
    if (bytes.readUInt16BE(nameEnd) === TYPE_OPT) {
      const isInPlace = i >= others && nameEnd === at + 1;
      if (found !== undefined || !isInPlace) return 'malformed';
      const read = readOpt(bytes, nameEnd, end);
      if (read === undefined) return 'malformed';
      found = read;
    }
    at = end;
  }
  return found;
}

/** `at`: behind the record's name, which is the root. Its options stand up to `end`. */
function readOpt(bytes: Buffer, at: number, end: number): Edns | undefined {
  const udpBytesMax = bytes.readUInt16BE(at + 2);
  const version = bytes[at + 5] ?? 0;
  const wantsDnssec = ((bytes[at + 6] ?? 0) & 0x80) !== 0;
  let clientSubnet: WireSubnet | undefined;
  // What the options of another version look like nobody knows.
  for (let i = version > 0 ? end : at + RECORD_TAIL_BYTES; i < end;) {
    if (i + 4 > end) return undefined;
    const next = i + 4 + bytes.readUInt16BE(i + 2);
    if (next > end) return undefined;
    if (bytes.readUInt16BE(i) === CLIENT_SUBNET_OPTION) {
      clientSubnet = readClientSubnet(bytes.subarray(i + 4, next));
      if (clientSubnet === undefined) return undefined;
    }
    i = next;
  }
  return { udpBytesMax, version, wantsDnssec, clientSubnet };
}

/** A header alone, with the id and the questioner's flags: never longer than what it answers. */
function refusal(bytes: Buffer, rcode: WireRcode): ReadQuery {
  const reply = Buffer.alloc(HEADER_BYTES);
  bytes.copy(reply, 0, 0, 2);
  const kept = bytes.readUInt16BE(2) & (FLAGS.opcode | FLAGS.recursionDesired | FLAGS.checkingDisabled);
  reply.writeUInt16BE(FLAGS.response | kept | RCODES[rcode], 2);
  return { kind: 'refusal', reply };
}
