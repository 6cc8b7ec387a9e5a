import { describe, expect, test } from 'vitest';
import type { Architecture, OriginModel, Plan, Probe, TimelineEvent } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { ACCELERATED, acceleratedArchitecture, acceleratedPlan } from './accelerated-architecture.ts';
import { runLocal } from './run-local.ts';
import type { WebSocketEstate } from './websocket-story.ts';
import { chat, estateOf, faultOf, listener, story, strands } from './websocket-story.ts';

/*
 * Clients of a drill that keep a WebSocket open, in both drivers: what they see, which origins are asked, and how each WebSocket ends.
 */

interface Told extends WebSocketEstate {
  readonly name: string;
  readonly speed: number;
  readonly says: readonly string[];
}

const OPENS = ['opened to 1', 'handshake 101 Miss from 1 after 1'];
const TALKS = [...OPENS, 'message answered by 1'];
const LOST = ['message lost: reset', 'closed to 1: reset'];

const CASES: readonly Told[] = [
  {
    name: 'CF 1.3, 4.21d: one that is broken by its dead origin is begun anew, and the handshake fails over as a GET does',
    probe: chat(),
    seconds: 20,
    speed: 10,
    failsOver: true,
    faults: [faultOf('refuse', { from: 5 })],
    says: [
      ...TALKS,
      'closed to 1: reset',
      'message lost: reset',
      'failed over: refused',
      'opened to 2',
      'handshake 101 Miss from 2 after 2',
      'message answered by 2',
    ],
  },
  {
    name: 'CF 4.21d: without another origin each new handshake is answered with a 502',
    probe: chat(),
    seconds: 12,
    speed: 10,
    faults: [faultOf('reset', { from: 5 })],
    says: [...TALKS, 'closed to 1: reset', 'message lost: reset', 'handshake 502 Error from edge after 1'],
  },
  {
    name: 'one whose origin has fallen silent is given up when a message has no answer in time',
    probe: chat(),
    seconds: 39,
    speed: 10,
    faults: [faultOf('blackhole', { from: 5 })],
    says: [...TALKS, 'message lost: timeout', 'closed to 1: viewer'],
  },
  {
    name: 'a silence that is shorter than the patience of the client is no loss',
    probe: chat(),
    seconds: 30,
    speed: 15,
    faults: [faultOf('blackhole', { from: 5, until: 12 })],
    says: TALKS,
  },
  {
    name: 'an origin whose model takes no WebSocket answers the handshake as any GET: that is none',
    probe: chat(),
    seconds: 8,
    speed: 10,
    first: { webSocket: undefined },
    says: ['handshake 200 Miss from 1 after 1'],
  },
  {
    name: 'CF 4.21a: a behaviour that keeps Sec-WebSocket-Key from the origin has no WebSockets',
    probe: chat(),
    seconds: 8,
    speed: 10,
    forwards: false,
    says: ['handshake 400 Error from 1 after 1'],
  },
  {
    name: 'CF 4.21, 4.21c: without a byte from the origin for ten minutes it is closed',
    probe: listener(),
    seconds: 700,
    speed: 150,
    says: [...OPENS, 'closed to 1: idle', 'loss: closed', ...OPENS],
  },
  {
    name: 'CF 4.21c: what the client says does not keep it open',
    probe: chat({ messageIntervalMs: 100_000, isAnswered: false }, { timeoutMs: 600_000 }),
    seconds: 700,
    speed: 150,
    first: { webSocket: { answers: false } },
    says: [...OPENS, 'closed to 1: idle', 'loss: closed', ...OPENS],
  },
  {
    name: 'CF 4.21c: what the origin says by itself keeps it open',
    probe: listener(),
    seconds: 700,
    speed: 150,
    first: { webSocket: { answers: false, messageIntervalMs: 250_000 } },
    says: OPENS,
  },
  {
    name: 'a client that closes it after its lifetime begins another one at once, and has lost nothing',
    probe: chat({ lifetimeMs: 5000 }),
    seconds: 9,
    speed: 10,
    says: [...TALKS, 'closed to 1: origin', ...TALKS],
  },
  {
    name: 'RS 6.9: a load balancer in between closes it when its idle timeout is over',
    probe: listener(),
    seconds: 100,
    speed: 30,
    balancerSeconds: 60,
    says: [...OPENS, 'closed to 1: origin', 'loss: closed', ...OPENS],
  },
  {
    name: 'RS 6.9: either side keeps it open through a load balancer',
    probe: chat({ messageIntervalMs: 40_000, isAnswered: false }),
    seconds: 200,
    speed: 50,
    balancerSeconds: 60,
    first: { webSocket: { answers: false } },
    says: OPENS,
  },
  {
    name: 'one whose edge is silent is given up; the edge hears of it when the network is back',
    probe: chat(),
    seconds: 80,
    speed: 15,
    faults: [faultOf('blackhole', { from: 5, until: 52, edge: 'DUB' })],
    says: [...TALKS, 'message lost: timeout', 'closed to 1: viewer', 'handshake: timeout', ...TALKS],
  },
  {
    name: 'one whose edge answers nobody breaks off with the next message',
    probe: chat(),
    seconds: 20,
    speed: 10,
    faults: [faultOf('refuse', { from: 5, until: 11, edge: 'DUB' })],
    says: [...TALKS, ...LOST, 'handshake: refused', ...TALKS],
  },
];

function simulated(made: WebSocketEstate): readonly TimelineEvent[] {
  const { architecture, plan } = estateOf(made);
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event));
  return events;
}

test.each(CASES)('$name', async ({ speed, says, ...made }) => {
  const sim = simulated(made);
  expect(story(sim)).toEqual(says);
  const { architecture, plan } = estateOf(made);
  expect(strands(await runLocal(architecture, plan, speed))).toEqual(strands(sim));
});

describe('through an accelerator and a load balancer', () => {
  const REGION = 'eu-west-1';
  const made = acceleratedArchitecture({ targetGroup: { targetType: 'ip', targets: [{ id: '10.0.0.1', port: 80 }] } });
  const architecture: Architecture = {
    ...made,
    // The accelerator is what forgets first.
    loadBalancers: made.loadBalancers.map((balancer) => ({ ...balancer, idleTimeoutSeconds: 4000 })),
  };
  const taking: OriginModel = { latencyMs: 0, status: 200, bodyBytes: 5, region: REGION, webSocket: { answers: true } };
  const planOf = (kept: Probe): Plan =>
    acceleratedPlan({
      probes: [{ ...kept, url: `wss://${ACCELERATED}/chat` }],
      origins: { '10.0.0.1': taking },
      endSeconds: 400,
    });

  test.each([
    {
      name: 'one that nothing goes over for 340 s is broken off (RS 2.19)',
      probe: listener(),
      says: ['handshake 101  from eu-west-1 after 0', 'loss: reset', 'handshake 101  from eu-west-1 after 0'],
    },
    {
      name: 'one that something goes over is kept',
      probe: chat({ messageIntervalMs: 100_000 }, { timeoutMs: 600_000 }),
      says: ['handshake 101  from eu-west-1 after 0', 'message answered by eu-west-1'],
    },
  ])('$name', async ({ probe, says }) => {
    const sim: TimelineEvent[] = [];
    simulate(architecture, planOf(probe), (event) => void sim.push(event));
    expect(strands(sim).client).toEqual(says);
    expect(strands(await runLocal(architecture, planOf(probe), 100)).client).toEqual(says);
  });
});

describe('what is told of each', () => {
  const ends = (events: readonly TimelineEvent[]) =>
    events.flatMap((event) => (event.what === 'request.ended' ? [{ at: event.at, ...event.data }] : []));

  test('messages are due at an even rate, whatever becomes of the WebSocket: one without it has failed', () => {
    const told = ends(simulated({ probe: chat(), seconds: 14, faults: [faultOf('refuse', { from: 5 })] }));
    const messages = told.filter(({ webSocket }) => webSocket === 'message');
    expect(messages.map(({ sentAt, end, success }) => `${sentAt / 1e6} ${end} ${success}`)).toEqual([
      '2 answered true',
      '4 answered true',
      '6 reset false',
      '8 closed false',
      '10 closed false',
      '12 closed false',
    ]);
    // A handshake a second, from the loss on.
    expect(told.filter(({ webSocket, success }) => webSocket === 'handshake' && !success)).toHaveLength(7);
  });

  test('the time of a message is until its answer, with the latency of the model', () => {
    const first: Partial<OriginModel> = { latencyMs: 700 };
    const [, message] = ends(simulated({ probe: chat(), seconds: 5, first }));
    expect(message?.ttfbMs).toBeGreaterThan(700);
    expect(message?.ttfbMs).toBeLessThan(800);
  });

  test('each of many clients has a WebSocket of its own', () => {
    const population = { clients: 20, resolvers: [{ preset: 'plain', share: 1 }] } as const;
    const events = simulated({ probe: chat({}, { population }), seconds: 10 });
    expect(events.filter(({ what }) => what === 'websocket.opened')).toHaveLength(20);
    expect(ends(events).every(({ success }) => success)).toBe(true);
    expect(ends(events).filter(({ webSocket }) => webSocket === 'message').length).toBeGreaterThan(60);
  });

  test('the same seed tells the same, byte for byte', () => {
    const made: WebSocketEstate = {
      probe: chat(),
      seconds: 30,
      failsOver: true,
      faults: [faultOf('hang', { from: 5, until: 20 })],
    };
    expect(simulated(made)).toEqual(simulated(made));
  });

  test('the end of one that a fault has broken names the fault as its cause', () => {
    const events = simulated({ probe: chat(), seconds: 10, faults: [faultOf('refuse', { from: 5 })] });
    const fault = events.find(({ what }) => what === 'fault.started');
    expect(events.find(({ what }) => what === 'websocket.closed')?.cause).toBe(fault?.seq);
  });
});
