import * as packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DnsRecord } from '../engine/index.ts';
import {
  decodeQuery,
  decodeReply,
  EDNS_UDP_BYTES_MAX,
  encodeQuestion,
  encodeReply,
  UDP_BYTES_MAX,
  udpBytesMax,
} from './dns-codec.ts';
import type { DnsQuery, WireReply } from './dns-codec.ts';

function queryOf(bytes: Buffer): DnsQuery {
  const decoded = decodeQuery(bytes);
  if (decoded.kind !== 'query') throw new Error(`a query is expected, not ${decoded.kind}`);
  return decoded.query;
}

function ask(name: string, type: string, more: packet.Packet = {}): DnsQuery {
  return queryOf(packet.encode({ type: 'query', id: 7, questions: [{ name, type: type as 'A' }], ...more }));
}

function edns(udpPayloadSize: number, ednsVersion = 0): packet.Packet {
  const opt = {
    type: 'OPT',
    name: '.',
    udpPayloadSize,
    extendedRcode: 0,
    ednsVersion,
    flags: 0,
    flag_do: false,
    options: [],
  } as const;
  return { additionals: [opt as unknown as packet.OptAnswer] };
}

const A: DnsRecord = { name: 'api.example.com', type: 'A', ttlSeconds: 60, data: '127.82.0.1' };
const NS: readonly DnsRecord[] = ['com', 'net', 'org', 'co.uk'].map((top) => ({
  name: 'example.com',
  type: 'NS',
  ttlSeconds: 172_800,
  data: `ns-1.awsdns-01.${top}`,
}));

function positive(answers: readonly DnsRecord[], authority: readonly DnsRecord[] = []): WireReply {
  return { rcode: 'NOERROR', isAuthoritative: true, answers, authority };
}

describe('reading questions', () => {
  test('names keep their cases, types have names, and the root is empty', () => {
    expect(ask('aPi.ExAmple.com', 'AAAA')).toMatchObject({
      id: 7,
      name: 'aPi.ExAmple.com',
      type: 'AAAA',
      isInternet: true,
    });
    expect(ask('.', 'NS').name).toBe('');
    expect(ask('a.example.com', 'UNKNOWN_65').type).toBe('HTTPS');
    expect(ask('a.example.com', 'UNKNOWN_65280').type).toBe('TYPE65280');
    expect(ask('a.example.com', 'ANY').type).toBe('ANY');
  });

  test('a response is never answered, however it looks', () => {
    const response = packet.encode({ type: 'response', id: 7, questions: [{ name: 'a.example.com', type: 'A' }] });
    expect(decodeQuery(response)).toEqual({ kind: 'drop' });
    expect(decodeQuery(Buffer.alloc(11))).toEqual({ kind: 'drop' });
  });

  test('what cannot be read is answered with FORMERR, other operations with NOTIMP', () => {
    const whole = encodeQuestion(0x1234, 'a.example.com', 'A');
    const rcodeOf = (bytes: Buffer): number => {
      const decoded = decodeQuery(bytes);
      if (decoded.kind !== 'refusal') return -1;
      expect(decoded.reply.readUInt16BE(0)).toBe(0x1234);
      expect(decoded.reply.readUInt16BE(2) & 0x8000).toBe(0x8000);
      return decoded.reply.readUInt16BE(2) & 0xf;
    };
    expect(rcodeOf(whole.subarray(0, whole.length - 3))).toBe(1);
    const update = Buffer.from(whole);
    update.writeUInt16BE(5 << 11, 2);
    expect(rcodeOf(update)).toBe(4);
    const two = packet.encode({
      type: 'query',
      id: 0x1234,
      questions: [
        { name: 'a', type: 'A' },
        { name: 'b', type: 'A' },
      ],
    });
    expect(rcodeOf(two)).toBe(1);
  });

  test('no bytes at all make it throw, and no answer is longer than allowed', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 600 }),
      fc.tuple(fc.domain(), fc.array(fc.tuple(fc.nat(80), fc.nat(255)), { maxLength: 8 })).map(([name, changes]) => {
        const whole = encodeQuestion(1, name, 'A');
        for (const [at, value] of changes) whole[at % whole.length] = value;
        return whole;
      }),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const decoded = decodeQuery(Buffer.from(input));
        if (decoded.kind !== 'query') return true;
        return encodeReply(decoded.query, positive([A], NS), UDP_BYTES_MAX).length <= UDP_BYTES_MAX;
      }),
      { numRuns: 3000 },
    );
  });
});

describe('writing answers', () => {
  test('the question comes back in its own cases, with AA, and RD as it was', () => {
    const query = ask('aPi.eXample.com', 'A', { flags: packet.RECURSION_DESIRED });
    const reply = packet.decode(encodeReply(query, positive([A], NS), UDP_BYTES_MAX));
    expect(reply).toMatchObject({ id: 7, flag_qr: true, flag_aa: true, flag_rd: true, flag_ra: false, flag_tc: false });
    expect(reply.questions?.[0]?.name).toBe('aPi.eXample.com');
    expect(reply.answers).toMatchObject([{ type: 'A', ttl: 60, data: '127.82.0.1' }]);
    expect(reply.authorities).toHaveLength(4);
    expect(reply.additionals).toEqual([]);
  });

  test('what does not fit goes: first the authority, then all but the mark (R53 WS-04)', () => {
    const many = (count: number): DnsRecord[] =>
      Array.from({ length: count }, (_, i) => ({ ...A, data: `127.82.0.${i}` }));
    const query = ask('api.example.com', 'A');
    const lean = packet.decode(encodeReply(query, positive(many(10), NS), UDP_BYTES_MAX));
    expect(lean.flag_tc).toBe(false);
    expect(lean.answers).toHaveLength(10);
    expect(lean.authorities).toEqual([]);
    const cut = packet.decode(encodeReply(query, positive(many(30), NS), UDP_BYTES_MAX));
    expect(cut.flag_tc).toBe(true);
    expect(cut.answers).toEqual([]);
    expect(packet.decode(encodeReply(query, positive(many(30)), 65_535)).answers).toHaveLength(30);
  });

  test('EDNS is answered with EDNS, raises the limit to 4096 and no further, and has one version', () => {
    expect(udpBytesMax(ask('a.example.com', 'A'))).toBe(512);
    expect(udpBytesMax(ask('a.example.com', 'A', edns(1232)))).toBe(1232);
    expect(udpBytesMax(ask('a.example.com', 'A', edns(100)))).toBe(512);
    expect(udpBytesMax(ask('a.example.com', 'A', edns(65_000)))).toBe(EDNS_UDP_BYTES_MAX);
    const opt = (query: DnsQuery): unknown => packet.decode(encodeReply(query, positive([A]), 4096)).additionals?.[0];
    expect(opt(ask('a.example.com', 'A', edns(1232)))).toMatchObject({
      type: 'OPT',
      udpPayloadSize: 4096,
      extendedRcode: 0,
    });
    const wrongVersion = ask('a.example.com', 'A', edns(1232, 1));
    expect(opt(wrongVersion)).toMatchObject({ extendedRcode: 1 });
    expect(packet.decode(encodeReply(wrongVersion, positive([A]), 4096)).answers).toEqual([]);
  });

  test('records go there and back, long texts in pieces', () => {
    const records: DnsRecord[] = [
      A,
      { ...A, type: 'AAAA', data: '2001:db8::1' },
      { ...A, type: 'CNAME', data: 'other.example.com' },
      { ...A, type: 'MX', data: '10 mail.example.com' },
      { ...A, type: 'TXT', data: 'x'.repeat(600) },
      { ...A, type: 'SOA', data: 'ns-1.awsdns-01.com awsdns-hostmaster.amazon.com 1 7200 900 1209600 86400' },
    ];
    const reply = decodeReply(encodeReply(ask('api.example.com', 'ANY'), positive(records), 4096));
    expect(reply?.answers).toEqual(records);
    const caa = { ...A, type: 'CAA', data: '0 issue "amazon.com"' };
    const srv = { ...A, type: 'SRV', data: '1 2 443 target.example.com' };
    const decoded = packet.decode(encodeReply(ask('api.example.com', 'ANY'), positive([caa, srv]), 4096));
    expect(decoded.answers?.[0]).toMatchObject({ data: { tag: 'issue', value: 'amazon.com' } });
    expect(decoded.answers?.[1]).toMatchObject({
      data: { priority: 1, weight: 2, port: 443, target: 'target.example.com' },
    });
  });

  test('a record that cannot be written is a SERVFAIL, not a wrong answer', () => {
    const reply = decodeReply(
      encodeReply(ask('api.example.com', 'MX'), positive([{ ...A, type: 'MX', data: 'nonsense' }]), 512),
    );
    expect(reply).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });
});

test('a client takes nothing but responses for answers', () => {
  expect(decodeReply(encodeQuestion(1, 'a.example.com', 'A'))).toBeUndefined();
  expect(decodeReply(Buffer.alloc(5))).toBeUndefined();
});
