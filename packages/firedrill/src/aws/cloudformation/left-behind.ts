import type { DesiredResource } from '../../engine/index.ts';
import type { HandMadeResources } from '../hand-made.ts';
import type { StackEntry } from './stack-entry.ts';

/**
 * Resources that no stack has any more and that are there all the same.
 * @returns the logical ids that they have among what is made by hand, too.
 */
export function leftBehind(
  before: HandMadeResources,
  { region, stackName, incarnation, births }: Pick<StackEntry, 'region' | 'stackName' | 'incarnation' | 'births'>,
  resources: readonly DesiredResource[],
): { readonly made: HandMadeResources; readonly ids: readonly string[] } {
  let made = before;
  const ids = resources.map(({ logicalId, type, properties }) => {
    const id = made.freeId(region, type);
    const birth = births[logicalId] ?? { stack: stackName, logicalId, incarnation, generation: 0 };
    made = made.with({ region, logicalId: id, type, properties, birth });
    return id;
  });
  return { made, ids };
}
