import type { Place } from '../model/index.ts';
import { conditionOf, expandApi } from './serverless-api.ts';
import type { ServerlessApi, ServerlessApis } from './serverless-apis.ts';
import { IMPLICIT_API } from './serverless-apis.ts';
import { expandFunction } from './serverless-function.ts';
import { checkGlobals, withGlobals } from './serverless-globals.ts';
import { expandHttpApi } from './serverless-http-api.ts';
import type { RecordSetGroups } from './serverless-records.ts';
import { addGroups } from './serverless-records.ts';
import { withServerlessReferences } from './serverless-references.ts';
import type { Serverless, ServerlessResource } from './serverless-stack.ts';
import { textOf } from './serverless-stack.ts';
import { expandTable } from './serverless-table.ts';
import type { Entry, MapNode, Node } from './node.ts';
import { get, map } from './node.ts';
import type { Template } from './sections.ts';
import { SERVERLESS_TRANSFORM } from './sections.ts';
import type { Teller } from './teller.ts';
import { nodeOf } from './written-node.ts';

/** Types that are expanded, each with its section of Globals. */
const SECTIONS: ReadonlyMap<string, string> = new Map(
  ['Function', 'Api', 'HttpApi', 'SimpleTable'].map((name) => [`AWS::Serverless::${name}`, name]),
);

/**
 * A template as the transform AWS::Serverless-2016-10-31 leaves it (RS 8.28 to 8.39): other resources in the place of SAM's, each
 * standing where the one stands that it is made of. Types that are not expanded stay, to be told as unknown.
 */
export function expandServerless(
  template: Template,
  parameters: ReadonlyMap<string, Node>,
  tell: Teller,
): Pick<Template, 'resources' | 'outputs' | 'conditions'> {
  const { resources, outputs, conditions } = template;
  if (!template.transforms.some(({ name }) => name === SERVERLESS_TRANSFORM)) {
    tellWithoutTransform(resources, tell);
    return { resources, outputs, conditions };
  }
  checkGlobals(template.globals, tell);
  const sam: Serverless = { tell, parameters, resources, properties: new Map(), made: new Map() };
  const apis = new Apis(template);
  const named = serverlessResources(template);
  // Functions first: paths of APIs are what their events ask for.
  for (const each of named) if (each.type === 'Function') expandFunction(sam, each.resource, apis);
  const groups: RecordSetGroups = new Map();
  for (const { type, resource } of named) if (type === 'SimpleTable') expandTable(sam, resource);
  const more = apis.implicitConditions();
  for (const api of apis.all())
    if (api.kind === 'rest') expandApi(sam, api, groups);
    else expandHttpApi(sam, api, groups);
  addGroups(sam, groups);
  const expanded = withServerlessReferences(inOrder(resources, sam.made), sam.properties);
  return {
    resources: expanded,
    outputs: withServerlessReferences(outputs, sam.properties),
    conditions: more.size === 0 ? conditions : map(new Map([...conditions.entries, ...more]), conditions.at),
  };
}

interface Named {
  /** The last word of the type. */
  readonly type: string;
  readonly resource: ServerlessResource;
}

function serverlessResources({ resources, globals }: Template): readonly Named[] {
  return [...resources.entries].flatMap(([logicalId, { keyAt, value }]): Named[] => {
    const type = SECTIONS.get(textOf(get(value, 'Type')) ?? '');
    if (type === undefined || value.kind !== 'map') return [];
    const properties = get(value, 'Properties');
    const own = properties?.kind === 'map' ? properties : map(new Map<string, Entry>(), keyAt);
    const resource = { logicalId, at: keyAt, declaration: value, properties: withGlobals(globals, type, own) };
    return [{ type, resource }];
  });
}

/** What stands in the template for others, then what was made of it; the implicit APIs at the end. */
function inOrder(resources: MapNode, made: ReadonlyMap<string, Entry>): MapNode {
  const entries = new Map<string, Entry>();
  for (const [logicalId, entry] of resources.entries) if (!isExpanded(entry.value)) entries.set(logicalId, entry);
  for (const [logicalId, entry] of made) entries.set(logicalId, entry);
  return map(entries, resources.at);
}

function isExpanded(resource: Node): boolean {
  return resource.kind === 'map' && SECTIONS.has(textOf(get(resource, 'Type')) ?? '');
}

function tellWithoutTransform(resources: MapNode, tell: Teller): void {
  for (const { value } of resources.entries.values()) {
    const type = get(value, 'Type');
    if (type === undefined || !(textOf(type) ?? '').startsWith('AWS::Serverless::')) continue;
    tell.error('template/transform', type.at, `${textOf(type) ?? ''} needs the transform ${SERVERLESS_TRANSFORM}.`, {
      remedy: `Add \`Transform: ${SERVERLESS_TRANSFORM}\` to the template.`,
    });
  }
}

class Apis implements ServerlessApis {
  private readonly template: Template;
  private readonly known = new Map<string, ServerlessApi>();

  constructor(template: Template) {
    this.template = template;
    for (const { type, resource } of serverlessResources(template)) {
      if (type !== 'Api' && type !== 'HttpApi') continue;
      const kind = type === 'Api' ? 'rest' : 'http';
      this.known.set(resource.logicalId, { kind, resource, isImplicit: false, conditions: [], routes: [] });
    }
  }

  all(): Iterable<ServerlessApi> {
    return this.known.values();
  }

  find(kind: ServerlessApi['kind'], logicalId: string | undefined, at: Place): ServerlessApi | undefined {
    const id = logicalId ?? IMPLICIT_API[kind];
    const found = this.known.get(id);
    if (found !== undefined || id !== IMPLICIT_API[kind]) return found?.kind === kind ? found : undefined;
    const implicit = this.implicit(kind, at);
    this.known.set(id, implicit);
    return implicit;
  }

  /** It stands where the first event stands that asks for it. */
  private implicit(kind: ServerlessApi['kind'], at: Place): ServerlessApi {
    const section = kind === 'rest' ? 'Api' : 'HttpApi';
    const own = map(new Map<string, Entry>(), at);
    const properties = withGlobals(this.template.globals, section, own);
    const resource = { logicalId: IMPLICIT_API[kind], at, properties, declaration: own };
    return { kind, resource, isImplicit: true, conditions: [], routes: [] };
  }

  /** Puts conditions on implicit APIs, and gives those that the template needs for it (RS 8.39). */
  implicitConditions(): ReadonlyMap<string, Entry> {
    const more = new Map<string, Entry>();
    for (const [id, api] of this.known) {
      const names = api.isImplicit ? conditionOf(api) : undefined;
      if (names === undefined) continue;
      const { at } = api.resource;
      const [first = '', ...others] = names;
      const name = others.length === 0 ? first : `${id}Condition`;
      if (others.length > 0) {
        const value = nodeOf({ 'Fn::Or': names.map((one) => ({ Condition: one })) }, at);
        more.set(name, { keyAt: at, value });
      }
      const declaration = nodeOf({ Condition: name }, at);
      if (declaration.kind === 'map') this.known.set(id, { ...api, resource: { ...api.resource, declaration } });
    }
    return more;
  }
}
