import type { Place } from '../model/index.ts';
import { RESOURCES_MAX, SECTION_ENTRIES_MAX } from './limits.ts';
import type { Entry, MapNode, Node } from './node.ts';
import { isScalar, kindInWords, map } from './node.ts';
import type { Teller } from './teller.ts';

/** A template by its sections; those it does not have are empty. */
export interface Template {
  readonly at: Place;
  readonly parameters: MapNode;
  readonly mappings: MapNode;
  readonly conditions: MapNode;
  readonly resources: MapNode;
  readonly outputs: MapNode;
  /** What SAM gives to all resources of a type (RS 8.38). */
  readonly globals: MapNode;
  /** Names of transforms and macros, each with its place. */
  readonly transforms: readonly { readonly name: string; readonly at: Place }[];
}

export const LANGUAGE_EXTENSIONS = 'AWS::LanguageExtensions';
export const SERVERLESS_TRANSFORM = 'AWS::Serverless-2016-10-31';

const SECTIONS: ReadonlySet<string> = new Set(
  'AWSTemplateFormatVersion Description Metadata Parameters Rules Mappings Conditions Transform Resources Outputs Hooks'.split(
    ' ',
  ),
);

/** Finds the sections of a template. Undefined when it is not a map or has no resources at all. */
export function readSections(root: Node, tell: Teller): Template | undefined {
  if (root.kind !== 'map') {
    if (root.kind !== 'unknown') {
      tell.error('template/shape', root.at, `A template is a map with Resources; this is ${kindInWords(root)}.`);
    }
    return undefined;
  }
  const transforms = readTransforms(root, tell);
  const hasGlobals = transforms.some(({ name }) => name === SERVERLESS_TRANSFORM);
  for (const [name, { keyAt }] of root.entries) {
    if (SECTIONS.has(name) || name.startsWith('Fn::') || (name === 'Globals' && hasGlobals)) continue;
    tell.error('template/shape', keyAt, `A template has no section ${name}.`, {
      remedy: `Sections are ${[...SECTIONS].join(', ')}.`,
    });
  }
  const section = (name: string): MapNode => readSection(root, name, tell);
  const resources = section('Resources');
  if (resources.entries.size === 0) {
    tell.error('template/shape', resources.at, 'A template needs at least one resource.', { facts: ['RS 8.15'] });
    return undefined;
  }
  return {
    at: root.at,
    parameters: section('Parameters'),
    mappings: section('Mappings'),
    conditions: section('Conditions'),
    resources,
    outputs: section('Outputs'),
    globals: hasGlobals ? section('Globals') : map(new Map<string, Entry>(), root.at),
    transforms,
  };
}

function readSection(root: MapNode, name: string, tell: Teller): MapNode {
  const found = root.entries.get(name);
  if (found === undefined) return map(new Map<string, Entry>(), root.at);
  if (found.value.kind === 'map') return found.value;
  if (found.value.kind !== 'unknown') {
    tell.error(
      'template/shape',
      found.keyAt,
      `The section ${name} must be a map; this is ${kindInWords(found.value)}.`,
    );
  }
  return map(new Map<string, Entry>(), found.keyAt);
}

function readTransforms(root: MapNode, tell: Teller): Template['transforms'] {
  const node = root.entries.get('Transform')?.value;
  if (node === undefined) return [];
  const items = node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    if (isScalar(item)) return [{ name: item.text, at: item.at }];
    const named = item.kind === 'map' ? item.entries.get('Name')?.value : undefined;
    if (named !== undefined && isScalar(named)) return [{ name: named.text, at: item.at }];
    tell.error('template/shape', item.at, 'Transform names a macro, or lists several.');
    return [];
  });
}

/** Quotas that hold after `Fn::ForEach` is expanded (RS 8.9, 8.24). */
export function checkQuotas(template: Template, tell: Teller): void {
  const quotas: readonly [MapNode, string, number][] = [
    [template.resources, 'resources', RESOURCES_MAX],
    [template.parameters, 'parameters', SECTION_ENTRIES_MAX],
    [template.mappings, 'mappings', SECTION_ENTRIES_MAX],
    [template.outputs, 'outputs', SECTION_ENTRIES_MAX],
  ];
  for (const [section, what, most] of quotas) {
    if (section.entries.size <= most) continue;
    tell.error('template/limit', section.at, `${section.entries.size} ${what}; CloudFormation takes ${most}.`, {
      remedy: 'Split the template into several stacks.',
      facts: ['RS 8.24'],
    });
  }
}

/** Tells about transforms: one that rewrites resources leaves us with a text that is not what gets deployed. */
export function checkTransforms(template: Template, tell: Teller): void {
  for (const { name, at } of template.transforms) {
    if (name === LANGUAGE_EXTENSIONS || name === SERVERLESS_TRANSFORM) continue;
    tell.error('template/transform', at, `Firedrill does not expand the transform ${name}.`, {
      remedy:
        'Give the template as it is after the transform: `aws cloudformation get-template --template-stage Processed`.',
    });
  }
}
