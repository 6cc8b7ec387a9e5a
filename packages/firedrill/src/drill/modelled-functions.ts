import type { Architecture, Finding, Plan } from '../model/index.ts';
import { modelOf, reachedFunctions } from '../model/index.ts';

/** Functions that are named; of the others their number is told. */
const NAMED_MAX = 10;

/** That the code of functions is not run in `sim`, and what answers instead; of functions at the edge the timeline tells. */
export function tellModelledFunctions(
  architecture: Architecture,
  { functionModels }: Pick<Plan, 'functionModels'>,
): readonly Finding[] {
  const modelled = reachedFunctions(architecture).map((fn) => {
    const { latencyMs, status } = modelOf(fn, functionModels);
    return `${fn.name} in ${fn.region} (${status} after ${latencyMs} ms)`;
  });
  if (modelled.length === 0) return [];
  const others = modelled.length > NAMED_MAX ? ` and ${modelled.length - NAMED_MAX} more` : '';
  const says = `In sim the code of functions is not run; models answer for ${modelled.slice(0, NAMED_MAX).join(', ')}${others}.`;
  const remedy = 'Say under `functions` what they answer and how long they take, or run the code itself: `--in local`.';
  return [{ code: 'drill/modelled-function', weight: 'note', says, remedy }];
}
