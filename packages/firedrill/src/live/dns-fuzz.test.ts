import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createWorld } from '../engine/index.ts';
import type { RecordSet } from '../model/index.ts';
import { assert, EMPTY_ARCHITECTURE } from '../model/index.ts';
import { CAPTURED } from '../../test/captured-questions.ts';
import { DnsMutator } from '../../test/dns-mutator.ts';
import { collectGarbage } from '../../test/garbage.ts';
import { hybridPlan } from '../../test/hybrid-architecture.ts';
import { WorldClock } from './clock.ts';
import { encodeQuestion } from './dns-codec.ts';
import { questionOf, readQuery } from './dns-query.ts';
import { encodeReply, udpBytesMax } from './dns-reply.ts';
import { DnsServer } from './dns-server.ts';
import { InsideTraffic } from './inside-traffic.ts';

/*
 * Malformed messages, made of questions that real clients have sent. `npm run fuzz:dns` sends a million of them. A seed that fails
 * is printed; DNS_FUZZ_SEED=… repeats it.
 */

const PACKETS = Number(process.env['DNS_FUZZ_PACKETS'] ?? 20_000);
const SEED = process.env['DNS_FUZZ_SEED'] ?? '1';
const ADDRESS = '127.0.0.1';
const GROWTH_MB_MAX = 12;
const TIME_LIMIT_MS = 600_000 + PACKETS;
/** Messages that are sent without waiting. */
const AT_ONCE = 64;

const recordSets = ['api', 'www', 'a', 'n', 'near', 'browser'].map((label): RecordSet => {
  const values = Array.from({ length: label === 'api' ? 200 : 2 }, (_, i) => `192.0.2.${i}`);
  return {
    zoneId: 'Z',
    name: `${label}.example.com`,
    type: 'A',
    policy: { kind: 'simple' },
    ttlSeconds: 60,
    values,
    stack: 's',
  };
});
const world = createWorld({
  architecture: { ...EMPTY_ARCHITECTURE, hostedZones: [{ id: 'Z', name: 'example.com', private: false }], recordSets },
  plan: hybridPlan([], { probes: [] }),
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

beforeAll(async () => {
  port = await server.open(ADDRESS, 0);
});
afterAll(() => {
  server.close();
  clock.stop();
});

/** What is in use when all rubbish has been collected. */
function usedMb(): number {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 2 ** 20;
}

/** Runs something once to warm up, then for all messages, and holds it to the memory that it had. */
async function withFlatMemory(run: (packets: number) => Promise<void>): Promise<void> {
  await run(Math.min(PACKETS, 20_000));
  const before = usedMb();
  await run(PACKETS);
  expect(usedMb() - before, `memory grows, seed ${SEED}`).toBeLessThan(GROWTH_MB_MAX);
}

/** Whether a reply may be as long as it is: see the first lines of each branch. */
function faultOf(request: Buffer, reply: Buffer): string | undefined {
  const rcode = reply.readUInt16BE(2) & 0xf;
  if ((reply.readUInt16BE(2) & 0x8000) === 0) return 'no response';
  // To what is malformed, never more than was sent.
  if ((rcode === 1 || rcode === 4) && reply.length > request.length) return 'a refusal is longer than what it refuses';
  // Who did not speak EDNS gets 512 bytes; nobody gets more than 4,096 (R53 WS-04).
  const hasOpt = reply.readUInt16BE(10) > 0;
  if (reply.length > (hasOpt ? 4096 : 512)) return `${reply.length} bytes are too many`;
  return undefined;
}

test(
  'no message makes the codec throw, or write more than is allowed',
  async () => {
    const faults: string[] = [];
    await withFlatMemory(async (packets) => {
      const mutator = new DnsMutator(CAPTURED, SEED);
      for (let i = 0; i < packets; i++) {
        const message = mutator.next();
        const read = readQuery(message);
        if (read.kind === 'drop') continue;
        if (read.kind === 'refusal') {
          if (read.reply.length > message.length) faults.push(message.toString('hex'));
          continue;
        }
        const { answers, authority } = world.answer(questionOf(read.query), vantage, clock.now());
        const most = udpBytesMax(read.query);
        const reply = encodeReply(read.query, { rcode: 'NOERROR', isAuthoritative: true, answers, authority }, most);
        if (reply.length > most || faultOf(message, reply) !== undefined) faults.push(message.toString('hex'));
      }
      await Promise.resolve();
    });
    expect(faults, `seed ${SEED}`).toEqual([]);
  },
  TIME_LIMIT_MS,
);

test(
  'over UDP no message ends the server, keeps it from the next, or is answered with more than is allowed',
  async () => {
    const socket = createSocket({ type: 'udp4', recvBufferSize: 2 ** 20 });
    socket.bind(0, ADDRESS);
    await once(socket, 'listening');
    const faults: string[] = [];
    let replies = 0;
    const sent = new Map<number, Buffer>();
    let isThrough: () => void = () => undefined;
    socket.on('message', (reply) => {
      replies += 1;
      const id = reply.readUInt16BE(0);
      if (id === 0xffff) return isThrough();
      const request = sent.get(id);
      const fault = request === undefined ? 'an answer to nothing' : faultOf(request, reply);
      if (fault !== undefined) faults.push(`${fault}: ${request?.toString('hex')}`);
    });
    const well = encodeQuestion(0xffff, { name: 'www.example.com', type: 'A' });
    await withFlatMemory(async (packets) => {
      const mutator = new DnsMutator(CAPTURED, `${SEED} udp`);
      for (let i = 0; i < packets; i += AT_ONCE) {
        sent.clear();
        for (let id = 0; id < AT_ONCE; id++) {
          const message = mutator.next();
          if (message.length >= 2) message.writeUInt16BE(id, 0);
          sent.set(id, message);
          socket.send(message, port, ADDRESS);
        }
        // The next good question is answered, every time.
        const through = new Promise<void>((resolve) => (isThrough = resolve));
        socket.send(well, port, ADDRESS);
        await through;
      }
    });
    socket.close();
    expect(faults, `seed ${SEED}`).toEqual([]);
    expect(replies).toBeGreaterThan(PACKETS / 2);
  },
  TIME_LIMIT_MS,
);

/** Sends bytes on a connection of their own; answers with what came back until the other side, or we, had enough. */
async function converseOverTcp(bytes: Buffer): Promise<Buffer> {
  const socket: Socket = connect(port, ADDRESS);
  const received: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => received.push(chunk));
  socket.on('error', () => undefined);
  socket.end(bytes);
  // Half-closed: the server answers what was whole and closes too.
  await once(socket, 'close');
  return Buffer.concat(received);
}

test(
  'over TCP neither messages nor the lengths before them end the server, and a good question is answered behind any that are whole',
  async () => {
    const well = encodeQuestion(0xffff, { name: 'www.example.com', type: 'A' });
    const framed = (message: Buffer): Buffer =>
      Buffer.concat([Buffer.of(message.length >> 8, message.length & 0xff), message]);
    const faults: string[] = [];
    await withFlatMemory(async (packets) => {
      const mutator = new DnsMutator(CAPTURED, `${SEED} tcp`);
      for (let i = 0; i < packets / 10; i += AT_ONCE) {
        const messages = Array.from({ length: AT_ONCE }, () => mutator.next());
        const whole = Buffer.concat([...messages, well].map(framed));
        const replies = await converseOverTcp(whole);
        const last = replies.lastIndexOf(Buffer.of(0xff, 0xff, 0x84));
        if (last < 0) faults.push(whole.toString('hex'));
        // The same with a length that lies: what comes of it may be nothing, but not the end.
        const torn = Buffer.from(whole);
        torn.writeUInt8(mutator.below(256), mutator.below(torn.length));
        await converseOverTcp(torn.subarray(0, mutator.below(torn.length)));
      }
      const reply = await converseOverTcp(framed(well));
      expect(reply.readUInt16BE(2)).toBe(0xffff);
    });
    expect(faults, `seed ${SEED}`).toEqual([]);
  },
  TIME_LIMIT_MS,
);
