import { describe, expect, test } from 'vitest';
import type { Instant } from '../model/index.ts';
import { after } from '../model/index.ts';
import type { Connection, Conversation, Exchange, Hindrance, Moment, Outcome, World } from '../engine/index.ts';
import { answering, CITY, converse, exchangeWith, requestFor, textReply } from '../../test/hand-made-world.ts';

const SPEED = 20;

/** One exchange of several on one connection: when it begins, in world time, and what befalls it. */
interface Step {
  readonly atMs: number;
  readonly hindrance?: Hindrance;
  readonly method?: string;
}

interface Result {
  readonly outcomes: readonly string[];
  /** Whether the connection was open before each. */
  readonly wasOpen: readonly boolean[];
  readonly isOpen: boolean;
  /** How many connections were opened. */
  readonly opened: number;
}

function isMute(hindrance: Hindrance | undefined): boolean {
  return hindrance?.kind === 'blackhole' || hindrance?.kind === 'hang';
}

/** Sends on one connection, one request after the other. */
async function send(steps: readonly Step[], { tls = true, idleMs = 60_000, body = 'ok' } = {}): Promise<Result> {
  const connection: Connection = { isOpen: false, idleMs };
  let hindrance: Hindrance | undefined;
  let opened = 0;
  const world: Partial<World> = {
    hindrance: () => hindrance,
    certificateNames: () => {
      // Looked at once for each handshake's server name, and once for the server itself.
      opened += 1;
      return ['www.example.com'];
    },
    serve: answering(() => textReply(body)),
  };
  const outcomes: string[] = [];
  const wasOpen: boolean[] = [];
  const sending = function* (moment: Moment): Conversation<boolean> {
    const began: Instant = moment.now;
    opened = 0;
    for (const step of steps) {
      yield { kind: 'pause', until: after(began, step.atMs) };
      hindrance = step.hindrance;
      wasOpen.push(connection.isOpen);
      const need: Exchange = exchangeWith({
        from: CITY,
        wholeBody: true,
        connection,
        request: requestFor('/', { method: step.method ?? 'GET' }),
        responseTimeoutMs: isMute(hindrance) ? 1000 : 600_000,
        ...(tls ? {} : { tls: undefined, port: 80 }),
      });
      const outcome = (yield need) as Outcome;
      outcomes.push(outcome.kind === 'answered' ? String(outcome.status) : outcome.why);
    }
    yield { kind: 'pause', until: after(moment.now, 100) };
    return connection.isOpen;
  };
  const isOpen = await converse(world, sending, { speed: SPEED });
  return { outcomes, wasOpen, isOpen, opened };
}

describe('a connection that is kept', () => {
  test.each([true, false])('R53 RV-16: carries one request after the other (TLS: %s)', async (tls) => {
    const { outcomes, wasOpen, isOpen, opened } = await send([{ atMs: 0 }, { atMs: 1000 }, { atMs: 2000 }], { tls });
    expect(outcomes).toEqual(['200', '200', '200']);
    expect(wasOpen).toEqual([false, true, true]);
    expect(isOpen).toBe(true);
    if (tls) expect(opened).toBe(1);
  });

  test('carries thirty large answers, and nobody listens to it twice', async () => {
    const warnings: string[] = [];
    const heard = (warning: Error): void => void warnings.push(warning.name);
    process.on('warning', heard);
    const steps = Array.from({ length: 30 }, (_, n) => ({ atMs: n * 200 }));
    const { outcomes, wasOpen } = await send(steps, { body: 'x'.repeat(200_000) });
    process.off('warning', heard);
    expect(new Set(outcomes)).toEqual(new Set(['200']));
    expect(wasOpen.filter((open) => !open)).toHaveLength(1);
    expect(warnings).toEqual([]);
  });

  test('is closed when it has been idle for so long, in world time', async () => {
    const { wasOpen } = await send([{ atMs: 0 }, { atMs: 3000 }], { idleMs: 1500 });
    expect(wasOpen).toEqual([false, false]);
  });

  test('R53 RV-16: goes silent, breaks, or lasts, as what befalls its endpoint is', async () => {
    const after1 = async (hindrance: Hindrance): Promise<string> =>
      (await send([{ atMs: 0 }, { atMs: 1000, hindrance }])).outcomes.join(' ');
    expect(await after1({ kind: 'blackhole' })).toBe('200 response-timeout');
    expect(await after1({ kind: 'hang' })).toBe('200 response-timeout');
    expect(await after1({ kind: 'refuse' })).toBe('200 reset');
    expect(await after1({ kind: 'reset' })).toBe('200 reset');
    expect(await after1({ kind: 'tls' })).toBe('200 200');
    expect(await after1({ kind: 'slow', delayMs: 200 })).toBe('200 200');
  });

  test('is over after a request that had no answer', async () => {
    const { wasOpen, outcomes } = await send([
      { atMs: 0 },
      { atMs: 1000, hindrance: { kind: 'hang' } },
      { atMs: 5000 },
    ]);
    expect(outcomes).toEqual(['200', 'response-timeout', '200']);
    expect(wasOpen).toEqual([false, true, false]);
  });
});
