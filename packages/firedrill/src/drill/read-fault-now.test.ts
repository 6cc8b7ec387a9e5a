import { expect, test } from 'vitest';
import { readFaultNow } from './read-fault-now.ts';

test.each(['region: eu-west-1, effect: refuse', '{ region: eu-west-1, effect: refuse }'])(
  'a fault is read as a drill file has it, and called what is written: %s',
  (text) => {
    expect(readFaultNow(text)).toEqual({
      value: {
        name: expect.stringContaining('region: eu-west-1, effect: refuse'),
        target: { kind: 'region', region: 'eu-west-1' },
        effect: { kind: 'refuse' },
        share: 1,
      },
      findings: [],
    });
  },
);

test('it may have a name of its own', () => {
  expect(readFaultNow('name: dead, region: eu-west-1, effect: hang').value).toMatchObject({ name: 'dead' });
});

test.each([
  ['region: eu-west-1', 'has no effect'],
  ['effect: refuse', 'has no target'],
  ['region: eu-west-1, efect: refuse', 'There is no faults[0].efect in a drill file.'],
  ['region: eu-west-1, effect: explode', 'faults[0].effect'],
  ['region: [', 'not valid YAML'],
  ['', 'has no target'],
])('what is wrong with it is told: %s', (text, says) => {
  const { value, findings } = readFaultNow(text);
  expect(value).toBeUndefined();
  expect(findings.map((finding) => finding.says).join('\n')).toContain(says);
});
