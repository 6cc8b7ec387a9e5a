import { describe, expect, test } from 'vitest';
import type { Invocation } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import { gatewayResponse } from './gateway-response.ts';
import { askGateway, lambdaFunction, restApi } from './gateway-script.fixture.ts';

const TIMED_OUT: Invocation = { kind: 'failed', errorType: 'Sandbox.Timedout', errorMessage: 'Task timed out' };
const BROKEN = '502 {"message": "Internal server error"}';

/** Status and body, the latter with the space that AWS writes. */
function answer(script: Parameters<typeof askGateway>[1], asked: Parameters<typeof askGateway>[0] = {}): string {
  const { reply, text } = askGateway(asked, script);
  return `${reply.status} ${text.replace('":"', '": "')}`;
}

/** The function and the integration with these timeouts. */
function timeouts(functionSeconds: number, integrationMs: number): Parameters<typeof askGateway>[1] {
  const api = restApi();
  return {
    functions: [{ ...lambdaFunction(), timeoutSeconds: functionSeconds }],
    apis: [
      {
        ...api,
        resources: api.resources.map((resource) => ({
          ...resource,
          methods: resource.methods.map((method) => ({
            ...method,
            integration: { ...method.integration, timeoutMs: integrationMs },
          })),
        })),
      },
    ],
  };
}

describe('what can go wrong', () => {
  test('RS 3.7, 3.8: whatever error a function ends with, the viewer gets the same 502', () => {
    for (const errorType of ['Error', 'TypeError', 'Runtime.ExitError', 'Runtime.ImportModuleError'])
      expect(answer({ invocation: { kind: 'failed', errorType, errorMessage: 'no' } })).toBe(BROKEN);
    const { reply } = askGateway({}, { invocation: { kind: 'failed', errorType: 'Error', errorMessage: 'no' } });
    expect(headerOf(reply.headers, 'Content-Type')).toBe('application/json');
    expect(headerOf(reply.headers, 'x-amzn-ErrorType')).toBe('InternalServerErrorException');
  });

  test('RS 3.7: a function that does not exist is a 502, and nothing is run', () => {
    const { reply, invoke } = askGateway({}, { functions: [] });
    expect([reply.status, invoke]).toEqual([502, undefined]);
  });

  test('RS 3.7: a throttled function is a 502, from the function or from a fault', () => {
    expect(answer({ invocation: { kind: 'throttled' } })).toBe(BROKEN);
    expect(answer({ fault: { kind: 'throttle', cause: 7 } })).toBe(BROKEN);
    expect(answer({ fault: { kind: 'function-error', cause: 7 } })).toBe(BROKEN);
  });

  test('a fault that answers names the event behind it and runs no function', () => {
    const { reply, invoke } = askGateway({}, { fault: { kind: 'status', status: 503, cause: 7 } });
    expect([reply.status, reply.account.cause, invoke]).toEqual([503, 7, undefined]);
  });

  test.each([
    ['throttled', '429 TooManyRequestsException'],
    ['request-too-large', '413 RequestTooLargeException'],
    ['integration-timeout', '504 InternalServerErrorException'],
    ['internal-server-error', '502 InternalServerErrorException'],
  ] as const)('RS 3.16: an answer of its own that is %s says %s', (kind, expected) => {
    const { status, headers } = gatewayResponse(kind, { region: 'eu-west-1', requestId: 'r', cause: 0 });
    expect(`${status} ${headerOf(headers, 'x-amzn-ErrorType') ?? ''}`).toBe(expected);
  });

  test('RS 3.15, 3.22: a body above 10 MB is a 413', () => {
    expect(askGateway({}).invoke?.bodyBytesMax).toBe(10 * 1024 * 1024);
    expect(
      askGateway({ method: 'POST', bodyBytes: 20_000_000 }, { invocation: { kind: 'too-large' } }).reply.status,
    ).toBe(413);
  });

  test('RS 3.4, 3.5: a function that returns something else than an answer is a 502', () => {
    expect(answer({ invocation: { kind: 'returned', payload: 'hello' } })).toBe(BROKEN);
    expect(answer({ invocation: { kind: 'returned', payload: { statusCode: 200, region: 'eu-west-1' } } })).toBe(
      BROKEN,
    );
  });
});

describe('timeouts', () => {
  test('RS 3.19: an integration that gives up before the function is a 504', () => {
    const script = timeouts(60, 29_000);
    expect(askGateway({}, script).invoke?.timeoutMs).toBe(29_000);
    expect(answer({ ...script, invocation: TIMED_OUT })).toBe('504 {"message": "Endpoint request timed out"}');
  });

  test('RS 3.8, 4.18: a function that runs into its own timeout is a 502', () => {
    const script = timeouts(3, 29_000);
    expect(askGateway({}, script).invoke?.timeoutMs).toBe(3000);
    expect(answer({ ...script, invocation: TIMED_OUT })).toBe(BROKEN);
    expect(answer({ ...timeouts(29, 29_000), invocation: TIMED_OUT })).toBe(BROKEN);
  });

  test('RS 3.18: the integration timeout is that of the template, below 29 s and above', () => {
    expect(askGateway({}, timeouts(900, 50)).invoke?.timeoutMs).toBe(50);
    expect(askGateway({}, timeouts(900, 120_000)).invoke?.timeoutMs).toBe(120_000);
  });
});

describe('headers of every answer', () => {
  test('RS 3.11: x-amzn-RequestId and x-amz-apigw-id, on answers of functions and on refusals', () => {
    for (const { reply } of [askGateway(), askGateway({ target: '/none/' })]) {
      expect(headerOf(reply.headers, 'x-amzn-RequestId')).toMatch(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/);
      expect(headerOf(reply.headers, 'x-amz-apigw-id')).toHaveLength(16);
    }
  });

  test('RS 3.3, 3.11: a request has one id, in its event and in its answer, however often it is read', () => {
    const { reply, event } = askGateway();
    const { requestId, extendedRequestId } = (event as { requestContext: Record<string, unknown> }).requestContext;
    for (let read = 0; read < 2; read++) {
      expect(headerOf(reply.headers, 'x-amzn-RequestId')).toBe(requestId);
      expect(headerOf(reply.headers, 'x-amz-apigw-id')).toBe(extendedRequestId);
    }
  });

  test('the length of a body is counted in UTF-8', () => {
    for (const body of ['', 'abc', 'é', '€', '😀', 'a😀é€'])
      expect(askGateway({}, { invocation: { kind: 'returned', payload: { body } } }).reply.body.bytes).toBe(
        new TextEncoder().encode(body).length,
      );
  });
});
