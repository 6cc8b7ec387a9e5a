import type { Architecture, LambdaFunction, Place, Read } from '../model/index.ts';
import { EMPTY_ARCHITECTURE } from '../model/index.ts';
import { assemble } from './assemble.ts';
import { deployStack } from './deploy-stack.ts';
import { emptyEstate } from './estate.ts';
import { localCodePathsIn } from './lambda.ts';
import { domainName } from './names.ts';
import { FINDINGS_MAX } from './limits.ts';
import type { Node } from './node.ts';
import { get } from './node.ts';
import { circleInWords } from './order.ts';
import { parseTemplate } from './parse.ts';
import type { ReadingMemory } from './reading-memory.ts';
import { deployRemembered, rememberedParse } from './reading-memory.ts';
import type { ParsedSource } from './stack-order.ts';
import { orderStacks } from './stack-order.ts';
import type { Teller } from './teller.ts';
import { createTeller } from './teller.ts';
import type { TemplateSource } from './template-source.ts';

/** Account of stacks that do not say theirs. */
export const DEFAULT_ACCOUNT = '123456789012';

export interface TemplatesInput {
  readonly sources: readonly TemplateSource[];
  /** Hosted zones that exist outside the templates: id by domain name. */
  readonly zones: Readonly<Record<string, string>>;
  /** Account of stacks that do not say theirs; {@link DEFAULT_ACCOUNT} by default. */
  readonly account?: string;
  /** Versions of functions that there are already, as they were published; {@link TemplateSource.published} has their numbers. */
  readonly published?: readonly LambdaFunction[];
  /** For an estate that is read again and again: what did not change is not read again. */
  readonly memory?: ReadingMemory;
}

/**
 * Reads CloudFormation templates into an architecture: evaluated, in the order of their deployment, put
 * together. Never throws for what a user wrote; with errors among the findings the value is what could be
 * understood, and no world should be built from it. Left out, each with a warning: records with routing
 * policies of a later slice, methods that are not Lambda proxies, functions from container images, health
 * checks other than HTTP, HTTPS and TCP (records that carry them count as always healthy, R53 RP-02).
 */
export function readTemplates(input: TemplatesInput): Read<Architecture> {
  const { memory } = input;
  const tell = createTeller(memory === undefined ? FINDINGS_MAX : FINDINGS_MAX * input.sources.length);
  const parsed = input.sources.flatMap((source): ParsedSource[] => {
    const parse = (to: Teller): Node | undefined => parseTemplate(source.file, source.text, to);
    const root = memory === undefined ? parse(tell) : rememberedParse(memory, source, parse, tell);
    return root === undefined ? [] : [{ source, root }];
  });
  const lenient = parsed.length < input.sources.length;
  const account = input.account ?? DEFAULT_ACCOUNT;
  return readParsed(
    parsed,
    {
      zones: input.zones,
      account,
      lenient,
      published: input.published ?? [],
      ...(memory === undefined ? {} : { memory }),
    },
    tell,
  );
}

/** The same for templates that are parsed already; `tell` has heard what the parser found. */
export function readParsed(
  parsed: readonly ParsedSource[],
  {
    zones,
    account,
    lenient,
    published = [],
    memory,
  }: {
    readonly zones: TemplatesInput['zones'];
    readonly account: string;
    readonly lenient: boolean;
    readonly published?: readonly LambdaFunction[];
    readonly memory?: ReadingMemory;
  },
  tell: Teller,
): Read<Architecture> {
  const declared = Object.entries(zones).map(([name, id]) => ({ id, name: domainName(name), private: false }));
  const estate = emptyEstate({ tell, account, lenient });
  tellStacksTwice(parsed, tell);
  const order = orderStacks(parsed, account, memory);
  for (const circle of order.circles) {
    const stacks = circle.map((index) => parsed[Number(index)]?.source.stack ?? index);
    const says = `Stacks take values from each other in a circle: ${circleInWords(stacks)}.`;
    tell.error('template/circular', startOf(parsed[Number(circle[0])]?.source), says, {
      remedy: 'Move what both need into a stack of its own.',
      facts: ['RS 8.6'],
    });
  }
  for (const index of order.sequence) {
    const each = parsed[Number(index)];
    // In a circle a value may be asked for before it is there; the circle has been told.
    if (each === undefined) continue;
    const { source, root } = each;
    const whole = { ...estate, lenient: lenient || order.circles.length > 0 };
    if (memory === undefined || whole.lenient) deployStack(source, root, whole);
    else deployRemembered(memory, source, whole, (part) => deployStack(source, root, part));
  }
  const pieces = assemble(estate.draft, declared, published, tell);
  const { stacks, resources, ignores } = estate;
  return { value: { ...EMPTY_ARCHITECTURE, ...pieces, stacks, resources, ignores }, findings: tell.findings };
}

function tellStacksTwice(parsed: readonly ParsedSource[], tell: Teller): void {
  const seen = new Map<string, TemplateSource>();
  for (const { source } of parsed) {
    const key = `${source.account ?? ''} ${source.region ?? ''} ${source.stack}`;
    const other = seen.get(key);
    if (other === undefined) seen.set(key, source);
    else {
      const says = `${other.file} and ${source.file} are both the stack ${source.stack} in one Region.`;
      tell.error('template/shape', startOf(source), says, { remedy: 'Give each template a stack name of its own.' });
    }
  }
}

function startOf(source: TemplateSource | undefined): Place {
  return { file: source?.file ?? '', line: 1, column: 1 };
}

/** What whoever reads a template's file must know before it can be read here. */
export interface TemplateSurvey {
  /** Paths that functions name as their code, as `aws cloudformation package` takes them. */
  readonly codePaths: readonly string[];
  /** Names of the parameters that it declares. */
  readonly parameters: readonly string[];
}

/** Looks through a template without telling anything: what is there is to be passed on in a {@link TemplateSource}. */
export function surveyTemplate(file: string, source: string): TemplateSurvey {
  const root = parseTemplate(file, source, createTeller());
  const resources = get(root, 'Resources');
  const parameters = get(root, 'Parameters');
  return {
    codePaths: resources === undefined ? [] : [...new Set(localCodePathsIn(resources, get(root, 'Globals')))],
    parameters: parameters?.kind === 'map' ? [...parameters.entries.keys()] : [],
  };
}
