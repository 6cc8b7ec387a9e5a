import type { Place, StackExport } from '../model/index.ts';
import { REGIONS } from '../model/index.ts';
import { Conditions } from './conditions.ts';
import { ssmKey } from './cross-region-references.ts';
import type { Estate } from './estate.ts';
import { exportKey, outputsKey } from './estate.ts';
import { evaluate } from './evaluate.ts';
import { expandForEach } from './for-each.ts';
import type { Node } from './node.ts';
import { unknown } from './node.ts';
import { readParameters } from './parameters.ts';
import { expandServerless } from './serverless.ts';
import { nearestTo } from './references.ts';
import type { Referent, Scope, StackContext } from './scope.ts';
import type { Template } from './sections.ts';
import { LANGUAGE_EXTENSIONS } from './sections.ts';
import type { TemplateSource } from './template-source.ts';

/** The Region that stands in while a stack has none, so that reading can go on. */
const STAND_IN_REGION = 'us-east-1';

/** A template in its place: parameters have values, loops are expanded, conditions can be asked. */
export interface OpenStack {
  readonly source: TemplateSource;
  readonly template: Template;
  readonly scope: Scope;
  /** What logical ids stand for; filled while resources are created. */
  readonly referents: Map<string, Referent>;
  /** Exports that it makes and takes; filled while it is read. */
  readonly exported: StackExport[];
  readonly imported: Set<string>;
}

/** Where a stack stands, and what it is called there. @param account of a source that does not say its own. */
export function contextOf(source: TemplateSource, account: string): StackContext {
  const region = source.region ?? STAND_IN_REGION;
  const china = region.startsWith('cn-');
  return {
    name: source.stack,
    region,
    account: source.account ?? account,
    partition: china ? 'aws-cn' : region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws',
    urlSuffix: china ? 'amazonaws.com.cn' : 'amazonaws.com',
  };
}

/** A stack whose parameters, conditions and mappings are known, ready for its resources to be read one after the other. */
export function openStack(source: TemplateSource, template: Template, estate: Estate): OpenStack {
  const context = contextOf(source, estate.account);
  const { tell } = estate;
  const lookup = (name: string): string | undefined =>
    source.stored?.value(name, undefined) ?? estate.ssm.get(ssmKey(context.region, name));
  const conditions = new Map<string, Conditions>();
  const referents = new Map<string, Referent>();
  const importedNames = new Set<string>();
  const scope: Scope = {
    evaluate: (node) => evaluate(node, scope),
    context,
    tell,
    extensions: template.transforms.some(({ name }) => name === LANGUAGE_EXTENSIONS),
    parameters: readParameters(template, source.parameters, lookup, tell),
    mappings: template.mappings,
    condition: (name, at) => conditions.get('all')?.truth(name, at, scope),
    resource: (logicalId) => referents.get(logicalId) ?? { kind: 'absent' },
    imported: (name, at) => {
      importedNames.add(name);
      return findImport(name, at, context, estate);
    },
    stackOutput: (query, at) => findOutput(query, at, context, estate),
    needRegion: (at, why) => needRegion(source, at, why, estate),
  };
  const expanded = { ...template, conditions: expandForEach(template.conditions, scope) };
  // Loops in the other sections may go through values that depend on conditions.
  conditions.set('all', new Conditions(expanded.conditions));
  const looped = {
    ...expanded,
    resources: expandForEach(template.resources, scope),
    outputs: expandForEach(template.outputs, scope),
  };
  const written = { ...looped, ...expandServerless(looped, scope.parameters, tell) };
  // SAM may add conditions to those of the template.
  if (written.conditions !== looped.conditions) conditions.set('all', new Conditions(written.conditions));
  return { source, template: written, scope, referents, exported: [], imported: importedNames };
}

function needRegion(source: TemplateSource, at: Place, why: string, { tell }: Estate): void {
  if (source.region === undefined) {
    const top = { file: at.file, line: at.line, column: at.column, path: at.path ?? '' };
    tell.error('template/missing-region', top, `${why} needs a Region, and the stack ${source.stack} has none.`, {
      remedy: 'Give it one: --region eu-west-1, `region:` in the drill file, or `env` of the CDK stack.',
    });
  } else if (!Object.hasOwn(REGIONS, source.region)) {
    const nearest = nearestTo(source.region, Object.keys(REGIONS));
    const start = { file: source.file, line: 1, column: 1 };
    tell.error(
      'template/missing-region',
      start,
      `Firedrill knows no Region ${source.region}, where ${source.stack} should be.`,
      {
        remedy: nearest === undefined ? `It knows ${Object.keys(REGIONS).join(', ')}.` : `Did you mean ${nearest}?`,
      },
    );
  }
}

function findImport(name: string, at: Place, context: StackContext, estate: Estate): Node {
  const found = estate.exports.get(exportKey(context, name));
  if (found !== undefined) return { ...found.value, at };
  if (estate.lenient) return unknown(at);
  const elsewhere = [...estate.exports].find(
    ([key]) => key.startsWith(`${context.account} `) && key.endsWith(` ${name}`),
  );
  if (elsewhere !== undefined) {
    const [, { region, stack }] = elsewhere;
    const says = `${name} is exported by ${stack} in ${region}; Fn::ImportValue reads exports of its own Region only, here ${context.region}.`;
    estate.tell.error('template/import', at, says, {
      remedy: 'Pass the value as a parameter, or let CDK carry it: `crossRegionReferences: true`.',
      facts: ['RS 8.6'],
    });
    return unknown(at);
  }
  const names = [...estate.exports.keys()].map((key) => key.split(' ').slice(2).join(' '));
  const nearest = nearestTo(name, names);
  estate.tell.error('template/import', at, `No stack that was read exports ${name}.`, {
    remedy: nearest === undefined ? 'Give the template of the exporting stack too.' : `Did you mean ${nearest}?`,
    facts: ['RS 8.6'],
  });
  return unknown(at);
}

function findOutput(
  query: { readonly stack: string; readonly output: string; readonly region: string | undefined },
  at: Place,
  context: StackContext,
  estate: Estate,
): Node {
  const region = query.region ?? context.region;
  const outputs = estate.outputs.get(outputsKey({ account: context.account, region }, query.stack));
  const value = outputs?.get(query.output);
  if (value !== undefined) return { ...value, at };
  if (!estate.lenient) {
    const says =
      outputs === undefined
        ? `No stack ${query.stack} in ${region} was read before this one.`
        : `The stack ${query.stack} in ${region} has no output ${query.output}.`;
    estate.tell.error('template/import', at, says, { remedy: 'Give its template too.', facts: ['RS 8.7'] });
  }
  return unknown(at);
}
