import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { DnsRecord, DnsReply, Query, Question, Vantage, World } from '../engine/index.ts';
import { CITY, converse, dnsReply, EDGE, handMadeWorld, withWorld } from '../../test/hand-made-world.ts';
import { decodeReply, encodeQuestion } from './dns-codec.ts';

const A: DnsRecord = { name: 'api.example.com', type: 'A', ttlSeconds: 60, data: '127.82.0.1' };
const SOA: DnsRecord = {
  ...A,
  name: 'example.com',
  type: 'SOA',
  data: 'ns-1.awsdns-01.com awsdns-hostmaster.amazon.com 1 7200 900 1209600 86400',
};
const MANY = Array.from({ length: 60 }, (_, i) => ({ ...A, name: 'many.example.com', data: `127.82.0.${i}` }));

function answer(question: Question): DnsReply {
  switch (question.name) {
    case 'api.example.com':
      return question.type === 'A' ? dnsReply('NOERROR', { answers: [A] }) : dnsReply('NOERROR', { authority: [SOA] });
    case 'many.example.com':
      return dnsReply('NOERROR', { answers: MANY, cause: 9 });
    case 'silent.example.com':
      return dnsReply('timeout');
    case 'missing.example.com':
      return dnsReply('NXDOMAIN', { authority: [SOA], negativeTtlSeconds: 900, cause: 4 });
    default:
      return dnsReply('REFUSED');
  }
}

describe('the name servers, to a client from outside', () => {
  async function resolve<Result>(
    use: (resolver: Resolver) => Promise<Result>,
    world: Partial<World> = { answer },
    timeout = 60_000,
  ): Promise<Result> {
    return await withWorld(handMadeWorld(world), async ({ dns }) => {
      const resolver = new Resolver({ timeout, tries: 1 });
      resolver.setServers([`${dns.address}:${dns.port}`]);
      return await use(resolver);
    });
  }

  test('Node’s own resolver understands them', async () => {
    await resolve(async (resolver) => {
      expect(await resolver.resolve4('api.example.com', { ttl: true })).toEqual([{ address: '127.82.0.1', ttl: 60 }]);
      await expect(resolver.resolve6('api.example.com')).rejects.toMatchObject({ code: 'ENODATA' });
      await expect(resolver.resolve4('missing.example.com')).rejects.toMatchObject({ code: 'ENOTFOUND' });
      await expect(resolver.resolve4('www.elsewhere.net')).rejects.toMatchObject({ code: 'EREFUSED' });
    });
    const silence = resolve((resolver) => resolver.resolve4('silent.example.com'), { answer }, 200);
    await expect(silence).rejects.toMatchObject({ code: 'ETIMEOUT' });
  });

  test('what is too long for UDP comes over TCP', async () => {
    expect(await resolve((resolver) => resolver.resolve4('many.example.com'))).toHaveLength(60);
  });

  test('who asks is known by address; strangers stand in the home city', async () => {
    const askers: Vantage[] = [];
    const world: Partial<World> = {
      answer(question, asker) {
        askers.push(asker);
        return answer(question);
      },
    };
    await resolve(async (resolver) => {
      await resolver.resolve4('api.example.com');
      resolver.setLocalAddress(EDGE.address);
      await resolver.resolve4('api.example.com');
    }, world);
    expect(askers).toEqual([CITY, EDGE.vantage]);
  });

  test('several questions on one TCP connection are answered in order, however they are cut', async () => {
    await withWorld(handMadeWorld({ answer }), async ({ dns }) => {
      const messages = ['api', 'missing', 'many'].map((label, id) =>
        encodeQuestion(id, { name: `${label}.example.com`, type: 'A' }),
      );
      const stream = Buffer.concat(messages.flatMap((message) => [Buffer.from([0, message.length]), message]));
      const socket = connect(dns.port, dns.address);
      await once(socket, 'connect');
      socket.write(stream.subarray(0, 40));
      socket.write(stream.subarray(40));
      let received = Buffer.alloc(0);
      const ids: number[] = [];
      for await (const chunk of socket as AsyncIterable<Buffer>) {
        received = Buffer.concat([received, chunk]);
        while (received.length >= 2 && received.length >= 2 + received.readUInt16BE(0)) {
          const end = 2 + received.readUInt16BE(0);
          ids.push(decodeReply(received.subarray(2, end))?.id ?? -1);
          received = received.subarray(end);
        }
        if (ids.length === 3) break;
      }
      expect(ids).toEqual([0, 1, 2]);
    });
  });

  test('nonsense and responses get no answer, and the next question does', async () => {
    await withWorld(handMadeWorld({ answer }), async ({ dns }) => {
      const socket = createSocket('udp4');
      const received: Buffer[] = [];
      socket.on('message', (bytes) => received.push(bytes));
      const asResponse = encodeQuestion(1, { name: 'api.example.com', type: 'A' });
      asResponse.writeUInt16BE(0x8000, 2);
      socket.send(Buffer.from('nonsense'), dns.port, dns.address);
      socket.send(asResponse, dns.port, dns.address);
      socket.send(encodeQuestion(2, { name: 'api.example.com', type: 'A' }), dns.port, dns.address);
      await once(socket, 'message');
      socket.close();
      expect(received.map((bytes) => decodeReply(bytes)?.id)).toEqual([2]);
    });
  });
});

describe('the name servers, to the world’s own resolvers', () => {
  const query = (name: string, timeoutMs = 5000): Query => ({
    kind: 'query',
    from: CITY,
    question: { name, type: 'A' },
    timeoutMs,
  });

  async function ask(name: string, timeoutMs?: number): Promise<{ readonly reply: DnsReply; readonly tookMs: number }> {
    return await converse(
      { answer },
      function* asking(moment) {
        const began = moment.now;
        const reply = (yield query(name, timeoutMs)) as DnsReply;
        return { reply, tookMs: (moment.now - began) / 1000 };
      },
      { speed: 20 },
    );
  }

  test('answers come with what does not travel in packets', async () => {
    expect((await ask('api.example.com')).reply).toMatchObject({ rcode: 'NOERROR', answers: [A] });
    const missing = { rcode: 'NXDOMAIN', authority: [SOA], negativeTtlSeconds: 900, cause: 4 };
    expect((await ask('missing.example.com')).reply).toMatchObject(missing);
    expect((await ask('other.net')).reply.rcode).toBe('REFUSED');
  });

  test('what is too long for UDP is asked for again over TCP', async () => {
    expect((await ask('many.example.com')).reply).toMatchObject({ answers: MANY, cause: 9 });
  });

  test('silence lasts for the timeout of world time', async () => {
    const { reply, tookMs } = await ask('silent.example.com', 2000);
    expect(reply.rcode).toBe('timeout');
    expect(tookMs).toBeGreaterThanOrEqual(2000);
  });
});
