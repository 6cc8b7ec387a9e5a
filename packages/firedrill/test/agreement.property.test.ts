import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Architecture, Bucket, Fault, OriginModel, Plan, Probe, TimelineEvent } from '../src/model/index.ts';
import { atSeconds, NEVER } from '../src/model/index.ts';
import { loadSandbox } from '../src/sandbox/index.ts';
import { simulate } from '../src/sim/index.ts';
import { EDGE_HOST, edgeArchitecture, FIRST, SECOND } from './edge-world.ts';
import { hybridPlan, probe } from './hybrid-architecture.ts';
import { runLocal } from './run-local.ts';

/*
 * Two drivers, one edge: for distributions and traffic made by chance, with functions at the edge, buckets as origins and requests for
 * parts among them, viewers get the same answers in `sim` and in `live`, from the same caches, after the same attempts at the same origins. AGREEMENT_RUNS=… tries more of them, AGREEMENT_SEED=… others.
 */

const RUNS = Number(process.env['AGREEMENT_RUNS'] ?? 8);
const SEED = Number(process.env['AGREEMENT_SEED'] ?? 1);
const SPEED = 10;
const SECONDS = 5;

const PATHS = ['/', '/kept/a', '/kept/b?x=1', '/static/c.txt', '/d'] as const;
const METHODS = ['GET', 'HEAD', 'POST', 'OPTIONS', 'DELETE'] as const;

/** Functions at viewer events: none, or code by its event. */
const FUNCTIONS = {
  rewrites: [
    'viewer-request',
    `function handler(event) { event.request.uri = '/kept' + event.request.uri; return event.request; }`,
  ],
  answers: [
    'viewer-request',
    `function handler(event) { return event.request.method === 'GET' ? { statusCode: 302, headers: { location: { value: '/' } } } : event.request; }`,
  ],
  chooses: [
    'viewer-request',
    `import cf from 'cloudfront';\nfunction handler(event) { cf.selectRequestOriginById('${SECOND}'); return event.request; }`,
  ],
  groups: [
    'viewer-request',
    `import cf from 'cloudfront';
function handler(event) {
  cf.createRequestOriginGroup({
    originIds: [{ originId: '${SECOND}' }, { originId: '${FIRST}' }],
    failoverCriteria: { statusCodes: [403, 404, 500, 502, 503, 504] },
  });
  return event.request;
}`,
  ],
  throws: [
    'viewer-request',
    `function handler(event) { if (event.request.method === 'HEAD') throw new Error('no'); return event.request; }`,
  ],
  forbidden: [
    'viewer-response',
    `function handler(event) { event.response.headers.via = { value: 'me' }; return event.response; }`,
  ],
  adds: [
    'viewer-response',
    `function handler(event) { event.response.headers['x-seen'] = { value: '1' }; return event.response; }`,
  ],
} as const satisfies Readonly<Record<string, readonly ['viewer-request' | 'viewer-response', string]>>;

const FUNCTION_ARN = 'arn:aws:cloudfront::123456789012:function/made';

/** The bucket that may stand in the place of the first origin: what is there is there for everybody, what is not is a 403. */
const BUCKET: Bucket = {
  name: 'files',
  arn: 'arn:aws:s3:::files',
  region: 'eu-west-1',
  account: '123456789012',
  versioning: 'Unversioned',
  replicationRules: [],
  policy: [
    {
      effect: 'Allow',
      principals: [{ kind: 'everyone', value: '*' }],
      actions: ['s3:GetObject'],
      resources: ['*'],
      conditions: [],
    },
  ],
  restrictsPublicBuckets: false,
  stack: 'made',
  logicalId: 'Files',
};
const BUCKET_HOST = 'files.s3.eu-west-1.amazonaws.com';

const sandbox = loadSandbox();

const origin = fc.record({
  latencyMs: fc.constantFrom(0, 40, 300),
  status: fc.constantFrom(200, 200, 200, 200, 200, 301, 403, 404, 500, 503),
  bodyBytes: fc.constantFrom(0, 5, 2000),
});

const estate = fc.record({
  failsOver: fc.boolean(),
  statusCodes: fc.subarray([403, 404, 500, 502, 503, 504], { minLength: 1 }),
  attempts: fc.integer({ min: 1, max: 3 }),
  connectSeconds: fc.constantFrom(1, 2),
  keptSeconds: fc.constantFrom(0, 3600),
  allowed: fc.constantFrom(['GET', 'HEAD'], ['GET', 'HEAD', 'OPTIONS'], [...METHODS, 'PUT', 'PATCH']),
  viewerPolicy: fc.constantFrom('allow-all', 'allow-all', 'https-only', 'redirect-to-https'),
  first: origin,
  second: origin,
  isBucket: fc.boolean(),
  function: fc.option(fc.constantFrom(...(Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[])), { nil: undefined }),
  fault: fc.constantFrom(undefined, undefined, undefined, 'refuse', 'reset', 'blackhole', 'status'),
  traffic: fc.uniqueArray(
    fc.record({
      path: fc.constantFrom(...PATHS),
      method: fc.constantFrom('GET', 'GET', 'GET', 'GET', ...METHODS),
      https: fc.boolean(),
      range: fc.constantFrom(undefined, undefined, 'bytes=0-1', 'bytes=-2', 'bytes=4-', 'bytes=0-0,2-3', 'bytes=9000-'),
    }),
    { minLength: 1, maxLength: 4, selector: ({ path, method, https }) => `${path} ${method} ${https}` },
  ),
});

type Estate = typeof estate extends fc.Arbitrary<infer Value> ? Value : never;

/** What chance might leave out: parts of objects, of a bucket and of what is kept, each asked for again and again. */
const parts = (isBucket: boolean, change?: keyof typeof FUNCTIONS): Estate => ({
  failsOver: true,
  statusCodes: [403, 404, 503],
  attempts: 1,
  connectSeconds: 1,
  keptSeconds: 3600,
  allowed: ['GET', 'HEAD'],
  viewerPolicy: 'allow-all',
  first: { latencyMs: 0, status: 200, bodyBytes: 5 },
  second: { latencyMs: 0, status: 200, bodyBytes: 5 },
  isBucket,
  function: change,
  fault: undefined,
  traffic: [
    { path: '/kept/a', method: 'GET', https: false, range: 'bytes=0-1' },
    { path: '/', method: 'GET', https: true, range: 'bytes=-2' },
    { path: '/static/c.txt', method: 'GET', https: false, range: 'bytes=9000-' },
    { path: '/d', method: 'HEAD', https: true, range: undefined },
  ],
});
const EXAMPLES = [parts(true), parts(false), parts(true, 'rewrites'), parts(false, 'groups'), parts(true, 'adds')];

function architectureOf(made: Estate): Architecture {
  const whole = edgeArchitecture({ failsOver: made.failsOver });
  const [eventType, code] = made.function === undefined ? [] : FUNCTIONS[made.function];
  const functions = eventType === undefined ? {} : { functionAssociations: [{ eventType, functionArn: FUNCTION_ARN }] };
  return {
    ...whole,
    buckets: made.isBucket ? [BUCKET] : [],
    cloudFrontFunctions:
      code === undefined
        ? []
        : [{ arn: FUNCTION_ARN, name: 'made', runtime: 'cloudfront-js-2.0', code, stack: 'made', logicalId: 'Made' }],
    distributions: whole.distributions.map((one) => ({
      ...one,
      origins: one.origins.map((each) => ({
        ...each,
        connectionAttempts: made.attempts,
        connectionTimeoutSeconds: made.connectSeconds,
        ...(made.isBucket && each.id === FIRST ? { domainName: BUCKET_HOST, kind: 's3' as const } : {}),
      })),
      originGroups: one.originGroups.map((group) => ({ ...group, statusCodes: made.statusCodes })),
      behaviors: one.behaviors.map((behavior) => ({
        ...behavior,
        ...functions,
        allowedMethods: made.allowed,
        viewerProtocolPolicy: made.viewerPolicy,
        cachePolicy:
          behavior.pathPattern === '*'
            ? behavior.cachePolicy
            : { ...behavior.cachePolicy, defaultTtlSeconds: made.keptSeconds, maxTtlSeconds: made.keptSeconds },
      })),
    })),
  };
}

function planOf(made: Estate): Plan {
  // Each has a path of its own, so that nobody's answer depends on who comes first.
  const ownOf = (path: string, n: number): string => path.replace(/\??$|(?=\?)/, `-${n}`);
  const probes = made.traffic.map(({ path, method, https, range }, n): Probe => {
    const url = `${https ? 'https' : 'http'}://${EDGE_HOST}${ownOf(path, n)}`;
    const headers = range === undefined ? {} : { headers: { Range: range } };
    return probe(`p${n}`, url, { methods: [method], timeoutMs: 60_000, ...headers });
  });
  // Half of what is asked for is in the bucket, by its own path or as a function rewrites it.
  const keys = made.traffic.flatMap(({ path }, n) => {
    const [key = ''] = ownOf(path, n).slice(1).split('?');
    return n % 2 === 0 ? [key, `kept/${key}`] : [];
  });
  const objects = Object.fromEntries(
    keys.map((key) => [key, { text: 'hello you', bytes: 9, contentType: 'text/plain' }]),
  );
  const placed = (model: OriginModel): OriginModel => ({ ...model, region: 'eu-west-1' });
  const host = made.isBucket ? BUCKET_HOST : FIRST;
  return hybridPlan(made.fault === undefined ? [] : [faultOf(made.fault, host)], {
    probes,
    origins: { [FIRST]: placed(made.first), [SECOND]: { ...made.second, region: 'us-east-1' } },
    objects: { files: objects },
    endSeconds: SECONDS,
  });
}

/** From the beginning to the end: when it acts is no matter of chance then. */
function faultOf(kind: 'refuse' | 'reset' | 'blackhole' | 'status', host: string): Fault {
  return {
    name: kind,
    target: { kind: 'host', host },
    effect: kind === 'status' ? { kind, status: 503 } : { kind },
    from: atSeconds(0),
    until: NEVER,
    share: 1,
  };
}

type Ended = Extract<TimelineEvent, { what: 'request.ended' }>['data'];

/** Requests of each probe, in the order in which they were sent. */
function requestsOf(events: readonly TimelineEvent[]): ReadonlyMap<string, readonly Ended[]> {
  const all = events
    .flatMap((event) => (event.what === 'request.ended' ? [event.data] : []))
    .toSorted((one, other) => one.sentAt - other.sentAt);
  return new Map(
    [...new Set(all.map((ended) => ended.probe))].map((name) => [name, all.filter((ended) => ended.probe === name)]),
  );
}

/** What viewers saw, what caches held, and what origins were asked. */
function story(events: readonly TimelineEvent[]): readonly string[] {
  return [...requestsOf(events)]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .flatMap(([name, requests]) =>
      requests.map(
        ({ method, end, status, endpoint, origin: from, attempts, result }, n) =>
          `${name} ${n} ${method}: ${end} ${status} ${result} from ${from}@${endpoint} after ${attempts}`,
      ),
    );
}

/** Whether a request began before the one before it had ended: then the machine had a say in what the cache held. */
function overlaps(events: readonly TimelineEvent[]): boolean {
  return [...requestsOf(events).values()].some((requests) =>
    requests.some((request, n) => n > 0 && request.sentAt < endOf(requests[n - 1])),
  );
}

function endOf(request: Ended | undefined): number {
  return request === undefined ? 0 : request.sentAt + request.ttfbMs * 1000;
}

test(
  `sim and live tell the same of ${RUNS} distributions and their traffic (seed ${SEED})`,
  async () => {
    let compared = 0;
    await fc.assert(
      fc.asyncProperty(estate, async (made) => {
        const [architecture, plan] = [architectureOf(made), planOf(made)];
        const sim: TimelineEvent[] = [];
        simulate(architecture, plan, (event) => void sim.push(event), await sandbox);
        const local = await runLocal(architecture, plan, SPEED, await sandbox);
        if (overlaps(sim) !== overlaps(local)) return;
        // Where requests overlap by the plan's own delays, how they met in the cache may differ; all else may not.
        const told = overlaps(sim) ? withoutResult : (lines: readonly string[]): readonly string[] => lines;
        expect(told(story(local))).toEqual(told(story(sim)));
        compared += 1;
      }),
      {
        numRuns: RUNS + EXAMPLES.length,
        examples: EXAMPLES.map((made): [Estate] => [made]),
        seed: SEED,
        endOnFailure: true,
      },
    );
    expect(compared).toBeGreaterThan(RUNS / 4);
  },
  600_000 + (RUNS + EXAMPLES.length) * 20_000,
);

function withoutResult(lines: readonly string[]): readonly string[] {
  return lines.map((line) => line.replace(/ (?:Hit|Miss|Error|\w+) from .*$/, ''));
}
