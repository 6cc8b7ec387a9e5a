import type { Finding } from '../model/index.ts';
import type { Node } from './node.ts';
import { get, isScalar } from './node.ts';
import { plainValueOf } from './node-text.ts';
import { parseTemplate } from './parse.ts';
import type { ReadingMemory } from './reading-memory.ts';
import { rememberedParse } from './reading-memory.ts';
import { readSections } from './sections.ts';
import { createTeller } from './teller.ts';
import type { TemplateSource } from './template-source.ts';

/** What a template says of itself before it is in any place: nothing is evaluated. */
export interface TemplateOutline {
  readonly description?: string;
  /** As JSON. */
  readonly metadata?: string;
  readonly transforms: readonly string[];
  readonly parameters: readonly OutlinedParameter[];
  readonly resources: readonly OutlinedResource[];
  readonly outputs: readonly { readonly name: string; readonly description?: string }[];
  /** What is wrong with its form. */
  readonly findings: readonly Finding[];
}

export interface OutlinedParameter {
  readonly name: string;
  readonly type: string;
  readonly default?: string;
  readonly noEcho: boolean;
  readonly description?: string;
}

export interface OutlinedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
  /** Names that it is given by the template, as `RoleName`; needed to tell named capabilities. */
  readonly properties: readonly string[];
}

/** Looks at a template's sections. What cannot be read is missing from the outline, and among its findings. */
export function outlineTemplate(
  source: Pick<TemplateSource, 'file' | 'text'>,
  memory?: { readonly memory: ReadingMemory; readonly source: TemplateSource },
): TemplateOutline {
  const tell = createTeller();
  const root =
    memory === undefined
      ? parseTemplate(source.file, source.text, tell)
      : rememberedParse(memory.memory, memory.source, (to) => parseTemplate(source.file, source.text, to), tell);
  const sections = root === undefined ? undefined : readSections(root, tell);
  const description = textIn(root, 'Description');
  const metadata = get(root, 'Metadata');
  return {
    ...(description === undefined ? {} : { description }),
    ...(metadata === undefined ? {} : { metadata: JSON.stringify(plainValueOf(metadata)) }),
    transforms: (sections?.transforms ?? []).map(({ name }) => name),
    parameters: entriesOf(sections?.parameters).map(([name, node]) => outlinedParameter(name, node)),
    resources: entriesOf(sections?.resources).flatMap(([logicalId, node]) => {
      const type = textIn(node, 'Type');
      return type === undefined ? [] : [outlinedResource(logicalId, type, node)];
    }),
    outputs: entriesOf(sections?.outputs).map(([name, node]) => {
      const says = textIn(node, 'Description');
      return { name, ...(says === undefined ? {} : { description: says }) };
    }),
    findings: tell.findings,
  };
}

function outlinedParameter(name: string, node: Node): OutlinedParameter {
  const fallback = get(node, 'Default');
  const items = fallback?.kind === 'list' ? fallback.items : fallback === undefined ? undefined : [fallback];
  const description = textIn(node, 'Description');
  return {
    name,
    type: textIn(node, 'Type') ?? 'String',
    ...(items === undefined ? {} : { default: items.map((item) => (isScalar(item) ? item.text : '')).join(',') }),
    noEcho: textIn(node, 'NoEcho') === 'true',
    ...(description === undefined ? {} : { description }),
  };
}

function outlinedResource(logicalId: string, type: string, node: Node): OutlinedResource {
  return {
    logicalId,
    type,
    deletionPolicy: textIn(node, 'DeletionPolicy') ?? 'Delete',
    updateReplacePolicy: textIn(node, 'UpdateReplacePolicy') ?? 'Delete',
    properties: entriesOf(get(node, 'Properties')).map(([name]) => name),
  };
}

function entriesOf(node: Node | undefined): [string, Node][] {
  return node?.kind === 'map' ? [...node.entries].map(([name, { value }]) => [name, value]) : [];
}

function textIn(node: Node | undefined, key: string): string | undefined {
  const found = get(node, key);
  return found !== undefined && isScalar(found) ? found.text : undefined;
}
