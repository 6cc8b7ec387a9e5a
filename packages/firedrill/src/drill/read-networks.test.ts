import { expect, test } from 'vitest';
import { readDrill } from './read-drill.ts';

function read(networks: string) {
  return readDrill(
    'd.yaml',
    `name: d
world: { assembly: cdk.out }
duration: 1m
probes: [{ name: p, url: "https://a.example.com/" }]
networks: { ${networks} }
`,
  );
}

test('networks are in cities (R53 RP-16)', () => {
  expect(read('203.0.113.0/24: Tokyo, "2001:db8::/32": Osaka').value.networks).toEqual({
    '203.0.113.0/24': 'Tokyo',
    '2001:db8::/32': 'Osaka',
  });
});

test('what is no network, or in no city, is told and left out', () => {
  const { value, findings } = read('office: Tokyo, 203.0.113.0/24: Tokio');
  expect(value.networks).toEqual({});
  expect(findings.map(({ code, says, remedy }) => `${code}: ${says} ${remedy ?? ''}`)).toEqual([
    'drill/shape: office is not a network. Write an address and a prefix length, as 203.0.113.0/24.',
    'drill/unknown-place: The network 203.0.113.0/24 is in Tokio, a place that the geography does not know. Did you mean Tokyo?',
  ]);
});
