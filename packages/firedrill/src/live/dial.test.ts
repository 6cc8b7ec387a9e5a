import { Readable } from 'node:stream';
import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Instant } from '../model/index.ts';
import { after, atSeconds } from '../model/index.ts';
import type { Arrival, Conversation, Exchange, Hindrance, Moment, Outcome, World } from '../engine/index.ts';
import { KeptBody, StreamedBody } from './bodies.ts';
import {
  answering,
  bodyReply,
  CITY,
  converse,
  EDGE,
  elapsedMs,
  exchangeWith,
  GATEWAY,
  HOST,
  requestFor,
  textReply,
} from '../../test/hand-made-world.ts';

/** What came of an exchange and how much world time it took. */
interface Came {
  readonly outcome: Outcome;
  readonly tookMs: number;
}

function* timed(exchange: (now: Instant) => Exchange, moment: Moment): Conversation<Came> {
  const began = moment.now;
  const outcome = (yield exchange(began)) as Outcome;
  return { outcome, tookMs: elapsedMs(began, moment.now) };
}

const SPEED = 20;

async function exchange(world: Partial<World>, differs: Partial<Exchange> = {}): Promise<Came> {
  return await converse(world, (moment) => timed(() => exchangeWith(differs), moment), { speed: SPEED });
}

const hindered = (effect: Hindrance): Partial<World> => ({ hindrance: () => effect });
const lost = (effect: Hindrance): Partial<World> => ({ returnHindrance: () => effect });

/** A server that never answers. */
const silent: Partial<World> = {
  *serve() {
    yield { kind: 'pause', until: atSeconds(3000) };
    return textReply('late');
  },
};

describe('an exchange of the world’s own clients', () => {
  test('leaves a body that has come whole to whoever passes it on, however long after the connection', async () => {
    const patient = { connectTimeoutMs: 60_000, responseTimeoutMs: 60_000 };
    const world: Partial<World> = {
      *serve(arrival, moment) {
        if (arrival.to !== EDGE.address) return textReply('hello');
        const outcome = (yield exchangeWith({ ...patient, from: EDGE.vantage, to: GATEWAY.address })) as Outcome;
        // As long as a function may look at its head.
        yield { kind: 'pause', until: after(moment.now, 4000) };
        return outcome.kind === 'answered' ? bodyReply(outcome.body) : textReply(outcome.why);
      },
    };
    const bodyStart = { bytes: 10, timeoutMs: 60_000, decoded: [] };
    const { outcome } = await exchange(world, { ...patient, to: EDGE.address, bodyStart });
    expect(outcome).toMatchObject({ kind: 'answered', body: { bytes: 5, text: 'hello' } });
  });

  test('arrives as it was sent, from its vantage, and its answer comes back with its account', async () => {
    const arrivals: Arrival[] = [];
    const world: Partial<World> = {
      serve: answering((arrival) => {
        arrivals.push(arrival);
        return textReply('hello', {
          status: 418,
          headers: [
            ['X-One', '1'],
            ['x-one', '2'],
          ],
        });
      }),
    };
    const request = requestFor('/a?b=c', {
      method: 'POST',
      headers: [
        ['X-B', 'b'],
        ['x-a', 'a'],
        ['X-B', 'c'],
      ],
      body: { bytes: 2, text: 'hi' } as never,
    });
    const { outcome } = await exchange(world, { request, wholeBody: true });
    const [arrival] = arrivals;
    expect(arrival).toMatchObject({ to: EDGE.address, tls: true, serverName: HOST, from: CITY });
    expect(arrival?.request).toMatchObject({ method: 'POST', target: '/a?b=c', host: HOST });
    expect(arrival?.request.headers).toEqual([
      ['X-B', 'b'],
      ['x-a', 'a'],
      ['X-B', 'c'],
      ['Content-Length', '2'],
    ]);
    expect(arrival?.request.body?.bytes).toBe(2);
    expect(outcome).toMatchObject({
      kind: 'answered',
      status: 418,
      body: { bytes: 5 },
      account: { edge: 'DUB', cause: 7 },
    });
    const headers = outcome.kind === 'answered' ? outcome.headers.filter(([name]) => /x-one/i.test(name)) : [];
    expect(headers).toEqual([
      ['X-One', '1'],
      ['x-one', '2'],
    ]);
  });

  test('a black hole lasts for the connect timeout of world time', async () => {
    const patience = { connectTimeoutMs: 3000, responseTimeoutMs: 600_000 };
    const { outcome, tookMs } = await exchange(hindered({ kind: 'blackhole' }), patience);
    expect(outcome).toEqual({ kind: 'unanswered', why: 'connect-timeout' });
    expect(tookMs).toBeGreaterThanOrEqual(3000);
    expect(tookMs).toBeLessThan(600_000);
  });

  test('an address outside the world is a black hole, whoever may be there', async () => {
    const { outcome } = await exchange({}, { to: '127.0.0.1', connectTimeoutMs: 500 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'connect-timeout' });
  });

  test('a refusal comes at once', async () => {
    const { outcome, tookMs } = await exchange(hindered({ kind: 'refuse' }), { connectTimeoutMs: 600_000 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'refused' });
    expect(tookMs).toBeLessThan(600_000);
  });

  test('a port that AWS does not listen on refuses', async () => {
    const { outcome } = await exchange({}, { port: 8443 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'refused' });
  });

  test('a hang connects and brings no answer; the request never arrives', async () => {
    let arrived = 0;
    const world: Partial<World> = {
      ...hindered({ kind: 'hang' }),
      serve: answering(() => {
        arrived += 1;
        return textReply('hello');
      }),
    };
    const { outcome, tookMs } = await exchange(world, { connectTimeoutMs: 60_000, responseTimeoutMs: 2000 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'response-timeout' });
    expect(tookMs).toBeGreaterThanOrEqual(2000);
    expect(arrived).toBe(0);
  });

  test('a hang does not keep a connection from being made', async () => {
    const { outcome } = await exchange(hindered({ kind: 'hang' }), { tls: undefined, port: 80, request: undefined });
    expect(outcome.kind).toBe('answered');
  });

  test('resets and failed handshakes are told apart', async () => {
    expect((await exchange(hindered({ kind: 'reset' }))).outcome).toEqual({ kind: 'unanswered', why: 'reset' });
    expect((await exchange(hindered({ kind: 'tls' }))).outcome).toEqual({ kind: 'unanswered', why: 'tls' });
  });

  test('a slow answer comes later by the delay of world time, or too late', async () => {
    const slow = hindered({ kind: 'slow', delayMs: 2000 });
    const inTime = await exchange(slow, { responseTimeoutMs: 60_000 });
    expect(inTime.outcome.kind).toBe('answered');
    expect(inTime.tookMs).toBeGreaterThanOrEqual(2000);
    const tooLate = await exchange(slow, { responseTimeoutMs: 1000 });
    expect(tooLate.outcome).toEqual({ kind: 'unanswered', why: 'response-timeout' });
  });

  test('a server that is silent is waited for until the response timeout', async () => {
    const { outcome, tookMs } = await exchange(silent, { connectTimeoutMs: 60_000, responseTimeoutMs: 2000 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'response-timeout' });
    expect(tookMs).toBeGreaterThanOrEqual(2000);
  });

  test('whatever happens, it is over at its last moment', async () => {
    const until = (now: Instant): Exchange =>
      exchangeWith({ until: after(now, 1000), connectTimeoutMs: 60_000, responseTimeoutMs: 60_000 });
    const { outcome, tookMs } = await converse(silent, (moment) => timed(until, moment), { speed: SPEED });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'completion-timeout' });
    expect(tookMs).toBeGreaterThanOrEqual(1000);
  });

  test('an answer that is lost on its way back is waited for; one that is reset is not', async () => {
    const { outcome } = await exchange(lost({ kind: 'blackhole' }), { responseTimeoutMs: 1000 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'response-timeout' });
    expect((await exchange(lost({ kind: 'reset' }))).outcome).toEqual({ kind: 'unanswered', why: 'reset' });
  });

  test('a certificate for another name fails the handshake, unless nobody looks (R53 HC-11)', async () => {
    const tls = { serverName: HOST, verifyNames: ['other.example.com'] };
    expect((await exchange({}, { tls })).outcome).toEqual({ kind: 'unanswered', why: 'tls' });
    expect((await exchange({}, { tls: { ...tls, verifyNames: undefined } })).outcome.kind).toBe('answered');
    const either = { serverName: HOST, verifyNames: ['other.example.com', HOST] };
    expect((await exchange({}, { tls: either })).outcome.kind).toBe('answered');
  });

  test('a server name that the endpoint does not know, and none at all, fail the handshake', async () => {
    for (const serverName of ['unknown.example.com', undefined]) {
      const { outcome } = await exchange({}, { tls: { serverName, verifyNames: undefined } });
      expect(outcome).toEqual({ kind: 'unanswered', why: 'tls' });
    }
    // Not even when there is a certificate to show without a name.
    const world: Partial<World> = { certificateNames: (_address, name) => (name === undefined ? [HOST] : []) };
    const { outcome } = await exchange(world, { tls: { serverName: 'unknown.example.com', verifyNames: undefined } });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'tls' });
  });

  test('without a server name the certificate is the one that the endpoint shows without', async () => {
    const world: Partial<World> = { certificateNames: () => [HOST] };
    const { outcome } = await exchange(world, { tls: { serverName: undefined, verifyNames: [HOST] } });
    expect(outcome.kind).toBe('answered');
  });

  test('a body that breaks off is no whole body, nor one whose packets stop coming', async () => {
    const brokenOff = new Readable({ read: () => undefined });
    brokenOff.push('ten bytes.');
    const world = (stream: Readable): Partial<World> => ({
      serve: answering(() => bodyReply(new StreamedBody(stream, 100))),
    });
    const reset = converse(world(brokenOff), (moment) => timed(() => exchangeWith({ wholeBody: true }), moment));
    // Read as soon as the head is on its way; only then does it break off.
    brokenOff.once('resume', () => setImmediate(() => brokenOff.destroy()));
    expect((await reset).outcome).toEqual({ kind: 'unanswered', why: 'reset' });

    const stalled = new Readable({ read: () => undefined });
    stalled.push('ten bytes.');
    const { outcome, tookMs } = await exchange(world(stalled), { wholeBody: true, responseTimeoutMs: 2000 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'response-timeout' });
    expect(tookMs).toBeGreaterThanOrEqual(2000);
  });

  test('R53 HC-07, HC-08: who looks into a body gets its beginning, with its encoding undone, and waits for no more', async () => {
    const bodyStart = { bytes: 20, timeoutMs: 2000, decoded: ['gzip', 'deflate'] } as const;
    const beginningOf = async (content: Buffer, encoding: string): Promise<unknown> => {
      const headers = [['Content-Encoding', encoding]] as const;
      const serve = answering(() => bodyReply(new KeptBody(content), { headers }));
      const { outcome } = await exchange({ serve }, { bodyStart });
      return outcome.kind === 'answered' && 'text' in outcome.body ? outcome.body.text : outcome;
    };
    const text = 'All is well. '.repeat(1000);
    const beginning = text.slice(0, 20);
    expect(await beginningOf(Buffer.from(text), 'identity')).toBe(beginning);
    expect(await beginningOf(gzipSync(text), 'gzip')).toBe(beginning);
    expect(await beginningOf(deflateSync(text), 'deflate')).toBe(beginning);
    expect(await beginningOf(Buffer.from('short'), 'identity')).toBe('short');

    const stalled = new Readable({ read: () => undefined });
    stalled.push('ten bytes.');
    const serve = answering(() => bodyReply(new StreamedBody(stalled, 100)));
    const { outcome } = await exchange({ serve }, { bodyStart });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'response-timeout' });
  });

  test('a computer that is busy does not look like a Region that is dead', async () => {
    const world: Partial<World> = {
      serve: answering(() => {
        // Thrice the patience of the client, as far as the wall is concerned.
        const until = performance.now() + 1800;
        while (performance.now() < until);
        return textReply('hello');
      }),
    };
    const conversation = (moment: Moment): Conversation<Came> =>
      timed(() => exchangeWith({ connectTimeoutMs: 60_000, responseTimeoutMs: 60_000 }), moment);
    const { outcome } = await converse(world, conversation, { speed: 100 });
    expect(outcome).toMatchObject({ kind: 'answered', status: 200 });
  });

  test('a fault that begins in mid-flight is met on the way back', async () => {
    let served = false;
    const world: Partial<World> = {
      serve: answering(() => {
        served = true;
        return textReply('hello');
      }),
      hindrance: () => (served ? { kind: 'refuse' } : undefined),
      returnHindrance: () => (served ? { kind: 'blackhole' } : undefined),
    };
    const { outcome } = await exchange(world, { responseTimeoutMs: 1000 });
    expect(outcome).toEqual({ kind: 'unanswered', why: 'response-timeout' });
  });
});
