import { describe, expect, test } from 'vitest';
import { loadSandbox } from '../../sandbox/index.ts';
import type { CacheBehavior, Distribution, FunctionAssociation, OriginRequestPolicy } from '../../model/index.ts';
import type { Overrides } from '../../../test/hybrid-architecture.ts';
import type { Reply, TextBody } from '../conversation.ts';
import type { KeyValues } from '../edge-code.ts';
import type { CloudFrontFunction, EdgeFunctions } from './edge-function.ts';
import type { Asked, Deed, ScriptedEdge } from './edge-script.fixture.ts';
import { header, hybridDistribution, scriptedEdge, xCache } from './edge-script.fixture.ts';
import { CLOUDFRONT_FACTS } from './facts.ts';

const sandbox = await loadSandbox();

const LIMITS = { stepsMax: 100_000, memoryBytesMax: CLOUDFRONT_FACTS.FUNCTION_MEMORY_BYTES.value };

interface Given {
  readonly event?: FunctionAssociation['eventType'];
  readonly keyValues?: KeyValues;
  readonly distribution?: Partial<Distribution>;
  readonly overrides?: Overrides;
}

/** An edge before the hybrid distribution, each behaviour with one function. */
function edgeWith(
  code: string,
  { event = 'viewer-request', keyValues, distribution = {}, overrides = {} }: Given = {},
): ScriptedEdge {
  const fn: CloudFrontFunction = {
    kind: 'cloudfront-function',
    name: 'test',
    program: sandbox.prepareFunction('cloudfront-js-2.0', code, LIMITS),
    keyValues: () => keyValues,
    epochMs: () => 0,
    chance: () => 0.5,
  };
  const functions: EdgeFunctions = { at: (_behavior, at) => (at === event ? fn : undefined) };
  return scriptedEdge({ ...hybridDistribution(overrides), ...distribution }, functions);
}

/** What the function is given, as the answer that it makes of it. */
function shown(expression: string, asked: Asked): unknown {
  const code = `function handler(event) { return { statusCode: 200, body: JSON.stringify(${expression}) }; }`;
  return JSON.parse(textOf(edgeWith(code).ask(asked)));
}

function textOf(reply: Reply): string {
  return (reply.body as TextBody).text;
}

/** Status and what X-Cache says. */
function told(code: string, given: Given = {}, asked: Asked = {}): string {
  const reply = edgeWith(code, given).ask(asked);
  return `${reply.status} ${xCache(reply)}`;
}

const ALL: OriginRequestPolicy = {
  id: 'all',
  name: 'all',
  headers: { kind: 'all' },
  cookies: { kind: 'all' },
  queryStrings: { kind: 'all' },
};

function behaviorsWith(change: Partial<CacheBehavior>): readonly CacheBehavior[] {
  return hybridDistribution().behaviors.map((behavior) => ({ ...behavior, ...change }));
}

const CF = `import cf from 'cloudfront';\n`;
const handler = (body: string): string => `function handler(event) { const request = event.request; ${body} }`;

describe('the event', () => {
  test('has version, context, viewer and request as documented (CF 5.25)', () => {
    const asked = {
      target: '/a?ID=42&x=1&x=2&none',
      headers: [
        ['Accept', 'a'],
        ['accept', 'b'],
        ['Cookie', 'c=1; d=2; c=3'],
      ],
    } as const;
    expect(shown('event', asked)).toEqual({
      version: '1.0',
      context: {
        distributionDomainName: 'dhybrid.cloudfront.net',
        distributionId: hybridDistribution().id,
        eventType: 'viewer-request',
        requestId: expect.stringMatching(/^\S{56}$/) as string,
      },
      viewer: { ip: '127.84.0.1' },
      request: {
        method: 'GET',
        uri: '/a',
        querystring: {
          ID: { value: '42' },
          x: { value: '1', multiValue: [{ value: '1' }, { value: '2' }] },
          none: { value: '' },
        },
        headers: {
          host: { value: 'dhybrid.cloudfront.net' },
          accept: { value: 'a', multiValue: [{ value: 'a' }, { value: 'b' }] },
        },
        cookies: { c: { value: '1', multiValue: [{ value: '1' }, { value: '3' }] }, d: { value: '2' } },
      },
    });
  });

  test('the id of the request is the X-Amz-Cf-Id of its answer (CF 5.5, 5.25)', () => {
    const reply = edgeWith(
      `function handler(event) { return { statusCode: 200, body: event.context.requestId }; }`,
    ).ask();
    expect(textOf(reply)).toBe(header(reply, 'X-Amz-Cf-Id'));
  });

  test('without a query string it has an empty object, and a body is never in it (CF 5.25)', () => {
    expect(shown('[event.request.querystring, event.request.body]', { method: 'POST', bodyBytes: 3 })).toEqual([
      {},
      null,
    ]);
  });

  test('functions do not see the headers that are disallowed (CF 5.14)', () => {
    expect(
      shown('Object.keys(event.request.headers)', {
        headers: [
          ['X-Forwarded-Proto', 'http'],
          ['X-Edge-A', '1'],
        ],
      }),
    ).toEqual(['host']);
  });

  test('a function at viewer-response sees status, headers and cookies, with their attributes (CF 5.25)', () => {
    const behaviors = behaviorsWith({ originRequestPolicy: ALL });
    const code = `function handler(event) { const response = event.response;
      response.headers['x-seen'] = { value: JSON.stringify([response.statusCode, response.statusDescription, response.cookies, response.headers['x-a']]) };
      return response; }`;
    const edge = edgeWith(code, { event: 'viewer-response', distribution: { behaviors } });
    edge.primary({
      status: 200,
      headers: [
        ['X-A', '1'],
        ['Set-Cookie', 'a=b; Path=/; Secure'],
      ],
    });
    expect(header(edge.ask(), 'x-seen')).toBe(
      '[200,"OK",{"a":{"value":"b","attributes":"Path=/; Secure"}},{"value":"1"}]',
    );
  });
});

describe('a request that is changed', () => {
  test('path, query, headers and cookies go to the origin as the function left them (CF 5.25)', () => {
    const code = handler(`request.uri = '/b'; request.querystring = { q: { value: '1' } };
      request.headers['x-added'] = { value: 'yes' }; request.cookies = { s: { value: 't' } }; return request;`);
    const behaviors = behaviorsWith({ originRequestPolicy: ALL });
    const edge = edgeWith(code, { distribution: { behaviors } });
    edge.ask({ target: '/a?x=1' });
    const [{ request } = { request: undefined }] = edge.seen;
    expect(request?.target).toMatch(/\/b\?q=1$/);
    expect(request?.headers).toEqual(
      expect.arrayContaining([
        ['x-added', 'yes'],
        ['Cookie', 's=t'],
      ]),
    );
  });

  test('a path that is changed changes the cache key, and not the behaviour (CF 5.24)', () => {
    const edge = edgeWith(handler(`request.uri = '/one'; return request;`));
    const cached = { status: 200, headers: [['Cache-Control', 'max-age=60']] } as const;
    const behaviors = hybridDistribution().behaviors.map((behavior) => ({
      ...behavior,
      cachePolicy: { ...behavior.cachePolicy, maxTtlSeconds: 60 },
    }));
    const keeping = edgeWith(handler(`request.uri = '/one'; return request;`), { distribution: { behaviors } });
    keeping.primary(cached);
    keeping.ask({ target: '/a' });
    expect(xCache(keeping.ask({ target: '/b' }))).toBe('Hit');
    expect(edge.ask({ target: '/a' }).status).toBe(200);
  });

  test.each([
    [`request.headers.host = { value: 'other.example' };`, 'CF 5.16: Host'],
    [`delete request.headers.host;`, 'CF 5.15: a read-only header that is deleted'],
    [`request.headers['via'] = { value: 'me' };`, 'CF 5.15: Via'],
    [`request.headers['x-amz-cf-id'] = { value: 'me' };`, 'CF 5.14: a disallowed header'],
    [`request.headers['X-Upper'] = { value: 'me' };`, 'a name that is not in lower case'],
    [`request.headers['x-a'] = 'me';`, 'a header that is no object'],
    [`request.method = 'POST';`, 'CF 5.25: the method'],
    [`request.uri = 'b';`, 'a path without its slash'],
    [`request.uri = '/b c';`, 'a path with a space'],
  ])('%s is a 502 (CF 5.36; %s)', (change) => {
    expect(told(handler(`${change} return request;`))).toBe('502 FunctionValidationError');
  });

  test.each(['return;', 'return null;', `return 'request';`, 'return [];'])('%s is a 502', (body) => {
    expect(told(handler(body))).toBe('502 FunctionValidationError');
  });
});

describe('an answer of the function', () => {
  test('is given in place of the origin’s, with its headers and cookies (CF 2.32, 5.25)', () => {
    const code =
      handler(`return { statusCode: 302, statusDescription: 'Found', headers: { location: { value: '/new' } },
      cookies: { a: { value: 'b', attributes: 'Path=/' } } };`);
    const edge = edgeWith(code);
    const reply = edge.ask();
    expect([
      reply.status,
      header(reply, 'location'),
      header(reply, 'set-cookie'),
      header(reply, 'server'),
      xCache(reply),
      edge.takeRoute(),
    ]).toEqual([302, '/new', 'a=b; Path=/', 'CloudFront', 'FunctionGeneratedResponse', '']);
  });

  test('may have a body, as text or Base64 (CF 5.10)', () => {
    const reply = edgeWith(handler(`return { statusCode: 200, body: { encoding: 'base64', data: 'YWI=' } };`)).ask();
    expect(reply.body).toMatchObject({ bytes: 2, isBase64Encoded: true });
  });

  test.each([
    [`statusCode: '200'`, 'CF 5.25: a status that is a text'],
    ['statusCode: 99', 'a status that is none'],
    [`statusCode: 200, body: { encoding: 'base64', data: '?' }`, 'CF 5.11: bad Base64'],
    [`statusCode: 200, body: 'a'.repeat(50000)`, 'CF 5.11: more than 40 KB'],
    [`statusCode: 200, headers: { 'x-cache': { value: 'Hit' } }`, 'CF 5.14: a disallowed header'],
  ])('{ %s } is a 502 (%s)', (response) => {
    expect(told(handler(`return { ${response} };`))).toBe('502 FunctionValidationError');
  });

  test('at viewer-response status, headers and body may change (CF 5.25)', () => {
    const code = `function handler(event) { const response = event.response; response.statusCode = 299;
      response.headers['x-a'] = { value: '1' }; response.body = 'instead'; return response; }`;
    const reply = edgeWith(code, { event: 'viewer-response' }).ask();
    expect([reply.status, header(reply, 'x-a'), textOf(reply)]).toEqual([299, '1', 'instead']);
  });

  test('a function at viewer-response does not run for errors (CF 5.2)', () => {
    const edge = edgeWith('function handler() { throw new Error(); }', { event: 'viewer-response' });
    edge.primary(404);
    expect(edge.ask().status).toBe(404);
  });
});

describe('a function that fails', () => {
  test.each([
    ['throw new Error("no");', '503 FunctionExecutionError', 'CF 2.25, 2.34'],
    ['missing();', '503 FunctionExecutionError', 'CF 2.34'],
    ['while (true) {}', '503 FunctionThrottledError', 'CF 2.25, 2.34'],
    ['const a = []; while (true) a.push({ n: "text " + a.length });', '503 FunctionThrottledError', 'CF 5.25: 2 MB'],
    ['class A {} return request;', '503 FunctionExecutionError', 'CF 5.25: not in the language'],
  ])('%s is %s (%s)', (body, expected) => {
    expect(told(handler(body))).toBe(expected);
  });

  test('await inside the arguments of a call is a 503 for all traffic, also where it is not reached (CF 5.35)', () => {
    const code = `async function handler(event) { if (event.request.uri === '/never') console.log(await event); return event.request; }`;
    expect(told(code)).toBe('503 FunctionExecutionError');
  });

  test('its error is not kept: the next request is served when the function runs again', () => {
    const edge = edgeWith(handler(`if (request.uri === '/bad') throw new Error(); return request;`));
    expect([edge.ask({ target: '/bad' }).status, edge.ask({ target: '/good' }).status]).toEqual([503, 200]);
  });
});

describe('helpers for the origin', () => {
  const secondary = hybridDistribution().originGroups[0]?.secondary ?? '';
  const primary = hybridDistribution().originGroups[0]?.primary ?? '';

  test('selectRequestOriginById sends every method elsewhere, writes too (CF 5.28, 5.31)', () => {
    const edge = edgeWith(CF + handler(`cf.selectRequestOriginById('${secondary}'); return request;`));
    for (const method of ['GET', 'POST']) edge.ask({ method });
    expect(edge.takeRoute()).toBe('secondary secondary');
  });

  test('an origin chosen by id has no second one to fail over to (CF 5.28)', () => {
    const edge = edgeWith(CF + handler(`cf.selectRequestOriginById('${primary}'); return request;`));
    edge.primary(503);
    expect([edge.ask().status, edge.takeRoute()]).toEqual([503, 'primary']);
  });

  test('createRequestOriginGroup swaps the order, and its codes take the place of those configured (CF 5.29)', () => {
    const code = `${CF}${handler(`cf.createRequestOriginGroup({ originIds: [{ originId: '${secondary}' }, { originId: '${primary}' }],
      failoverCriteria: { statusCodes: [404] } }); return request;`)}`;
    const edge = edgeWith(code);
    edge.secondary(404, 503);
    expect([edge.ask().status, edge.takeRoute()]).toEqual([200, 'secondary primary']);
    expect([edge.ask().status, edge.takeRoute()]).toEqual([503, 'secondary']);
  });

  test('createRequestOriginGroup may select by media quality, under a name of its own (CF 1.37)', () => {
    const code = `${CF}${handler(`cf.createRequestOriginGroup({ originIds: [{ originId: '${primary}' }, { originId: '${secondary}' }],
      selectionCriteria: 'media-quality-score', failoverCriteria: { statusCodes: [503] } }); return request;`)}`;
    const edge = edgeWith(code);
    const scored = (score: number): Deed => ({ status: 200, headers: [['CMSD-Static', `mqcs=${score}`]] });
    edge.primary(scored(10)).secondary(scored(20));
    edge.ask();
    expect(edge.takeRoute()).toBe('primary secondary');
    edge.ask();
    expect(edge.takeRoute()).toBe('secondary primary');
  });

  test('updateRequestOrigin changes the primary of a group only; the secondary stays and codes still fail over (CF 5.27)', () => {
    const edge = edgeWith(
      `${CF}${handler(`cf.updateRequestOrigin({ domainName: 'elsewhere.example', originPath: '/v2', timeouts: { readTimeout: 5 },
      connectionAttempts: 1, customHeaders: { 'x-own': 'yes' } }); return request;`)}`,
    );
    edge.names.set('elsewhere.example', { addresses: ['192.0.2.9'], ttlSeconds: 60 });
    edge.deeds.set('192.0.2.9', [503]);
    expect(edge.ask({ target: '/a' }).status).toBe(200);
    const [first, second] = edge.seen;
    expect([
      first?.request.host,
      first?.request.target,
      first?.exchange.responseTimeoutMs,
      header(first?.request ?? { headers: [] }, 'x-own'),
    ]).toEqual(['elsewhere.example', '/v2/a', 5000, 'yes']);
    expect(second?.to).toBe('192.0.2.2');
  });

  test('Host is what is given, else the domain that is given, and the server name follows it (CF 5.30)', () => {
    const seen = (settings: string): unknown => {
      const edge = edgeWith(`${CF}${handler(`cf.updateRequestOrigin(${settings}); return request;`)}`);
      edge.names.set('elsewhere.example', { addresses: ['192.0.2.9'], ttlSeconds: 60 });
      edge.ask();
      const [first] = edge.seen;
      return [first?.request.host, first?.exchange.tls?.serverName];
    };
    expect(seen(`{ domainName: 'elsewhere.example' }`)).toEqual(['elsewhere.example', 'elsewhere.example']);
    expect(seen(`{ domainName: 'elsewhere.example', hostHeader: 'www.example' }`)).toEqual([
      'www.example',
      'www.example',
    ]);
    expect(seen(`{ domainName: 'elsewhere.example', hostHeader: 'www.example', sni: 'sni.example' }`)).toEqual([
      'www.example',
      'sni.example',
    ]);
    expect(seen(`{ connectionAttempts: 2 }`)).toEqual(['api.example.com', 'api.example.com']);
  });

  test('overrides of an origin chosen by id are Host, server name and certificate names (CF 5.28)', () => {
    const edge = edgeWith(
      `${CF}${handler(`cf.selectRequestOriginById('${secondary}', { hostHeader: 'www.example', allowedCertificateNames: ['cert.example'] }); return request;`)}`,
    );
    edge.ask();
    expect(edge.seen[0]?.exchange.tls?.verifyNames).toContain('cert.example');
    expect(edge.seen[0]?.request.host).toBe('www.example');
  });

  test.each([
    `cf.selectRequestOriginById('nobody')`,
    `cf.selectRequestOriginById('${secondary}', { domainName: 'a.example' })`,
    `cf.selectRequestOriginById('${secondary}', { allowedCertificateNames: Array(21).fill('a') })`,
    `cf.updateRequestOrigin({ connectionAttempts: 4 })`,
    `cf.updateRequestOrigin({ timeouts: { readTimeout: 121 } })`,
    `cf.updateRequestOrigin({ timeouts: { connectionTimeout: 11 } })`,
    `cf.updateRequestOrigin({ domain: 'a.example' })`,
    `cf.createRequestOriginGroup({ originIds: [{ originId: '${primary}' }], failoverCriteria: { statusCodes: [503] } })`,
    `cf.createRequestOriginGroup({ originIds: [{ originId: '${primary}' }, { originId: '${secondary}' }], failoverCriteria: { statusCodes: [501] } })`,
  ])('%s throws, which the function may catch (CF 5.27 to 5.29)', (call) => {
    expect(told(CF + handler(`${call}; return request;`))).toBe('503 FunctionExecutionError');
    const caught =
      CF + handler(`try { ${call}; } catch (error) { return { statusCode: 200, body: 'caught' }; } return request;`);
    expect(told(caught)).toBe('200 FunctionGeneratedResponse');
  });

  test('helpers are for viewer-request only (CF 5.26)', () => {
    const code = `${CF}function handler(event) { cf.selectRequestOriginById('${secondary}'); return event.response; }`;
    expect(told(code, { event: 'viewer-response' })).toBe('503 FunctionExecutionError');
  });

  test('the choice does not change the cache key: two origins share what is kept (CF 5.32)', () => {
    const behaviors = hybridDistribution().behaviors.map((behavior) => ({
      ...behavior,
      cachePolicy: { ...behavior.cachePolicy, maxTtlSeconds: 60 },
    }));
    const code =
      CF + handler(`if (request.headers['x-to']) cf.selectRequestOriginById('${secondary}'); return request;`);
    const edge = edgeWith(code, { distribution: { behaviors } });
    edge.primary({ status: 200, headers: [['Cache-Control', 'max-age=60']] });
    edge.ask();
    expect(xCache(edge.ask({ headers: [['X-To', 'secondary']] }))).toBe('Hit');
  });
});
