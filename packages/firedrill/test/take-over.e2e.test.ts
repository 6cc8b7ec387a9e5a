import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorldFile } from '../src/doors/index.ts';
import { endAll, startDnsmasq, startUnbound } from './real-resolvers.ts';
import { settles } from './settles.ts';
import type { Finished } from './up-world.ts';
import { finished, FIREDRILL, ROOT, UpWorld } from './up-world.ts';

/*
 * "Standby takes over primary" as people run it: a SAM template deployed once to either Region, the primary Region and Route 53's
 * control plane dead, and `firedrill failover` in the world. The world runs twenty times as fast as the wall.
 */

const TEMPLATE = join(ROOT, 'examples/standby-takes-over-primary/template.yaml');
const FAILOVER = [process.execPath, FIREDRILL, 'failover'];
const SPEED = 20;

/** Where a resolver that forgets within two seconds listens, and one that forgets when it is told to. */
const QUICK = { address: '127.0.0.73', port: 5373 };
const SLOW = { address: '127.0.0.74', port: 5374 };

const world = new UpWorld();
const resolvers: ChildProcess[] = [];
beforeAll(async () => await world.up('--regions', 'eu-west-1,us-east-1', '--speed', String(SPEED)));
afterAll(async () => {
  await endAll(resolvers);
  await world.remove();
});

async function deploy(region: string): Promise<Finished> {
  const stack = ['--stack-name', 'take-over', '--template-file', TEMPLATE, '--region', region];
  return await world.exec('aws', 'cloudformation', 'deploy', ...stack, '--capabilities', 'CAPABILITY_IAM');
}

const AUDIT = join(world.directory, 'audit.jsonl');
const KNOWN = ['--stack', 'take-over', '--region', 'us-east-1'];
const MORE = ['--audit', AUDIT, '--every', '200ms', '--timeout', '30m', '--json'];

interface Said {
  readonly kind: string;
  readonly outcome?: string;
  readonly isOk?: boolean;
  readonly says?: string;
  readonly side?: string;
  readonly state?: string;
  readonly afterSeconds?: number;
  readonly resolver?: string;
  readonly first?: { readonly resolver: string; readonly afterSeconds: number };
  readonly last?: { readonly resolver: string; readonly afterSeconds: number };
}

function linesOf({ out, err }: Finished): readonly Said[] {
  try {
    return out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Said);
  } catch {
    throw new Error(`${out}${err}`);
  }
}

async function firedrill(...args: readonly string[]): Promise<Finished> {
  return await world.exec(process.execPath, FIREDRILL, ...args);
}

function worldFile(): WorldFile {
  return JSON.parse(readFileSync(join(world.state, 'world.json'), 'utf8')) as WorldFile;
}

function auditLines(): readonly object[] {
  return readFileSync(AUDIT, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
}

/**
 * The name servers, which have no cache, and two resolvers before them: one that allows no answer more than two seconds, and one that
 * keeps answers for an hour. The world counts twenty seconds in one of theirs: the TTL of 60 would be twenty minutes to its users.
 */
async function realResolvers(): Promise<readonly [string, string, string]> {
  const { dns } = worldFile();
  resolvers.push(
    await startDnsmasq({ at: QUICK, dns, settings: ['--max-cache-ttl=2'] }),
    await startUnbound(join(world.directory, 'unbound'), {
      at: SLOW,
      dns,
      settings: ['module-config: "iterator"', 'cache-min-ttl: 3600'],
    }),
  );
  const [servers, quick, slow] = [dns, QUICK, SLOW].map(({ address, port }) => `${address}:${port}`);
  return [servers ?? '', quick ?? '', slow ?? ''];
}

async function whoAnswers(): Promise<string> {
  return (await world.exec('curl', '-sS', '--max-time', '120', 'https://api.example.com/')).out;
}

describe('the standby takes over', () => {
  test('a standby that is not deployed is said, and nothing is done', async () => {
    const unknown = [
      '--name',
      'api.example.com',
      '--alarm',
      'take-over',
      '--standby',
      '127.0.0.1',
      '--region',
      'us-east-1',
    ];
    const said = await firedrill('failover', ...unknown, ...MORE, '--yes');
    expect(said.code).toBe(1);
    expect(said.out).toContain('There is no alarm take-over in us-east-1: the standby is not deployed there.');
    expect(existsSync(AUDIT)).toBe(false);
  });

  test('a primary that is deployed before the standby fails, and its events say what is missing', async () => {
    expect((await deploy('eu-west-1')).code).not.toBe(0);
    const stack = ['--stack-name', 'take-over', '--region', 'eu-west-1'];
    const events = await world.exec('aws', 'cloudformation', 'describe-stack-events', ...stack);
    expect(events.out).toContain('The alarm take-over does not exist in us-east-1.');
    // What was never there is not updated: it has to go first.
    await world.exec('aws', 'cloudformation', 'delete-stack', ...stack);
    await world.exec('aws', 'cloudformation', 'wait', 'stack-delete-complete', ...stack);
  });

  test('the same template is deployed to the standby first, and then to the primary', async () => {
    for (const region of ['us-east-1', 'eu-west-1']) {
      const { code, out, err } = await deploy(region);
      expect({ code, text: `${out}${err}` }).toMatchObject({ code: 0 });
    }
    expect(await whoAnswers()).toBe('eu-west-1');
  });

  test('a dry run shows what would be published, and publishes nothing', async () => {
    const said = await firedrill('failover', ...KNOWN, ...MORE, '--dry-run');
    expect(said.code, said.out).toBe(0);
    expect(
      linesOf(said)
        .filter(({ kind }) => kind === 'check')
        .every(({ isOk }) => isOk),
    ).toBe(true);
    expect(linesOf(said)).toContainEqual(
      expect.objectContaining({ kind: 'plan', value: 1, namespace: 'Failover', metricName: 'TakeOver' }),
    );
    expect(await whoAnswers()).toBe('eu-west-1');
  });

  test('a standby that could not serve is said, and nothing is moved', async () => {
    await world.firedrill('break', 'name: unable, region: us-east-1, service: api-gateway, status: 503');
    const said = await firedrill('failover', ...KNOWN, ...MORE, '--yes');
    await world.firedrill('mend', 'unable');
    expect(said.code, said.out + said.err).toBe(1);
    expect(linesOf(said).at(-1)).toEqual({ kind: 'outcome', outcome: 'not-able' });
    expect(linesOf(said)).toContainEqual(
      expect.objectContaining({ kind: 'check', isOk: false, says: expect.stringMatching(/^The standby, .* 503\.$/) }),
    );
    expect(existsSync(AUDIT)).toBe(false);
    expect(await whoAnswers()).toBe('eu-west-1');
  });

  test('with the primary Region and Route 53’s control plane dead, one value moves all resolvers, and the last is waited for', async () => {
    const [servers, quick, slow] = await realResolvers();
    await world.firedrill('break', 'name: region, region: eu-west-1, effect: refuse');
    await world.firedrill('break', 'name: plane, controlPlane: route53, effect: hang');
    const named = [servers, quick, slow].flatMap((each) => ['--resolver', each]);
    const child = world.start(['exec', '--', ...FAILOVER, ...KNOWN, ...MORE, '--yes', ...named]);
    const ended = finished(child);
    let out = '';
    child.stdout?.on('data', (text: string) => (out += text));
    const hasMoved = (resolver: string): boolean =>
      out.split('\n').some((line) => line.includes('"moved"') && line.includes(resolver));
    while (!(hasMoved(servers) && hasMoved(quick)) && child.exitCode === null)
      await Promise.race([once(child.stdout ?? child, 'data'), ended]);
    // By now everybody else is there; this one has kept what it knew before, and reads everything anew at this signal.
    expect(hasMoved(slow), out).toBe(false);
    resolvers[1]?.kill('SIGHUP');
    const said = await ended;
    expect(said.code, said.out + said.err).toBe(0);
    const lines = linesOf(said);
    expect(lines.at(-1)).toMatchObject({ kind: 'outcome', outcome: 'moved', waitsFor: [], last: { resolver: slow } });
    // By the world's clock: a minute that closes, an evaluation, propagation. A busy machine only makes it later.
    const { first, last } = lines.at(-1) ?? {};
    expect((first?.afterSeconds ?? 0) * SPEED).toBeGreaterThan(5);
    expect(last?.afterSeconds).toBeGreaterThan(first?.afterSeconds ?? Number.NaN);
    expect(lines.filter(({ kind }) => kind === 'moved').at(-1)).toMatchObject({ resolver: slow, left: 0 });
    expect(auditLines().at(-1)).toMatchObject({ first, last });
    expect(await whoAnswers()).toBe('us-east-1');
  });

  test('status tells which side serves, and that the standby could', async () => {
    let said = await firedrill('status', ...KNOWN, '--json');
    // The health check reads the metric by itself; the alarm may look later.
    const isInAlarm = async (): Promise<boolean> => {
      said = await firedrill('status', ...KNOWN, '--json');
      return said.out.includes('"alarmState":"ALARM"');
    };
    expect(await settles(isInAlarm)).toBe(true);
    expect(said.code, said.out).toBe(0);
    expect(JSON.parse(said.out)).toMatchObject({ resolvers: [{ side: 'standby' }] });
  });

  test('doing it again does nothing, and the audit file has what was done', async () => {
    const said = await firedrill('failover', ...KNOWN, ...MORE, '--yes');
    expect(said.code, said.out).toBe(0);
    expect(linesOf(said).at(-1)).toEqual({ kind: 'outcome', outcome: 'nothing-to-do' });
    expect(auditLines()).toMatchObject([
      { what: 'failover', stage: 'begins', value: 1, forced: false },
      { what: 'failover', stage: 'ended', outcome: 'moved' },
    ]);
  });

  test('a failback that is interrupted goes on by itself, and can be waited for again', async () => {
    await world.firedrill('mend');
    const { dns } = worldFile();
    const named = [dns, SLOW].flatMap(({ address, port }) => ['--resolver', `${address}:${port}`]);
    const child = world.start([
      'exec',
      '--',
      process.execPath,
      FIREDRILL,
      'failback',
      ...KNOWN,
      ...MORE,
      '--yes',
      ...named,
    ]);
    const ended = finished(child);
    let out = '';
    child.stdout?.on('data', (text: string) => (out += text));
    while (!out.includes('"published"') && child.exitCode === null)
      await Promise.race([once(child.stdout ?? child, 'data'), ended]);
    // One of them keeps what it knew until it is told otherwise: this cannot have been over.
    child.kill('SIGINT');
    expect((await ended).code, out).toBe(130);
    const slow = `${SLOW.address}:${SLOW.port}`;
    expect(auditLines().at(-1)).toMatchObject({
      what: 'failback',
      outcome: 'interrupted',
      waitsFor: expect.arrayContaining([slow]),
    });
    const again = await firedrill('failback', ...KNOWN, ...MORE, '--yes');
    expect(again.code, again.out + again.err).toBe(0);
    // Only now is there something else to be learnt.
    resolvers[1]?.kill('SIGHUP');
    const all = await firedrill('failback', ...KNOWN, ...MORE, '--yes', ...named);
    expect(all.code, all.out + all.err).toBe(0);
    expect(await whoAnswers()).toBe('eu-west-1');
  });
});
