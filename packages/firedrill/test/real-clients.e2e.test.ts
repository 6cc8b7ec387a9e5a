import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { WorldStatus } from '../src/cli/world-status.ts';
import type { Finished } from './up-world.ts';
import { ROOT, UpWorld } from './up-world.ts';

/*
 * Programs that people have, unmodified, in a world that is up: they deploy into it, call it and are its users. Those of
 * Debian: aws (2.9, which knows no AWS_ENDPOINT_URL), boto3, curl, Chromium; one that is missing makes these tests fail.
 */

const APPS = join(ROOT, 'packages/firedrill/test/clients');
/** Programs of Debian, whatever else there is. */
const DEBIAN = { PATH: `/usr/bin:/bin:${process.env['PATH']}` };

const world = new UpWorld();
beforeAll(async () => {
  cpSync(APPS, join(world.directory, 'clients'), { recursive: true });
  await world.up('--speed', '20');
  await deployOrders();
});
const onEnd: (() => void)[] = [];
afterAll(async () => {
  for (const end of onEnd) end();
  await world.remove();
});

/** Runs a script in the world; what it says on its standard output. */
async function run(script: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { code, out, err } = await ran(script, env);
  expect(code, `${out}\n${err}`).toBe(0);
  return out;
}

async function ran(script: string, env: NodeJS.ProcessEnv = {}): Promise<Finished> {
  return await world.execWith({ ...DEBIAN, ...env }, 'bash', '-euo', 'pipefail', '-c', script);
}

async function deployOrders(): Promise<string> {
  return await run('clients/sam/deploy.sh eu-west-1 us-east-1 example.com Z0EXAMPLE');
}

describe('a SAM template, deployed once for each Region by aws cloudformation deploy', () => {
  test('serves in both Regions with the parameters of each', async () => {
    for (const [region, role] of [
      ['eu-west-1', 'PRIMARY'],
      ['us-east-1', 'SECONDARY'],
    ]) {
      const query = `--query 'Stacks[0].Outputs[?OutputKey==\`Address\`].OutputValue' --output text`;
      const url = await run(`aws cloudformation describe-stacks --region ${region} --stack-name orders ${query}`);
      expect(JSON.parse(await run(`curl -sS ${url.trim()}`))).toMatchObject({ region, role });
    }
    expect(JSON.parse(await run('curl -sS https://orders.example.com/new'))).toEqual({
      role: 'PRIMARY',
      region: 'eu-west-1',
      path: '/new',
    });
  });

  test('deployed again without a change, changes nothing', async () => {
    expect(await deployOrders()).toMatch(/No changes to deploy[^]*No changes to deploy/);
  });

  test('status shows its name, its health check and its alarm', async () => {
    const status = JSON.parse((await world.firedrill('status', '--json')).out) as WorldStatus;
    expect(status.names).toContainEqual(
      expect.objectContaining({ name: 'orders.example.com', endpoints: ['eu-west-1'] }),
    );
    expect(status.healthChecks).toMatchObject([{ healthy: true }]);
    expect(status.alarms).toMatchObject([{ name: 'orders-primary-is-down', region: 'us-east-1' }]);
  });
});

describe("somebody's CDK app, deployed twice by a script with the CDK of 2022, whose SDK knows neither endpoint nor proxy", () => {
  let said = '';
  beforeAll(async () => {
    // Beside the packages that it imports.
    const app = mkdtempSync(join(ROOT, 'packages/firedrill/test/.cdk-app-'));
    onEnd.push(() => rmSync(app, { recursive: true }));
    cpSync(join(APPS, 'cdk'), app, { recursive: true });
    const CDK = `node ${join(ROOT, 'node_modules/old-aws-cdk/bin/cdk')}`;
    said = await run(`${app}/deploy.sh eu-west-1 us-east-1 example.com Z0EXAMPLE 2>&1`, { CDK, OUT: app });
  }, 600_000);

  test('both deployments succeed', () => {
    expect(said.match(/ ✅ {2}Shop$/gm)).toHaveLength(2);
  });

  test('serves from the primary, and from the secondary once the primary Region is dead', async () => {
    const url = 'https://shop.example.com/cart';
    expect(JSON.parse(await run(`curl -sS ${url}`))).toEqual({
      failover: 'PRIMARY',
      region: 'eu-west-1',
      path: '/cart',
    });
    expect((await world.firedrill('break', 'name: dead, region: eu-west-1, effect: blackhole')).code).toBe(0);
    try {
      const served = await run(`until curl -sS --max-time 2 ${url} | grep SECONDARY; do sleep 0.2; done 2>/dev/null`);
      expect(JSON.parse(served)).toMatchObject({ failover: 'SECONDARY', region: 'us-east-1' });
      const status = JSON.parse((await world.firedrill('status', '--json')).out) as WorldStatus;
      expect(status.faults).toEqual(['dead']);
      const shop = status.names.find(({ name }) => name === 'shop.example.com');
      expect(shop?.endpoints).toEqual(['us-east-1']);
    } finally {
      await world.firedrill('mend', 'dead');
    }
    await run(`until curl -sS --max-time 2 ${url} | grep PRIMARY; do sleep 0.2; done 2>/dev/null`);
  });
});

describe('users and tools', () => {
  test("Chromium shows the site, told of nothing but the proxy's variables", async () => {
    const options = [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-dev-shm-usage',
      '--disable-background-networking',
      '--no-first-run',
      // It trusts what is in its own store only (docs/clients.md).
      '--ignore-certificate-errors',
      `--user-data-dir=${join(world.directory, 'chromium')}`,
      '--dump-dom',
    ];
    const page = await run(`chromium ${options.join(' ')} https://orders.example.com/seen 2>/dev/null`);
    expect(page).toContain('{"role":"PRIMARY","region":"eu-west-1","path":"/seen"}');
  });

  test('the AWS CLI of Debian keeps files in a bucket, and boto3 and the SDK for JavaScript read them', async () => {
    writeFileSync(join(world.directory, 'photo.txt'), 'a photo\n');
    await run(
      'aws s3 mb s3://photos-of-mine && aws s3 cp --no-progress photo.txt s3://photos-of-mine/summer/photo.txt',
    );
    expect(await run('aws s3 ls s3://photos-of-mine/summer/')).toMatch(/8 photo\.txt\n$/);
    const boto = `import boto3; print(boto3.client('s3').get_object(Bucket='photos-of-mine', Key='summer/photo.txt')['Body'].read().decode(), end='')`;
    expect(await run(`/usr/bin/python3 -c "${boto}"`)).toBe('a photo\n');
    const script = join(world.directory, 'read.cjs');
    writeFileSync(
      script,
      `const { GetObjectCommand, S3Client } = require(${JSON.stringify(join(ROOT, 'node_modules/@aws-sdk/client-s3'))});
      new S3Client({}).send(new GetObjectCommand({ Bucket: 'photos-of-mine', Key: 'summer/photo.txt' }))
        .then(async ({ Body }) => process.stdout.write(await Body.transformToString()));`,
    );
    expect(await run(`node ${script}`)).toBe('a photo\n');
    // Its own host names lead there too, where nothing tells it of an endpoint.
    expect(await run(`env -u AWS_ENDPOINT_URL node ${script}`)).toBe('a photo\n');
    expect(await run(`env -u AWS_ENDPOINT_URL -u HTTPS_PROXY -u https_proxy node ${script}`)).toBe('a photo\n');
  });

  test('what the world does not have is refused as AWS refuses it, and counted', async () => {
    const { code, err } = await ran('aws ec2 describe-instances');
    expect(code).toBe(254);
    expect(err).toContain('An error occurred (InvalidAction)');
    const status = JSON.parse((await world.firedrill('status', '--json')).out) as WorldStatus;
    expect(status.askedInVain).toContainEqual({
      service: 'ec2',
      operation: 'DescribeInstances',
      region: 'eu-west-1',
      count: 1,
    });
    expect((await world.firedrill('status')).out).toMatch(/in vain[^]*ec2 +DescribeInstances +eu-west-1 +1 ×/);
  });
});
