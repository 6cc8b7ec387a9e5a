import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import * as packet from 'dns-packet';
import type { DecodedPacket, OptAnswer, Packet } from 'dns-packet';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createWorld } from '../engine/index.ts';
import type { RecordSet } from '../model/index.ts';
import { assert, BEGINNING, EMPTY_ARCHITECTURE, NEVER } from '../model/index.ts';
import { hybridPlan } from '../../test/hybrid-architecture.ts';
import { settles } from '../../test/settles.ts';
import { WorldClock } from './clock.ts';
import { DnsServer } from './dns-server.ts';
import { InsideTraffic } from './inside-traffic.ts';

const ADDRESS = '127.0.0.1';
const SOA_TTL_SECONDS = 900;

const recordSets = [
  recordSet('www', 'A', ['192.0.2.1', '192.0.2.2']),
  recordSet('alias', 'CNAME', ['www.example.com']),
  recordSet('text', 'TXT', ['hello world']),
  recordSet('mail', 'MX', ['10 mx.example.com']),
  recordSet('dead', 'A', ['192.0.2.9']),
  // With its header and question: over 512 bytes, under 4,096.
  recordSet(
    'many',
    'A',
    Array.from({ length: 100 }, (_, i) => `192.0.2.${i}`),
  ),
  recordSet(
    'more',
    'A',
    Array.from({ length: 300 }, (_, i) => `198.51.${i >> 8}.${i & 255}`),
  ),
];

function recordSet(label: string, type: string, values: readonly string[]): RecordSet {
  const name = `${label}.example.com`;
  return { zoneId: 'Z1', name, type, policy: { kind: 'simple' }, ttlSeconds: 60, values, stack: 'Dns' };
}

const world = createWorld({
  architecture: { ...EMPTY_ARCHITECTURE, hostedZones: [{ id: 'Z1', name: 'example.com', private: false }], recordSets },
  plan: hybridPlan(
    [
      {
        name: 'silence',
        target: { kind: 'name', name: 'dead.example.com' },
        effect: { kind: 'dns', answer: 'timeout' },
        from: BEGINNING,
        until: NEVER,
        share: 1,
      },
    ],
    { probes: [] },
  ),
  driver: 'local',
  speed: 1,
  beganAtEpochMs: 0,
  sink: () => undefined,
});

const clock = new WorldClock(1);
const [vantage] = world.vantages;
assert(vantage !== undefined, 'a world has vantages');
const server = new DnsServer({ world, clock, inside: new InsideTraffic(), vantageOf: () => vantage });
let port = 0;
const resolver = new Resolver({ tries: 1, timeout: 60_000 });

beforeAll(async () => {
  for (const { start } of world.background.filter(({ name }) => name.includes('fault')))
    start({ now: BEGINNING }).next();
  port = await server.open(ADDRESS, 0);
  resolver.setServers([`${ADDRESS}:${port}`]);
});
afterAll(() => {
  server.close();
  clock.stop();
});

/** Sends one datagram; answers with the next one that comes back. */
async function sendUdp(message: Buffer, to = port): Promise<Buffer> {
  const socket = createSocket('udp4');
  socket.send(message, to, ADDRESS);
  const [reply] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  return reply;
}

/** Sends bytes over TCP, as they are, and reads that many messages. */
async function sendTcp(bytes: readonly Buffer[], messages: number): Promise<Buffer[]> {
  const socket = connect(port, ADDRESS);
  for (const part of bytes) socket.write(part);
  let read = Buffer.alloc(0);
  const replies: Buffer[] = [];
  for await (const chunk of socket) {
    read = Buffer.concat([read, chunk as Buffer]);
    while (read.length >= 2 && read.length >= 2 + read.readUInt16BE(0)) {
      const end = 2 + read.readUInt16BE(0);
      replies.push(read.subarray(2, end));
      read = read.subarray(end);
    }
    if (replies.length === messages) break;
  }
  return replies;
}

function query(name: string, type: string, more: Partial<Packet> = {}): Buffer {
  return packet.encode({ type: 'query', id: 4711, questions: [{ name, type: type as 'A' }], ...more });
}

function edns(udpPayloadSize: number, ednsVersion = 0): Partial<Packet> {
  const options: OptAnswer['options'] = [];
  return {
    additionals: [
      { type: 'OPT', name: '.', udpPayloadSize, extendedRcode: 0, ednsVersion, flags: 0, flag_do: false, options },
    ],
  };
}

async function ask(name: string, type: string, more: Partial<Packet> = {}): Promise<DecodedPacket & { rcode: string }> {
  return packet.decode(await sendUdp(query(name, type, more))) as DecodedPacket & { rcode: string };
}

describe('a real resolver', () => {
  test('reads addresses with their TTL', async () => {
    const found = await resolver.resolve4('www.example.com', { ttl: true });
    expect(found.toSorted((a, b) => a.address.localeCompare(b.address))).toEqual([
      { address: '192.0.2.1', ttl: 60 },
      { address: '192.0.2.2', ttl: 60 },
    ]);
  });

  test('reads names, texts, mail servers and the zone’s own records', async () => {
    expect(await resolver.resolveCname('alias.example.com')).toEqual(['www.example.com']);
    expect(await resolver.resolveTxt('text.example.com')).toEqual([['hello world']]);
    expect(await resolver.resolveMx('mail.example.com')).toEqual([{ exchange: 'mx.example.com', priority: 10 }]);
    expect(await resolver.resolveNs('example.com')).toHaveLength(4);
    expect(await resolver.resolveSoa('example.com')).toMatchObject({
      hostmaster: 'awsdns-hostmaster.amazon.com',
      minttl: 86_400,
      refresh: 7200,
    });
  });

  test('tells a name that is not there from one without such a record (R53 WS-05)', async () => {
    await expect(resolver.resolve4('nobody.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
    await expect(resolver.resolve6('www.example.com')).rejects.toMatchObject({ code: 'ENODATA' });
    await expect(resolver.resolve4('elsewhere.example.net')).rejects.toMatchObject({ code: 'EREFUSED' });
  });

  test('asks again over TCP when an answer does not fit (R53 WS-04)', async () => {
    expect(await resolver.resolve4('more.example.com')).toHaveLength(300);
  });
});

describe('the reply', () => {
  test('has authority, no recursion, and repeats the question in its own mixture of cases', async () => {
    const reply = await ask('wWw.ExAmPlE.cOm', 'A', { flags: packet.RECURSION_DESIRED });
    expect(reply).toMatchObject({
      id: 4711,
      flag_qr: true,
      flag_aa: true,
      flag_rd: true,
      flag_ra: false,
      flag_tc: false,
      rcode: 'NOERROR',
    });
    expect(reply.questions).toEqual([{ name: 'wWw.ExAmPlE.cOm', type: 'A', class: 'IN' }]);
    expect(reply.answers?.map(({ name }) => name.toLowerCase())).toEqual(['www.example.com', 'www.example.com']);
    expect((await ask('www.example.com', 'A')).flag_rd).toBe(false);
  });

  test('says where the zone is served when positive, how long to remember when negative (R53 WS-02, WS-03)', async () => {
    const found = await ask('www.example.com', 'A');
    expect(found.authorities?.map(({ type }) => type)).toEqual(['NS', 'NS', 'NS', 'NS']);
    for (const [name, type, rcode] of [
      ['nobody.example.com', 'A', 'NXDOMAIN'],
      ['www.example.com', 'AAAA', 'NOERROR'],
    ] as const) {
      const missing = await ask(name, type);
      expect(missing).toMatchObject({ rcode, flag_aa: true, answers: [] });
      expect(missing.authorities).toMatchObject([
        { type: 'SOA', name: 'example.com', ttl: SOA_TTL_SECONDS, data: { minimum: 86_400 } },
      ]);
    }
  });

  test('is cut at 512 bytes, or at what the client takes, up to 4,096 (R53 WS-04)', async () => {
    const check = async (name: string, more: Partial<Packet>, answers: number) => {
      const bytes = await sendUdp(query(name, 'A', more));
      const reply = packet.decode(bytes);
      expect([reply.flag_tc, reply.answers?.length]).toEqual([answers === 0, answers]);
      return bytes.length;
    };
    expect(await check('many.example.com', {}, 0)).toBeLessThanOrEqual(512);
    expect(await check('many.example.com', edns(1232), 0)).toBeLessThanOrEqual(1232);
    expect(await check('many.example.com', edns(4096), 100)).toBeGreaterThan(1232);
    expect(await check('more.example.com', edns(65_535), 0)).toBeLessThanOrEqual(4096);
    expect(await check('www.example.com', edns(0), 2)).toBeLessThanOrEqual(512);
  });

  test('speaks EDNS to whom speaks it, in version 0 only (RFC 6891)', async () => {
    expect((await ask('www.example.com', 'A')).additionals).toEqual([]);
    expect((await ask('www.example.com', 'A', edns(1232))).additionals).toMatchObject([
      { type: 'OPT', udpPayloadSize: 4096, ednsVersion: 0 },
    ]);
    const reply = await ask('www.example.com', 'A', edns(1232, 1));
    expect(reply.answers).toEqual([]);
    expect(reply.additionals).toMatchObject([{ type: 'OPT', extendedRcode: 1, ednsVersion: 0 }]);
  });

  test('refuses operations and classes that it does not know', async () => {
    expect((await ask('www.example.com', 'A', { flags: 2 << 11 })).rcode).toBe('NOTIMP');
    expect(
      (await ask('www.example.com', 'A', { questions: [{ name: 'www.example.com', type: 'A', class: 'CH' }] })).rcode,
    ).toBe('REFUSED');
    expect((await ask('.', 'NS')).rcode).toBe('REFUSED');
  });

  test('never comes for a response, nor while the name servers are to be silent', async () => {
    const socket = createSocket('udp4');
    socket.send(
      packet.encode({ type: 'response', id: 1, questions: [{ name: 'www.example.com', type: 'A' }] }),
      port,
      ADDRESS,
    );
    socket.send(query('dead.example.com', 'A', { id: 2 }), port, ADDRESS);
    socket.send(Buffer.alloc(5), port, ADDRESS);
    socket.send(query('www.example.com', 'A', { id: 3 }), port, ADDRESS);
    // Datagrams between two sockets of one machine keep their order: the first reply is to the last message.
    const [reply] = (await once(socket, 'message')) as [Buffer];
    socket.close();
    expect(reply.readUInt16BE(0)).toBe(3);
  });

  test('over TCP comes once for each message, however the bytes are cut', async () => {
    const framed = [1, 2, 3].map((id) =>
      packet.streamEncode({ type: 'query', id, questions: [{ name: 'more.example.com', type: 'A' }] }),
    );
    const bytes = Buffer.concat(framed);
    const replies = (await sendTcp([bytes.subarray(0, 1), bytes.subarray(1, 50), bytes.subarray(50)], 3)).map((reply) =>
      packet.decode(reply),
    );
    expect(replies.map(({ id }) => id)).toEqual([1, 2, 3]);
    for (const reply of replies) expect([reply.flag_tc, reply.answers?.length]).toEqual([false, 300]);
  });
});

test.each([
  ['all', ['A', 'TXT']],
  ['one', ['A']],
])('R53 WS-10, OQ-06, RV-17: with %s a question for ANY is answered with %s', async (choice, types) => {
  const chosen = createWorld({
    architecture: {
      ...EMPTY_ARCHITECTURE,
      hostedZones: [{ id: 'Z1', name: 'example.com', private: false }],
      recordSets: [recordSet('www', 'A', ['192.0.2.1']), recordSet('www', 'TXT', ['"text"'])],
    },
    plan: hybridPlan([], { probes: [], switches: { 'route53.any-answer': choice } }),
    driver: 'local',
    speed: 1,
    beganAtEpochMs: 0,
    sink: () => undefined,
  });
  const other = new DnsServer({ world: chosen, clock, inside: new InsideTraffic(), vantageOf: () => vantage });
  const otherPort = await other.open(ADDRESS, 0);
  const reply = packet.decode(await sendUdp(query('www.example.com', 'ANY'), otherPort));
  expect(reply.answers?.map(({ type }) => type)).toEqual(types);
  const elsewhere = packet.decode(await sendUdp(query('www.example.net', 'ANY'), otherPort));
  expect(elsewhere).toMatchObject({ rcode: 'REFUSED', flag_aa: false });
  other.close();
});

describe('connections over TCP', () => {
  const question = packet.streamEncode({ type: 'query', id: 5, questions: [{ name: 'www.example.com', type: 'A' }] });

  /** Connects, and is known to the server when it returns: it has answered a question. */
  async function connected(): Promise<Socket> {
    const socket = connect(port, ADDRESS);
    socket.on('error', () => undefined);
    socket.write(question);
    await once(socket, 'data');
    return socket;
  }

  test('end when no question has come whole for 10 s, even if bytes trickle in', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const socket = await connected();
      const closed = once(socket, 'close');
      vi.advanceTimersByTime(9000);
      socket.write(question);
      await once(socket, 'data');
      // A whole question has begun the time anew; half of one does not.
      vi.advanceTimersByTime(9000);
      socket.write(question.subarray(0, 5));
      const other = await connected();
      expect(socket.destroyed).toBe(false);
      vi.advanceTimersByTime(1000);
      await closed;
      expect(other.destroyed).toBe(false);
      other.destroy();
    } finally {
      vi.useRealTimers();
    }
  });

  test('whoever does not read the answers is not read from, and gets them all in the end', async () => {
    const socket = connect(port, ADDRESS);
    socket.pause();
    const large = packet.streamEncode({ type: 'query', id: 6, questions: [{ name: 'more.example.com', type: 'A' }] });
    const count = 2000;
    socket.write(Buffer.concat(Array.from({ length: count }, () => large)));
    let bytes = 0;
    let expected = Number.POSITIVE_INFINITY;
    socket.on('data', (chunk: Buffer) => {
      if (bytes === 0) expected = (2 + chunk.readUInt16BE(0)) * count;
      bytes += chunk.length;
      if (bytes >= expected) socket.end();
    });
    // The server has answered others meanwhile.
    (await connected()).destroy();
    socket.resume();
    await once(socket, 'close');
    expect(bytes).toBe(expected);
  });

  test('are a thousand at a time; whoever comes then is turned away, and served when there is room', async () => {
    const sockets = await Promise.all(Array.from({ length: 1000 }, connected));
    const late = connect(port, ADDRESS);
    late.on('error', () => undefined);
    await once(late, 'close');
    const [first] = sockets;
    first?.destroy();
    const isServed = async (): Promise<boolean> => {
      const next = connect(port, ADDRESS);
      next.on('error', () => undefined);
      next.write(question);
      await Promise.race([once(next, 'data'), once(next, 'close')]);
      const isOpen = !next.destroyed;
      next.destroy();
      return isOpen;
    };
    expect(await settles(isServed)).toBe(true);
    for (const socket of sockets) socket.destroy();
  });
});

describe('opening and malice', () => {
  test('a port that is taken is an error, and leaves nothing open', async () => {
    const second = new DnsServer({ world, clock, inside: new InsideTraffic(), vantageOf: () => vantage });
    await expect(second.open(ADDRESS, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
    second.close();
  });

  test('malformed messages get FORMERR while the header can be read', async () => {
    const header = Buffer.alloc(12);
    header.writeUInt16BE(99, 0);
    header.writeUInt16BE(1, 4);
    const reply = await sendUdp(Buffer.concat([header, Buffer.from([0xc0])]));
    expect(packet.decode(reply)).toMatchObject({ id: 99, rcode: 'FORMERR', flag_qr: true });
    const twoQuestions = {
      questions: [
        { name: 'a.example.com', type: 'A' },
        { name: 'b.example.com', type: 'A' },
      ],
    } as const;
    expect((await ask('', '', { questions: [...twoQuestions.questions] })).rcode).toBe('FORMERR');
  });

  test('20,000 mutilated questions never end the server, and no reply is larger than it may be', async () => {
    const socket = createSocket('udp4');
    const bad: string[] = [];
    let replies = 0;
    socket.on('message', (reply) => {
      replies++;
      if (reply.length > 4096 || (reply.readUInt16BE(2) & 0x8000) === 0 || !canBeRead(reply))
        bad.push(reply.toString('hex'));
    });
    const seeds = [
      query('www.example.com', 'A'),
      query('many.example.com', 'A', edns(4096)),
      query('x.'.repeat(60), 'TXT'),
    ];
    const change = fc.tuple(fc.nat(80), fc.integer({ min: 0, max: 255 }));
    const mutilated = fc
      .tuple(
        fc.constantFrom(...seeds),
        fc.array(change, { maxLength: 6 }),
        fc.option(fc.nat(60)),
        fc.uint8Array({ maxLength: 20 }),
      )
      .map(([seed, changes, cut, tail]) => {
        const bytes = Buffer.concat([seed.subarray(0, cut ?? seed.length), tail]);
        for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
        return bytes;
      });
    const messages = fc.sample(
      fc.oneof(
        mutilated,
        fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)),
      ),
      20_000,
    );
    for (const [i, message] of messages.entries()) {
      socket.send(message, port, ADDRESS);
      // So that neither queue overflows.
      if (i % 100 === 99) await ask('www.example.com', 'A');
    }
    expect((await ask('www.example.com', 'A')).answers).toHaveLength(2);
    socket.close();
    expect(bad).toEqual([]);
    expect(replies).toBeGreaterThan(5_000);
  });

  test('R53 WS-07: a name of any bytes at all is repeated as it came', async () => {
    const withLabel = (label: Buffer) => {
      const bytes = query('xxxx.example.com', 'A');
      label.copy(bytes, bytes.indexOf('xxxx'));
      return bytes;
    };
    for (const label of [Buffer.from('a.bc'), Buffer.from([0xff, 0xff, 0xff, 0xff])]) {
      const asked = withLabel(label);
      const reply = await sendUdp(asked);
      expect(packet.decode(reply)).toMatchObject({ rcode: 'NXDOMAIN' });
      expect(reply.subarray(12, asked.length)).toEqual(asked.subarray(12));
    }
    expect(packet.decode(await sendUdp(withLabel(Buffer.from('a_-1'))))).toMatchObject({ rcode: 'NXDOMAIN' });
  });
});

function canBeRead(reply: Buffer): boolean {
  try {
    packet.decode(reply);
    return true;
  } catch {
    return false;
  }
}
