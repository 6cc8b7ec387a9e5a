import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, expect, test } from 'vitest';
import type { WorldFile } from '../src/doors/index.ts';
import { expectGone, isAlive } from './open-function.ts';
import { ROOT, UpWorld } from './up-world.ts';

/* Functions of the templates that a world comes up with. */

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  Caller:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: caller, Runtime: nodejs20.x, Handler: index.handler, CodeUri: ./caller, Timeout: 60, FunctionUrlConfig: { AuthType: NONE } }
  Snake:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: snake, Runtime: python3.12, Handler: index.handler, CodeUri: ./snake, Timeout: 60, FunctionUrlConfig: { AuthType: NONE } }
  Parent:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: parent, Runtime: nodejs20.x, Handler: index.handler, CodeUri: ./parent, Timeout: 60, FunctionUrlConfig: { AuthType: NONE } }
  Setting:
    Type: AWS::SSM::Parameter
    Properties: { Name: /setting, Type: String, Value: blue }
`;

const CALLER = `
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
const read = async () => (await new SSMClient().send(new GetParameterCommand({ Name: '/setting' }))).Parameter.Value;
const atStart = await read();
export const handler = async () => [atStart, await read()];
`;

const SNAKE = `
import os, urllib.parse, urllib.request
def handler(event, context):
  body = urllib.parse.urlencode({'Action': 'GetCallerIdentity', 'Version': '2011-06-15'}).encode()
  headers = {'authorization': 'AWS4-HMAC-SHA256 Credential=' + os.environ['AWS_ACCESS_KEY_ID'] + '/20260101/eu-west-1/sts/aws4_request, SignedHeaders=host, Signature=0'}
  with urllib.request.urlopen(urllib.request.Request(os.environ['AWS_ENDPOINT_URL'], body, headers)) as answer:
    return '123456789012' in answer.read().decode()
`;

const PARENT = `
const { spawn } = require('node:child_process');
exports.handler = async () => [process.pid, ...[false, true].map((detached) => spawn('sleep', ['600'], { detached, stdio: 'ignore' }).pid)];
`;

const worlds: UpWorld[] = [];
afterEach(async () => {
  for (const world of worlds.splice(0)) await world.remove();
});

/** A world with the three functions, and a way to call them. */
async function open(): Promise<{ world: UpWorld; file: WorldFile; call: (name: string) => Promise<unknown> }> {
  const world = new UpWorld();
  worlds.push(world);
  const put = (name: string, text: string): void => writeFileSync(join(world.directory, name), text);
  for (const name of ['caller', 'snake', 'parent']) mkdirSync(join(world.directory, name));
  symlinkSync(join(ROOT, 'node_modules'), join(world.directory, 'node_modules'));
  put('caller/index.mjs', CALLER);
  put('snake/index.py', SNAKE);
  put('parent/index.js', PARENT);
  put('template.yaml', TEMPLATE);
  await world.up('template.yaml', '--regions', 'eu-west-1');
  const file = JSON.parse(readFileSync(join(world.state, 'world.json'), 'utf8')) as WorldFile;
  const client = new LambdaClient({
    region: 'eu-west-1',
    endpoint: `http://127.0.0.1:${file.ports.endpoint}`,
    credentials: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'secret' },
  });
  const call = async (name: string): Promise<unknown> => {
    const { Payload } = await client.send(new InvokeCommand({ FunctionName: name }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };
  return { world, file, call };
}

test('functions of the first templates find the APIs of the world, also while they start', async () => {
  const { call } = await open();
  expect(await call('caller')).toEqual(['blue', 'blue']);
  expect(await call('snake')).toBe(true);
});

test('down leaves no process of a function behind, nor what it has started', async () => {
  const { world, call } = await open();
  const pids = (await call('parent')) as number[];
  expect(pids.filter(isAlive)).toEqual(pids);
  expect((await world.firedrill('down')).code).toBe(0);
  expect(pids.filter(isAlive)).toEqual([]);
});

test('a world that is killed leaves none behind either', async () => {
  const { file, call } = await open();
  const pids = (await call('parent')) as number[];
  process.kill(file.pid, 'SIGKILL');
  for (const pid of pids) await expectGone(pid);
});
