import { describe, expect, test } from 'vitest';
import type { Plan, TimelineEvent } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';
import type { EdgeCode } from './edge-estate.ts';
import { edgeArchitecture } from './edge-estate.ts';
import { hybridPlan, primaryFault } from './hybrid-architecture.ts';

const loaded = loadSandbox();

async function ran(code: EdgeCode, more: Partial<Plan> = {}): Promise<TimelineEvent[]> {
  const events: TimelineEvent[] = [];
  const plan = hybridPlan([primaryFault({ kind: 'status', status: 503 }, 20, 40)], { endSeconds: 60, ...more });
  simulate(edgeArchitecture(code), plan, (event) => void events.push(event), await loaded);
  return events;
}

/** Statuses of GETs at the hybrid distribution by the second they were sent in, each with how many there were. */
function statusesOf(events: readonly TimelineEvent[], from: number, until: number): readonly number[] {
  const found = events.flatMap((event) => {
    if (event.what !== 'request.ended') return [];
    const { probe, method, sentAt, status } = event.data;
    const second = sentAt / 1e6;
    return probe === 'hybrid' && method === 'GET' && second >= from && second < until ? [status] : [];
  });
  return [...new Set(found)];
}

const notesOf = (events: readonly TimelineEvent[]): readonly string[] =>
  events.flatMap((event) => (event.what === 'note' ? [event.data.says] : []));

describe('functions at the edge in virtual time', () => {
  test('CF 9.3: pure code runs as it is: a function that hides 503s does not keep GETs from failing over', async () => {
    const events = await ran({
      'origin-response': `exports.handler = async (event) => {
        const { response } = event.Records[0].cf;
        return response.status === '503' ? { ...response, status: '200' } : response;
      };`,
    });
    expect(statusesOf(events, 0, 60)).toEqual([200]);
    expect(events.filter(({ what }) => what === 'origin.failed-over').length).toBeGreaterThan(15);
    expect(notesOf(events)).toEqual(['the code of origin-response, which runs at the edge, is run as it is']);
  });

  test('CF 1.26: with cloudfront.failover-status on function it does', async () => {
    const events = await ran(
      {
        'origin-response': `exports.handler = async (event) => {
          const { response } = event.Records[0].cf;
          return response.status === '503' ? { ...response, status: '200' } : response;
        };`,
      },
      { switches: { 'cloudfront.failover-status': 'function' } },
    );
    expect(statusesOf(events, 0, 60)).toEqual([200]);
    expect(events.filter(({ what }) => what === 'origin.failed-over')).toEqual([]);
  });

  test('CF 5.19: what a function does wrong is what viewers get', async () => {
    const wrong = { 'viewer-request': `exports.handler = async () => ({ status: '999' })` };
    expect(statusesOf(await ran(wrong), 0, 60)).toEqual([502]);
    const broken = { 'viewer-request': `exports.handler = async () => { throw new Error('no') }` };
    expect(statusesOf(await ran(broken), 0, 60)).toEqual([503]);
    const endless = { 'viewer-request': `exports.handler = async () => { for (;;); }` };
    expect(statusesOf(await ran(endless), 0, 3)).toEqual([503]);
  });

  test('CF 5.13: with IncludeBody a function sees what a probe sends, cut off where AWS cuts it off', async () => {
    const reading = `exports.handler = async (event) => {
      const { request } = event.Records[0].cf;
      const { body: { data, encoding, inputTruncated } = {} } = request;
      const text = data === undefined ? '' : Buffer.from(data, encoding).toString();
      return { status: text.startsWith('größer') ? (inputTruncated ? '202' : '201') : '404' };
    };`;
    const associations = [
      {
        eventType: 'viewer-request',
        functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:viewer-request:1',
        includeBody: true,
      },
    ] as const;
    const architecture = edgeArchitecture(
      { 'viewer-request': reading },
      {},
      { lambdaFunctionAssociations: associations },
    );
    const statuses = async (body: string): Promise<readonly string[]> => {
      const events: TimelineEvent[] = [];
      const plan = hybridPlan([], { endSeconds: 5 });
      const probes = plan.probes.map((probe) => ({ ...probe, body }));
      simulate(architecture, { ...plan, probes }, (event) => void events.push(event), await loaded);
      const found = events.flatMap(({ what, data }) =>
        what === 'request.ended' ? [`${data.method} ${data.status}`] : [],
      );
      return [...new Set(found.filter((each) => each.startsWith('POST')))];
    };
    expect(await statuses('größer')).toEqual(['POST 201']);
    expect(await statuses(`größer ${'x'.repeat(41 * 1024)}`)).toEqual(['POST 202']);
  });

  test('code that needs more than its event is not run, and the report says so', async () => {
    const events = await ran({ 'viewer-request': `exports.handler = async () => ({ status: String(Date.now()) })` });
    expect(statusesOf(events, 0, 60)).toEqual([200]);
    expect(notesOf(events)).toEqual([
      'the code of viewer-request, which runs at the edge, is not run: it needs more than its event; requests and answers pass as they are',
    ]);
  });

  test('CF 5.23: each is waited for: what they take, all together, is what viewers wait longer', async () => {
    const slow = { functionModels: { '*': { latencyMs: 200, status: 200, bodyBytes: 2 } } };
    const passing = `exports.handler = async (event) => event.Records[0].cf.response ?? event.Records[0].cf.request;`;
    const all = {
      'viewer-request': passing,
      'origin-request': passing,
      'origin-response': passing,
      'viewer-response': passing,
    };
    const [first] = (await ran(all, slow)).flatMap((event) => (event.what === 'request.ended' ? [event.data] : []));
    const [without] = (await ran({}, slow)).flatMap((event) => (event.what === 'request.ended' ? [event.data] : []));
    const more = (first?.ttfbMs ?? 0) - (without?.ttfbMs ?? 0);
    expect(more).toBeGreaterThan(795);
    expect(more).toBeLessThan(810);
  });

  test('CF 5.22: it finds the Region that it runs in', async () => {
    const events = await ran({
      'viewer-request': `export const handler = async () => ({ status: process.env.AWS_REGION === 'eu-west-1' ? '201' : '202' });`,
    });
    expect(statusesOf(events, 0, 60)).toEqual([201]);
  });

  test('the same seed gives the same timeline, functions and all', async () => {
    const code = {
      'viewer-request': `exports.handler = async (event) => ({ ...event.Records[0].cf.request, uri: '/a' });`,
      'origin-response': `exports.handler = async (event) => event.Records[0].cf.response;`,
    };
    const [first, second] = [await ran(code), await ran(code)];
    expect(JSON.stringify(second)).toBe(JSON.stringify(first));
  });
});
