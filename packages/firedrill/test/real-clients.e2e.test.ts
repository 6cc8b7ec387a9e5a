import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
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

const DEPLOY_ORDERS = 'clients/sam/deploy.sh eu-west-1 us-east-1 example.com Z0EXAMPLE';
const SAM_TEMPLATE = join(world.directory, 'clients/sam/template.yaml');
/** A TTL that is no number: AWS refuses it when it comes to the resource, and not before. */
const UNDEPLOYABLE = `
  Broken:
    Type: AWS::Route53::RecordSet
    Properties:
      HostedZoneId: !Ref HostedZone
      Name: !Sub broken.\${DomainName}
      Type: A
      TTL: soon
      ResourceRecords: [192.0.2.1]
`;

async function deployOrders(): Promise<string> {
  return await run(DEPLOY_ORDERS);
}

async function addressIn(region: string): Promise<string> {
  const query = `--query 'Stacks[0].Outputs[?OutputKey==\`Address\`].OutputValue' --output text`;
  return (await run(`aws cloudformation describe-stacks --region ${region} --stack-name orders ${query}`)).trim();
}

async function statusOfWorld(): Promise<WorldStatus> {
  return JSON.parse((await world.firedrill('status', '--json')).out) as WorldStatus;
}

/** Puts one text in the place of another in a file; it has to be there. */
function change(file: string, from: string | RegExp, to: string): void {
  const text = readFileSync(file, 'utf8');
  const changed = text.replaceAll(from instanceof RegExp ? new RegExp(from, 'gm') : from, to);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
}

describe('a SAM template, deployed once for each Region by aws cloudformation deploy', () => {
  test('serves in both Regions with the parameters of each', async () => {
    for (const [region, role] of [
      ['eu-west-1', 'PRIMARY'],
      ['us-east-1', 'SECONDARY'],
    ] as const) {
      expect(JSON.parse(await run(`curl -sS ${await addressIn(region)}`))).toMatchObject({ region, role });
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

  test('changed, is updated in both Regions', async () => {
    change(SAM_TEMPLATE, 'path: event.path', 'path: event.path, version: 2');
    await deployOrders();
    expect(JSON.parse(await run('curl -sS https://orders.example.com/new'))).toMatchObject({ version: 2 });
  });

  test('with what cannot be deployed, fails, says so, and is rolled back', async () => {
    const good = readFileSync(SAM_TEMPLATE, 'utf8');
    change(SAM_TEMPLATE, 'version: 2', 'version: 3');
    change(SAM_TEMPLATE, /^Outputs:$/m, `${UNDEPLOYABLE}\nOutputs:`);
    const { code, out, err } = await ran(DEPLOY_ORDERS);
    expect(code).not.toBe(0);
    expect(out + err).toContain('Failed to create/update the stack');
    writeFileSync(SAM_TEMPLATE, good);
    const { stacks } = await statusOfWorld();
    // The secondary goes first: the script ended before it came to the primary.
    expect(stacks.filter(({ name }) => name === 'orders').map(({ region, status }) => `${region} ${status}`)).toEqual([
      'us-east-1 UPDATE_ROLLBACK_COMPLETE',
      'eu-west-1 UPDATE_COMPLETE',
    ]);
    expect(JSON.parse(await run(`curl -sS ${await addressIn('us-east-1')}`))).toMatchObject({ version: 2 });
  });

  test.each([
    ['failover', 'SECONDARY'],
    ['failback', 'PRIMARY'],
  ])('is operated by its own runbook: %s', async (way, role) => {
    const said = await run(`clients/sam/runbook.sh ${way} us-east-1 https://orders.example.com/`);
    expect(said).toBe(`${role} serves\n`);
    expect(JSON.parse(await run('curl -sS https://orders.example.com/'))).toMatchObject({ role });
  });

  test('status shows its stacks, its name, its health check and its alarm', async () => {
    const status = await statusOfWorld();
    expect(status.stacks).toContainEqual({ name: 'orders', region: 'eu-west-1', status: 'UPDATE_COMPLETE' });
    expect((await world.firedrill('status')).out).toMatch(/^Stacks$[^]*^ {2}orders +eu-west-1 +UPDATE_COMPLETE$/m);
    expect(status.names).toContainEqual(
      expect.objectContaining({ name: 'orders.example.com', endpoints: ['eu-west-1'] }),
    );
    expect(status.healthChecks).toMatchObject([{ healthy: true }]);
    expect(status.alarms).toMatchObject([{ name: 'orders-primary-is-down', region: 'us-east-1' }]);
  });
});

describe("somebody's CDK app, deployed twice by a script with the CDK of 2022, whose SDK knows neither endpoint nor proxy", () => {
  const CDK = `node ${join(ROOT, 'node_modules/old-aws-cdk/bin/cdk')}`;
  let said = '';
  let assembly = '';
  beforeAll(async () => {
    // Beside the packages that it imports.
    const app = mkdtempSync(join(ROOT, 'packages/firedrill/test/.cdk-app-'));
    onEnd.push(() => rmSync(app, { recursive: true }));
    cpSync(join(APPS, 'cdk'), app, { recursive: true });
    assembly = join(app, 'eu-west-1');
    said = await run(`${app}/deploy.sh eu-west-1 us-east-1 example.com Z0EXAMPLE 2>&1`, { CDK, OUT: app });
  });

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
      const served = await run(`until curl -sS --max-time 10 ${url} | grep SECONDARY; do sleep 0.2; done 2>/dev/null`);
      expect(JSON.parse(served)).toMatchObject({ failover: 'SECONDARY', region: 'us-east-1' });
      const status = await statusOfWorld();
      expect(status.faults).toEqual(['dead']);
      const shop = status.names.find(({ name }) => name === 'shop.example.com');
      expect(shop?.endpoints).toEqual(['us-east-1']);
    } finally {
      await world.firedrill('mend', 'dead');
    }
    await run(`until curl -sS --max-time 10 ${url} | grep PRIMARY; do sleep 0.2; done 2>/dev/null`);
  });

  /** Runs the old tool with an assembly that is there. */
  const cdk = async (command: string, app: string): Promise<Finished> =>
    await ran(`cd '${app}' && ${CDK} ${command} Shop --app '${app}' 2>&1`);
  /** The assembly with another template, which has an asset of its own. */
  const changed = (name: string, from: string, to: string): string => {
    const app = join(world.directory, name);
    cpSync(assembly, app, { recursive: true });
    change(join(app, 'Shop.template.json'), from, to);
    const [, hash = ''] = /([0-9a-f]{64})\.json/.exec(readFileSync(join(app, 'manifest.json'), 'utf8')) ?? [];
    const other = createHash('sha256').update(name).digest('hex');
    for (const file of ['manifest.json', 'Shop.assets.json']) change(join(app, file), hash, other);
    return app;
  };
  const cart = async (): Promise<object> => JSON.parse(await run('curl -sS https://shop.example.com/cart')) as object;

  test('deployed again as it is, has no changes', async () => {
    const { code, out } = await cdk('deploy --require-approval never', assembly);
    expect(code, out).toBe(0);
    expect(out).toContain('Shop (no changes)');
  });

  test('changed, is updated', async () => {
    const { code, out } = await cdk(
      'deploy --require-approval never',
      changed('renamed', '"FAILOVER": "PRIMARY"', '"FAILOVER": "first"'),
    );
    expect(code, out).toBe(0);
    expect(await cart()).toMatchObject({ failover: 'first' });
  });

  test('with what cannot be deployed, fails and is rolled back', async () => {
    const { code, out } = await cdk('deploy --require-approval never', changed('broken', '"60"', '"soon"'));
    expect(code, out).toBe(1);
    expect(out).toContain('UPDATE_ROLLBACK_COMPLETE');
    expect(await cart()).toMatchObject({ failover: 'first' });
  });

  test('is taken away', async () => {
    const { code, out } = await cdk('destroy --force', assembly);
    expect(code, out).toBe(0);
    const { stacks } = await statusOfWorld();
    expect(stacks.filter(({ name }) => name === 'Shop')).toMatchObject([{ region: 'us-east-1' }]);
  });
});

describe('the example of a hybrid, a SAM template with code beside it', () => {
  test('is packaged and deployed by its own script, and served by its distribution', async () => {
    const example = join(ROOT, 'examples/sam-hybrid/deploy.sh');
    for (const region of ['eu-west-1', 'us-east-1']) await run(`aws s3 mb --region ${region} s3://artifacts-${region}`);
    await run(`${example} eu-west-1 us-east-1 example.com Z0EXAMPLE artifacts`);
    const { stacks, distributions } = await statusOfWorld();
    expect(stacks.filter(({ name }) => name.startsWith('sam-hybrid'))).toMatchObject([
      { name: 'sam-hybrid-backup', region: 'us-east-1', status: 'CREATE_COMPLETE' },
      { name: 'sam-hybrid-primary', region: 'eu-west-1', status: 'CREATE_COMPLETE' },
    ]);
    for (const host of ['api.example.com', distributions[0]?.domainName])
      expect(await run(`curl -sS https://${host}/seen`)).toContain('eu-west-1');
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
    expect(page).toContain('{"role":"PRIMARY","region":"eu-west-1","path":"/seen","version":2}');
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
    const status = await statusOfWorld();
    expect(status.askedInVain).toContainEqual({
      service: 'ec2',
      operation: 'DescribeInstances',
      region: 'eu-west-1',
      count: 1,
    });
    expect((await world.firedrill('status')).out).toMatch(/in vain[^]*ec2 +DescribeInstances +eu-west-1 +1 ×/);
  });
});

test('the SAM stacks are deleted by the AWS CLI, and what was theirs is gone', async () => {
  for (const region of ['eu-west-1', 'us-east-1']) {
    const stack = `--region ${region} --stack-name orders`;
    await run(`aws cloudformation delete-stack ${stack} && aws cloudformation wait stack-delete-complete ${stack}`);
  }
  const { stacks, names } = await statusOfWorld();
  expect(stacks.map(({ name }) => name)).not.toContain('orders');
  expect(names.map(({ name }) => name)).not.toContain('orders.example.com');
});
