import { evaluateText } from './arguments.ts';
import { readParameterNames, ssmKey, writtenParameters } from './cross-region-references.ts';
import { emptyEstate, exportKey, outputsKey } from './estate.ts';
import type { Node } from './node.ts';
import { get, isScalar } from './node.ts';
import type { Order } from './order.ts';
import { orderBy } from './order.ts';
import { argumentsWithin } from './references.ts';
import type { ReadingMemory } from './reading-memory.ts';
import { rememberedTraffic } from './reading-memory.ts';
import { readSections } from './sections.ts';
import type { OpenStack } from './stack-scope.ts';
import { contextOf, openStack } from './stack-scope.ts';
import { createTeller } from './teller.ts';
import type { TemplateSource } from './template-source.ts';

/** A template that could be parsed, with what belongs to it. */
export interface ParsedSource {
  readonly source: TemplateSource;
  readonly root: Node;
}

/** What a stack gives to others and takes from them, as keys of what is passed on. */
export interface Traffic {
  readonly gives: readonly string[];
  readonly takes: readonly string[];
}

/**
 * Orders stacks so that each comes after those whose values it takes: by exports and imports, outputs of
 * other stacks, CDK's cross-Region parameters, and what the assembly says. Names are indices of `parsed`.
 */
export function orderStacks(parsed: readonly ParsedSource[], account: string, memory?: ReadingMemory): Order {
  const traffic = parsed.map((each) =>
    memory === undefined
      ? trafficOf(each, account)
      : rememberedTraffic(memory, each.source, () => trafficOf(each, account)),
  );
  const givers = new Map<string, number>();
  for (const [index, { gives }] of traffic.entries()) {
    for (const key of gives) givers.set(key, index).set(anywhere(key), index);
  }
  return orderBy(
    parsed.map((_, index) => String(index)),
    (name) => {
      const { takes } = traffic[Number(name)] ?? { takes: [] };
      // An export of another Region is of no use, but whoever waits for one is told so once it is known.
      // A stack that takes what it gives itself does not wait for itself.
      return takes
        .map((key) => String(givers.get(key) ?? givers.get(anywhere(key)) ?? ''))
        .filter((giver) => giver !== name);
    },
  );
}

/** The key of an export without its Region. */
function anywhere(key: string): string {
  const [kind, account, , ...name] = key.split(' ');
  return kind === 'export' ? ['export', account, 'anywhere', ...name].join(' ') : key;
}

function trafficOf({ source, root }: ParsedSource, account: string): Traffic {
  const context = contextOf(source, account);
  // Here only the order is sought; everything is read again, and told, when the stack's turn comes.
  const tell = createTeller();
  const estate = emptyEstate({ tell, account, lenient: true });
  const dependencies = (source.dependencies ?? []).map((id) => `stack ${id}`);
  const own = [`stack ${source.id ?? source.stack}`, `outputs ${outputsKey(context, source.stack)}`];
  const sections = readSections(root, tell);
  if (sections === undefined) return { gives: own, takes: dependencies };
  const stack = openStack(source, sections, estate);
  const { resources } = stack.template;
  const exported = exportNames(stack).map((name) => `export ${exportKey(context, name)}`);
  const written = writtenParameters(resources).map(({ region, name }) => `ssm ${ssmKey(region, name)}`);
  const imported = importNames(stack).map((name) => `export ${exportKey(context, name)}`);
  const read = readParameterNames(resources).map((name) => `ssm ${ssmKey(context.region, name)}`);
  const outputs = outputsTaken(stack).map((key) => `outputs ${key}`);
  return { gives: [...own, ...exported, ...written], takes: [...dependencies, ...imported, ...read, ...outputs] };
}

function exportNames({ template, scope }: OpenStack): string[] {
  return [...template.outputs.entries.values()].flatMap(({ value }) => {
    const name = get(get(value, 'Export'), 'Name');
    const text = name === undefined ? undefined : evaluateText(name, 'An export', scope);
    return text === undefined ? [] : [text];
  });
}

function importNames({ template, scope }: OpenStack): string[] {
  return [template.resources, template.outputs].flatMap((section) =>
    argumentsWithin(section, 'Fn::ImportValue').flatMap((argument) => {
      const text = evaluateText(argument, 'An import', scope);
      return text === undefined ? [] : [text];
    }),
  );
}

function outputsTaken({ template, scope }: OpenStack): string[] {
  return [template.resources, template.outputs].flatMap((section) =>
    argumentsWithin(section, 'Fn::GetStackOutput').flatMap((argument) => {
      const [stack, region] = ['StackName', 'Region'].map((key) => {
        const node = get(argument, key);
        return node !== undefined && isScalar(node) ? node.text : undefined;
      });
      if (stack === undefined) return [];
      return [outputsKey({ account: scope.context.account, region: region ?? scope.context.region }, stack)];
    }),
  );
}
