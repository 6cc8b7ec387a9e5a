import type { Place, StackResource } from '../model/index.ts';
import type { Estate } from './estate.ts';
import { exportKey, outputsKey } from './estate.ts';
import { evaluatePresent } from './arguments.ts';
import { deployedResource } from './deployed-resource.ts';
import { emptyDraft } from './draft.ts';
import { readIgnores } from './ignores.ts';
import { madeUpIdentity } from './inert.ts';
import { nodeOf } from './json-node.ts';
import { kindOf, knownTypes } from './kinds.ts';
import type { Entry, MapNode, Node } from './node.ts';
import { get, isScalar, kindInWords, map } from './node.ts';
import { resolveReferences } from './dynamic-references.ts';
import { circleInWords, orderBy } from './order.ts';
import { checkGiven } from './parameters.ts';
import { checkReferences, nearestRemedy, nearestTo, takenReferencesIn } from './references.ts';
import type { ResourceInput } from './resource-kind.ts';
import { checkQuotas, checkTransforms, readSections } from './sections.ts';
import { readNestedStack } from './nested-stack.ts';
import type { OpenStack } from './stack-scope.ts';
import { openStack } from './stack-scope.ts';
import type { TemplateSource } from './template-source.ts';
import { createTeller } from './teller.ts';

/** Reads one stack into the estate: its resources in the order of their creation, then its outputs. */
export function deployStack(source: TemplateSource, root: Node, estate: Estate): void {
  const { tell } = estate;
  const sections = readSections(root, tell);
  if (sections === undefined) return;
  checkTransforms(sections, tell);
  checkGiven(sections, source.parameters, tell);
  const stack = openStack(source, sections, estate);
  checkQuotas(stack.template, tell);
  checkNames(stack);
  const declared = readDeclarations(stack);
  estate.ignores.push(...readIgnores(root, sections.resources, tell));
  const created = createAll(declared, stack, estate);
  const outputs = readOutputs(stack, estate);
  const { context } = stack.scope;
  estate.outputs.set(outputsKey(context, context.name), outputs);
  const texts = [...outputs].flatMap(([name, value]): [string, string][] =>
    isScalar(value) ? [[name, value.text]] : [],
  );
  estate.stacks.push({
    name: context.name,
    region: context.region,
    account: context.account,
    resources: created,
    outputs: Object.fromEntries(texts),
    ...(stack.exported.length === 0 ? {} : { exports: stack.exported }),
    ...(stack.imported.size === 0 ? {} : { imports: [...stack.imported] }),
    ...nestedIn(source),
  });
}

function nestedIn({ nestedIn: names = [] }: TemplateSource): { readonly nestedIn?: string } {
  const name = names.at(-1);
  return name === undefined ? {} : { nestedIn: name };
}

/** References to what is nowhere, in every branch; and all conditions, whether or not something asks them. */
function checkNames({ template, scope }: OpenStack): void {
  const parameters = new Set(scope.parameters.keys());
  const resources = new Set(template.resources.entries.keys());
  checkReferences(template.conditions, { parameters, resources: new Set() }, scope);
  checkReferences(template.resources, { parameters, resources }, scope);
  checkReferences(template.outputs, { parameters, resources }, scope);
  for (const [name, { keyAt }] of template.conditions.entries) scope.condition(name, keyAt);
}

/** A resource as it is written, its condition true. */
interface Declaration {
  readonly logicalId: string;
  readonly type: string;
  readonly at: Place;
  readonly properties: MapNode;
  readonly dependsOn: readonly string[];
}

const ATTRIBUTES: ReadonlySet<string> = new Set(
  'Type Properties DependsOn Condition Metadata CreationPolicy DeletionPolicy UpdatePolicy UpdateReplacePolicy'.split(
    ' ',
  ),
);

function readDeclarations(stack: OpenStack): readonly Declaration[] {
  const { template, referents } = stack;
  const declarations: Declaration[] = [];
  for (const [logicalId, entry] of template.resources.entries) {
    referents.set(logicalId, { kind: 'unknown' });
    const declaration = readDeclaration(logicalId, entry, stack);
    if (declaration !== undefined) declarations.push(declaration);
  }
  return declarations;
}

function readDeclaration(logicalId: string, { keyAt, value }: Entry, stack: OpenStack): Declaration | undefined {
  const { scope, referents } = stack;
  if (value.kind === 'unknown') return undefined;
  if (!/^[A-Za-z0-9]+$/.test(logicalId)) {
    scope.tell.error('template/shape', keyAt, `The logical id ${logicalId} may have letters and digits only.`);
  }
  if (value.kind !== 'map') {
    scope.tell.error(
      'template/shape',
      keyAt,
      `The resource ${logicalId} must be a map; this is ${kindInWords(value)}.`,
    );
    return undefined;
  }
  for (const [key, { keyAt: at }] of value.entries) {
    if (ATTRIBUTES.has(key)) continue;
    const nearest = nearestTo(key, ATTRIBUTES);
    scope.tell.error('template/shape', at, `A resource has no attribute ${key}.`, {
      remedy: nearest === undefined ? 'What describes the resource goes below Properties.' : `Did you mean ${nearest}?`,
      facts: ['RS 8.26b'],
    });
  }
  const type = get(value, 'Type');
  if (type === undefined || !isScalar(type)) {
    scope.tell.error('template/shape', keyAt, `The resource ${logicalId} has no Type.`, { facts: ['RS 8.26b'] });
    return undefined;
  }
  const condition = get(value, 'Condition');
  if (condition !== undefined && isScalar(condition)) {
    const truth = scope.condition(condition.text, condition.at);
    if (truth === false) referents.set(logicalId, { kind: 'left-out', condition: condition.text });
    if (truth !== true) return undefined;
  }
  return {
    logicalId,
    type: type.text,
    at: keyAt,
    properties: propertiesOf(logicalId, value, keyAt, stack),
    dependsOn: dependenciesOf(logicalId, value, stack),
  };
}

function propertiesOf(logicalId: string, declaration: MapNode, at: Place, { scope }: OpenStack): MapNode {
  const properties = get(declaration, 'Properties');
  if (properties?.kind === 'map') return properties;
  if (properties !== undefined && properties.kind !== 'unknown') {
    const says = `Properties of ${logicalId} must be a map; this is ${kindInWords(properties)}.`;
    scope.tell.error('template/shape', properties.at, says);
  }
  return map(new Map<string, Entry>(), at);
}

function dependenciesOf(logicalId: string, declaration: MapNode, { scope, template }: OpenStack): readonly string[] {
  const node = get(declaration, 'DependsOn');
  const items = node === undefined ? [] : node.kind === 'list' ? node.items : [node];
  return items.flatMap((item) => {
    if (!isScalar(item)) {
      if (item.kind !== 'unknown')
        scope.tell.error('template/shape', item.at, `DependsOn of ${logicalId} names resources.`);
      return [];
    }
    if (template.resources.entries.has(item.text)) return [item.text];
    scope.tell.error(
      'template/unresolved-reference',
      item.at,
      `DependsOn names ${item.text}, which is no resource of this template.`,
      {
        remedy: nearestRemedy(item.text, template.resources.entries.keys()),
        facts: ['RS 8.14'],
      },
    );
    return [];
  });
}

/** Creates resources in the order of their references (RS 8.14). */
function createAll(declarations: readonly Declaration[], stack: OpenStack, estate: Estate): readonly StackResource[] {
  const byId = new Map(declarations.map((declaration) => [declaration.logicalId, declaration]));
  const order = orderBy([...byId.keys()], (logicalId) => {
    const declaration = byId.get(logicalId);
    if (declaration === undefined) return [];
    const referred = takenReferencesIn(declaration.properties, stack.scope).map(({ name }) => name);
    return [...referred, ...declaration.dependsOn];
  });
  const told = new Set<string>();
  for (const circle of order.circles) {
    const [first = ''] = circle;
    if (circle.every((name) => told.has(name))) continue;
    for (const name of circle) told.add(name);
    const says = `Resources depend on each other in a circle: ${circleInWords(circle)}.`;
    stack.scope.tell.error('template/circular', byId.get(first)?.at ?? stack.template.at, says, {
      remedy: 'Take one reference out of the circle, or move a part into a resource of its own.',
      facts: ['RS 8.14'],
    });
  }
  return order.sequence.flatMap((logicalId) => {
    const declaration = byId.get(logicalId);
    return declaration === undefined ? [] : create(declaration, stack, estate);
  });
}

/** Creates one resource; the answer is empty when it is not there any more. */
function create(declaration: Declaration, stack: OpenStack, estate: Estate): readonly StackResource[] {
  const { logicalId, type, at } = declaration;
  const { scope, source } = stack;
  const { history } = source;
  const isAbsent = history?.absent?.includes(logicalId) === true;
  // Nobody hears about what is not there; others may know what it was called.
  const tell = isAbsent ? createTeller() : scope.tell;
  const context = scope.context;
  const byHand = history?.changedByHand?.[logicalId];
  const written =
    byHand === undefined ? evaluatePresent(declaration.properties, { ...scope, tell }) : nodeOf(byHand, at);
  const evaluated =
    type === 'Custom::CrossRegionExportReader' || isAbsent
      ? written
      : resolveReferences(written, logicalId, stack, estate);
  const kind = kindOf(type);
  if (kind?.regional === true) scope.needRegion(at, type);
  const input: ResourceInput = {
    ...bornAs(logicalId, context, source),
    type,
    at,
    properties: evaluated.kind === 'map' ? evaluated : map(new Map<string, Entry>(), evaluated.at),
    source,
    tell,
    ssm: isAbsent ? new Map<string, string>(estate.ssm) : estate.ssm,
    lenient: estate.lenient,
  };
  const nested =
    type === 'AWS::CloudFormation::Stack' && !isAbsent ? readNestedStack(input, estate, deployStack) : undefined;
  if (kind === undefined && nested === undefined) tellUnknownType(type, at, { ...stack, scope: { ...scope, tell } });
  // Properties that are unknown as a whole have been told; reading them would tell all they lack.
  const identity =
    nested ??
    (evaluated.kind !== 'map' || kind === undefined
      ? madeUpIdentity(input)
      : kind.read(input, isAbsent ? emptyDraft() : estate.draft));
  stack.referents.set(logicalId, { kind: 'created', type, identity });
  if (isAbsent) return [];
  estate.resources.push({ ...deployedResource(input, identity), logicalId, stack: context.name });
  return [
    {
      logicalId,
      type,
      physicalId: identity.ref,
      standing: nested === undefined ? (kind?.standing ?? 'unknown') : 'acted-on',
    },
  ];
}

/** What a resource's identifiers follow from: where and as what it was born. */
function bornAs(
  logicalId: string,
  context: ResourceInput['context'],
  { history }: TemplateSource,
): Pick<ResourceInput, 'logicalId' | 'context' | 'seed'> {
  const birth = history?.births?.[logicalId];
  const { stack, incarnation, generation, ...born } = birth ?? {
    stack: context.name,
    logicalId,
    incarnation: history?.incarnation ?? '',
    generation: 0,
  };
  const again = `${incarnation === '' ? '' : `/${incarnation}`}${generation === 0 ? '' : `#${generation}`}`;
  const seed = `${context.account}/${context.region}/${stack}/${born.logicalId}${again}`;
  return { logicalId: born.logicalId, context: { ...context, name: stack }, seed };
}

function tellUnknownType(type: string, at: Place, { scope }: OpenStack): void {
  if (type === 'AWS::CloudFormation::Stack') {
    scope.tell.warning(
      'template/unknown-resource-type',
      at,
      'The template of this nested stack is not at hand; what it holds is missing from the drill.',
      {
        remedy: 'Give the assembly that `cdk synth` wrote, or the nested template as one of the templates.',
      },
    );
    return;
  }
  const nearest = nearestTo(type, knownTypes());
  const says =
    type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource'
      ? `Firedrill does not run the custom resource ${type}; in a drill it does nothing, and values it gives are made up.`
      : `Firedrill does not act on ${type}; in a drill it is as if it were not there, and values it gives are made up.`;
  scope.tell.warning(
    'template/unknown-resource-type',
    at,
    says,
    nearest === undefined ? {} : { remedy: `Did you mean ${nearest}?` },
  );
}

function readOutputs(stack: OpenStack, estate: Estate): ReadonlyMap<string, Node> {
  const outputs = new Map<string, Node>();
  for (const [name, entry] of stack.template.outputs.entries) {
    const value = readOutput(name, entry, stack, estate);
    if (value !== undefined) outputs.set(name, value);
  }
  return outputs;
}

function readOutput(name: string, { keyAt, value: output }: Entry, stack: OpenStack, estate: Estate): Node | undefined {
  const { scope } = stack;
  if (output.kind === 'unknown') return undefined;
  const written = get(output, 'Value');
  if (written === undefined) {
    scope.tell.error('template/shape', keyAt, `The output ${name} has no Value.`);
    return undefined;
  }
  const condition = get(output, 'Condition');
  if (condition !== undefined && isScalar(condition) && scope.condition(condition.text, condition.at) !== true)
    return undefined;
  const value = evaluatePresent(written, scope);
  if (value.kind === 'list' || value.kind === 'map') {
    scope.tell.error(
      'template/shape',
      written.at,
      `The output ${name} must be a text; this is ${kindInWords(value)}.`,
      {
        remedy: 'Join a list with Fn::Join.',
      },
    );
  }
  const exportName = get(get(output, 'Export'), 'Name');
  if (exportName !== undefined) addExport(exportName, { output: name, value }, stack, estate);
  return value;
}

function addExport(
  name: Node,
  { output, value }: { readonly output: string; readonly value: Node },
  { scope, exported }: OpenStack,
  estate: Estate,
): void {
  const evaluated = evaluatePresent(name, scope);
  if (!isScalar(evaluated)) return;
  const { region, name: stack } = scope.context;
  const key = exportKey(scope.context, evaluated.text);
  const other = estate.exports.get(key);
  if (other !== undefined) {
    const says = `${evaluated.text} is exported by ${other.stack} already; a name can be exported once in a Region.`;
    scope.tell.error('template/import', name.at, says, { facts: ['RS 8.6'] });
    return;
  }
  exported.push({ name: evaluated.text, output });
  estate.exports.set(key, { value, stack, region });
}
