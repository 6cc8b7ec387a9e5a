import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BACKUP, hybridArchitecture, hybridPlan, PRIMARY } from '../../test/hybrid-architecture.ts';
import type { Architecture, LambdaFunction } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import type { LocalWorld } from './index.ts';
import { LiveError, openWorld, PORTS } from './index.ts';

/* An estate is deployed into a world that runs, with real sockets and processes. */

const NAME = 'api.example.com';
/** Answers with the Region that it runs in. */
const TEXT =
  'exports.handler = async () => ({ statusCode: 200, body: JSON.stringify({ region: process.env.AWS_REGION, says: process.env.SAYS }) });';

const WHOLE = withFunctions(hybridArchitecture(), (fn) => ({
  ...fn,
  code: { kind: 'inline', text: TEXT },
}));
const ONLY_PRIMARY = onlyIn(PRIMARY);

function onlyIn(region: string): Architecture {
  return {
    ...WHOLE,
    recordSets: WHOLE.recordSets.filter(({ stack }) => stack === region),
    healthChecks: WHOLE.healthChecks.filter(({ stack }) => stack === region),
    restApis: WHOLE.restApis.filter((api) => api.region === region),
    apiDomainNames: WHOLE.apiDomainNames.filter((domain) => domain.region === region),
    functions: WHOLE.functions.filter((fn) => fn.region === region),
  };
}

function withFunctions(architecture: Architecture, change: (fn: LambdaFunction) => LambdaFunction): Architecture {
  return { ...architecture, functions: architecture.functions.map(change) };
}

let local: LocalWorld;
let directory: string;
let agent: Agent;
let running: Promise<unknown>;
const end = { now: new AbortController() };

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'firedrill-replace-'));
  agent = new Agent({ keepAlive: true, maxSockets: 1 });
  end.now = new AbortController();
  local = await openWorld({
    architecture: ONLY_PRIMARY,
    plan: { ...hybridPlan([], { probes: [] }), end: NEVER },
    speed: 1,
    ports: PORTS.any,
    stateDirectory: directory,
    sink: () => undefined,
  });
  running = local.run(end.now.signal);
});

afterEach(async () => {
  agent.destroy();
  end.now.abort();
  await running;
  await local.close();
  await rm(directory, { recursive: true, force: true });
});

interface Answer {
  readonly status: number;
  readonly region: string;
  readonly says?: string;
  /** Over a connection that was there before. */
  readonly isReused: boolean;
}

/** Asks the gateway of a Region for the API, over a connection that is kept. */
async function ask(region = PRIMARY): Promise<Answer> {
  const { address, httpsPort: port } = openIn(region) ?? {};
  const asked: ClientRequest = request({
    host: address,
    port,
    path: '/',
    servername: NAME,
    headers: { Host: NAME },
    ca: readFileSync(local.caFile),
    agent,
  }).end();
  const [answer] = (await once(asked, 'response')) as [IncomingMessage];
  const body = Buffer.concat(await answer.toArray()).toString();
  const said: unknown = answer.statusCode === 200 ? JSON.parse(body) : {};
  return { ...(said as Answer), status: answer.statusCode ?? 0, isReused: asked.reusedSocket };
}

function openIn(region: string): LocalWorld['endpoints'][number] | undefined {
  return local.endpoints.find(({ endpoint: { kind, label } }) => kind === 'api-gateway' && label === region);
}

async function resolve(name: string): Promise<readonly string[]> {
  const resolver = new Resolver();
  resolver.setServers([`${local.dns.address}:${local.dns.port}`]);
  return await resolver.resolve4(name);
}

describe('a second Region that is deployed', () => {
  test('appears without breaking a connection or an answer of the first', async () => {
    const before = openIn(PRIMARY);
    const first = await ask();
    expect(first).toMatchObject({ status: 200, region: PRIMARY, isReused: false });
    expect(await resolve(NAME)).toEqual([before?.endpoint.address]);
    expect(openIn(BACKUP)).toBeUndefined();
    await local.replace(WHOLE);
    expect(openIn(PRIMARY)).toEqual(before);
    expect(await resolve(NAME)).toEqual([before?.endpoint.address]);
    expect(await ask()).toEqual({ ...first, isReused: true });
    expect(await ask(BACKUP)).toMatchObject({ status: 200, region: BACKUP });
    expect(local.world.control.healthChecks().map(({ check }) => check.id)).toEqual([
      `check-${PRIMARY}`,
      `check-${BACKUP}`,
    ]);
  });

  test('is as if it had never been when one of its functions cannot be run here', async () => {
    const first = await ask();
    const foreign = withFunctions(WHOLE, (fn) => (fn.region === BACKUP ? { ...fn, runtime: 'java21' } : fn));
    const refused: unknown = await local.replace(foreign).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(LiveError);
    expect(refused instanceof LiveError ? refused.findings.map(({ code }) => code) : []).toEqual([
      'live/unsupported-runtime',
    ]);
    expect(openIn(BACKUP)).toBeUndefined();
    expect(await ask()).toEqual({ ...first, isReused: true });
    expect(local.world.architecture).toBe(ONLY_PRIMARY);
    // Whoever comes next is none the worse for it.
    await local.replace(WHOLE);
    expect(await ask(BACKUP)).toMatchObject({ status: 200, region: BACKUP });
  });

  test('comes with a function whose code breaks its start, which fails when it is asked (RS 4.8)', async () => {
    const broken = withFunctions(WHOLE, (fn) =>
      fn.region === BACKUP ? { ...fn, code: { kind: 'inline', text: 'throw new Error("no");' } } : fn,
    );
    await local.replace(broken);
    expect(await ask(BACKUP)).toMatchObject({ status: 502 });
    expect(await ask()).toMatchObject({ status: 200, region: PRIMARY });
    const fn = broken.functions.find(({ region }) => region === BACKUP);
    const called = fn === undefined ? undefined : await local.callFunction(fn, {});
    expect(called?.invocation).toMatchObject({ kind: 'failed', errorType: 'Error', errorMessage: 'no' });
    // One that is mended starts.
    await local.replace(WHOLE);
    expect(await ask(BACKUP)).toMatchObject({ status: 200, region: BACKUP });
  });

  test('is there before its functions have started, and whoever calls one meanwhile waits for it', async () => {
    const gate = join(directory, 'gate');
    const waits = `const { existsSync } = require('node:fs');
      const nobody = new Int32Array(new SharedArrayBuffer(4));
      while (!existsSync(process.env.GATE)) Atomics.wait(nobody, 0, 0, 10);\n`;
    await local.replace(
      withFunctions(WHOLE, (fn) =>
        fn.region === BACKUP
          ? { ...fn, code: { kind: 'inline', text: waits + TEXT }, environment: { GATE: gate } }
          : fn,
      ),
    );
    const answer = ask(BACKUP);
    await writeFile(gate, '');
    expect(await answer).toMatchObject({ status: 200, region: BACKUP });
  });

  test('takes its sockets with it when it goes', async () => {
    await local.replace(WHOLE);
    const { address = '', httpsPort = 0 } = openIn(BACKUP) ?? {};
    expect(await ask(BACKUP)).toMatchObject({ status: 200 });
    await local.replace(ONLY_PRIMARY);
    const refused = request({ host: address, port: httpsPort, agent: false }).end();
    const [error] = (await once(refused, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
    expect(await ask()).toMatchObject({ status: 200, region: PRIMARY });
  });
});

test('a function starts anew when its code or its configuration has changed, and all others go on', async () => {
  const started = async (): Promise<readonly string[]> => (await readdir(join(directory, 'logs'))).toSorted();
  const place = { file: 'template.yaml', line: 99, column: 1 };
  await local.replace(WHOLE);
  const all = await started();
  expect(all).toEqual([`0-${PRIMARY}-handler-${PRIMARY}.log`, `1-${BACKUP}-handler-${BACKUP}.log`]);
  await local.replace(
    withFunctions(WHOLE, (fn) => (fn.region === BACKUP ? { ...fn, environment: { SAYS: 'hello' } } : { ...fn, place })),
  );
  expect(await ask(BACKUP)).toMatchObject({ status: 200, says: 'hello' });
  expect(await ask()).toMatchObject({ status: 200, region: PRIMARY });
  expect(await started()).toEqual([...all, `2-${BACKUP}-handler-${BACKUP}.log`]);
});

test('a fault begins when somebody says so, and ends so', async () => {
  expect(await ask()).toMatchObject({ status: 200 });
  local.startFault({
    name: 'broken',
    target: { kind: 'service', region: PRIMARY, service: 'api-gateway' },
    effect: { kind: 'status', status: 503 },
    share: 1,
  });
  expect(await ask()).toMatchObject({ status: 503, isReused: true });
  expect(local.endFault('broken')).toBe(true);
  expect(await ask()).toMatchObject({ status: 200, isReused: true });
});

test('what an operator changes is seen by name servers, on the world’s own clock', async () => {
  const recordSet = { name: 'new.example.com', type: 'A', ttlSeconds: 60, values: ['192.0.2.1'] };
  const changes = [{ action: 'CREATE', recordSet: { ...recordSet, policy: { kind: 'simple' } } } as const];
  const action = { kind: 'change-record-sets', hostedZoneId: 'Z0EXAMPLE', changes } as const;
  expect(local.perform(action)).toEqual({ kind: 'done' });
  expect(local.world.control.recordSets('Z0EXAMPLE').some(({ name }) => name === recordSet.name)).toBe(true);
  expect(local.perform({ ...action, hostedZoneId: 'Z-none' })).toMatchObject({ kind: 'refused' });
});
