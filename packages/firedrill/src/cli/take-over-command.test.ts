import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { TAKE_OVER_ALARM } from '../../test/take-over-alarm.ts';
import { UserError } from './user-error.ts';
import type { TakeOverCommand } from './take-over-command.ts';
import { takeOverCommand } from './take-over-command.ts';

const OPTIONS: TakeOverCommand = {
  name: 'api.example.com',
  region: 'us-east-1',
  alarm: 'take-over',
  standby: '127.0.0.1',
  path: '/',
  resolver: [],
  timeout: '10m',
  every: '2s',
  audit: 'never-written.jsonl',
};

let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    printed += String(text);
    return true;
  });
  vi.stubEnv('AWS_REGION', undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllEnvs();
});

async function refusalOf(options: Partial<TakeOverCommand>): Promise<readonly string[]> {
  try {
    await takeOverCommand('failover', { ...OPTIONS, ...options });
  } catch (error) {
    if (error instanceof UserError) return error.findings.map(({ code, says }) => `${code}: ${says}`);
    throw error;
  }
  throw new Error('it was not refused');
}

test('all that is missing is said at once (operate/not-said)', async () => {
  const { path, resolver, timeout, every, audit } = OPTIONS;
  const refusal = await takeOverCommand('failover', { path, resolver, timeout, every, audit }).catch(
    (error: UserError) => error.findings.map(({ says }) => says),
  );
  expect(refusal).toEqual([
    expect.stringContaining('--name'),
    expect.stringContaining('--region'),
    expect.stringContaining('--alarm'),
    expect.stringContaining('--standby'),
  ]);
});

test.each([
  [{ timeout: 'soon' }, 'operate/not-said: --timeout soon is no length of time, of a day at most.'],
  [{ timeout: '25h' }, 'operate/not-said: --timeout 25h is no length of time, of a day at most.'],
  [{ every: '0s' }, 'operate/not-said: --every 0s is no length of time, of a day at most.'],
  [{ path: 'health' }, 'operate/not-said: --path health is no path.'],
  [{ path: '/a b' }, 'operate/not-said: --path /a b is no path.'],
  [{ standby: 'https://a.example/' }, 'operate/not-said: --standby https://a.example/ is no name of a host.'],
  [{ resolver: ['dns.example'] }, 'operate/not-said: --resolver dns.example is no address of a resolver.'],
  [{ resolver: ['127.0.0.1:0'] }, 'operate/not-said: --resolver 127.0.0.1:0 is no address of a resolver.'],
  [{ resolver: ['1.1.1.1:65536'] }, 'operate/not-said: --resolver 1.1.1.1:65536 is no address of a resolver.'],
  [{ resolver: ['[1.1.1.1]:53'] }, 'operate/not-said: --resolver [1.1.1.1]:53 is no address of a resolver.'],
])('what cannot be waited for, and nobody who could be asked, is refused: %j', async (options, says) => {
  expect(await refusalOf(options)).toEqual([says]);
});

test('all that cannot be is said at once, with what is missing (operate/not-said)', async () => {
  const { alarm: _, ...others } = OPTIONS;
  const wrong = { ...others, timeout: 'soon', every: 'never', path: 'x', name: 'a/b', resolver: ['nobody', 'none'] };
  const refusal = await takeOverCommand('failover', wrong).catch((error: UserError) =>
    error.findings.map(({ says }) => says.split(' ').slice(0, 2).join(' ')),
  );
  expect(refusal).toEqual([
    '--timeout soon',
    '--every never',
    '--resolver nobody',
    '--resolver none',
    '--name a/b',
    '--path x',
    'Firedrill does',
  ]);
});

test('the policy allows publishing into one namespace of one Region, and seeing alarms there', async () => {
  expect(await takeOverCommand('failback', { ...OPTIONS, policy: true, namespace: 'Failover' })).toBe(0);
  const { Statement } = JSON.parse(printed);
  expect(Statement).toMatchObject([
    { Action: 'cloudwatch:DescribeAlarms', Condition: { StringEquals: { 'aws:RequestedRegion': 'us-east-1' } } },
    {
      Action: 'cloudwatch:PutMetricData',
      Condition: { StringEquals: { 'cloudwatch:namespace': 'Failover', 'aws:RequestedRegion': 'us-east-1' } },
    },
  ]);
});

test.each([
  ['us-east-1', 'Orders-Standby', 'arn:aws:cloudformation:us-east-1:*:stack/Orders-Standby/*'],
  ['cn-north-1', 'Orders-Standby', 'arn:aws-cn:cloudformation:cn-north-1:*:stack/Orders-Standby/*'],
  [
    'us-east-1',
    'arn:aws:cloudformation:us-east-1:123456789012:stack/O/1',
    'arn:aws:cloudformation:us-east-1:123456789012:stack/O/1',
  ],
])('the policy for a stack in %s, %s, allows reading that one', async (region, stack, resource) => {
  await takeOverCommand('failover', { ...OPTIONS, region, stack, policy: true, namespace: 'Failover' });
  expect(JSON.parse(printed).Statement).toContainEqual({
    Sid: 'ReadTheStandbysOutputs',
    Effect: 'Allow',
    Action: 'cloudformation:DescribeStacks',
    Resource: resource,
  });
});

test('resolvers that the environment lists are looked at as carefully (operate/not-said)', async () => {
  vi.stubEnv('FIREDRILL_RESOLVERS', '127.0.0.1:5353, nobody');
  expect(await refusalOf({})).toEqual(['operate/not-said: FIREDRILL_RESOLVERS nobody is no address of a resolver.']);
});

test('a policy for a namespace that nobody named is refused (operate/not-said)', async () => {
  const { alarm: _, ...others } = OPTIONS;
  const refusal = takeOverCommand('failover', { ...others, policy: true });
  await expect(refusal).rejects.toMatchObject({
    findings: [{ code: 'operate/not-said', says: 'Firedrill does not know the namespace of the metric.' }],
  });
});

test('a policy is for the namespace that the alarm has', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', await refusingCloudWatch());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  expect(await takeOverCommand('failover', { ...OPTIONS, policy: true })).toBe(0);
  expect(JSON.parse(printed).Statement[1].Condition.StringEquals).toMatchObject({ 'cloudwatch:namespace': 'Failover' });
});

/** CloudWatch as it answers somebody who may see alarms and not publish. */
async function refusingCloudWatch(): Promise<string> {
  const alarm = { ...TAKE_OVER_ALARM, StateValue: 'OK' };
  const server = createServer((request, response) => {
    request.resume();
    const mayDo = String(request.headers['x-amz-target']).endsWith('.DescribeAlarms');
    response.writeHead(mayDo ? 200 : 403, { 'content-type': 'application/x-amz-json-1.0' });
    const refusal = { __type: 'AccessDeniedException', message: 'not authorized to perform: cloudwatch:PutMetricData' };
    response.end(JSON.stringify(mayDo ? { MetricAlarms: [alarm], CompositeAlarms: [] } : refusal));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

function temporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'firedrill-take-over-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('a value that AWS does not take is told as such, and in the audit file, which must be there (operate/refused, operate/audit)', async () => {
  const file = join(temporary(), 'audit.jsonl');
  vi.stubEnv('AWS_ENDPOINT_URL', await refusingCloudWatch());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  // Nobody answers there, neither for the standby nor about names.
  const options = { standby: '127.0.0.1', resolver: ['127.0.0.1:9'], yes: true, audit: file };
  expect(await takeOverCommand('failover', { ...OPTIONS, ...options })).toBe(1);
  expect(printed).toContain('  NO  The standby, 127.0.0.1, does not answer for https://api.example.com/');
  expect(printed).toContain('Nothing has been done');
  expect(existsSync(file)).toBe(false);
  writeFileSync(file, '');

  expect(await refusalOf({ ...options, force: true, audit: join(file, 'below') })).toEqual([
    expect.stringMatching(/^operate\/audit: The audit file .* cannot be written: /),
  ]);
  expect(await refusalOf({ ...options, force: true })).toEqual([
    'operate/refused: The value was not taken: AccessDeniedException: not authorized to perform: cloudwatch:PutMetricData',
  ]);
  const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toMatchObject([
    { what: 'failover', stage: 'begins', value: 1, forced: true },
    { what: 'failover', stage: 'ended', outcome: 'refused' },
  ]);
});

test('what was done is nobody else’s to read', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', await refusingCloudWatch());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  const file = join(temporary(), 'new', 'audit.jsonl');
  await refusalOf({ resolver: ['127.0.0.1:9'], yes: true, force: true, audit: file });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});

test('a dry run says what it would publish, and publishes nothing', async () => {
  vi.stubEnv('AWS_ENDPOINT_URL', await refusingCloudWatch());
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'not-a-secret');
  const options = { resolver: ['127.0.0.1:9'], force: true, dryRun: true };
  expect(await takeOverCommand('failover', { ...OPTIONS, ...options })).toBe(0);
  expect(printed).toContain('will publish 1 as Failover TakeOver in us-east-1');
  expect(printed).toContain('this was a dry run');
});
