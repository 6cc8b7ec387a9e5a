import type { Estate } from './estate.ts';
import { outputsKey } from './estate.ts';
import type { MapNode, Node } from './node.ts';
import { get, isScalar } from './node.ts';
import { parseTemplate } from './parse.ts';
import { idFrom, UPPER_ALPHANUMERIC, uuidFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { TemplateSource } from './template-source.ts';

/** How deep stacks nest here; a template that holds itself would have no end, and one that does so twice would have it late. */
const LEVELS_MAX = 10;
/** Nested stacks of one estate. */
const STACKS_MAX = 500;
const NAME_CHARS_MAX = 128;

/**
 * Reads the stack that a resource stands for into the estate, its template being at hand (RS 8.27b): its parameters are values of the outer
 * one, which has its outputs as attributes.
 * @returns undefined when the template is not at hand.
 */
export function readNestedStack(
  input: ResourceInput,
  estate: Estate,
  deploy: (source: TemplateSource, root: Node, estate: Estate) => void,
): Identity | undefined {
  const { source, context, at, seed, tell } = input;
  const template = nestedTemplate(textProperty(input, 'TemplateURL') ?? '', source.code);
  if (template === undefined) return undefined;
  const name =
    `${context.name}-${input.logicalId}`.slice(0, NAME_CHARS_MAX - 13) + `-${idFrom(seed, 12, UPPER_ALPHANUMERIC)}`;
  const ref = arnOf(input, 'cloudformation', `stack/${name}/${uuidFrom(`stack ${seed}`)}`);
  const nestedIn = [...(source.nestedIn ?? []), source.stack];
  const excess = excessOf(nestedIn, estate);
  if (excess !== undefined) {
    tell.error('template/limit', at, excess, { remedy: 'See whether a template holds itself.' });
    return identity(ref);
  }
  const file = `${name} (${context.region})`;
  const root = parseTemplate(file, template, tell);
  const nested: TemplateSource = {
    file,
    text: template,
    stack: name,
    account: context.account,
    ...(source.region === undefined ? {} : { region: source.region }),
    parameters: parametersOf(input.properties),
    code: source.code,
    ...(source.stored === undefined ? {} : { stored: source.stored }),
    ...(source.published === undefined
      ? {}
      : { published: { ...source.published, versions: source.published.nested?.[name] ?? {} } }),
    nestedHistory: source.nestedHistory ?? {},
    history: source.nestedHistory?.[name] ?? { incarnation: source.history?.incarnation ?? '' },
    nestedIn,
  };
  if (root !== undefined) deploy(nested, root, estate);
  const outputs = [...(estate.outputs.get(outputsKey(context, name)) ?? [])];
  const texts = outputs.flatMap(([key, value]) => (isScalar(value) ? [[`Outputs.${key}`, value.text] as const] : []));
  return identity(ref, Object.fromEntries(texts));
}

function excessOf({ length: levels }: readonly string[], { stacks }: Estate): string | undefined {
  if (levels > LEVELS_MAX) return `Stacks are nested more than ${LEVELS_MAX} deep here.`;
  const count = stacks.filter((stack) => stack.nestedIn !== undefined).length;
  return count >= STACKS_MAX ? `There are more than ${STACKS_MAX} nested stacks.` : undefined;
}

/** The template at an address, as it was found: under the address itself, or as an object of a bucket. */
export function nestedTemplate(url: string, code: TemplateSource['code']): string | undefined {
  const path = url.replace(/[?#].*$/, '').replace(/^[a-z0-9]+:\/\/[^/]*\//i, '');
  const keys = [url, path, path.slice(path.indexOf('/') + 1)];
  const key = keys.find((each) => Object.hasOwn(code, each) && code[each]?.text !== undefined);
  return key === undefined ? undefined : code[key]?.text;
}

/** Lists travel as one text. */
function parametersOf(properties: MapNode): Readonly<Record<string, string>> {
  const parameters = get(properties, 'Parameters');
  if (parameters?.kind !== 'map') return {};
  return Object.fromEntries(
    [...parameters.entries].flatMap(([name, { value }]): [string, string][] => {
      if (isScalar(value)) return [[name, value.text]];
      if (value.kind !== 'list') return [];
      return [[name, value.items.map((item) => (isScalar(item) ? item.text : '')).join(',')]];
    }),
  );
}
