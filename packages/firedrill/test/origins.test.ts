import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import type { OriginModel, Plan, TimelineEvent } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/* A server that Firedrill does not run, behind CloudFront: the user's own in local, a model in sim. */

const LEGACY = 'legacy.example.org';
const architecture = hybridArchitecture({ origin: { domainName: LEGACY, originPath: '' } });

function planWith(origin: OriginModel, more: Partial<Plan> = {}): Plan {
  const probes = [probe('users', 'https://droute53.cloudfront.net/orders', { methods: ['POST'] })];
  return hybridPlan([], { probes, origins: { [LEGACY]: origin }, endSeconds: 5, ...more });
}

const MODEL: OriginModel = { latencyMs: 40, status: 201, bodyBytes: 10 };

function statuses(events: readonly TimelineEvent[]): readonly number[] {
  return events.flatMap((event) => (event.what === 'request.ended' ? [event.data.status] : []));
}

function notes(events: readonly TimelineEvent[]): readonly string[] {
  return events.flatMap((event) => (event.what === 'note' ? [event.data.says] : []));
}

function simulated(plan: Plan): TimelineEvent[] {
  const events: TimelineEvent[] = [];
  simulate(architecture, plan, (event) => void events.push(event));
  return events;
}

describe('in sim', () => {
  test('a model answers in place of a mapped server, and the run says so', () => {
    const events = simulated(planWith({ ...MODEL, url: 'http://localhost:3000' }));
    expect(new Set(statuses(events))).toEqual(new Set([201]));
    expect(notes(events)).toEqual([`a model stood in for ${LEGACY}: status 201 after 40 ms`]);
  });

  test('faults of its Region befall it, and faults of its name', () => {
    const inRegion = { ...MODEL, region: 'eu-west-1' };
    const dead = simulated(planWith(inRegion, { faults: [primaryFault({ kind: 'status', status: 503 }, 0)] }));
    expect(new Set(statuses(dead))).toEqual(new Set([503]));
    const elsewhere = { ...MODEL, city: 'Tokyo' };
    const alive = simulated(planWith(elsewhere, { faults: [primaryFault({ kind: 'status', status: 503 }, 0)] }));
    expect(new Set(statuses(alive))).toEqual(new Set([201]));
    const host = { ...primaryFault({ kind: 'refuse' }, 0), target: { kind: 'host', host: LEGACY } as const };
    expect(new Set(statuses(simulated(planWith(elsewhere, { faults: [host] }))))).toEqual(new Set([502]));
  });
});

describe('in local', () => {
  test('the user’s own server gets the request as it is and gives the answer', async () => {
    const seen: { readonly line: string; readonly body: string }[] = [];
    const server = createServer((request, response) => {
      void bodyOf(request).then((body) => {
        seen.push({ line: `${request.method} ${request.headers.host} ${request.url}`, body });
        response.writeHead(202, { 'x-served-by': 'mine' }).end('kept');
      });
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    try {
      const events = await runLocal(architecture, planWith({ ...MODEL, url }), 5);
      expect(statuses(events)).toHaveLength(5);
      expect(new Set(statuses(events))).toEqual(new Set([202]));
      expect(notes(events)).toContain(`requests to ${LEGACY} went to ${url}`);
      expect(new Set(seen.map(({ line }) => line))).toEqual(new Set([`POST ${LEGACY} /orders`]));
      expect(seen[0]?.body).toBe('{"probe":"users"}');
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  test('a server that is not there breaks connections off', async () => {
    const events = await runLocal(architecture, planWith({ ...MODEL, url: 'http://127.0.0.1:1' }), 5);
    expect(new Set(statuses(events))).toEqual(new Set([502]));
  });

  test('without a server of the user’s the model answers here too', async () => {
    const events = await runLocal(architecture, planWith(MODEL), 5);
    expect(new Set(statuses(events))).toEqual(new Set([201]));
  });
});

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8') as AsyncIterable<string>) text += chunk;
  return text;
}
