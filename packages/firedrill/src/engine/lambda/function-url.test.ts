import { describe, expect, test } from 'vitest';
import { hybridArchitecture, PRIMARY } from '../../../test/hybrid-architecture.ts';
import type { FunctionUrl, LambdaFunction } from '../../model/index.ts';
import { assert, functionUrlHost } from '../../model/index.ts';
import type { Headers, Invocation, Reply, TextBody } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import type { UrlCall } from './function-url.ts';
import { callFunctionUrl } from './function-url.ts';

const [FUNCTION] = hybridArchitecture().functions;
assert(FUNCTION !== undefined, 'the hybrid architecture has a function');
const URL: FunctionUrl = {
  id: 'u'.repeat(32),
  region: PRIMARY,
  functionArn: FUNCTION.arn,
  authType: 'NONE',
  stack: 's',
};
const HOST = functionUrlHost(URL);
const FROM = { index: 0, name: 'city:Dublin', spot: { latitude: 53, longitude: -6 }, address: '127.84.0.1' };

function call(
  over: Partial<UrlCall> & {
    readonly fn?: Partial<LambdaFunction>;
    readonly headers?: Headers;
    readonly method?: string;
  } = {},
  invocation?: Invocation,
): { readonly reply: Reply; readonly text: string; readonly event: unknown; readonly encoding: string | undefined } {
  const { fn = {}, headers = [], method = 'GET', ...rest } = over;
  assert(FUNCTION !== undefined, 'there is a function');
  const request = { method, target: '/a?x=1', host: HOST, headers, body: undefined };
  const answer = callFunctionUrl({
    arrival: { to: '127.92.0.1', tls: true, serverName: HOST, request, from: FROM },
    region: PRIMARY,
    url: URL,
    function: { ...FUNCTION, ...fn },
    fault: undefined,
    requestId: '00000001-0000-4000-8000-000000000000',
    epochMs: 0,
    ...rest,
  });
  const reply = answer.kind === 'reply' ? answer : answer.answer(invocation ?? { kind: 'returned', payload: 'hello' });
  return {
    reply,
    text: (reply.body as TextBody).text,
    event: answer.kind === 'invoke' ? answer.payload(null) : undefined,
    encoding: answer.kind === 'invoke' ? answer.bodyEncoding : undefined,
  };
}

const told = (...args: Parameters<typeof call>): string => {
  const { reply, text } = call(...args);
  return `${reply.status} ${text}`;
};

describe('addresses of functions', () => {
  test('RS 4.26: the host names the URL and its Region, the event is one of format 2.0', () => {
    expect(HOST).toBe(`${'u'.repeat(32)}.lambda-url.eu-west-1.on.aws`);
    expect(call().event).toMatchObject({
      version: '2.0',
      routeKey: '$default',
      rawPath: '/a',
      rawQueryString: 'x=1',
      requestContext: {
        accountId: 'anonymous',
        apiId: URL.id,
        domainName: HOST,
        domainPrefix: URL.id,
        http: { method: 'GET', path: '/a', sourceIp: '127.84.0.1' },
        stage: '$default',
      },
    });
  });

  test.each([
    ['hello', '200 hello'],
    [['a', 1], '200 ["a",1]'],
    [7, '200 7'],
    [true, '200 true'],
    [{ statusCode: 404, body: 'é' }, '404 é'],
  ])('RS 4.30: a function that returns %j makes %s', (payload, expected) => {
    const { reply } = call({}, { kind: 'returned', payload });
    expect(told({}, { kind: 'returned', payload })).toBe(expected);
    expect(headerOf(reply.headers, 'content-type')).toBe('application/json');
  });

  test.each([
    [{ kind: 'failed', errorType: 'Error', errorMessage: '' }],
    [{ kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: '' }],
    [{ kind: 'returned', payload: { statusCode: 'many' } }],
  ] as const)('RS 4.26a, 4.27: %j is a 502 in plain words', (invocation) => {
    const { reply } = call({}, invocation);
    expect(told({}, invocation)).toBe('502 Internal Server Error');
    expect(headerOf(reply.headers, 'content-type')).toBe('text/plain');
  });

  test('RS 4.28: whoever may not is 403, an address that nobody has is 403 without a word', () => {
    const { reply, text } = call({ url: { ...URL, authType: 'AWS_IAM' } });
    expect(reply.status).toBe(403);
    expect(headerOf(reply.headers, 'x-amzn-ErrorType')).toBe('AccessDeniedException');
    expect(text).toContain('"Message":"Forbidden. For troubleshooting Function URL authorization issues, see:');
    expect(told({ url: undefined })).toBe('403 {"Message":null}');
  });

  test('RS 4.24, 4.29: without concurrency every call is 429', () => {
    const { reply, text } = call({ fn: { reservedConcurrency: 0 } });
    expect(reply.status).toBe(429);
    expect(text).toContain('ReservedFunctionConcurrentInvocationLimitExceeded');
    expect(headerOf(reply.headers, 'x-amzn-ErrorType')).toBe('TooManyRequestsException');
    expect(call({ fn: { reservedConcurrency: 5 } }).reply.status).toBe(200);
  });

  test('RS 3.31a, 4.26: a body of a form is Base64, one of JSON is text', () => {
    const encodingOf = (type: string): string | undefined => call({ headers: [['content-type', type]] }).encoding;
    expect(encodingOf('application/x-www-form-urlencoded')).toBe('base64');
    expect(encodingOf('application/json')).toBe('text');
  });

  test('RS 4.20: a body of more than 6 MB is 413', () => {
    expect(call({}, { kind: 'too-large' }).reply.status).toBe(413);
  });

  test('faults of functions befall their addresses, too', () => {
    const status = (kind: 'status' | 'function-error' | 'throttle'): number =>
      call({ fault: { kind, status: 503, cause: 4 } }).reply.status;
    expect([status('status'), status('function-error'), status('throttle')]).toEqual([503, 502, 429]);
    expect(call({ fault: { kind: 'status', status: 503, cause: 4 } }).reply.account.cause).toBe(4);
  });

  test('browsers that ask across origins are answered by the rules of the URL', () => {
    const cors = {
      allowOrigins: ['*'],
      allowMethods: ['GET'],
      allowHeaders: [],
      exposeHeaders: [],
      maxAgeSeconds: undefined,
      allowCredentials: false,
    };
    const headers = [
      ['Origin', 'https://www.example.com'],
      ['Access-Control-Request-Method', 'GET'],
    ] as const;
    const preflight = call({ url: { ...URL, cors }, method: 'OPTIONS', headers });
    expect(preflight.event).toBeUndefined();
    expect(headerOf(preflight.reply.headers, 'access-control-allow-methods')).toBe('GET');
    expect(headerOf(call({ url: { ...URL, cors }, headers }).reply.headers, 'access-control-allow-origin')).toBe('*');
  });
});
