import type { DnsRecord, DnsReply, Question } from '../engine/index.ts';
import type { DnsQuery } from './dns-query.ts';
import { questionOf } from './dns-query.ts';
import { encodeReply } from './dns-reply.ts';
import { FLAGS, HEADER_BYTES, TCP_BYTES_MAX } from './dns-types.ts';

/*
 * Bytes of replies that are given again and again. The world decides on every answer anew; when it says what it has said before,
 * the bytes of then are copied instead of written. So nothing here can be stale.
 */

/** Questions that are remembered; when they are more, it begins anew. */
const QUESTIONS_MAX = 4096;
/** Different replies to one question, as a policy with a choice gives them. */
const VARIANTS_MAX = 8;

interface Variant {
  readonly reply: DnsReply;
  /** Without an OPT record, with one, with one that says DO; undefined until the reply is given a second time. */
  bytes: readonly [Buffer, Buffer, Buffer] | undefined;
}

/** A question that has been asked before. */
export class PreparedQuestion {
  readonly question: Question;
  private readonly variants: Variant[] = [];
  private next = 0;

  constructor(question: Question) {
    this.question = question;
  }

  /** The reply to be sent; undefined: it has to be written. */
  replyTo(query: DnsQuery, reply: DnsReply, bytesMax: number): Buffer | undefined {
    const known = this.variantOf(reply);
    if (known === undefined) {
      this.variants[this.next++ % VARIANTS_MAX] = { reply, bytes: undefined };
      return undefined;
    }
    const { edns } = query;
    known.bytes ??= prepare(query, reply);
    const bytes = known.bytes[edns === undefined ? 0 : edns.wantsDnssec ? 2 : 1];
    return bytes.length > bytesMax ? undefined : copyFor(query, bytes);
  }

  private variantOf(reply: DnsReply): Variant | undefined {
    for (const variant of this.variants) if (isSameReply(variant.reply, reply)) return variant;
    return undefined;
  }
}

function prepare(query: DnsQuery, reply: DnsReply): NonNullable<Variant['bytes']> {
  const edns = { udpBytesMax: 0, version: 0, wantsDnssec: false, clientSubnet: undefined };
  const wire = wireReplyOf(reply);
  const write = (how: DnsQuery['edns']): Buffer => encodeReply({ ...query, edns: how }, wire, TCP_BYTES_MAX);
  return [write(undefined), write(edns), write({ ...edns, wantsDnssec: true })];
}

/** Questions of one name server that have been asked before. */
export class PreparedQuestions {
  /** By type, then by the name as on the wire, in lower case. */
  private readonly types = new Map<number, Map<string, PreparedQuestion>>();
  private count = 0;

  /** Undefined for questions out of the ordinary. */
  of(query: DnsQuery): PreparedQuestion | undefined {
    const { edns, isInternet, typeCode } = query;
    if (!isInternet || (edns !== undefined && (edns.version > 0 || edns.clientSubnet !== undefined))) return undefined;
    const key = plainName(query);
    if (key === undefined) return undefined;
    const known = this.types.get(typeCode)?.get(key);
    return known ?? this.keep(query, key);
  }

  private keep(query: DnsQuery, key: string): PreparedQuestion {
    if (this.count === QUESTIONS_MAX) {
      this.types.clear();
      this.count = 0;
    }
    this.count += 1;
    const prepared = new PreparedQuestion(questionOf(query));
    const names = this.types.get(query.typeCode) ?? new Map<string, PreparedQuestion>();
    this.types.set(query.typeCode, names.set(key, prepared));
    return prepared;
  }
}

/** What of a reply goes onto the wire. */
export function wireReplyOf(reply: DnsReply): Parameters<typeof encodeReply>[1] {
  const { rcode, answers, authority, additional, subnetScope, isReferral = false } = reply;
  return {
    rcode: rcode === 'timeout' ? 'SERVFAIL' : rcode,
    isAuthoritative: (rcode === 'NOERROR' && !isReferral) || rcode === 'NXDOMAIN',
    answers,
    authority,
    ...(additional === undefined ? {} : { additional }),
    ...(subnetScope === undefined ? {} : { subnetScope }),
  };
}

/** The name in lower case; undefined when it has bytes that are not letters, digits, hyphens or underscores. */
function plainName({ bytes, nameEnd }: DnsQuery): string | undefined {
  let hasCapitals = false;
  let labelEnd = HEADER_BYTES;
  for (let at = HEADER_BYTES; at < nameEnd; at++) {
    const byte = bytes[at] ?? 0;
    if (at === labelEnd) {
      labelEnd = at + 1 + byte;
      continue;
    }
    const isPlain = (byte >= 0x61 && byte <= 0x7a) || (byte >= 0x30 && byte <= 0x39) || byte === 0x2d || byte === 0x5f;
    if (isPlain) continue;
    if (byte < 0x41 || byte > 0x5a) return undefined;
    hasCapitals = true;
  }
  const name = bytes.toString('latin1', HEADER_BYTES, nameEnd);
  return hasCapitals ? name.toLowerCase() : name;
}

/** The same bytes with id and flags of the questioner, and with the question as it came. */
function copyFor(query: DnsQuery, bytes: Buffer): Buffer {
  const reply = Buffer.allocUnsafe(bytes.length);
  reply.set(bytes);
  const asked = query.bytes;
  reply[0] = asked[0] ?? 0;
  reply[1] = asked[1] ?? 0;
  // RD is in the third byte, CD in the fourth.
  reply[2] = ((reply[2] ?? 0) & ~RECURSION_DESIRED) | ((asked[2] ?? 0) & RECURSION_DESIRED);
  reply[3] = ((reply[3] ?? 0) & ~FLAGS.checkingDisabled) | ((asked[3] ?? 0) & FLAGS.checkingDisabled);
  for (let at = HEADER_BYTES; at < query.nameEnd; at++) reply[at] = asked[at] ?? 0;
  return reply;
}

const RECURSION_DESIRED = FLAGS.recursionDesired >> 8;

function isSameReply(one: DnsReply, other: DnsReply): boolean {
  return (
    one === other ||
    (one.rcode === other.rcode &&
      one.isReferral === other.isReferral &&
      areSameRecords(one.answers, other.answers) &&
      areSameRecords(one.authority, other.authority) &&
      areSameRecords(one.additional ?? NONE, other.additional ?? NONE))
  );
}

const NONE: readonly DnsRecord[] = [];

function areSameRecords(some: readonly DnsRecord[], others: readonly DnsRecord[]): boolean {
  if (some === others) return true;
  if (some.length !== others.length) return false;
  for (let i = 0; i < some.length; i++) {
    const one = some[i];
    const other = others[i];
    if (one === other) continue;
    if (one === undefined || other === undefined || one.data !== other.data || one.ttlSeconds !== other.ttlSeconds)
      return false;
    if (one.type !== other.type || one.name !== other.name) return false;
  }
  return true;
}
