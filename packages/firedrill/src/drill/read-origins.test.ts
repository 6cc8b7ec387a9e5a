import { expect, test } from 'vitest';
import { EMPTY_ARCHITECTURE } from '../model/index.ts';
import { readDrill } from './read-drill.ts';
import { resolveDrill } from './resolve-drill.ts';

function read(...origins: readonly string[]): ReturnType<typeof readDrill> {
  const lines = origins.map((origin) => `  ${origin}`).join('\n');
  return readDrill(
    'drill.yaml',
    `name: x
world: { assembly: out }
duration: 1m
probes: [{ name: a, url: "https://legacy.example.org/" }]
origins:
${lines}
`,
  );
}

function told(...origins: readonly string[]): readonly string[] {
  return read(...origins).findings.map(({ code, place, says }) => `${code} ${place?.line}: ${says}`);
}

test('a URL alone stands for a server with the usual model; a model may say more', () => {
  const { value, findings } = read(
    'Legacy.Example.org: http://localhost:3000/',
    'i-1: { region: eu-west-1, latency: 2s, status: 503 }',
    '"*": { place: Tokyo }',
  );
  expect(findings).toEqual([]);
  expect(value.origins).toEqual({
    'legacy.example.org': { url: 'http://localhost:3000', latencyMs: 20, status: 200, bodyBytes: 100 },
    'i-1': { region: 'eu-west-1', latencyMs: 2000, status: 503, bodyBytes: 100 },
    '*': { city: 'Tokyo', latencyMs: 20, status: 200, bodyBytes: 100 },
  });
});

test.each(['http://127.0.0.1:3000', 'http://127.4.5.6', 'http://[::1]:80', 'http://localhost'])(
  '%s is on this machine',
  (url) => {
    expect(told(`a.example.org: ${url}`)).toEqual([]);
  },
);

test.each([
  'http://example.com',
  'https://localhost:3000',
  'http://localhost.example.com',
  'http://192.168.0.1:80',
  'http://localhost@example.com',
  'http://127.0.0.1:80/path',
  'file:///etc/passwd',
])('%s is refused: it is no plain HTTP server on this machine', (url) => {
  expect(told(`a.example.org: ${url}`)).toEqual([
    `drill/foreign-origin 6: The origin a.example.org is ${url}, which is not a plain HTTP server on this machine.`,
  ]);
});

test('places and Regions must be known, and there is one of them', () => {
  expect(told('a.example.org: { place: Nowhere }')).toEqual([
    'drill/unknown-place 6: Origin a.example.org: the geography knows no place Nowhere.',
  ]);
  expect(told('a.example.org: { region: eu-west-9 }')).toEqual([
    'drill/unknown-place 6: Origin a.example.org: the geography knows no Region eu-west-9.',
  ]);
  expect(told('a.example.org: { region: eu-west-1, place: Dublin }')).toEqual([
    'drill/shape 6: Origin a.example.org is in eu-west-1 and in Dublin.',
  ]);
});

test('a mapped name is a host that probes may ask, unless a record answers for it already', () => {
  const { value } = read('legacy.example.org: http://localhost:3000');
  expect(resolveDrill(value, EMPTY_ARCHITECTURE).findings).toEqual([]);
  const record = {
    zoneId: 'Z',
    name: 'legacy.example.org',
    type: 'A',
    policy: { kind: 'simple' },
    values: ['192.0.2.1'],
    stack: 's',
  } as const;
  expect(resolveDrill(value, { ...EMPTY_ARCHITECTURE, recordSets: [record] }).findings.map(({ says }) => says)).toEqual(
    ['The origin legacy.example.org is mapped to a server, but a record of the zone answers for that name.'],
  );
});
