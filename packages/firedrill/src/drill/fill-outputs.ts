import type { Architecture, Finding, Place } from '../model/index.ts';
import { remedyFor } from './suggestion.ts';

/** Whose text it is, as findings call it: `Probe users`. */
interface Owner {
  readonly says: string;
  readonly place: Place | undefined;
}

interface Around {
  readonly architecture: Architecture;
  readonly findings: Finding[];
}

/** A text with `${Output}` and `${Stack.Output}` filled in; undefined when one is unknown or ambiguous, which is told. */
export function fillOutputs(text: string, owner: Owner, { architecture, findings }: Around): string | undefined {
  let isComplete = true;
  const filled = text.replaceAll(/\$\{([^}]*)\}/g, (whole, reference: string) => {
    const [outputName, stackName] = reference.trim().split('.').toReversed();
    const matching = architecture.stacks.flatMap((stack) => {
      if (stackName !== undefined && stack.name !== stackName) return [];
      const value = Object.hasOwn(stack.outputs, outputName ?? '') ? stack.outputs[outputName ?? ''] : undefined;
      return value === undefined ? [] : [{ stack: stack.name, value }];
    });
    const values = new Set(matching.map((match) => match.value));
    const [value] = values;
    if (value !== undefined && values.size === 1) return value;
    isComplete = false;
    findings.push(
      value === undefined ? unknownOutput(reference, owner, architecture) : ambiguousOutput(reference, owner, matching),
    );
    return whole;
  });
  return isComplete ? filled : undefined;
}

function unknownOutput(reference: string, owner: Owner, architecture: Architecture): Finding {
  const isQualified = reference.includes('.');
  const known = architecture.stacks.flatMap((stack) =>
    Object.keys(stack.outputs).map((output) => (isQualified ? `${stack.name}.${output}` : output)),
  );
  const says = `${owner.says}: no stack has the output ${reference}.`;
  return unknown(owner, says, remedyFor(reference, [...new Set(known)], 'output'));
}

function ambiguousOutput(reference: string, owner: Owner, matching: readonly { readonly stack: string }[]): Finding {
  const names = matching.map((match) => `\${${match.stack}.${reference}}`);
  const says = `${owner.says}: ${names.length} stacks have an output ${reference}, with different values.`;
  return unknown(owner, says, `Name the stack: ${names.join(' or ')}.`);
}

function unknown({ place }: Owner, says: string, remedy: string): Finding {
  const where = place === undefined ? {} : { place };
  return { code: 'drill/unknown-output', weight: 'error', says, remedy, ...where };
}
