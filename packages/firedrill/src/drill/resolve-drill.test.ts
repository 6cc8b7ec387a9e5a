import { expect, test } from 'vitest';
import type { Architecture } from '../model/index.ts';
import { DRILL_ARCHITECTURE, DRILL_TEXT } from './drill.fixture.ts';
import { readDrill } from './read-drill.ts';
import { resolveDrill } from './resolve-drill.ts';

function resolved(change: readonly [string, string] = ['', ''], architecture: Architecture = DRILL_ARCHITECTURE) {
  const read = readDrill('one.yaml', DRILL_TEXT.replace(change[0], change[1]));
  expect(read.findings).toEqual([]);
  const { value, findings } = resolveDrill(read.value, architecture);
  return {
    plan: value,
    says: findings.map((finding) => `${finding.place?.line} ${finding.code} ${finding.says} ${finding.remedy}`),
  };
}

test('outputs are filled in, with and without the name of the stack', () => {
  const { plan, says } = resolved();
  expect(says).toEqual([]);
  expect(plan.probes.map((probe) => probe.url)).toEqual(['https://d1.cloudfront.net/', 'https://d2.cloudfront.net/']);
  expect(plan).toMatchObject({ name: 'hybrid-endpoint-5xx', seed: '1', end: 360_000_000 });
  expect(JSON.stringify(plan)).not.toContain('one.yaml');
});

test('an unknown output is suggested', () => {
  expect(resolved(['${R53Fail', '${R35Fail']).says).toEqual([
    '10 drill/unknown-output Probe route53-only: no stack has the output R35FailoverDistribDomain. Did you mean R53FailoverDistribDomain?',
  ]);
  expect(resolved(['${Estate.', '${Nowhere.']).says[0]).toContain(
    'no stack has the output Nowhere.HybridFailoverDistribDomain',
  );
});

test('an output that two stacks have with different values needs the name of the stack', () => {
  const [stack] = DRILL_ARCHITECTURE.stacks;
  const twin = {
    name: 'Twin',
    region: 'us-east-1',
    account: '1',
    resources: [],
    outputs: { ...stack?.outputs, R53FailoverDistribDomain: 'd9' },
  };
  const says = resolved(undefined, { ...DRILL_ARCHITECTURE, stacks: [...DRILL_ARCHITECTURE.stacks, twin] }).says;
  expect(says).toHaveLength(1);
  expect(says[0]).toContain('Name the stack: ${Estate.R53FailoverDistribDomain} or ${Twin.R53FailoverDistribDomain}.');
});

test('what is no URL, or names a host of nobody, is refused', () => {
  expect(resolved(['https://${R53FailoverDistribDomain}/', 'd1.cloudfront.net/']).says[0]).toContain(
    'drill/shape Probe route53-only: d1.cloudfront.net/ is not a URL.',
  );
  expect(resolved(['https://${R53FailoverDistribDomain}/', 'https://apo.example.com/']).says).toEqual([
    '10 drill/unknown-host Probe route53-only: nothing in the architecture answers to apo.example.com. Did you mean api.example.com?',
  ]);
  expect(resolved(['https://${R53FailoverDistribDomain}/', 'http://api.example.com:8080/a?b=c']).says).toEqual([]);
});

test('a fault must find its target in the architecture', () => {
  const target = (text: string): string =>
    resolved(['region: eu-west-1, service: api-gateway, status: 503', text]).says[0] ?? '';
  expect(target('region: eu-west-2, effect: hang')).toContain(
    'drill/unknown-target Fault primary-5xx: the architecture has nothing of Region eu-west-2. Did you mean eu-west-1?',
  );
  expect(target('region: eu-west-1, service: lambda, effect: hang')).toContain(
    'nothing of lambda in eu-west-1. There is no Region to name here.',
  );
  expect(target('host: x.example.org, effect: hang')).toContain(
    'nothing in the architecture answers to x.example.org.',
  );
  expect(target('dnsName: example.org, dns: SERVFAIL')).toContain('no hosted zone answers for example.org.');
  expect(target('host: apieu-west-1.execute-api.eu-west-1.amazonaws.com, effect: hang')).toBe('');
  expect(target('dnsName: api.example.com, dns: timeout')).toBe('');
  expect(target('edge: DUB, effect: refuse')).toBe('');
});
