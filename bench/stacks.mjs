import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Credentials, openCloud } from '../packages/firedrill/dist/aws/index.js';
import { createWorld } from '../packages/firedrill/dist/engine/index.js';
import { EMPTY_ARCHITECTURE, NEVER } from '../packages/firedrill/dist/model/index.js';

const STACKS = 500;
const ZONES = { 'example.com': 'Z0EXAMPLE' };

/**
 * How long an account takes to come up with many stacks that stand already, how long it takes to come to life with a first
 * change, and how long one more change takes then.
 * @returns seconds of each, and how many resources there are.
 */
export async function benchStacks() {
  const standing = Array.from({ length: STACKS }, (_, number) => sourceOf(number));
  const stateDirectory = mkdtempSync(path.join(tmpdir(), 'firedrill-bench-stacks-'));
  const plan = {
    name: 'bench',
    seed: '1',
    end: NEVER,
    probes: [],
    places: [],
    faults: [],
    switches: {},
    functionModels: {},
  };
  const world = createWorld({
    architecture: EMPTY_ARCHITECTURE,
    plan,
    driver: 'local',
    speed: 1,
    beganAtEpochMs: 0,
    sink: () => undefined,
  });
  const began = performance.now();
  const cloud = openCloud({
    stage: {
      world,
      now: () => 0,
      epochMs: () => 0,
      perform: () => ({ kind: 'done' }),
      callFunction: async () => ({ invocation: { kind: 'returned', payload: null }, log: '' }),
      replace: async (architecture) => void world.prepare(architecture).commit({ now: 0 }),
    },
    account: '123456789012',
    regions: ['eu-west-1', 'us-east-1'],
    zones: ZONES,
    credentials: new Credentials([]),
    standing,
    stateDirectory,
    onBug: (error) => {
      throw error;
    },
  });
  const loadSeconds = (performance.now() - began) / 1000;
  const put = async (name) => {
    const again = performance.now();
    await cloud.estate.putResource({
      region: 'eu-west-1',
      type: 'AWS::S3::Bucket',
      properties: { BucketName: name },
    });
    return (performance.now() - again) / 1000;
  };
  // The world was empty until now: with the first change all that has been loaded comes to life.
  const lifeSeconds = await put('one-more');
  const changeSeconds = await put('another');
  rmSync(stateDirectory, { recursive: true, force: true });
  return {
    stacks: STACKS,
    resources: cloud.estate.architecture().resources.length,
    loadSeconds,
    lifeSeconds,
    changeSeconds,
  };
}

/** A stack of 50 resources: roles, functions, health checks, and records that carry these. */
function sourceOf(number) {
  const resources = {};
  const trust = {
    Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'lambda.amazonaws.com' } }],
  };
  for (let index = 0; index < 20; index += 1)
    resources[`Role${index}`] = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust } };
  for (let index = 0; index < 10; index += 1) {
    const name = `r${index}.s${number}.example.com`;
    resources[`Function${index}`] = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        Runtime: 'nodejs22.x',
        Handler: 'index.handler',
        Role: { 'Fn::GetAtt': [`Role${index}`, 'Arn'] },
        Code: { ZipFile: 'exports.handler = async () => ({})' },
      },
    };
    resources[`Check${index}`] = {
      Type: 'AWS::Route53::HealthCheck',
      Properties: { HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: name } },
    };
    resources[`Record${index}`] = {
      Type: 'AWS::Route53::RecordSet',
      Properties: {
        HostedZoneId: 'Z0EXAMPLE',
        Name: name,
        Type: 'A',
        TTL: '60',
        ResourceRecords: ['192.0.2.1'],
        SetIdentifier: 'one',
        Weight: 1,
        HealthCheckId: { Ref: `Check${index}` },
      },
    };
  }
  return {
    file: `stack-${number}`,
    text: JSON.stringify({ Resources: resources }, null, 1),
    stack: `stack-${number}`,
    region: number % 2 === 0 ? 'eu-west-1' : 'us-east-1',
    parameters: {},
    code: {},
  };
}
