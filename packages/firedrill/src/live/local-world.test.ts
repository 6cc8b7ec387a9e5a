import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import type { AddressInfo, Server } from 'node:net';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { atSeconds } from '../model/index.ts';
import type { TimelineEvent } from '../model/index.ts';
import type { Conversation, Endpoint, Invocation, Outcome, World } from '../engine/index.ts';
import { hybridArchitecture, hybridPlan } from '../../test/hybrid-architecture.ts';
import {
  answering,
  CITY,
  converse,
  dnsReply,
  EDGE,
  exchangeWith,
  GATEWAY,
  handMadeWorld,
  HOST,
  NAME_SERVER,
  planUntil,
  textReply,
  withWorld,
} from '../../test/hand-made-world.ts';
import { LiveError, openWorld, PORTS } from './index.ts';
import type { LocalWorld } from './index.ts';

/** Long enough to never come in a test. */
const LATE = atSeconds(3000);

function addresses(local: LocalWorld): { readonly address: string; readonly port: number }[] {
  const { endpoints, dns } = local;
  return [
    dns,
    ...endpoints.flatMap(({ address, httpsPort, httpPort }) => [
      { address, port: httpsPort },
      { address, port: httpPort },
    ]),
  ];
}

async function accepts({ address, port }: { readonly address: string; readonly port: number }): Promise<boolean> {
  const socket = connect(port, address);
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function occupy(address: string, port = 0): Promise<Server & { readonly port: number }> {
  const server = createServer().listen(port, address);
  await once(server, 'listening');
  return Object.assign(server, { port: (server.address() as AddressInfo).port });
}

describe('opening', () => {
  test('every endpoint has sockets of its own, and none is left when it closes', async () => {
    const sockets = await withWorld(handMadeWorld(), async (local) => {
      expect(local.endpoints.map(({ endpoint, address }) => [endpoint.label, address])).toEqual([
        ['DUB', EDGE.address],
        ['eu-west-1', GATEWAY.address],
      ]);
      expect(local.findings).toEqual([]);
      const open = addresses(local);
      for (const address of open) expect(await accepts(address)).toBe(true);
      return open;
    });
    for (const address of sockets) expect(await accepts(address)).toBe(false);
  });

  test('a port that is taken is told with its address, and nothing half started stays behind', async () => {
    // Ports that are free now; the last one to be opened is taken.
    const free = await Promise.all([occupy(EDGE.address), occupy(EDGE.address)]);
    const [https, http] = [free[0].port, free[1].port];
    for (const server of free) server.close();
    const taken = await occupy(NAME_SERVER.address);
    try {
      const opening = withWorld(handMadeWorld(), async () => undefined, { ports: { https, http, dns: taken.port } });
      const error: unknown = await opening.catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(LiveError);
      const findings = error instanceof LiveError ? error.findings : [];
      expect(findings).toMatchObject([{ code: 'live/port-taken', weight: 'error' }]);
      expect(findings[0]?.says).toContain(`${NAME_SERVER.address}:${taken.port}`);
      expect(findings[0]?.remedy).toContain('--ports any');
      for (const { address } of [EDGE, GATEWAY]) {
        expect(await accepts({ address, port: https })).toBe(false);
        expect(await accepts({ address, port: http })).toBe(false);
      }
    } finally {
      taken.close();
    }
  });

  test('a system without the addresses shares one, and a drill runs all the same', async () => {
    // No machine has an address of TEST-NET-1 (RFC 5737).
    const elsewhere = (endpoint: Endpoint, address: string): Endpoint => ({ ...endpoint, address });
    const endpoints = [
      elsewhere(EDGE, '192.0.2.1'),
      elsewhere(GATEWAY, '192.0.2.2'),
      elsewhere(NAME_SERVER, '192.0.2.3'),
    ];
    const answers = [{ name: HOST, type: 'A', ttlSeconds: 60, data: '192.0.2.2' }];
    const asked: string[] = [];
    const world: Partial<World> = {
      endpoints,
      answer(_question, asker) {
        asked.push(asker.name);
        return dnsReply('NOERROR', { answers });
      },
      serve: answering(({ to, from }) =>
        textReply('hello', {
          headers: [
            ['X-To', to],
            ['X-From', from.name],
          ],
        }),
      ),
    };
    await withWorld(handMadeWorld(world), async (local) => {
      expect(local.findings).toMatchObject([{ code: 'live/no-loopback', weight: 'warning' }]);
      expect(new Set(local.endpoints.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']));
    });
    const outcome = await converse(world, function* both(): Conversation<Outcome> {
      yield { kind: 'query', from: CITY, question: { name: HOST, type: 'A' }, timeoutMs: 5000 };
      return (yield exchangeWith({ to: '192.0.2.2' })) as Outcome;
    });
    expect(outcome).toMatchObject({
      kind: 'answered',
      headers: expect.arrayContaining([
        ['X-To', '192.0.2.2'],
        ['X-From', CITY.name],
      ]),
    });
    expect(asked).toEqual([CITY.name]);
  });

  test('a home outside the world is a mistake of the user’s', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-live-'));
    const options = {
      architecture: hybridArchitecture(),
      plan: hybridPlan([]),
      speed: 1,
      ports: PORTS.any,
      stateDirectory,
    };
    await expect(openWorld({ ...options, sink: () => undefined, home: 'Atlantis' })).rejects.toMatchObject({
      findings: [{ code: 'drill/unknown-place' }],
    });
    await rm(stateDirectory, { recursive: true });
  });

  test('a function that does not start keeps the world from opening, and no event is told', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-live-'));
    const architecture = hybridArchitecture();
    const functions = architecture.functions.map((fn) => ({ ...fn, handler: 'index.missing' }));
    const events: TimelineEvent[] = [];
    const options = {
      architecture: { ...architecture, functions },
      plan: hybridPlan([]),
      speed: 1,
      ports: PORTS.any,
      stateDirectory,
    };
    const opening = openWorld({ ...options, sink: (event) => void events.push(event) });
    await expect(opening).rejects.toMatchObject({
      findings: [{ code: 'live/function-init' }, { code: 'live/function-init' }],
    });
    expect(events).toEqual([]);
    await rm(stateDirectory, { recursive: true });
  });

  test('functions that no request can reach are not started', async () => {
    const stateDirectory = await mkdtemp(join(tmpdir(), 'firedrill-live-'));
    const architecture = hybridArchitecture();
    const helper = {
      ...architecture.functions[0],
      arn: 'arn:aws:lambda:eu-west-1:123456789012:function:helper',
      runtime: 'ruby3.4',
    };
    const functions = [...architecture.functions, helper as (typeof architecture.functions)[number]];
    const options = {
      architecture: { ...architecture, functions },
      plan: hybridPlan([]),
      speed: 1,
      ports: PORTS.any,
      stateDirectory,
    };
    const local = await openWorld({ ...options, sink: () => undefined });
    await local.close();
    expect(await readdir(join(stateDirectory, 'logs'))).toHaveLength(2);
    await rm(stateDirectory, { recursive: true });
  });
});

describe('running', () => {
  test('a plan runs to its end, and on until every request sent in it has ended', async () => {
    const order: string[] = [];
    const world = handMadeWorld({
      plan: planUntil(2),
      background: [
        {
          name: 'probe',
          *start() {
            yield { kind: 'pause', until: atSeconds(1) };
            yield {
              kind: 'spawn',
              *start() {
                yield { kind: 'pause', until: atSeconds(4) };
                order.push('request ended');
              },
            };
            // What has no end of its own is not waited for.
            yield { kind: 'pause', until: LATE };
            order.push('never');
          },
        },
      ],
      end: (at, reason) => void order.push(`${reason} ${at >= atSeconds(4) ? 'after the request' : 'too early'}`),
    });
    await withWorld(
      world,
      async (local) => {
        expect(await local.run(new AbortController().signal)).toBe('finished');
      },
      { speed: 20 },
    );
    expect(order).toEqual(['request ended', 'finished after the request']);
  });

  test('an interruption ends it at once', async () => {
    const ended: string[] = [];
    const interruption = new AbortController();
    const world = handMadeWorld({
      background: [
        {
          name: 'probe',
          *start() {
            yield {
              kind: 'spawn',
              *start() {
                yield { kind: 'pause', until: LATE };
              },
            };
            interruption.abort();
          },
        },
      ],
      end: (_at, reason) => void ended.push(reason),
    });
    await withWorld(world, async (local) => {
      expect(await local.run(interruption.signal)).toBe('interrupted');
    });
    expect(ended).toEqual(['interrupted']);
  });

  test('one that was interrupted before it began does nothing', async () => {
    await withWorld(handMadeWorld(), async (local) => expect(await local.run(AbortSignal.abort())).toBe('interrupted'));
  });

  test('a mistake of ours that an outside client met before the run ends it too', async () => {
    const world = handMadeWorld({
      serve: answering(() => {
        throw new Error('bug before the run');
      }),
    });
    await withWorld(world, async (local) => {
      const [edge] = local.endpoints;
      const response = await fetch(`http://${edge?.address ?? ''}:${edge?.httpPort ?? 0}/`);
      expect(response.status).toBe(500);
      await expect(local.run(new AbortController().signal)).rejects.toThrow('bug before the run');
    });
  });

  test.each(['background', 'spawned', 'serving'] as const)(
    'an error in a conversation (%s) ends the run: it is our mistake',
    async (where) => {
      const fail = function* fail(): Conversation<never> {
        yield { kind: 'pause', until: atSeconds(0) };
        throw new Error(`bug in ${where}`);
      };
      const world = handMadeWorld({
        serve: fail,
        background: [
          {
            name: 'any',
            *start() {
              if (where === 'background') yield* fail();
              if (where === 'spawned') yield { kind: 'spawn', start: fail };
              yield exchangeWith();
            },
          },
        ],
        end: () => expect.unreachable('a run that failed has no end'),
      });
      await withWorld(world, async (local) => {
        await expect(local.run(new AbortController().signal)).rejects.toThrow(`bug in ${where}`);
      });
    },
  );
});

describe('functions', () => {
  const [handler] = hybridArchitecture().functions;

  async function invoke(
    text: string,
    more: { readonly timeoutMs?: number; readonly body?: string; readonly bodyBytesMax?: number } = {},
  ): Promise<Invocation> {
    const architecture = hybridArchitecture();
    const functions = architecture.functions.map((fn) => ({ ...fn, code: { kind: 'inline', text } as const }));
    const invoked = functions[0] ?? handler;
    if (invoked === undefined) throw new Error('the example has functions');
    const body =
      more.body === undefined ? undefined : ({ bytes: Buffer.byteLength(more.body), text: more.body } as never);
    return await converse(
      { architecture: { ...architecture, functions } },
      function* invoking(): Conversation<Invocation> {
        return (yield {
          kind: 'invoke',
          function: invoked,
          body,
          bodyBytesMax: more.bodyBytesMax ?? 1000,
          payload: (collected) => ({
            body: collected?.text ?? null,
            isBase64Encoded: collected?.isBase64Encoded ?? false,
          }),
          timeoutMs: more.timeoutMs ?? 3000,
        }) as Invocation;
      },
    );
  }

  test('the payload is made with the collected body, and what the function returns comes back', async () => {
    const echo = 'exports.handler = async (event) => ({ event, region: process.env.AWS_REGION });';
    expect(await invoke(echo, { body: 'hällo' })).toMatchObject({
      kind: 'returned',
      payload: { event: { body: 'hällo', isBase64Encoded: false }, region: 'eu-west-1' },
    });
    expect(await invoke(echo)).toMatchObject({ payload: { event: { body: null } } });
  });

  test('a body over the limit never reaches the function', async () => {
    expect(await invoke('exports.handler = async () => 1;', { body: 'x'.repeat(11), bodyBytesMax: 10 })).toEqual({
      kind: 'too-large',
    });
  });
});

describe('closing', () => {
  test('waits for nothing that is in flight', async () => {
    const architecture = hybridArchitecture();
    const functions = architecture.functions.map((fn) => ({
      ...fn,
      code: { kind: 'inline', text: 'exports.handler = () => { for (;;); };' } as const,
    }));
    const [busy] = functions;
    if (busy === undefined) throw new Error('the example has functions');
    const under = new Set<string>();
    let allUnderWay: () => void = () => undefined;
    const start = function* start(): Conversation<void> {
      under.add('started');
      yield {
        kind: 'spawn',
        *start() {
          yield exchangeWith({ to: EDGE.address, connectTimeoutMs: 1e6, responseTimeoutMs: 1e6 });
        },
      };
      yield {
        kind: 'spawn',
        *start() {
          yield exchangeWith({ to: '127.1.2.3', connectTimeoutMs: 1e6 });
        },
      };
      yield {
        kind: 'spawn',
        *start() {
          yield { kind: 'query', from: CITY, question: { name: HOST, type: 'A' }, timeoutMs: 1e6 };
        },
      };
      yield { kind: 'invoke', function: busy, body: undefined, bodyBytesMax: 0, payload: () => null, timeoutMs: 1e6 };
    };
    const world = handMadeWorld({
      architecture: { ...architecture, functions },
      answer: () => dnsReply('timeout'),
      *serve() {
        allUnderWay();
        yield { kind: 'pause', until: LATE };
        return textReply('late');
      },
      background: [{ name: 'busy', start }],
    });
    const reached = new Promise<void>((resolve) => (allUnderWay = resolve));
    const interruption = new AbortController();
    await withWorld(world, async (local) => {
      const running = local.run(interruption.signal);
      await reached;
      interruption.abort();
      expect(await running).toBe('interrupted');
    });
    expect(under).toEqual(new Set(['started']));
  });

  test('can be done twice', async () => {
    await withWorld(handMadeWorld(), async (local) => {
      await local.close();
      await expect(local.close()).resolves.toBeUndefined();
    });
  });
});
