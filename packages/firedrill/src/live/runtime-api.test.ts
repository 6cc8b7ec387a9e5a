import { afterEach, describe, expect, test } from 'vitest';
import { RuntimeApi, type Work } from './runtime-api.ts';

const WORK: Work = {
  requestId: '5b3c1d2e-0000-4000-8000-000000000001',
  payload: '{"a":1}',
  deadlineEpochMs: 1_700_000_000_000,
  functionArn: 'arn:aws:lambda:eu-west-1:123456789012:function:api',
};

const opened: RuntimeApi[] = [];
afterEach(() => {
  for (const api of opened.splice(0)) api.close();
});

/** One that is open, and a way to call it as a runtime does. */
async function open() {
  const api = await RuntimeApi.open();
  opened.push(api);
  const call = async (method: 'GET' | 'POST', path: string, body?: unknown): Promise<Response> =>
    await fetch(`http://${api.address}/2018-06-01/runtime/${path}`, {
      method,
      headers: { 'lambda-runtime-function-error-type': 'Function.Told' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const status = async (...asked: Parameters<typeof call>): Promise<number> => (await call(...asked)).status;
  return { api, call, status };
}

describe('the Runtime API', () => {
  test('RS 4.1: hands the work out to whoever asks, however long it asks for, and takes the response', async () => {
    const { api, call, status } = await open();
    const asked = call('GET', 'invocation/next');
    await api.asked();
    const handed = api.hand(WORK);
    const next = await asked;
    expect([next.status, await next.json()]).toEqual([200, { a: 1 }]);
    expect(Object.fromEntries(next.headers)).toMatchObject({
      'lambda-runtime-aws-request-id': WORK.requestId,
      'lambda-runtime-deadline-ms': '1700000000000',
      'lambda-runtime-invoked-function-arn': WORK.functionArn,
    });
    expect(await status('POST', `invocation/${WORK.requestId}/response`, { ok: true })).toBe(202);
    expect(await handed).toEqual({
      kind: 'returned',
      payload: { ok: true },
      text: '{"ok":true}',
    });
  });

  test('RS 4.3: takes errors of invocations, in their own words', async () => {
    const { api, call, status } = await open();
    const asked = call('GET', 'invocation/next');
    await api.asked();
    const handed = api.hand(WORK);
    await asked;
    const report = { errorType: 'TypeError', errorMessage: 'bad', stackTrace: ['here'] };
    expect(await status('POST', `invocation/${WORK.requestId}/error`, report)).toBe(202);
    expect(await handed).toEqual({
      kind: 'failed',
      errorType: 'TypeError',
      errorMessage: 'bad',
      report: JSON.stringify(report),
    });
  });

  test('RS 4.1: takes the error of a start', async () => {
    const { api, status } = await open();
    expect(await status('POST', 'init/error', { errorType: 'Runtime.Broken', errorMessage: 'no' })).toBe(202);
    expect(await api.initFailure).toMatchObject({ kind: 'failed', errorType: 'Runtime.Broken', errorMessage: 'no' });
  });

  test('RS 4.3: refuses what is out of turn, about no work at hand, and what it does not know', async () => {
    const { api, call, status } = await open();
    void call('GET', 'invocation/next').catch(() => undefined);
    await api.asked();
    expect(await status('GET', 'invocation/next')).toBe(403);
    expect(await status('POST', 'invocation/another/response', 1)).toBe(400);
    expect(await status('POST', 'invocation/next')).toBe(404);
    expect(await status('GET', 'elsewhere')).toBe(404);
  });
});
