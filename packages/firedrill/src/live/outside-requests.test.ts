import { request as secureRequest } from 'node:https';
import { describe, expect, test } from 'vitest';
import type { ToldRequest, World } from '../engine/index.ts';
import { connectionFor, overHttp1, VERSIONS } from '../../test/edge-clients.ts';
import {
  answering,
  EDGE,
  GATEWAY,
  handMadeWorld,
  HOST,
  passOn,
  textReply,
  withWorld,
} from '../../test/hand-made-world.ts';

const ACCOUNT = { edge: 'DUB', origin: 'one', endpoint: 'eu-west-1', attempts: 1, result: 'Miss', cause: 7 };

/** A world that keeps what it is told, and says when there is more. */
class Told {
  readonly all: ToldRequest[] = [];
  private readonly waiting: (() => void)[] = [];

  world(more: Partial<World>): World {
    const tellRequest = (told: ToldRequest): void => {
      this.all.push(told);
      for (const go of this.waiting.splice(0)) go();
    };
    return handMadeWorld({ ...more, tellRequest });
  }

  async next(): Promise<void> {
    await new Promise<void>((resolve) => void this.waiting.push(resolve));
  }
}

describe.each(VERSIONS)('over %s', (_version, send) => {
  test.each([
    [200, true],
    [404, true],
    [503, false],
  ])('an answer with %i is told once, with who gave it, as a success: %s', async (status, success) => {
    const told = new Told();
    const serve = answering(() => ({ ...textReply('hello', { status }), account: ACCOUNT }));
    await withWorld(told.world({ serve }), async (local) => void (await send(local, { method: 'POST' })), {
      hearsClients: true,
    });
    expect(told.all).toMatchObject([
      {
        to: EDGE.address,
        cause: 7,
        ended: {
          probe: HOST,
          method: 'POST',
          place: 'Dublin',
          end: 'answered',
          status,
          success,
          endpoint: 'eu-west-1',
        },
      },
    ]);
  });

  test.each([
    ['refuse', 'refused'],
    ['reset', 'reset'],
    ['tls', 'tls'],
  ] as const)('a network that does %s is told as %s', async (kind, end) => {
    const told = new Told();
    await withWorld(
      told.world({ hindrance: () => ({ kind }) }),
      async (local) => await expect(send(local)).rejects.toThrow(),
      { hearsClients: true },
    );
    expect(told.all).toMatchObject([{ ended: { end, status: 0, success: false, endpoint: '' } }]);
  });
});

test('who leaves without an answer is told as one who has waited long enough', async () => {
  const told = new Told();
  let arrived = (): void => undefined;
  const hindrance: World['hindrance'] = () => {
    arrived();
    return { kind: 'blackhole' };
  };
  await withWorld(
    told.world({ hindrance }),
    async (local) => {
      const hasArrived = new Promise<void>((resolve) => (arrived = resolve));
      const request = secureRequest(await connectionFor(local, {}));
      request.once('error', () => undefined).end();
      await hasArrived;
      const next = told.next();
      request.destroy();
      await next;
    },
    { hearsClients: true },
  );
  expect(told.all).toMatchObject([{ ended: { end: 'timeout', success: false } }]);
});

test('requests of the world’s own are not told, nor any when nobody asked for it', async () => {
  const serve = passOn((arrival) => textReply(arrival.to));
  for (const [hearsClients, tos] of [
    [true, [EDGE.address]],
    [false, []],
  ] as const) {
    const told = new Told();
    await withWorld(
      told.world({ serve }),
      async (local) => expect((await overHttp1(local)).text).toBe(GATEWAY.address),
      {
        hearsClients,
      },
    );
    expect(told.all.map(({ to }) => to)).toEqual(tos);
  }
});
