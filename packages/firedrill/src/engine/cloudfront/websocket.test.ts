import { describe, expect, test } from 'vitest';
import { BEGINNING } from '../../model/index.ts';
import type { CachePolicy, OriginRequestPolicy } from '../../model/index.ts';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { Headers } from '../conversation.ts';
import type { Asked, ScriptedEdge } from './edge-script.fixture.ts';
import { changedEdge, header, hybridDistribution, hybridEdge, xCache } from './edge-script.fixture.ts';
import { LambdaEdge } from './lambda-script.fixture.ts';

const HANDSHAKE: Headers = [
  ['Sec-WebSocket-Key', 'dGhlIHNhbXBsZSBub25jZQ=='],
  ['Sec-WebSocket-Version', '13'],
  ['Sec-WebSocket-Protocol', 'chat'],
  ['Origin', 'https://example.com'],
];

const TAKEN = { status: 101, headers: [['Sec-WebSocket-Accept', 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=']] } as const;

const asked = (more: Asked = {}): Asked => ({ headers: HANDSHAKE, upgrade: 'websocket', ...more });

function forwarding(names: readonly string[] | undefined, cachePolicy: CachePolicy = CACHING_DISABLED): ScriptedEdge {
  const originRequestPolicy: OriginRequestPolicy = {
    id: 'o',
    name: 'o',
    headers: names === undefined ? { kind: 'all' } : { kind: 'only', names },
    cookies: { kind: 'none' },
    queryStrings: { kind: 'none' },
  };
  const { behaviors } = hybridDistribution();
  return changedEdge({ behaviors: behaviors.map((each) => ({ ...each, cachePolicy, originRequestPolicy })) });
}

/** The names of what the origin was sent for its handshake. */
function sent(edge: ScriptedEdge): string {
  const [seen] = edge.seen;
  return (seen?.request.headers ?? [])
    .map(([name]) => name)
    .filter((name) => /^(?:sec-|origin)/i.test(name))
    .join(' ');
}

describe('the handshake', () => {
  test('CF 4.21, 4.21a: it goes to the origin as an upgrade, with what the policy lists; an answer of 101 is a Miss', () => {
    const edge = forwarding(['Sec-WebSocket-Key', 'Sec-WebSocket-Version']).primary(TAKEN);
    const reply = edge.ask(asked());
    expect([reply.status, xCache(reply), reply.account.result]).toEqual([101, 'Miss', 'Miss']);
    expect(header(reply, 'Sec-WebSocket-Accept')).toBe('s3pPLMBiTxaQ9kYGzzhZRbK+xOo=');
    expect(edge.seen[0]?.request.upgrade).toBe('websocket');
    expect(sent(edge)).toBe('Sec-WebSocket-Key Sec-WebSocket-Version');
    const all = forwarding(undefined).primary(TAKEN);
    all.ask(asked());
    expect(sent(all)).toBe('Sec-WebSocket-Key Sec-WebSocket-Version Sec-WebSocket-Protocol Origin');
    const none = hybridEdge().primary(400);
    expect(none.ask(asked()).tunnel).toBeUndefined();
    expect(sent(none)).toBe('');
  });

  test('CF 4.21, 3.43: it stays one where a policy lists what CloudFront says of viewers', () => {
    const edge = forwarding(['Sec-WebSocket-Key', 'Sec-WebSocket-Version', 'CloudFront-Viewer-Country']).primary(TAKEN);
    expect(edge.ask(asked()).tunnel).toBeDefined();
    expect(edge.seen[0]?.request.upgrade).toBe('websocket');
    expect(header(edge.seen[0]?.request ?? { headers: [] }, 'CloudFront-Viewer-Country')).toBe('IE');
  });

  test('CF 4.21b: viewer protocol policy and allowed methods hold for it', () => {
    expect(hybridEdge().ask(asked({ tls: false })).status).toBe(301);
    const { behaviors } = hybridDistribution();
    const edge = changedEdge({ behaviors: behaviors.map((each) => ({ ...each, viewerProtocolPolicy: 'https-only' })) });
    const reply = edge.ask(asked({ tls: false }));
    expect([reply.status, reply.tunnel, edge.takeRoute()]).toEqual([403, undefined, '']);
  });

  test('CF 4.21: it is neither answered from the cache nor kept, nor waited for by others', () => {
    const keeps = { ...CACHING_DISABLED, defaultTtlSeconds: 60, maxTtlSeconds: 60 };
    const edge = forwarding(undefined, keeps).primary(200, TAKEN, TAKEN, { status: 404 });
    expect(xCache(edge.ask())).toBe('Miss');
    expect(xCache(edge.ask())).toBe('Hit');
    expect([edge.ask(asked()).status, edge.ask(asked()).status, edge.ask(asked()).status]).toEqual([101, 101, 404]);
    expect(edge.ask().status).toBe(200);
    expect(edge.takeRoute()).toBe('primary primary primary primary');
  });

  test('CF 1.3, 1.6: it fails over as a GET does', () => {
    const edge = hybridEdge().primary(503).secondary(TAKEN);
    const reply = edge.ask(asked());
    expect([reply.status, edge.takeRoute(), reply.account.origin]).toEqual([101, 'primary secondary', 'backup-api']);
  });
});

describe('functions', () => {
  test('CF 5.1, 4.21: see the handshake at the request events, and nothing of what has come about', () => {
    const pass = { request: (cf: { readonly request: unknown }) => cf.request };
    const edge = new LambdaEdge({
      'viewer-request': pass.request,
      'origin-request': pass.request,
      'origin-response': () => ({ status: '200' }),
      'viewer-response': () => ({ status: '200' }),
    }).primary(TAKEN);
    const reply = edge.ask(asked());
    expect([reply.status, edge.ran]).toEqual([101, 'viewer-request origin-request']);
    expect(edge.seen[0]?.request.upgrade).toBe('websocket');
    // Upgrade and Connection are hidden from them (CF 5.14).
    const names = Object.keys(edge.events[0]?.request.headers ?? {});
    expect(names).toContain('sec-websocket-key');
    expect(names.filter((name) => name === 'upgrade' || name === 'connection')).toEqual([]);
  });

  test('CF 5.1: are told of a refusal as of any other answer', () => {
    const edge = new LambdaEdge({ 'origin-response': ({ response }) => response }).primary(403);
    expect([edge.ask(asked()).status, edge.ran]).toEqual([403, 'origin-response']);
  });
});

test('CF 4.21c: the timeline hears of its beginning and its end; ten minutes of silence of the origin end it', () => {
  const edge = hybridEdge().primary(TAKEN);
  const { tunnel } = edge.ask(asked());
  expect(tunnel?.idleTimeoutMs).toBe(600_000);
  expect(tunnel?.isKeptByEither ?? false).toBe(false);
  tunnel?.opened(BEGINNING);
  tunnel?.closed('idle', edge.wait(600).moment.now);
  expect(edge.sockets).toEqual(['opened 192.0.2.1', 'closed 192.0.2.1 idle 600s']);
});
