import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { Agent, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { TLSSocket } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Action, Architecture, Plan, RequestEnded, TimelineEvent } from '../src/model/index.ts';
import { atSeconds, NEVER } from '../src/model/index.ts';
import { measure, renderEvent } from '../src/drill/index.ts';
import type { LocalWorld } from '../src/live/index.ts';
import { openWorld, PORTS } from '../src/live/index.ts';
import { simulate } from '../src/sim/index.ts';
import { ACCELERATED, acceleratedArchitecture, acceleratedPlan, balancerArn } from './accelerated-architecture.ts';
import { BACKUP, PRIMARY, primaryFault } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';
import { settles } from './settles.ts';

/*
 * The same application behind an accelerator and behind Route 53 failover that follows load balancers: a Region that falls
 * silent is noticed by the same target checks, and then costs what each of the two adds.
 */

class Run {
  readonly events: readonly TimelineEvent[];

  constructor(events: readonly TimelineEvent[]) {
    this.events = events;
  }

  of(probe: string): readonly RequestEnded[] {
    return this.events.flatMap((event) =>
      event.what === 'request.ended' && event.data.probe === probe ? [event.data] : [],
    );
  }

  failed(probe: string): readonly RequestEnded[] {
    return this.of(probe).filter(({ success }) => !success);
  }

  /** From the first request that failed in a fault that begins then to the last before one that did not: a busy machine may lose others. */
  outageSeconds(probe: string, from = 45): number {
    const sent = this.of(probe).filter(({ sentAt }) => sentAt >= from * 1e6);
    const inOrder = sent.toSorted((one, other) => one.sentAt - other.sentAt);
    const first = inOrder.findIndex(({ success }) => !success);
    const recovered = inOrder.findIndex(({ success }, n) => n > first && success);
    if (first < 0 || recovered < 0) return 0;
    return ((inOrder[recovered - 1]?.sentAt ?? 0) - (inOrder[first]?.sentAt ?? 0)) / 1e6;
  }

  atSeconds(what: TimelineEvent['what']): readonly number[] {
    return this.events.filter((event) => event.what === what).map(({ at }) => at / 1e6);
  }
}

function simulated(architecture: Architecture, plan: Plan): Run {
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event));
  return new Run(events);
}

describe('a Region is black-holed for 155 s', () => {
  const plan = acceleratedPlan({ faults: [primaryFault({ kind: 'blackhole' }, 45, 200)] });
  let sim: Run;
  let local: Run;

  beforeAll(async () => {
    sim = simulated(acceleratedArchitecture(), plan);
    local = new Run(await runLocal(acceleratedArchitecture(), plan, 10));
  });

  test.each(['sim', 'local'])(
    'RS 2.15, 2.18: %s moves new connections 30 s after the endpoint was found unhealthy',
    (driver) => {
      const run = driver === 'sim' ? sim : local;
      const [unhealthy = 0, healthy = 0] = run.atSeconds('accelerator.endpoint-changed');
      const [away = 0, back = 0] = run.atSeconds('accelerator.rerouted');
      // Two checks of 10 s, each given up after 5 s.
      expect(unhealthy).toBeGreaterThan(55);
      expect(unhealthy).toBeLessThan(73);
      expect(away - unhealthy).toBeGreaterThanOrEqual(30);
      expect(away - unhealthy).toBeLessThan(33);
      // RS 2.17: back after another 30 s.
      expect(back - healthy).toBeGreaterThanOrEqual(30);
      expect(back - healthy).toBeLessThan(33);
      expect(run.outageSeconds('accelerated')).toBeGreaterThan(39);
      expect(run.outageSeconds('accelerated')).toBeLessThan(62);
      const served = run.of('accelerated').filter(({ success }) => success);
      const after = served.filter(({ sentAt }) => sentAt > 110e6 && sentAt < 195e6);
      expect(new Set(after.map(({ endpoint }) => endpoint))).toEqual(new Set([BACKUP]));
      expect(served.at(-1)?.endpoint).toBe(PRIMARY);
    },
  );

  test.each(['sim', 'local'])('%s: DNS costs up to a TTL of 60 s instead', (driver) => {
    const run = driver === 'sim' ? sim : local;
    expect(run.outageSeconds('failover')).toBeGreaterThan(8);
    expect(run.outageSeconds('failover')).toBeLessThan(90);
    expect(run.of('failover').some(({ endpoint }) => endpoint === BACKUP)).toBe(true);
  });
});

describe('why each second was lost', () => {
  const plan = acceleratedPlan({ faults: [primaryFault({ kind: 'blackhole' }, 45, 200)] });
  const streams = measure(simulated(acceleratedArchitecture(), plan).events, plan).streams;
  const faultOn = (probe: string) => streams.find((stream) => stream.probe === probe)?.faults[0];

  test('behind an accelerator: finding out, then moving connections, and no cache', () => {
    const fault = faultOn('accelerated');
    expect(fault?.segments.map(({ kind }) => kind)).toEqual(['detection', 'propagation', 'timeouts']);
    expect(fault?.ending).toBe('failover');
    expect(fault?.segments[0]?.says).toMatch(
      /the accelerator found its endpoint in eu-west-1 unhealthy \(timeout\)\.$/,
    );
    expect(fault?.segments[1]?.says).toMatch(
      /^The accelerator went by the new status from .* sent new connections to us-east-1\.$/,
    );
    expect(fault?.propagationSeconds).toBeGreaterThan(29);
    expect(fault?.propagationSeconds).toBeLessThan(33);
    expect(fault?.failback.kind).toBe('measured');
  });

  test('behind a failover name that follows load balancers: finding out, then caches', () => {
    const fault = faultOn('failover');
    expect(fault?.segments.map(({ kind }) => kind)).toEqual(['detection', 'cache-tail', 'timeouts']);
    expect(fault?.segments[0]?.says).toMatch(
      /the load balancer found its endpoint in eu-west-1 unhealthy \(timeout\)\.$/,
    );
    expect(fault?.segments[1]?.says).toMatch(/^Resolvers still held the old answer for failover\.example\.com/);
  });

  test('the timeline says it in words', () => {
    const words = simulated(acceleratedArchitecture(), plan).events.map((event) =>
      renderEvent(event).slice('00:00:00.0  '.length),
    );
    expect(words).toContain('a load balancer in eu-west-1 finds function:app-eu-west-1 unhealthy (timeout)');
    expect(words).toContain('accelerator app finds app in eu-west-1 unhealthy (timeout)');
    expect(words).toContain('accelerator app now sends new connections from DUB to us-east-1 (failover)');
    expect(words).toContain('accelerator app now sends new connections from DUB to eu-west-1 (recovery)');
  });
});

describe('a client from outside, in local', () => {
  const plan = { ...acceleratedPlan({ probes: [] }), end: NEVER };
  const stop = new AbortController();
  let world: LocalWorld;
  let directory = '';
  let ended: Promise<unknown>;
  let ca = '';

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'firedrill-accelerated-'));
    const architecture = acceleratedArchitecture();
    world = await openWorld({
      architecture,
      plan,
      speed: 20,
      ports: PORTS.any,
      stateDirectory: directory,
      sink: () => undefined,
    });
    ca = await readFile(world.caFile, 'utf8');
    ended = world.run(stop.signal);
  });

  afterAll(async () => {
    stop.abort();
    await ended;
    await world.close();
    await rm(directory, { recursive: true, force: true });
  });

  interface Got {
    readonly status: number;
    readonly headers: IncomingHttpHeaders;
    readonly body: string;
    readonly names: string;
  }

  function ask(agent: Agent): Promise<Got> {
    const front = world.endpoints.find(({ endpoint }) => endpoint.kind === 'accelerator');
    const options = {
      host: front?.address,
      port: front?.httpsPort,
      servername: ACCELERATED,
      path: '/orders?a=1',
      ca,
      agent,
    };
    return new Promise((resolve, reject) => {
      const headers = { host: `${ACCELERATED}:${front?.httpsPort}` };
      const sent = request({ ...options, headers }, (response) => {
        let body = '';
        const names = (response.socket as TLSSocket).getPeerCertificate().subjectaltname ?? '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body, names }));
      });
      sent.on('error', reject);
      sent.end();
    });
  }

  test('RS 2.19, 2.20: TLS ends at the load balancer, and an established connection stays there when others move', async () => {
    const kept = new Agent({ keepAlive: true, maxSockets: 1 });
    const first = await ask(kept);
    expect(first.status).toBe(200);
    expect(first.names).toBe('DNS:example.com, DNS:*.example.com');
    expect(JSON.parse(first.body)).toEqual({ region: PRIMARY, path: '/orders', host: ACCELERATED });
    // RS 2.21: with its own address, as far as this machine has one for it.
    expect(first.headers['x-client']).toMatch(/^127\.84\./);
    world.startFault({
      name: 'failing',
      target: { kind: 'service', region: PRIMARY, service: 'lambda' },
      effect: { kind: 'function-error' },
      share: 1,
    });
    const fresh = new Agent({ keepAlive: false });
    const hasMoved = async (): Promise<boolean> => {
      const { status, body } = await ask(fresh);
      return status === 200 && (JSON.parse(body) as { readonly region: string }).region === BACKUP;
    };
    expect(await settles(hasMoved)).toBe(true);
    expect((await ask(kept)).status).toBe(502);
    kept.destroy();
  });
});

describe('an instance behind an accelerator', () => {
  test('RS 2.7, 2.9: it is checked by the accelerator itself, and left when its checks fail', () => {
    const whole = acceleratedArchitecture({
      group: (region) => ({
        healthCheck: { protocol: 'HTTP', path: '/health', port: 80, intervalSeconds: 10, thresholdCount: 3 },
        endpoints: [{ endpointId: `i-${region}`, weight: 128, clientIpPreservation: true }],
      }),
    });
    const servers = [PRIMARY, BACKUP].map((region) => ({ id: `i-${region}`, region, otherNames: [], stack: region }));
    const plan = acceleratedPlan({ faults: [primaryFault({ kind: 'status', status: 503 }, 45)], endSeconds: 180 });
    const run = simulated({ ...whole, loadBalancers: [], targetGroups: [], servers }, plan);
    const [unhealthy = 0] = run.atSeconds('accelerator.endpoint-changed');
    expect(unhealthy).toBeGreaterThan(45 + 20);
    expect(unhealthy).toBeLessThan(45 + 31);
    const last = run.of('accelerated').at(-1);
    expect(last).toMatchObject({ status: 200, endpoint: BACKUP });
    expect(run.failed('accelerated').every(({ status }) => status === 503)).toBe(true);
  });
});

describe('operators turn dials and weights', () => {
  const group = (region: string): string => {
    const groups = acceleratedArchitecture().accelerators[0]?.listeners[0]?.endpointGroups ?? [];
    return groups.find((one) => one.region === region)?.arn ?? '';
  };
  const shifted = (action: Action, plan: Parameters<typeof acceleratedPlan>[0] = {}): Run => {
    const actions = [{ name: 'evacuate', at: atSeconds(60), action }];
    return simulated(acceleratedArchitecture(), acceleratedPlan({ actions, endSeconds: 150, ...plan }));
  };
  const regionsAfter = (run: Run, seconds: number): readonly string[] => [
    ...new Set(run.of('accelerated').flatMap(({ sentAt, endpoint }) => (sentAt > seconds * 1e6 ? [endpoint] : []))),
  ];

  test('RS 2.13: a dial at 0 sends the clients of a Region to another, without a failed request', () => {
    const run = shifted({ kind: 'set-traffic-dial', endpointGroup: group(PRIMARY), percentage: 0 });
    expect(run.failed('accelerated')).toEqual([]);
    // In force 30 s after it was turned (a switch).
    expect(run.of('accelerated').find(({ endpoint }) => endpoint === BACKUP)?.sentAt).toBeGreaterThanOrEqual(90e6);
    expect(regionsAfter(run, 92)).toEqual([BACKUP]);
  });

  test('RS 2.15: a Region that is dialled to 0 is still failed over to', () => {
    const faults = [primaryFault({ kind: 'blackhole' }, 70)];
    const run = shifted(
      { kind: 'set-traffic-dial', endpointGroup: group(BACKUP), percentage: 0 },
      { faults, endSeconds: 180 },
    );
    expect(regionsAfter(run, 140)).toEqual([BACKUP]);
  });

  test('RS 2.11: a weight of 0 takes an endpoint out of traffic', () => {
    const endpoint = balancerArn(PRIMARY);
    const run = shifted({ kind: 'set-endpoint-weight', endpointGroup: group(PRIMARY), endpoint, weight: 0 });
    expect(run.failed('accelerated')).toEqual([]);
    expect(regionsAfter(run, 92)).toEqual([BACKUP]);
  });

  test('what does not exist is refused as AWS refuses it', () => {
    const outcomes = (action: Action): readonly unknown[] =>
      shifted(action).events.flatMap((event) => (event.what === 'action.performed' ? [event.data.code] : []));
    expect(outcomes({ kind: 'set-traffic-dial', endpointGroup: 'arn:none', percentage: 0 })).toEqual([
      'EndpointGroupNotFoundException',
    ]);
    const wrong = {
      kind: 'set-endpoint-weight',
      endpointGroup: group(PRIMARY),
      endpoint: 'arn:none',
      weight: 0,
    } as const;
    expect(outcomes(wrong)).toEqual(['EndpointNotFoundException']);
  });
});

test('when a local world has been closed, none of its connections is left', async () => {
  const plan = acceleratedPlan({ endSeconds: 40, faults: [primaryFault({ kind: 'blackhole' }, 10, 25)] });
  const connections = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  const before = connections();
  await runLocal(acceleratedArchitecture(), plan, 20);
  expect(await settles(() => connections() <= before)).toBe(true);
});
