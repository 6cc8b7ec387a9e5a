import { describe, expect, test } from 'vitest';
import { targetGroupArn } from '../../../test/accelerated-architecture.ts';
import type { TargetGroup } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import type { AskedBalancer, ScriptedBalancer } from './balancer-script.fixture.ts';
import { answered, askBalancer, REGION } from './balancer-script.fixture.ts';

const SERVERS: Partial<TargetGroup> = { targetType: 'ip', targets: [{ id: '10.0.0.1', port: 8080 }] };

function status(script: ScriptedBalancer, asked: AskedBalancer = {}): number {
  return askBalancer(asked, script).reply.status;
}

describe('a function behind a load balancer', () => {
  test('RS 6.12: its event has the request, header names in lower case, the query as it was sent', () => {
    const headers: Headers = [
      ['User-Agent', 'curl'],
      ['X-Twice', '1'],
      ['X-Twice', '2'],
    ];
    const { event } = askBalancer({ target: '/orders/7?a=%20x&a=2&b', headers });
    expect(event).toEqual({
      requestContext: { elb: { targetGroupArn: targetGroupArn(REGION) } },
      httpMethod: 'GET',
      path: '/orders/7',
      queryStringParameters: { a: '2', b: '' },
      headers: {
        host: 'www.example.com',
        'user-agent': 'curl',
        'x-twice': '2',
        'x-forwarded-for': '127.84.0.1',
        'x-forwarded-port': '80',
        'x-forwarded-proto': 'http',
      },
      body: '',
      isBase64Encoded: false,
    });
  });

  test('RS 6.12: with multi-value headers all values are given, as lists', () => {
    const { event } = askBalancer({ target: '/?a=%20x&a=2' }, { group: { multiValueHeaders: true } });
    expect(event['multiValueQueryStringParameters']).toEqual({ a: ['%20x', '2'] });
    expect(event['multiValueHeaders']).toMatchObject({ host: ['www.example.com'] });
    expect(event['headers']).toBeUndefined();
  });

  test('RS 6.12: bodies are at most 1 MB, either way', () => {
    expect(askBalancer().invoke?.bodyBytesMax).toBe(1_048_576);
    expect(status({ invocation: { kind: 'too-large' } })).toBe(413);
    const large = { statusCode: 200, body: 'x'.repeat(1_048_577) };
    expect(status({ invocation: { kind: 'returned', payload: large } })).toBe(502);
    const ofTwoBytesEach = { statusCode: 200, body: 'é'.repeat(600_000) };
    expect(status({ invocation: { kind: 'returned', payload: ofTwoBytesEach } })).toBe(502);
  });

  test('RS 6.12: one result is read for each target group as that has its headers', () => {
    const payload = { statusCode: 200, headers: { one: '1' }, multiValueHeaders: { all: ['1', '2'] } };
    const named = (script: ScriptedBalancer): readonly string[] =>
      askBalancer({}, { ...script, invocation: { kind: 'returned', payload } }).reply.headers.map(([name]) => name);
    expect(named({})).toContain('one');
    expect(named({ group: { multiValueHeaders: true } })).toContain('all');
  });

  test('RS 6.12: a body in Base64 is decoded when the function says so', () => {
    const payload = { statusCode: 200, body: 'aGVsbG8=', isBase64Encoded: true };
    const { reply } = askBalancer({}, { invocation: { kind: 'returned', payload } });
    expect(reply.body).toEqual({ bytes: 5, text: 'aGVsbG8=', isBase64Encoded: true });
  });

  test('RS 6.7: its errors, its throttling and answers that are none are 502', () => {
    expect(status({ invocation: { kind: 'failed', errorType: 'Error', errorMessage: 'x' } })).toBe(502);
    expect(status({ invocation: { kind: 'throttled' } })).toBe(502);
    expect(status({ functionFault: true })).toBe(502);
    for (const payload of [null, 'text', {}, { statusCode: 'ok' }, { statusCode: 200, body: 7 }, []])
      expect(status({ invocation: { kind: 'returned', payload } }), JSON.stringify(payload)).toBe(502);
  });

  test('RS 6.9: what outlasts the idle timeout is a 504, what runs into its own a 502', () => {
    const invocation = { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: '' } as const;
    expect(status({ invocation, functionSeconds: 900 })).toBe(504);
    expect(status({ invocation, functionSeconds: 3 })).toBe(502);
    expect(askBalancer({}, { functionSeconds: 900 }).invoke?.timeoutMs).toBe(60_000);
    expect(askBalancer({}, { functionSeconds: 3 }).invoke?.timeoutMs).toBe(3000);
  });
});

describe('a server behind a load balancer', () => {
  test('it is asked on its own port, and told who the client is', () => {
    const { exchange, reply } = askBalancer(
      { tls: true, headers: [['X-Forwarded-For', '192.0.2.1']] },
      { group: SERVERS },
    );
    expect(exchange).toMatchObject({ to: 'address of 10.0.0.1', port: 8080, tls: undefined });
    expect(exchange?.request?.headers).toEqual([
      ['X-Forwarded-For', '192.0.2.1, 127.84.0.1'],
      ['X-Forwarded-Port', '443'],
      ['X-Forwarded-Proto', 'https'],
    ]);
    expect(reply).toMatchObject({ status: 200, account: { endpoint: REGION } });
  });

  test('RS 6.7: one that refuses, breaks off or fails at TLS is a 502', () => {
    for (const why of ['refused', 'reset', 'tls'] as const)
      expect(status({ group: SERVERS, outcome: { kind: 'unanswered', why } }), why).toBe(502);
  });

  test('RS 6.9: one that cannot be connected to in 10 s, or is silent for the idle timeout, is a 504', () => {
    for (const why of ['connect-timeout', 'response-timeout'] as const)
      expect(status({ group: SERVERS, outcome: { kind: 'unanswered', why } }), why).toBe(504);
    const { exchange } = askBalancer({}, { group: SERVERS, balancer: { idleTimeoutSeconds: 5 } });
    expect(exchange).toMatchObject({ connectTimeoutMs: 10_000, responseTimeoutMs: 5000 });
    expect(status({ group: { ...SERVERS, targets: [{ id: 'nowhere', port: 80 }] } })).toBe(504);
  });

  test('its own answer is passed on, errors too, without headers of the connection', () => {
    const { reply } = askBalancer(
      {},
      {
        group: SERVERS,
        outcome: answered(503, [
          ['Connection', 'close'],
          ['X-One', '1'],
        ]),
      },
    );
    expect(reply.status).toBe(503);
    expect(reply.headers).toEqual([['X-One', '1']]);
  });
});

describe('which target', () => {
  const two = (more: Partial<TargetGroup> = {}): Partial<TargetGroup> => ({
    targetType: 'ip',
    targets: [
      { id: 'a', port: 80, zone: 'eu-west-1a' },
      { id: 'b', port: 80, zone: 'eu-west-1b' },
    ],
    ...more,
  });
  const chosen = (script: ScriptedBalancer): readonly (string | undefined)[] =>
    [0, 0.6].map((draw) => askBalancer({}, { ...script, draws: [0, draw] }).exchange?.to);

  test('healthy ones by equal chances, in all zones or in the one of the address', () => {
    expect(chosen({ group: two() })).toEqual(['address of a', 'address of b']);
    expect(chosen({ group: two(), unhealthy: [0] })).toEqual(['address of b', 'address of b']);
    expect(chosen({ group: two(), zone: 'eu-west-1a' })).toEqual(['address of a', 'address of a']);
  });

  test('RS 6.5: when all are unhealthy, all are asked', () => {
    expect(chosen({ group: two(), unhealthy: [0, 1] })).toEqual(['address of a', 'address of b']);
  });

  test('RS 6.6: fewer healthy ones than the threshold count as none', () => {
    expect(chosen({ group: two({ unhealthyRoutingMinimumCount: 2 }), unhealthy: [0] })).toEqual([
      'address of a',
      'address of b',
    ]);
  });

  test('RS 6.8: without any registered target it is a 503', () => {
    expect(status({ group: { targets: [] } })).toBe(503);
    expect(status({ action: { kind: 'forward', targetGroups: [{ targetGroupArn: 'arn:gone', weight: 1 }] } })).toBe(
      503,
    );
  });

  test('RS 6.11: groups by weight; a weight of 0 gets nothing', () => {
    const action = {
      kind: 'forward',
      targetGroups: [
        { targetGroupArn: 'arn:gone', weight: 1 },
        { targetGroupArn: targetGroupArn(REGION), weight: 3 },
      ],
    } as const;
    const got = [0, 0.24, 0.26, 0.99].map((draw) => status({ action, draws: [draw] }));
    expect(got).toEqual([503, 503, 200, 200]);
    const none = { kind: 'forward', targetGroups: [{ targetGroupArn: targetGroupArn(REGION), weight: 0 }] } as const;
    expect(status({ action: none })).toBe(503);
  });
});

describe('what it answers by itself', () => {
  test('a fixed response, and a redirect whose parts stay as they were unless given', () => {
    const fixed = { kind: 'fixed-response', status: 404, contentType: 'text/plain', body: 'nothing here' } as const;
    expect(askBalancer({}, { action: fixed })).toMatchObject({ text: 'nothing here', reply: { status: 404 } });
    const redirect = {
      kind: 'redirect',
      status: 301,
      protocol: 'HTTPS',
      host: '#{host}',
      port: '443',
      path: '/#{path}',
      query: '#{query}',
    } as const;
    const { reply } = askBalancer({ target: '/a/b?c=d' }, { action: redirect });
    expect(reply.headers).toContainEqual(['Location', 'https://www.example.com:443/a/b?c=d']);
  });

  test('rules in order of priority, a rule when all its conditions hold, * and ? in their values', () => {
    const fixed = (status: number) =>
      ({ kind: 'fixed-response', status, contentType: 'text/plain', body: '' }) as const;
    const rules = [
      {
        arn: '1',
        priority: 1,
        conditions: [
          { field: 'host-header', values: ['*.example.com'] },
          { field: 'path-pattern', values: ['/img/*.??g'] },
        ],
        action: fixed(201),
      },
      { arn: '2', priority: 2, conditions: [{ field: 'http-request-method', values: ['POST'] }], action: fixed(202) },
    ] as const;
    const got = (asked: AskedBalancer): number => status({ rules }, asked);
    expect(got({ target: '/img/a/b.png?x=1' })).toBe(201);
    expect(got({ target: '/img/a.jpeg' })).toBe(200);
    expect(got({ target: '/IMG/a.png' })).toBe(200);
    expect(got({ target: '/img/a.png', host: 'example.com' })).toBe(200);
    expect(got({ target: '/img/a.png', host: 'WWW.Example.com' })).toBe(201);
    expect(got({ target: '/', method: 'POST' })).toBe(202);
  });

  test('RS 6.10: more than 30 addresses in X-Forwarded-For are a 463', () => {
    const addresses = (count: number): Headers => [
      ['X-Forwarded-For', Array.from({ length: count }, (_, i) => `10.0.0.${i}`).join(', ')],
    ];
    expect(status({}, { headers: addresses(30) })).toBe(200);
    expect(status({}, { headers: addresses(31) })).toBe(463);
  });

  test('a fault that changes answers has the load balancer answer with it', () => {
    const { reply } = askBalancer({}, { statusFault: 503 });
    expect(reply).toMatchObject({ status: 503, account: { cause: 5 } });
  });
});
