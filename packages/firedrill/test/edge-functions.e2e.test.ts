import { beforeAll, describe, expect, test } from 'vitest';
import type { Plan, TimelineEvent } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';
import type { EdgeCode } from './edge-estate.ts';
import { edgeArchitecture } from './edge-estate.ts';
import { hybridPlan, primaryFault } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/*
 * Functions at the edge in both drivers: in processes of their own on real sockets, in the sandbox in virtual time. Who reads,
 * writes, or is answered by whom comes out the same.
 */

const SPEED = 10;

interface Case {
  readonly name: string;
  readonly code: EdgeCode;
  readonly switches?: Plan['switches'];
  /** What GETs of the hybrid distribution come to before the fault and in it. */
  readonly before: string;
  readonly during: string;
}

const HIDING = `exports.handler = (event, context, callback) => {
  const { response } = event.Records[0].cf;
  callback(null, response.status === '503' ? { ...response, status: '200', body: 'sorry' } : response);
};`;

const TO_BACKUP = `export const handler = async (event) => {
  const { request } = event.Records[0].cf;
  const name = 'bbbbbbbbbb.execute-api.us-east-1.amazonaws.com';
  request.origin.custom.domainName = name;
  request.origin.custom.path = '/prod';
  request.headers.host = [{ key: 'Host', value: name }];
  return request;
};`;

const CASES: readonly Case[] = [
  {
    name: 'CF 9.3: a callback that hides 503s at origin-response leaves failover alone',
    code: { 'origin-response': HIDING },
    before: '200 eu-west-1 Miss',
    during: '200 us-east-1 Miss',
  },
  {
    name: 'CF 1.26: with the switch on function it does not',
    code: { 'origin-response': HIDING },
    switches: { 'cloudfront.failover-status': 'function' },
    before: '200 eu-west-1 Miss',
    during: '200 eu-west-1 Miss',
  },
  {
    name: 'CF 5.9: an ES module sends requests elsewhere',
    code: { 'origin-request': TO_BACKUP },
    before: '200 us-east-1 Miss',
    during: '200 us-east-1 Miss',
  },
  {
    name: 'CF 5.12: what viewer-request answers comes from the edge',
    code: { 'viewer-request': `exports.handler = async () => ({ status: '203', body: process.env.AWS_REGION });` },
    before: '203 edge LambdaGeneratedResponse',
    during: '203 edge LambdaGeneratedResponse',
  },
  {
    name: 'CF 5.19: what throws is 503, what is not valid 502',
    code: {
      'viewer-request': `exports.handler = async (event) => {
        const { request } = event.Records[0].cf;
        if (request.method === 'GET') throw new Error('no');
        return request;
      };`,
    },
    before: '503 edge LambdaExecutionError',
    during: '503 edge LambdaExecutionError',
  },
];

/** What the GETs of the hybrid distribution that were sent in a span of seconds came to, each once. */
function outcomes(events: readonly TimelineEvent[], from: number, until: number): string {
  const found = events.flatMap((event) => {
    if (event.what !== 'request.ended') return [];
    const { probe, method, sentAt, status, endpoint, result } = event.data;
    const second = sentAt / 1e6;
    const counts = probe === 'hybrid' && method === 'GET' && second >= from && second < until;
    return counts ? [`${status} ${endpoint} ${result}`] : [];
  });
  return [...new Set(found)].join(', ');
}

describe.each(CASES)('$name', ({ code, switches, before, during }) => {
  // A slow machine notices a fault late: what is sent near its beginning counts neither way, and it does not end.
  const plan = hybridPlan([primaryFault({ kind: 'status', status: 503 }, 20)], {
    endSeconds: 50,
    switches: { 'route53.status-propagation-seconds': 90, ...switches },
  });
  const architecture = edgeArchitecture(code);
  let runs: readonly (readonly TimelineEvent[])[];
  beforeAll(async () => {
    const events: TimelineEvent[] = [];
    simulate(architecture, plan, (event) => void events.push(event), await loadSandbox());
    runs = [events, await runLocal(architecture, plan, SPEED)];
  });

  test('in both drivers', () => {
    for (const events of runs) {
      expect(outcomes(events, 0, 15)).toBe(before);
      expect(outcomes(events, 25, 50)).toBe(during);
    }
  });
});

test('Python handlers run at the edge too', async () => {
  const text = `def handler(event, context):
    cf = event["Records"][0]["cf"]
    if cf["request"]["uri"] != "/":
        return cf["request"]
    return {"status": "203", "headers": {"x-region": [{"key": "X-Region", "value": "eu"}]}}`;
  const plan = hybridPlan([], { endSeconds: 5 });
  const events = await runLocal(edgeArchitecture({ 'viewer-request': { text, runtime: 'python3.13' } }), plan, SPEED);
  expect(outcomes(events, 0, 5)).toBe('203 edge LambdaGeneratedResponse');
});
