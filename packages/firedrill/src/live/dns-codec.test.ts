import * as packet from 'dns-packet';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DnsRecord } from '../engine/index.ts';
import { decodeReply, encodeQuestion } from './dns-codec.ts';
import type { DnsQuery } from './dns-query.ts';
import { questionOf, readQuery } from './dns-query.ts';
import type { WireReply } from './dns-reply.ts';
import { encodeReply, udpBytesMax } from './dns-reply.ts';
import { EDNS_UDP_BYTES_MAX, UDP_BYTES_MAX } from './dns-types.ts';

function queryOf(bytes: Buffer): DnsQuery {
  const decoded = readQuery(bytes);
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
  test('R53 WS-07: names are in lower case, types have names, and the root is empty', () => {
    expect(questionOf(ask('aPi.ExAmple.com', 'AAAA'))).toEqual({ name: 'api.example.com', type: 'AAAA' });
    expect(questionOf(ask('.', 'NS')).name).toBe('');
    expect(questionOf(ask('a.example.com', 'UNKNOWN_65')).type).toBe('HTTPS');
    expect(questionOf(ask('a.example.com', 'UNKNOWN_65280')).type).toBe('TYPE65280');
    expect(questionOf(ask('a.example.com', 'ANY')).type).toBe('ANY');
  });

  test('R53 WS-07: bytes that are no plain characters are escape codes, and a dot within a label is no separator', () => {
    const asked = (label: Buffer): string => {
      const bytes = encodeQuestion(1, { name: 'xxxx.example.com', type: 'A' });
      label.copy(bytes, bytes.indexOf('xxxx'));
      return questionOf(queryOf(bytes)).name;
    };
    expect(asked(Buffer.from('a.bC'))).toBe('a\\056bc.example.com');
    expect(asked(Buffer.of(0xff, 0x20, 0x5c, 0x00))).toBe('\\377\\040\\134\\000.example.com');
    expect(asked(Buffer.from('*/@$'))).toBe('*/@$.example.com');
    // And back: what the engine calls so stands on the wire as it was.
    const written = encodeQuestion(1, { name: 'a\\056bc.example.com', type: 'A' });
    expect(written.subarray(12, 18)).toEqual(Buffer.from('\x04a.bc\x07', 'latin1'));
  });

  test('names have labels of 1 to 63 bytes, and 255 bytes at most (R53 WS-07)', () => {
    const written = (name: string) => () => encodeQuestion(1, { name, type: 'A' });
    for (const name of ['a..example.com', '..', `${'a'.repeat(64)}.com`, `${'abcdefg.'.repeat(32)}com`])
      expect(written(name)).toThrow('no name');
    expect(written(`${'a'.repeat(63)}.com.`)).not.toThrow();
  });

  test('R53 RP-16: the client subnet of a question reaches the engine', () => {
    for (const clientSubnet of [
      { address: '198.51.100.0', prefixLength: 24 },
      { address: '198.51.96.0', prefixLength: 19 },
      { address: '2001:db8:85a3::', prefixLength: 48 },
      { address: '0.0.0.0', prefixLength: 0 },
    ]) {
      const question = { name: 'a.example.com', type: 'A', clientSubnet };
      expect(questionOf(queryOf(encodeQuestion(1, question)))).toEqual(question);
    }
  });

  test('a client subnet that is malformed makes the question so (RFC 7871, 7.1.2); other options are ignored', () => {
    const withOption = (code: number, ...data: number[]): string => {
      const bytes = encodeQuestion(1, { name: 'a.example.com', type: 'A' });
      bytes.writeUInt16BE(1, 10);
      const option = Buffer.of(0, code, 0, data.length, ...data);
      return readQuery(Buffer.concat([bytes, Buffer.of(0, 0, 41, 16, 0, 0, 0, 0, 0, 0, option.length), option])).kind;
    };
    expect(withOption(8, 0, 1, 24, 0, 198, 51, 100)).toBe('query');
    expect(withOption(8, 0, 0, 0, 0)).toBe('query');
    for (const malformed of [
      [0, 1, 24],
      [0, 1, 24, 24, 198, 51, 100],
      [0, 1, 24, 0, 198, 51],
      [0, 1, 24, 0, 198, 51, 100, 0],
      [0, 1, 33, 0, 198, 51, 100, 0, 0],
      [0, 1, 23, 0, 198, 51, 101],
      [0, 3, 8, 0, 1],
    ])
      expect(withOption(8, ...malformed)).toBe('refusal');
    for (const unknown of [3, 10, 11, 12, 65, 255]) expect(withOption(unknown, 1, 2, 3)).toBe('query');
  });

  test('a response is never answered, however it looks', () => {
    const response = packet.encode({ type: 'response', id: 7, questions: [{ name: 'a.example.com', type: 'A' }] });
    expect(readQuery(response)).toEqual({ kind: 'drop' });
    expect(readQuery(Buffer.alloc(11))).toEqual({ kind: 'drop' });
  });

  test('what cannot be read is answered with FORMERR, other operations with NOTIMP', () => {
    const whole = encodeQuestion(0x1234, { name: 'a.example.com', type: 'A' });
    const rcodeOf = (bytes: Buffer): number => {
      const decoded = readQuery(bytes);
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
        const whole = encodeQuestion(1, { name, type: 'A' });
        for (const [at, value] of changes) whole[at % whole.length] = value;
        return whole;
      }),
    );
    fc.assert(
      fc.property(bytes, (input) => {
        const decoded = readQuery(Buffer.from(input));
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
    const lean = packet.decode(encodeReply(query, positive(many(25), NS), UDP_BYTES_MAX));
    expect(lean.flag_tc).toBe(false);
    expect(lean.answers).toHaveLength(25);
    expect(lean.authorities).toEqual([]);
    const cut = packet.decode(encodeReply(query, positive(many(40), NS), UDP_BYTES_MAX));
    expect(cut.flag_tc).toBe(true);
    expect(cut.answers).toEqual([]);
    expect(packet.decode(encodeReply(query, positive(many(40)), 65_535)).answers).toHaveLength(40);
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
      { ...A, type: 'PTR', data: 'host.example.org' },
      { ...A, type: 'MX', data: '10 mail.example.com' },
      { ...A, type: 'TXT', data: 'x'.repeat(600) },
      { ...A, type: 'SOA', data: 'ns-1.awsdns-01.com awsdns-hostmaster.amazon.com 1 7200 900 1209600 86400' },
    ];
    const reply = decodeReply(encodeReply(ask('api.example.com', 'ANY'), positive(records), 4096));
    expect(reply?.answers).toEqual(records);
  });

  /** What the packet library, which did not write it, reads of one record. */
  function readBack(type: string, data: string): unknown {
    const bytes = encodeReply(ask('api.example.com', 'ANY'), positive([{ ...A, type, data }]), 4096);
    const [answer] = packet.decode(bytes).answers ?? [];
    return answer !== undefined && 'data' in answer ? answer.data : undefined;
  }

  test.each([
    ['SRV', '1 2 443 target.example.com.', { priority: 1, weight: 2, port: 443, target: 'target.example.com' }],
    ['CAA', '0 issue "ca.example.net; policy=ev"', { tag: 'issue', value: 'ca.example.net; policy=ev' }],
    ['CAA', '128 contactemail "a@example.com"', { flags: 128, tag: 'contactemail' }],
    [
      'NAPTR',
      String.raw`100 50 "u" "E2U+sip" "!^(\\+44.*)$!sip:\\1@example.com!" .`,
      {
        order: 100,
        preference: 50,
        flags: 'u',
        services: 'E2U+sip',
        regexp: String.raw`!^(\+44.*)$!sip:\1@example.com!`,
      },
    ],
    [
      'DS',
      '12345 13 2 49FD46E6 C4B45C55',
      { keyTag: 12345, algorithm: 13, digestType: 2, digest: Buffer.from('49FD46E6C4B45C55', 'hex') },
    ],
    ['SSHFP', '4 2 0123456789abcdef', { algorithm: 4, hash: 2, fingerprint: '0123456789ABCDEF' }],
    [
      'TLSA',
      '3 1 1 0123456789abcdef',
      { usage: 3, selector: 1, matchingType: 1, certificate: Buffer.from('0123456789abcdef', 'hex') },
    ],
  ])('a record of type %s is written as its fields say: %s', (type, data, expected) => {
    expect(readBack(type, data)).toMatchObject(expected);
  });

  test.each([
    ['TXT', '"one" "two \\"quoted\\"" "oct\\101l"', '\x03one\x0ctwo "quoted"\x05octAl'],
    ['SPF', '"v=spf1 -all"', '\x0bv=spf1 -all'],
    ['TXT', '""', '\0'],
    ['HTTPS', '0 www.example.net.', '\0\0\x03www\x07example\x03net\0'],
    ['HTTPS', '1 . port=443 alpn="h2,h3"', '\0\x01\0\0\x01\0\x06\x02h2\x02h3\0\x03\0\x02\x01\xbb'],
    [
      'SVCB',
      '2 t. mandatory=port port=53 key65280=ab',
      '\0\x02\x01t\0\0\0\0\x02\0\x03\0\x03\0\x02\0\x35\xff\0\0\x02ab',
    ],
    [
      'HTTPS',
      '1 . ipv4hint=192.0.2.1,192.0.2.2 no-default-alpn',
      '\0\x01\0\0\x02\0\0\0\x04\0\x08\xc0\0\x02\x01\xc0\0\x02\x02',
    ],
    ['HTTPS', '1 . ech="AQID"', '\0\x01\0\0\x05\0\x03\x01\x02\x03'],
    ['AAAA', '::ffff:192.0.2.1', `${'\0'.repeat(10)}\xff\xff\xc0\0\x02\x01`],
  ])('the bytes of a record of type %s are those of its RFC: %s', (type, data, expected) => {
    const query = ask('a.example.com', 'A');
    const bytes = encodeReply(query, positive([{ ...A, name: 'a.example.com', type, data }]), 4096);
    // Behind header and question: a pointer, type, class, TTL and length.
    expect(bytes.subarray(12 + 19 + 12)).toEqual(Buffer.from(expected, 'latin1'));
  });

  test.each([
    ['A', '192.0.2.300'],
    ['AAAA', '192.0.2.1'],
    ['AAAA', 'fe80::1%eth0'],
    ['CNAME', 'a..b'],
    ['MX', 'mail.example.com'],
    ['MX', '70000 mail.example.com'],
    ['SRV', '1 2 mail.example.com'],
    ['TXT', `"${'x'.repeat(256)}"`],
    ['TXT', '"not closed'],
    ['CAA', '0 is-sue "a"'],
    ['DS', '1 2 3 xyz'],
    ['HTTPS', '1 . port=443 port=444'],
    ['HTTPS', '1 . no-default-alpn=1'],
    ['LOC', '1 2 3'],
  ])('a record of type %s that says %s is a SERVFAIL', (type, data) => {
    const reply = decodeReply(
      encodeReply(
        ask('api.example.com', type === 'LOC' ? 'A' : type === 'HTTPS' ? 'UNKNOWN_65' : type),
        positive([{ ...A, type, data }]),
        4096,
      ),
    );
    expect(reply).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });

  test('names that stand in the message already are pointers, except in data of younger types (RFC 3597)', () => {
    const cname = { ...A, name: 'www.example.com', type: 'CNAME', data: 'api.example.com' };
    const srv = { ...A, type: 'SRV', data: '1 2 443 api.example.com' };
    const length = (records: readonly DnsRecord[]): number =>
      encodeReply(ask('www.example.com', 'A'), positive(records), 4096).length;
    // Header, question, and of the record: pointer, ten bytes, `api` and a pointer.
    expect(length([cname])).toBe(12 + 21 + 12 + 6);
    expect(length([cname, A])).toBe(length([cname]) + 12 + 4);
    expect(length([cname, srv])).toBe(length([cname]) + 12 + 6 + 17);
    const shouted = packet.decode(encodeReply(ask('WWW.example.COM', 'A'), positive([cname]), 512));
    expect(shouted.answers).toMatchObject([{ name: 'WWW.example.COM', data: 'api.example.COM' }]);
  });

  test('additional records go first, then the authority of a positive answer, never that of a negative one', () => {
    const filling = Array.from({ length: 20 }, (_, i) => ({ ...A, data: `127.82.1.${i}` }));
    const query = ask('api.example.com', 'A');
    const roomy = { ...positive([A], NS), additional: [A] };
    expect(packet.decode(encodeReply(query, roomy, 512))).toMatchObject({
      authorities: { length: 4 },
      additionals: { length: 1 },
    });
    const tight = packet.decode(encodeReply(query, { ...roomy, additional: filling.concat(filling) }, 512));
    expect(tight).toMatchObject({ flag_tc: false, authorities: { length: 4 }, additionals: [] });
    const negative = {
      ...positive(
        [],
        [...NS, ...NS.map((one, i) => ({ ...one, data: `${'x'.repeat(60)}.${'y'.repeat(60)}${i}.org` }))],
      ),
    };
    expect(packet.decode(encodeReply(query, negative, 300))).toMatchObject({ flag_tc: true, authorities: [] });
  });

  test('a client subnet comes back as it was, with the scope of the answer; none when nobody was to be told', () => {
    const optionOf = (prefixLength: number, subnetScope?: number): string => {
      const clientSubnet = { address: prefixLength === 0 ? '0.0.0.0' : '198.51.100.0', prefixLength };
      const query = queryOf(encodeQuestion(1, { name: 'api.example.com', type: 'A', clientSubnet }));
      const reply = subnetScope === undefined ? positive([A]) : { ...positive([A]), subnetScope };
      const bytes = encodeReply(query, reply, 512);
      return bytes.subarray(bytes.lastIndexOf(Buffer.of(0, 8, 0)) + 4).toString('hex');
    };
    expect(optionOf(24, 24)).toBe('00011818c63364');
    expect(optionOf(24)).toBe('00011800c63364');
    expect(optionOf(0, 24)).toBe('00010000');
  });

  test('a record that cannot be written is a SERVFAIL, not a wrong answer', () => {
    const reply = decodeReply(
      encodeReply(ask('api.example.com', 'MX'), positive([{ ...A, type: 'MX', data: 'nonsense' }]), 512),
    );
    expect(reply).toMatchObject({ rcode: 'SERVFAIL', answers: [] });
  });
});

test('whatever names stand in a message, however many, the packet library reads what was to be written', () => {
  const label = fc.stringMatching(/^[a-z\d_-]{1,12}$/);
  const name = fc.array(label, { minLength: 1, maxLength: 5 }).map((labels) => `${labels.join('.')}.example.com`);
  const record = fc.oneof(
    fc.record({ name, type: fc.constantFrom('CNAME', 'NS', 'PTR'), ttlSeconds: fc.nat(), data: name }),
    fc.record({ name, type: fc.constant('MX'), ttlSeconds: fc.nat(), data: name.map((exchange) => `10 ${exchange}`) }),
    fc.record({ name, type: fc.constant('A'), ttlSeconds: fc.nat(), data: fc.ipV4() }),
  );
  fc.assert(
    fc.property(name, fc.array(record, { maxLength: 60 }), fc.constantFrom(1, 30), (asked, some, times) => {
      // Thirty times as many reach beyond what a pointer can say.
      const records = Array.from({ length: times }, () => some).flat();
      const bytes = encodeReply(ask(asked, 'A'), positive(records), 65_535);
      const reply = decodeReply(bytes);
      expect(reply?.isTruncated === true ? [] : reply?.answers).toEqual(reply?.isTruncated === true ? [] : records);
    }),
    { numRuns: 200 },
  );
});

test('what does not even fit into a message over TCP is marked as truncated', () => {
  const many = Array.from({ length: 5000 }, (_, i) => ({ ...A, data: `10.0.${i >> 8}.${i & 255}` }));
  expect(decodeReply(encodeReply(ask('api.example.com', 'A'), positive(many), 65_535))).toMatchObject({
    isTruncated: true,
    answers: [],
  });
});

test('a client takes nothing but responses for answers', () => {
  expect(decodeReply(encodeQuestion(1, { name: 'a.example.com', type: 'A' }))).toBeUndefined();
  expect(decodeReply(Buffer.alloc(5))).toBeUndefined();
});
