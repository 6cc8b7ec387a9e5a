import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy } from '../../model/index.ts';
import { header, PRIMARY_NAME, SECONDARY_ADDRESS, SECONDARY_NAME, xCache } from './edge-script.fixture.ts';
import type { Handler, LambdaScript } from './lambda-script.fixture.ts';
import { LambdaEdge } from './lambda-script.fixture.ts';

const CACHING: CachePolicy = { ...CACHING_DISABLED, defaultTtlSeconds: 60, maxTtlSeconds: 300 };
const caching: LambdaScript = { overrides: { cachePolicy: CACHING } };

/** A request with some fields put in place. */
const request =
  (changes: object): Handler =>
  (cf) => ({ ...cf.request, ...changes });

const withHeader =
  (name: string, value: string): Handler =>
  (cf) => ({ ...cf.request, headers: { ...cf.request.headers, [name.toLowerCase()]: [{ key: name, value }] } });

/** A response with some fields put in place. */
const response =
  (changes: object): Handler =>
  (cf) => ({ ...cf.response, ...changes });

const toSecondary: Handler = (cf) => ({
  ...cf.request,
  headers: { ...cf.request.headers, host: [{ key: 'Host', value: SECONDARY_NAME }] },
  origin: {
    custom: {
      customHeaders: { 'x-own': [{ key: 'X-Own', value: 'yes' }] },
      domainName: SECONDARY_NAME,
      keepaliveTimeout: 5,
      path: '/prod',
      port: 443,
      protocol: 'https',
      readTimeout: 12,
      sslProtocols: ['TLSv1.2'],
    },
  },
});

describe('requests', () => {
  test('CF 4.2: another URI changes what the origin is asked, not the behaviour or the origin', () => {
    const edge = new LambdaEdge({ 'viewer-request': request({ uri: '/other', querystring: '' }) });
    edge.ask({ target: '/a?b' });
    expect(edge.seen.map(({ request: { target, host } }) => [target, host])).toEqual([['/other', PRIMARY_NAME]]);
  });

  test('CF 5.24: what viewer-request changes is in the key of the cache, what origin-request changes is not', () => {
    const byViewer = new LambdaEdge({ 'viewer-request': request({ uri: '/one' }) }, caching);
    byViewer.ask({ target: '/a' });
    expect(xCache(byViewer.ask({ target: '/b' }))).toBe('Hit');
    const byOrigin = new LambdaEdge({ 'origin-request': request({ uri: '/one' }) }, caching);
    byOrigin.ask({ target: '/a' });
    expect(xCache(byOrigin.ask({ target: '/b' }))).toBe('Miss');
    expect(xCache(byOrigin.ask({ target: '/a' }))).toBe('Hit');
  });

  test('CF 5.17: the query string can be written at origin-request, even where none is forwarded', () => {
    const edge = new LambdaEdge({ 'origin-request': request({ querystring: 'a=1' }) });
    edge.ask({ target: '/x' });
    expect(edge.seen[0]?.request.target).toBe('/x?a=1');
  });

  test('CF 5.16: Host can be changed at origin-request, and the server name follows it (CF 4.20)', () => {
    const edge = new LambdaEdge({ 'origin-request': withHeader('Host', 'www.example.com') });
    edge.ask();
    expect(edge.seen[0]?.request.host).toBe('www.example.com');
    expect(edge.seen[0]?.exchange.tls).toEqual({
      serverName: 'www.example.com',
      verifyNames: [PRIMARY_NAME, 'www.example.com'],
    });
  });

  test('headers that origin-request adds and removes are what the origin gets', () => {
    const edge = new LambdaEdge({
      'origin-request': ({ request: { headers, ...rest } }) => {
        const { 'user-agent': _, ...others } = headers;
        return { ...rest, headers: { ...others, 'x-note': [{ value: 'n' }] } };
      },
    });
    edge.ask();
    const sent = edge.seen[0]?.request.headers ?? [];
    expect(sent.map(([name]) => name)).toEqual(['Via', 'X-Forwarded-For', 'x-note', 'X-Amz-Cf-Id']);
  });
});

describe('origins', () => {
  test('CF 5.9: a request goes where origin-request sends it, though no origin of the distribution is there', () => {
    const edge = new LambdaEdge({ 'origin-request': toSecondary });
    edge.ask({ target: '/a' });
    const [seen] = edge.seen;
    expect([seen?.to, seen?.request.host, seen?.request.target]).toEqual([
      SECONDARY_ADDRESS,
      SECONDARY_NAME,
      '/prod/a',
    ]);
    expect(seen?.exchange.responseTimeoutMs).toBe(12_000);
    expect(header({ headers: seen?.request.headers ?? [] }, 'x-own')).toBe('yes');
  });

  test('CF 4.15: a name that the function puts there is resolved after the one that was there', () => {
    const edge = new LambdaEdge({ 'origin-request': toSecondary });
    edge.ask();
    expect(edge.queries).toEqual([PRIMARY_NAME, SECONDARY_NAME]);
  });

  test('CF 4.15, 4.16: a placeholder origin that does not resolve is 502, and the function is never called', () => {
    const edge = new LambdaEdge({ 'origin-request': toSecondary }, { overrides: { statusCodes: [500] } });
    edge.names.set(PRIMARY_NAME, { rcode: 'NXDOMAIN', negativeTtlSeconds: 60 });
    expect(edge.ask().status).toBe(502);
    expect(edge.ran).toBe('');
  });

  test('CF 1.27: what the function changes holds for one member; for the other it sees the configured origin', () => {
    const edge = new LambdaEdge({
      'origin-request': (cf) =>
        'custom' in (cf.request.origin ?? {}) && JSON.stringify(cf.request.origin).includes(PRIMARY_NAME)
          ? { ...cf.request, uri: '/changed', querystring: '' }
          : cf.request,
    }).primary(503);
    edge.ask({ target: '/a' });
    expect(edge.events.map(({ request: { uri } }) => uri)).toEqual(['/a', '/a']);
    expect(edge.seen.map(({ request: { target } }) => target)).toEqual(['/changed', '/prod/a']);
  });

  test('CF 5.9: an S3 origin may take the place of a custom one', () => {
    const bucket = 'photos.s3.eu-west-1.amazonaws.com';
    const edge = new LambdaEdge({
      'origin-request': (cf) => ({
        ...cf.request,
        headers: { ...cf.request.headers, host: [{ value: bucket }] },
        origin: { s3: { authMethod: 'none', customHeaders: {}, domainName: bucket, path: '', region: 'eu-west-1' } },
      }),
    });
    edge.names.set(bucket, { addresses: ['192.0.2.9'], ttlSeconds: 60 });
    edge.ask();
    expect(edge.seen.map(({ to, exchange: { port, tls } }) => [to, port, tls?.serverName])).toEqual([
      ['192.0.2.9', 443, bucket],
    ]);
  });

  const custom = {
    customHeaders: {},
    domainName: SECONDARY_NAME,
    keepaliveTimeout: 5,
    path: '',
    port: 443,
    protocol: 'https',
    readTimeout: 30,
    sslProtocols: ['TLSv1.2'],
  };
  const s3 = { authMethod: 'none', customHeaders: {}, domainName: 'b.s3.amazonaws.com', path: '', region: 'us-east-1' };

  test.each([
    ['both kinds', { custom, s3 }, 502],
    ['neither kind', {}, 502],
    ['an address for a name', { custom: { ...custom, domainName: '192.0.2.1' } }, 502],
    ['a port in the name', { custom: { ...custom, domainName: 'a.example.com:8443' } }, 502],
    ['a name of 254 characters', { custom: { ...custom, domainName: `${'a.'.repeat(125)}exam` } }, 502],
    ['a path without a slash', { custom: { ...custom, path: 'prod' } }, 502],
    ['a path that ends in a slash', { custom: { ...custom, path: '/prod/' } }, 502],
    ['port 22', { custom: { ...custom, port: 22 } }, 502],
    ['another protocol', { custom: { ...custom, protocol: 'match-viewer' } }, 502],
    ['a read timeout of 0', { custom: { ...custom, readTimeout: 0 } }, 502],
    ['a read timeout of 61 where 30 is configured', { custom: { ...custom, readTimeout: 61 } }, 502],
    ['another way to be let in', { s3: { ...s3, authMethod: 'origin-access-control' } }, 502],
    ['port 8443', { custom: { ...custom, port: 8443 } }, 200],
  ])('CF 5.7, 5.8: an origin with %s', (_, origin, status) => {
    const edge = new LambdaEdge({ 'origin-request': request({ origin }) });
    edge.names.set('b.s3.amazonaws.com', { addresses: ['192.0.2.9'], ttlSeconds: 60 });
    expect(edge.ask().status).toBe(status);
  });
});

describe('answers', () => {
  test('CF 5.10: a status is all that a generated answer needs', () => {
    const edge = new LambdaEdge({ 'viewer-request': () => ({ status: '403' }) });
    const reply = edge.ask();
    expect([reply.status, reply.body.bytes, xCache(reply)]).toEqual([403, 0, 'LambdaGeneratedResponse']);
    expect(edge.takeRoute()).toBe('');
  });

  test('CF 5.10: it may have headers, text, or bytes as Base64', () => {
    const edge = new LambdaEdge({
      'viewer-request': () => ({
        status: '302',
        statusDescription: 'Found',
        headers: { location: [{ key: 'Location', value: 'https://example.com/' }] },
        body: 'aGVsbG8=',
        bodyEncoding: 'base64',
      }),
    });
    const reply = edge.ask();
    expect(header(reply, 'Location')).toBe('https://example.com/');
    expect(reply.body).toEqual({ bytes: 5, text: 'aGVsbG8=', isBase64Encoded: true });
  });

  test('CF 5.12: what origin-request answers is kept, what viewer-request answers is not', () => {
    const generated: Handler = () => ({ status: '200', body: 'made' });
    const atOrigin = new LambdaEdge({ 'origin-request': generated }, caching);
    expect([xCache(atOrigin.ask()), xCache(atOrigin.ask())]).toEqual(['LambdaGeneratedResponse', 'Hit']);
    const atViewer = new LambdaEdge({ 'viewer-request': generated }, caching);
    expect([xCache(atViewer.ask()), xCache(atViewer.ask())]).toEqual([
      'LambdaGeneratedResponse',
      'LambdaGeneratedResponse',
    ]);
  });

  test('CF 2.32: a generated answer is served by CloudFront unless it says otherwise, out of the cache too', () => {
    const edge = new LambdaEdge({ 'origin-request': () => ({ status: '200' }) }, caching);
    expect([header(edge.ask(), 'Server'), header(edge.ask(), 'Server')]).toEqual(['CloudFront', 'CloudFront']);
    const server = [{ key: 'Server', value: 'mine' }];
    const named = new LambdaEdge({ 'viewer-request': () => ({ status: '200', headers: { server } }) });
    expect(named.ask().headers.filter(([name]) => name === 'Server')).toEqual([['Server', 'mine']]);
  });

  test('CF 1.28: an answer of origin-request ends the request, whatever its status: there is no failover', () => {
    const edge = new LambdaEdge({ 'origin-request': () => ({ status: '503' }) });
    expect(edge.ask().status).toBe(503);
    expect([edge.takeRoute(), edge.failovers.length]).toEqual(['', 0]);
  });

  test('origin-response changes status, headers and body before the answer is kept', () => {
    const change = response({
      status: '200',
      headers: { 'content-type': [{ key: 'Content-Type', value: 'text/html' }] },
      body: '<p>Sorry</p>',
    });
    const edge = new LambdaEdge(
      { 'origin-response': change },
      { overrides: { ...caching.overrides, statusCodes: [500] } },
    );
    edge.primary({ status: 404, headers: [['Content-Length', '2']] });
    const reply = edge.ask();
    expect([reply.status, reply.body]).toEqual([200, { bytes: 12, text: '<p>Sorry</p>' }]);
    expect(header(reply, 'Content-Length')).toBeUndefined();
    expect(xCache(edge.ask())).toBe('Hit');
  });

  test('CF 5.1: viewer-response changes what this viewer gets, not what is kept', () => {
    let count = 0;
    const edge = new LambdaEdge(
      {
        'viewer-response': (cf) => ({
          ...cf.response,
          headers: { ...cf.response?.headers, 'x-count': [{ value: String((count += 1)) }] },
        }),
      },
      caching,
    );
    expect([header(edge.ask(), 'x-count'), header(edge.ask(), 'x-count')]).toEqual(['1', '2']);
    expect(edge.events[1]?.response?.headers['x-count']).toBeUndefined();
  });

  test('CF 5.17: viewer-response cannot change the status', () => {
    const edge = new LambdaEdge({ 'viewer-response': response({ status: '201' }) });
    expect(edge.ask().status).toBe(502);
  });
});

describe('failover', () => {
  const masking = response({ status: '200', body: 'all is well' });
  const failing = response({ status: '503' });

  test('CF 9.3: the status of the origin decides, whatever the function makes of it', () => {
    const masked = new LambdaEdge({ 'origin-response': masking }).primary(503);
    expect([masked.ask().status, masked.takeRoute()]).toEqual([200, 'primary secondary']);
    const spoiled = new LambdaEdge({ 'origin-response': failing });
    expect([spoiled.ask().status, spoiled.takeRoute()]).toEqual([503, 'primary']);
  });

  test('CF 1.26: with the switch on function what the function makes of it decides', () => {
    const masked = new LambdaEdge({ 'origin-response': masking }, { decidesFailover: true }).primary(503);
    expect([masked.ask().status, masked.takeRoute()]).toEqual([200, 'primary']);
    const spoiled = new LambdaEdge({ 'origin-response': failing }, { decidesFailover: true });
    expect([spoiled.ask().status, spoiled.takeRoute()]).toEqual([503, 'primary secondary']);
  });

  test('a function that breaks at origin-response spoils the answer of the member that is final', () => {
    const breaking: Handler = () => {
      throw new Error('no');
    };
    const edge = new LambdaEdge({ 'origin-response': breaking }).primary(503);
    expect([edge.ask().status, edge.takeRoute()]).toEqual([503, 'primary secondary']);
    const well = new LambdaEdge({ 'origin-response': breaking });
    const reply = well.ask();
    expect([reply.status, xCache(reply), well.takeRoute()]).toEqual([503, 'LambdaExecutionError', 'primary']);
  });
});
