import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { appRunner } from '../run-app.ts';

const runApp = appRunner(import.meta.url);
const CONTEXT = { primary: 'eu-west-1', standby: 'us-west-2', domain: 'example.com', hostedZoneId: 'Z0EXAMPLE' };

test('the app makes a stack for each Region', () => {
  const { status, stderr, out } = runApp(CONTEXT);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(readdirSync(out).filter((file) => file.endsWith('.template.json'))).toHaveLength(2);
});

test('without its context the app names all that is missing, and ends with 2', () => {
  const { status, stderr } = runApp({ primary: 'eu-west-1' });
  expect(status).toBe(2);
  for (const key of ['standby', 'domain', 'hostedZoneId']) expect(stderr).toContain(`"${key}" is missing`);
});

test('a Region that is to take over from itself is refused', () => {
  const { status, stderr } = runApp({ ...CONTEXT, standby: 'eu-west-1' });
  expect(status).toBe(2);
  expect(stderr).toContain('both eu-west-1');
});

test('the function says in which Region it runs, and that it is well', async () => {
  const { handler } = await import(new URL('function/index.mjs', import.meta.url).href);
  process.env['AWS_REGION'] = 'us-west-2';
  const { statusCode, body } = await handler({ httpMethod: 'GET', path: '/orders' });
  expect(statusCode).toBe(200);
  expect(JSON.parse(body)).toMatchObject({ region: 'us-west-2', method: 'GET', path: '/orders' });
  expect(JSON.parse((await handler({ httpMethod: 'GET', path: '/health' })).body)).toEqual({
    status: 'ok',
    region: 'us-west-2',
  });
});
