import { changeSetHandlers } from '../cloudformation/change-set-handlers.ts';
import { ChangeSets } from '../cloudformation/change-sets.ts';
import type { CloudFormationHandlers } from '../cloudformation/handlers.ts';
import { readingHandlers, resourceHandlers } from '../cloudformation/reading-handlers.ts';
import { stackHandlers } from '../cloudformation/stack-handlers.ts';
import { templateHandlers } from '../cloudformation/template-handlers.ts';
import type { Cloud } from '../cloud.ts';

/** Stacks. */
export function cloudformation(cloud: Cloud): CloudFormationHandlers {
  const sets = new ChangeSets(cloud.stacks, () => cloud.epochMs());
  return {
    ...stackHandlers(cloud, sets),
    ...changeSetHandlers(cloud, sets),
    ...readingHandlers(cloud),
    ...resourceHandlers(cloud),
    ...templateHandlers(cloud),
  };
}
