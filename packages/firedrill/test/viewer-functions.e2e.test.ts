import { beforeAll, describe, expect, test } from 'vitest';
import type { Architecture, FunctionAssociation, TimelineEvent } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';
import { hybridArchitecture, hybridPlan } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/* CloudFront Functions in both drivers: the same sandbox runs them, so what requests come to is the same. */

const SPEED = 10;
const ARN = 'arn:aws:cloudfront::123456789012:function/f';

/** The hybrid architecture with one function in all behaviours. */
function architectureWith(code: string, eventType: FunctionAssociation['eventType']): Architecture {
  const architecture = hybridArchitecture();
  return {
    ...architecture,
    cloudFrontFunctions: [{ arn: ARN, name: 'f', runtime: 'cloudfront-js-2.0', code, stack: 'edge', logicalId: 'F' }],
    distributions: architecture.distributions.map((distribution) => ({
      ...distribution,
      behaviors: distribution.behaviors.map((each) => ({
        ...each,
        functionAssociations: [{ eventType, functionArn: ARN }],
      })),
    })),
  };
}

const group = hybridArchitecture().distributions[1]?.originGroups[0];

const CASES = [
  {
    name: 'CF 5.28, 5.31: reads and writes go to the origin that is chosen',
    code: `import cf from 'cloudfront';\nfunction handler(event) { cf.selectRequestOriginById('${group?.secondary ?? ''}'); return event.request; }`,
    event: 'viewer-request',
    expected: 'GET 200 us-east-1 Miss, POST 200 us-east-1 Miss',
  },
  {
    name: 'CF 2.32: an answer of the function comes from the edge',
    code: 'function handler(event) { return { statusCode: 203, body: "here" }; }',
    event: 'viewer-request',
    expected: 'GET 203 edge FunctionGeneratedResponse, POST 203 edge FunctionGeneratedResponse',
  },
  {
    name: 'CF 2.34: a loop without end is a 503, and the world lives on',
    code: 'function handler(event) { if (event.request.method === "GET") { while (true) {} } return event.request; }',
    event: 'viewer-request',
    expected: 'GET 503 edge FunctionThrottledError, POST 200 eu-west-1 Miss',
  },
  {
    name: 'CF 5.36: a read-only header that is touched is a 502',
    code: 'function handler(event) { event.response.headers.via = { value: "me" }; return event.response; }',
    event: 'viewer-response',
    expected: 'GET 502 edge FunctionValidationError, POST 502 edge FunctionValidationError',
  },
] as const;

/** What the requests to the hybrid distribution came to, each once. */
function outcomes(events: readonly TimelineEvent[]): string {
  const found = events.flatMap((event) => {
    if (event.what !== 'request.ended' || event.data.probe !== 'hybrid') return [];
    const { method, status, endpoint, result } = event.data;
    return method === 'GET' || method === 'POST' ? [`${method} ${status} ${endpoint} ${result}`] : [];
  });
  return [...new Set(found)].toSorted().join(', ');
}

describe.each(CASES)('$name', ({ code, event, expected }) => {
  let runs: readonly (readonly TimelineEvent[])[];
  beforeAll(async () => {
    const sandbox = await loadSandbox();
    const architecture = architectureWith(code, event);
    const plan = hybridPlan([], { endSeconds: 10 });
    const events: TimelineEvent[] = [];
    simulate(architecture, plan, (each) => void events.push(each), sandbox);
    runs = [events, await runLocal(architecture, plan, SPEED, sandbox)];
  });

  test('in both drivers', () => {
    for (const events of runs) expect(outcomes(events)).toBe(expected);
  });
});
