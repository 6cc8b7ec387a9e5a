import { expect, test } from 'vitest';
import { hybridArchitecture } from '../../test/hybrid-architecture.ts';
import { EMPTY_ARCHITECTURE } from '../model/index.ts';
import { tellModelledFunctions } from './modelled-functions.ts';

test('drill/modelled-function names each function that a model answers for, with what that says', () => {
  const architecture = hybridArchitecture();
  const [first] = architecture.functions;
  const declared = { [first?.name ?? '']: { latencyMs: 5, status: 500, bodyBytes: 0 } };
  const [finding, ...others] = tellModelledFunctions(architecture, { functionModels: declared });
  expect(others).toEqual([]);
  expect(finding).toMatchObject({ code: 'drill/modelled-function', weight: 'note' });
  expect(finding?.says).toContain(`${first?.name} in ${first?.region} (500 after 5 ms)`);
  expect(finding?.says.match(/\(200 after 20 ms\)/g)).toHaveLength(
    architecture.functions.filter(({ name }) => name !== first?.name).length,
  );
});

test('an estate without functions is told nothing', () => {
  expect(tellModelledFunctions(EMPTY_ARCHITECTURE, { functionModels: {} })).toEqual([]);
});
