import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT, UpWorld } from './up-world.ts';

/*
 * Each service that a world answers for, written to and read from by the boto3 of Debian, and by the SDK for JavaScript of today:
 * what clients send and understand differs by their age, as Query, CBOR and JSON for CloudWatch.
 */

const SCRIPTS = join(ROOT, 'packages/firedrill/test/clients/services');

const world = new UpWorld();
beforeAll(async () => await world.up('--speed', '20'));
afterAll(async () => await world.remove());

/** What a script has seen of each service. */
async function seenBy(...command: readonly string[]): Promise<Readonly<Record<string, object>>> {
  const { code, out, err } = await world.exec(...command);
  expect(code, `${out}\n${err}`).toBe(0);
  const lines = out.trim().split('\n');
  return Object.fromEntries(
    lines.map((line) => {
      const { service, ...seen } = JSON.parse(line) as { readonly service: string };
      return [service, seen];
    }),
  );
}

/** What both see, but for their own name in it. */
function seen(who: 'boto3' | 'sdk'): Readonly<Record<string, object>> {
  return {
    cloudformation: { status: 'CREATE_COMPLETE', resources: ['Http', 'Rest', 'Role'] },
    s3: {
      versioning: 'Enabled',
      whole: true,
      parts: '2',
      sameChecksum: true,
      refused: 'BadDigest',
      keys: ['large', 'small'],
    },
    route53: { records: [`NS ${who}.example.net.`, `SOA ${who}.example.net.`, `A www.${who}.example.net.`] },
    cloudfront: { comment: `by ${who}` },
    cloudwatch:
      who === 'sdk'
        ? { byCbor: ['by-sdk'], alarms: ['Down'], contentType: 'application/x-amz-json-1.0' }
        : { alarms: ['Down'], contentType: 'application/x-www-form-urlencoded' },
    lambda: { answer: { twice: 42 }, handler: 'index.handler' },
    apigateway: { name: `rest-by-${who}`, disabled: true },
    apigatewayv2: { name: `http-by-${who}`, disabled: true },
    acm: { name: `${who}.example.com` },
    dynamodb: { n: 1, taken: 'ConditionalCheckFailedException' },
    ssm: { value: 'yes' },
    sts: { account: '123456789012', user: `arn:aws:sts::123456789012:assumed-role/role-of-${who}/session` },
    iam: { name: `by-${who}` },
    tagging: { found: [`by-${who}`] },
  };
}

test("Debian's boto3 writes to and reads from every service, CloudWatch by Query", async () => {
  expect(await seenBy('/usr/bin/python3', join(SCRIPTS, 'services.py'))).toEqual(seen('boto3'));
});

test('the SDK for JavaScript writes to and reads from every service, CloudWatch by JSON and CBOR', async () => {
  expect(await seenBy(process.execPath, join(SCRIPTS, 'services.mjs'))).toEqual(seen('sdk'));
});
