import { expect, test } from 'vitest';
import type { LambdaFunction } from '../model/index.ts';
import { environmentOf } from './function-environment.ts';

function fn(environment: Readonly<Record<string, string>>): LambdaFunction {
  return {
    arn: 'arn:aws:lambda:eu-west-1:123456789012:function:rules',
    name: 'rules',
    region: 'eu-west-1',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    timeoutSeconds: 3,
    memoryMb: 128,
    environment,
    code: { kind: 'inline', text: '' },
    stack: 'test',
    logicalId: 'Rules',
  };
}

const SURROUNDINGS = { AWS_ENDPOINT_URL: 'http://127.0.0.1:4000' };

test('a function is told where the APIs of its world are, unless its template says otherwise', () => {
  const told = environmentOf(fn({ TABLE: 'rules' }), '/task', '127.0.0.1:9001', SURROUNDINGS);
  expect(told).toMatchObject({ ...SURROUNDINGS, TABLE: 'rules', AWS_REGION: 'eu-west-1' });
  const own = { AWS_ENDPOINT_URL: 'http://localhost:8000' };
  expect(environmentOf(fn(own), '/task', '127.0.0.1:9001', SURROUNDINGS)).toMatchObject(own);
});

test('where the world has no APIs, a handler that asks AWS is refused on this machine', () => {
  const told = environmentOf(fn({}), '/task', '127.0.0.1:9001');
  expect(told['AWS_ENDPOINT_URL']).toBe('http://127.0.0.1:9');
  const own = { AWS_ENDPOINT_URL: 'http://localhost:8000' };
  expect(environmentOf(fn(own), '/task', '127.0.0.1:9001')).toMatchObject(own);
});
