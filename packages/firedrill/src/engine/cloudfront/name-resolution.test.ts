import { describe, expect, test } from 'vitest';
import { hybridEdge, PRIMARY_NAME, SECONDARY_ADDRESS, SECONDARY_NAME } from './edge-script.fixture.ts';

const UNRESOLVED = { rcode: 'NXDOMAIN', negativeTtlSeconds: 30 } as const;

describe('names of origins', () => {
  test('CF 4.14: a name is resolved when it is first needed and kept for its TTL', () => {
    const edge = hybridEdge();
    edge.ask();
    edge.wait(59.999).ask();
    expect(edge.queries).toEqual([PRIMARY_NAME]);
    edge.wait(0.001).ask();
    expect(edge.queries).toEqual([PRIMARY_NAME, PRIMARY_NAME]);
  });

  test('CF 4.14: the name of the secondary is not resolved before it is needed', () => {
    const edge = hybridEdge().primary(200, 503);
    edge.ask();
    edge.ask();
    expect(edge.queries).toEqual([PRIMARY_NAME, SECONDARY_NAME]);
  });

  test('CF 4.14: a changed answer is followed when the TTL has run out, not before', () => {
    const edge = hybridEdge();
    edge.ask();
    edge.names.set(PRIMARY_NAME, { addresses: ['192.0.2.9'], ttlSeconds: 60 });
    edge.takeRoute();
    edge.wait(59).ask();
    expect(edge.takeRoute()).toBe('primary');
    edge.wait(1).ask();
    expect(edge.takeRoute()).toBe('192.0.2.9');
  });

  test('CF 4.14: between the attempts of one request too', () => {
    const edge = hybridEdge().primary('hang');
    edge.names.set(PRIMARY_NAME, { addresses: ['192.0.2.1'], ttlSeconds: 60 });
    edge.wait(0).ask({ method: 'GET' });
    expect(edge.queries).toEqual([PRIMARY_NAME, PRIMARY_NAME, SECONDARY_NAME]);
  });

  test('CF 4.14: so a write follows the failover record once the edge has forgotten the old address', () => {
    const edge = hybridEdge().primary('refused');
    expect(edge.ask({ method: 'POST' }).status).toBe(502);
    edge.names.set(PRIMARY_NAME, { addresses: [SECONDARY_ADDRESS], ttlSeconds: 60 });
    expect(edge.ask({ method: 'POST' }).status).toBe(502);
    expect(edge.wait(60).ask({ method: 'POST' }).status).toBe(200);
  });
});

describe('a name that does not resolve', () => {
  test('CF 1.41, 9.2: it fails over if and only if 502 is listed', () => {
    const listed = hybridEdge({ statusCodes: [502] });
    const unlisted = hybridEdge({ statusCodes: [400, 403, 404, 416, 429, 500, 503, 504] });
    for (const edge of [listed, unlisted]) edge.names.set(PRIMARY_NAME, UNRESOLVED);
    expect([listed.ask().status, listed.takeRoute()]).toEqual([200, 'secondary']);
    expect([unlisted.ask().status, unlisted.takeRoute()]).toEqual([502, '']);
  });

  test('CF 1.7: with legacy criteria it fails over whatever is listed', () => {
    const edge = hybridEdge({ statusCodes: [] }, false);
    edge.names.set(PRIMARY_NAME, UNRESOLVED);
    expect(edge.ask().status).toBe(200);
  });

  test('CF 1.3: a write gets 502', () => {
    const edge = hybridEdge();
    edge.names.set(PRIMARY_NAME, UNRESOLVED);
    expect(edge.ask({ method: 'POST' }).status).toBe(502);
  });

  test('CF 2.24: neither member resolving is a 502', () => {
    const edge = hybridEdge();
    edge.names.set(PRIMARY_NAME, UNRESOLVED);
    edge.names.set(SECONDARY_NAME, UNRESOLVED);
    expect([edge.ask().status, edge.takeRoute()]).toEqual([502, '']);
  });

  test('CF 1.10: it is asked for anew when the negative answer has run out', () => {
    const edge = hybridEdge({ statusCodes: [] });
    edge.names.set(PRIMARY_NAME, UNRESOLVED);
    edge.ask();
    edge.names.set(PRIMARY_NAME, { addresses: ['192.0.2.1'], ttlSeconds: 60 });
    expect(edge.wait(29).ask().status).toBe(502);
    expect(edge.wait(1).ask().status).toBe(200);
  });
});
