import { expect, test } from 'vitest';
import type { Finding } from '../model/index.ts';
import type { WorldFile } from '../doors/index.ts';
import type { WorldStatus } from './world-status.ts';
import { renderStatus } from './status-text.ts';

const WORLD = { regions: ['eu-west-1'], speed: 1, upSince: '2026-11-21T12:00:00Z', ports: { endpoint: 4566 } };

const NOTHING: WorldStatus = {
  stacks: [],
  healthChecks: [],
  alarms: [],
  faults: [],
  askedInVain: [],
  warnings: [],
  distributions: [],
  names: [],
  endpoints: [],
};

function shown(warnings: readonly Finding[]): string {
  return renderStatus(WORLD as unknown as WorldFile, { ...NOTHING, warnings });
}

function warning(says: string, stack: string, resource: string): Finding {
  const place = { file: `${stack} (eu-west-1)`, line: 1, column: 1, path: `Resources.${resource}.Properties.A` };
  return { code: 'template/not-acted-on', weight: 'warning', says, place };
}

test('what is deployed and not as on AWS is told once, with the first resource that it is about', () => {
  const keys = 'Firedrill does not ask for API keys; requests pass without one.';
  const text = shown([warning(keys, 'api', 'Get'), warning(keys, 'api', 'Put'), warning('Other.', 'site', 'Bucket')]);
  expect(text).toContain('Deployed, and not as on AWS\n');
  expect(text).toContain(`  api (eu-west-1) Get and 1 more  ${keys}\n  site (eu-west-1) Bucket         Other.\n`);
});

test('of many, the first twenty are told', () => {
  const text = shown(Array.from({ length: 23 }, (_, index) => warning(`It is ${index}.`, 'api', `R${index}`)));
  expect(text).toContain('It is 19.');
  expect(text).not.toContain('It is 20.');
  expect(text).toContain('… 3 others');
});

test('where everything is as on AWS, nothing is said of it', () => {
  expect(shown([])).not.toContain('Deployed');
});
