import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { WorldStatus } from '../src/cli/world-status.ts';
import type { Finished } from './up-world.ts';
import { FIREDRILL, ROOT, UpWorld } from './up-world.ts';

/* The CDK's own command line tool, unmodified, deploys into a world, changes what it deployed, fails, and takes it away. */

const CDK = join(ROOT, 'node_modules/aws-cdk/bin/cdk');
const HYBRID = join(ROOT, 'examples/hybrid');
const PLACES = ['eu-west-1', 'us-east-1', 'example.com', 'Z0EXAMPLE'];
const RECORDS = `node ${join(ROOT, 'packages/firedrill/test/clients/cdk-records/app.mjs')}`;

// The tool synthesizes an app with the whole of the CDK's library each time.
vi.setConfig({ testTimeout: 900_000, hookTimeout: 900_000 });

const world = new UpWorld();
beforeAll(async () => await world.up('--regions', 'eu-west-1,us-east-1', '--speed', '20'));
afterAll(async () => await world.remove());

async function cdk(...args: readonly string[]): Promise<Finished> {
  const output = ['--output', join(world.directory, 'cdk.out'), '--no-color'];
  return await world.execWith(QUIETLY, process.execPath, CDK, ...args, ...output);
}

/** It neither asks anybody nor tells anybody, and keeps what it learns about accounts to this world. */
const QUIETLY = {
  CI: 'true',
  CDK_DISABLE_CLI_TELEMETRY: 'true',
  CDK_HOME: join(world.directory, 'cdk-home'),
};

async function script(name: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, out, err } = await world.execWith({ ...QUIETLY, ...env }, 'bash', join(HYBRID, name), ...PLACES);
  expect(code, `${out}\n${err}`).toBe(0);
  return out + err;
}

/** The events of a deployment, without what differs from one to the next. */
function told({ out, err }: Finished): readonly string[] {
  const line = /\| +([A-Z_]+) +\| (AWS::\S+) +\| (?:Records\/)?(\w+)(?: \(\w+\))? ?(.*)$/;
  return (out + err).split('\n').flatMap((each) => {
    const [, status, type, id, reason] = line.exec(each) ?? [];
    return status === undefined ? [] : [`${type?.split('::').at(-1)} ${id} ${status} ${reason ?? ''}`.trimEnd()];
  });
}

async function statusOfWorld(): Promise<WorldStatus> {
  return JSON.parse((await world.firedrill('status', '--json')).out) as WorldStatus;
}

describe('an app over two Regions', () => {
  test('is deployed by its own script, and serves by the code that was uploaded', async () => {
    const said = await script('deploy.sh');
    expect(said).toContain('HybridFailover-Secondary');
    expect(said).toContain('HybridFailover-Primary');
    const answer = await world.exec('curl', '-sS', 'https://api.example.com/orders');
    expect(JSON.parse(answer.out)).toMatchObject({ region: 'eu-west-1', path: '/orders' });
    const { distributions } = await statusOfWorld();
    for (const { domainName } of distributions)
      expect((await world.exec('curl', '-sS', `https://${domainName}/`)).out).toContain('eu-west-1');
  });

  test('deployed again as it is, has no changes', async () => {
    expect(await script('deploy.sh')).toMatch(/\(no changes\)[^]*\(no changes\)/);
  });

  test('changes in place what has changed, and nothing else', async () => {
    const before = await statusOfWorld();
    expect(await script('deploy.sh', { WRITE_PATHS: '/baskets*' })).toMatch(
      /UPDATE_COMPLETE +\| AWS::CloudFront::Distribution/,
    );
    const after = await statusOfWorld();
    expect(after.distributions).toEqual(before.distributions);
    expect(after.endpoints).toEqual(before.endpoints);
  });

  test('is taken away by its own script', async () => {
    await script('destroy.sh');
    const { distributions, names } = await statusOfWorld();
    expect([distributions, names]).toEqual([[], []]);
  });
});

describe('a deployment that fails half-way', () => {
  const deploy = async (ttl: string): Promise<Finished> =>
    await cdk('deploy', '--app', RECORDS, '-c', `ttl=${ttl}`, '--require-approval', 'never', '--progress', 'events');

  test('the first time is rolled back, with the reason at the resource that failed', async () => {
    const failed = await deploy('soon');
    expect(failed.code).toBe(1);
    expect(told(failed)).toEqual(
      expect.arrayContaining([
        'RecordSet First CREATE_COMPLETE',
        expect.stringMatching(/^RecordSet Second CREATE_FAILED Resource handler returned message: ".*TTL/),
        'Stack Records ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Second]. Rollback requested by user.',
        'RecordSet First DELETE_COMPLETE',
        'Stack Records ROLLBACK_COMPLETE',
      ]),
    );
    expect((await statusOfWorld()).names).toEqual([]);
  });

  test('is put right by deploying again: the tool deletes what was rolled back', async () => {
    const { code, out, err } = await deploy('60');
    expect(code, out + err).toBe(0);
    expect((await statusOfWorld()).names.map(({ name }) => name)).toEqual(['first.example.com', 'second.example.com']);
  });

  test('as an update gets back what it was', async () => {
    const before = await statusOfWorld();
    const failed = await deploy('never');
    expect(failed.code).toBe(1);
    // The tool cuts long statuses.
    expect(told(failed)).toContainEqual(expect.stringMatching(/^Stack Records UPDATE_ROLLBACK_COMPL\w*$/));
    expect((await statusOfWorld()).names).toEqual(before.names);
    expect((await cdk('destroy', '--app', RECORDS, '-c', 'ttl=60', '--force')).code).toBe(0);
    expect((await statusOfWorld()).names).toEqual([]);
  });
});

describe('the bootstrap stack', () => {
  test('that a world begins with becomes the real one by cdk bootstrap', async () => {
    const { code, out, err } = await cdk('bootstrap', 'aws://123456789012/eu-west-1');
    expect(code, out + err).toBe(0);
    expect(out + err).toMatch(/bootstrapped/);
  });
});

describe('the standby that takes over the primary, as the construct makes it', () => {
  test('is deployed, the standby first, and failed over by one value', async () => {
    const app = `node ${join(ROOT, 'examples/standby-takes-over-primary/app.js')}`;
    const context = ['primary=eu-west-1', 'standby=us-east-1', 'domain=example.com', 'hostedZoneId=Z0EXAMPLE'];
    const told = ['--require-approval', 'never', ...context.flatMap((each) => ['--context', each])];
    const deployed = await cdk('deploy', '--all', '--app', app, ...told);
    expect(deployed.code, deployed.out + deployed.err).toBe(0);
    expect((await statusOfWorld()).stacks.slice(-2)).toMatchObject([
      { name: 'StandbyTakesOver-Standby', region: 'us-east-1', status: 'CREATE_COMPLETE' },
      { name: 'StandbyTakesOver-Primary', region: 'eu-west-1', status: 'CREATE_COMPLETE' },
    ]);
    const known = ['--stack', 'StandbyTakesOver-Standby', '--region', 'us-east-1'];
    const more = ['--audit', join(world.directory, 'audit.jsonl'), '--every', '200ms', '--yes'];
    const moved = await world.exec(process.execPath, FIREDRILL, 'failover', ...known, ...more);
    expect(moved.code, moved.out + moved.err).toBe(0);
    const answer = await world.exec('curl', '-sS', 'https://api.example.com/');
    expect(answer.out).toContain('us-east-1');
  });
});
