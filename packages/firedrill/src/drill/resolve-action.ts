import type { Action, Architecture, Finding, PlannedAction } from '../model/index.ts';
import { never } from '../model/index.ts';
import { remedyFor } from './suggestion.ts';

/**
 * An action with physical ids in the place of the names that people write: logical ids (`Check`, or `Stack.Check`) and outputs
 * (`${Output}`, or `${Stack.Output}`). Its place in the file has done its part and is left out.
 */
export function resolveAction(
  { place, ...planned }: PlannedAction,
  architecture: Architecture,
  findings: Finding[],
): PlannedAction {
  const complain = (says: string, remedy: string): void => {
    const where = place === undefined ? {} : { place };
    findings.push({ code: 'drill/unknown-target', weight: 'error', says, remedy, ...where });
  };
  const names: Names = {
    physicalId(written, known, what) {
      const found = physicalIdOf(written, known, architecture);
      if (found !== undefined) return found;
      const proposals = architecture.stacks.flatMap(({ resources }) =>
        resources.filter(({ physicalId }) => known.includes(physicalId)).map(({ logicalId }) => logicalId),
      );
      complain(
        `Action ${planned.name}: the architecture has no ${what} ${written}.`,
        remedyFor(written, [...new Set([...proposals, ...known])], what),
      );
      return written;
    },
  };
  return { ...planned, action: resolved(planned.action, architecture, names) };
}

interface Names {
  /** The one of the `known` ids that was meant; complains when there is none. */
  physicalId(written: string, known: readonly string[], what: string): string;
}

function resolved(action: Action, architecture: Architecture, names: Names): Action {
  switch (action.kind) {
    case 'update-health-check': {
      const known = architecture.healthChecks.map(({ id }) => id);
      return { ...action, healthCheck: names.physicalId(action.healthCheck, known, 'health check') };
    }
    default:
      return never(action.kind);
  }
}

const OUTPUT = /^\$\{(?:([^}.]+)\.)?([^}.]+)\}$/;

function physicalIdOf(written: string, known: readonly string[], { stacks }: Architecture): string | undefined {
  if (known.includes(written)) return written;
  const [, outputStack, output] = OUTPUT.exec(written) ?? [];
  const [logicalId, stackName] = written.split('.').toReversed();
  const candidates = stacks.flatMap((stack) => {
    if (output !== undefined) {
      const value = outputStack === undefined || outputStack === stack.name ? stack.outputs[output] : undefined;
      return value === undefined ? [] : [value];
    }
    if (stackName !== undefined && stackName !== stack.name) return [];
    return stack.resources.filter((one) => one.logicalId === logicalId).map(({ physicalId }) => physicalId);
  });
  const [only, ...others] = new Set(candidates.filter((candidate) => known.includes(candidate)));
  return others.length === 0 ? only : undefined;
}
