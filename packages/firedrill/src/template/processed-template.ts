import type { Read } from '../model/index.ts';
import { emptyEstate } from './estate.ts';
import { plainValueOf } from './node-text.ts';
import { parseTemplate } from './parse.ts';
import { readSections } from './sections.ts';
import { openStack } from './stack-scope.ts';
import { createTeller } from './teller.ts';
import type { TemplateSource } from './template-source.ts';

/**
 * What CloudFormation calls the processed template: JSON, transforms and loops carried out, intrinsics as they are. A template
 * without transforms is its own, as it was written. Undefined: it could not be read, and the findings say why.
 * @param account of a source that does not say its own.
 */
export function processedTemplate(source: TemplateSource, account: string): Read<string | undefined> {
  const tell = createTeller();
  const root = parseTemplate(source.file, source.text, tell);
  const sections = root === undefined ? undefined : readSections(root, tell);
  if (root?.kind !== 'map' || sections === undefined) return { value: undefined, findings: tell.findings };
  if (sections.transforms.length === 0) return { value: source.text, findings: tell.findings };
  // What other stacks export is not known here, and need not be.
  const { template } = openStack(source, sections, emptyEstate({ tell, account, lenient: true }));
  const whole = plainValueOf(root) as Record<string, unknown>;
  const processed = {
    ...whole,
    ...(template.conditions.entries.size === 0 ? {} : { Conditions: plainValueOf(template.conditions) }),
    Resources: plainValueOf(template.resources),
    ...(template.outputs.entries.size === 0 ? {} : { Outputs: plainValueOf(template.outputs) }),
  };
  const done = new Set(['Transform', 'Globals']);
  const left = Object.entries(processed).filter(([name]) => !done.has(name));
  return { value: JSON.stringify(Object.fromEntries(left)), findings: tell.findings };
}
