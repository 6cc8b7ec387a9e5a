import { expect, test } from 'vitest';
import type { WorldFile } from '../doors/index.ts';
import { StateDirectory } from '../doors/index.ts';
import { clientEnvironment } from './client-environment.ts';
import { renderEnvironment } from './env-command.ts';

const WORLD: WorldFile = {
  version: 1,
  id: 'a',
  pid: 1,
  pidBegan: '1',
  token: 'secret-of-the-controls',
  ports: { endpoint: 1001, proxy: 1002, tls: 1003, control: 1004 },
  dns: { address: '127.83.0.1', port: 53 },
  caFile: '/state/ca.pem',
  bundleFile: '/state/ca-bundle.pem',
  regions: ['eu-west-1', 'us-east-1'],
  places: [
    { name: 'Dublin', address: '127.84.0.1' },
    { name: 'São Paulo', address: '127.84.0.2' },
  ],
  speed: 1,
  upSince: '2026-11-21T00:00:00.000Z',
};

function environment(
  outer: NodeJS.ProcessEnv = {},
  more: { readonly from?: string; readonly outside?: readonly string[] } = {},
): Readonly<Record<string, string | undefined>> {
  return clientEnvironment({ world: WORLD, directory: new StateDirectory('/state'), ...more }, outer);
}

test('nothing of the environment around leads past the world, or to credentials of real AWS', () => {
  const outer = {
    AWS_PROFILE: 'production',
    AWS_SESSION_TOKEN: 'real',
    AWS_ACCESS_KEY_ID: 'AKIAREAL',
    AWS_SECRET_ACCESS_KEY: 'real',
    AWS_ENDPOINT_URL_S3: 'https://s3.example.net',
    AWS_CA_BUNDLE: '/etc/other.pem',
    NODE_EXTRA_CA_CERTS: '/etc/other.pem',
    NO_PROXY: '*.amazonaws.com',
    ALL_PROXY: 'socks5://elsewhere:1080',
    AWS_WEB_IDENTITY_TOKEN_FILE: '/var/token',
  };
  const inside = { ...outer, ...environment(outer) };
  expect(JSON.stringify(inside)).not.toMatch(/real|REAL|elsewhere|other\.pem|example\.net|production|token/);
  expect(inside.NO_PROXY).toBe('127.0.0.1,localhost,::1');
});

test('the Region that was set stays when the world has it', () => {
  expect(environment({ AWS_REGION: 'us-east-1' })).toMatchObject({
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
  });
  expect(environment({ AWS_DEFAULT_REGION: 'us-east-1' })['AWS_REGION']).toBe('us-east-1');
  expect(environment({ AWS_REGION: 'ap-south-1' })['AWS_REGION']).toBe('eu-west-1');
});

test('options of Node that were set stay', () => {
  expect(environment({ NODE_OPTIONS: '--max-old-space-size=512' })['NODE_OPTIONS']).toMatch(
    /^--max-old-space-size=512 --require=".*enter-world\.cjs"$/,
  );
});

test('who stands elsewhere says so to the proxy, whatever the name of the city', () => {
  expect(environment({}, { from: 'São Paulo' })['HTTPS_PROXY']).toBe('http://S%C3%A3o%20Paulo@127.0.0.1:1002');
});

test('hosts outside are reached without the proxy', () => {
  expect(environment({}, { outside: ['git.example.net'] })['no_proxy']).toBe('127.0.0.1,localhost,::1,git.example.net');
});

test('programs do not get to know the token of the controls', () => {
  expect(JSON.stringify(environment())).not.toContain(WORLD.token);
});

test('shells get assignments that they can evaluate, whatever is in them', () => {
  const odd = { A: `it's`, B: undefined };
  expect(renderEnvironment(odd, 'bash')).toBe(`export A='it'\\''s'\nunset B\n`);
  expect(renderEnvironment(odd, 'fish')).toBe(`set -gx A 'it\\'s'\nset -e B\n`);
  expect(JSON.parse(renderEnvironment(odd, 'json'))).toEqual({ A: `it's`, B: null });
});
