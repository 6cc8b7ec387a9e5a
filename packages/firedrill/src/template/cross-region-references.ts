import { madeUpIdentity } from './inert.ts';
import type { Node } from './node.ts';
import { get, isScalar } from './node.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { identity } from './resource-kind.ts';
import type { Identity } from './scope.ts';

/**
 * How CDK carries values between Regions (`crossRegionReferences: true`): a writer in the producing stack puts
 * them into SSM parameters of the consuming Region, and a reader there gives them as attributes.
 */
export const CROSS_REGION_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['Custom::CrossRegionExportWriter', { standing: 'inert', regional: false, read: readWriter }],
  ['Custom::CrossRegionExportReader', { standing: 'inert', regional: false, read: readReader }],
  ['Custom::CrossRegionStringParameterReader', { standing: 'inert', regional: false, read: readStringParameter }],
  ['AWS::SSM::Parameter', { standing: 'inert', regional: false, read: readParameter }],
]);

/** Where an SSM parameter is kept among all. */
export function ssmKey(region: string, name: string): string {
  return `${region} ${name}`;
}

/** Names of the parameters that a stack's writers write, with the Region that they write them into. */
export function writtenParameters(resources: Node): { readonly region: string; readonly name: string }[] {
  return propertiesOf(resources, 'Custom::CrossRegionExportWriter').flatMap((properties) => {
    const writer = get(properties, 'WriterProps');
    const region = get(writer, 'region');
    const exports = get(writer, 'exports');
    if (region === undefined || !isScalar(region) || exports?.kind !== 'map') return [];
    return [...exports.entries.keys()].map((name) => ({ region: region.text, name }));
  });
}

/** Names of the parameters that a stack's readers read, in its own Region. */
export function readParameterNames(resources: Node): string[] {
  return propertiesOf(resources, 'Custom::CrossRegionExportReader').flatMap((properties) => {
    const imports = get(get(properties, 'ReaderProps'), 'imports');
    return imports?.kind === 'map' ? [...imports.entries.keys()] : [];
  });
}

function propertiesOf(resources: Node, type: string): Node[] {
  if (resources.kind !== 'map') return [];
  return [...resources.entries.values()].flatMap(({ value }) => {
    const named = get(value, 'Type');
    const properties = get(value, 'Properties');
    return named?.kind === 'text' && named.text === type && properties !== undefined ? [properties] : [];
  });
}

function readWriter(input: ResourceInput): Identity {
  const writer = get(input.properties, 'WriterProps');
  const region = get(writer, 'region');
  const exports = get(writer, 'exports');
  if (region !== undefined && isScalar(region) && exports?.kind === 'map') {
    for (const [name, { value }] of exports.entries) {
      // Lists travel joined, as in an SSM parameter of type StringList. What is unknown has been told.
      const items = value.kind === 'list' ? value.items : [value];
      input.ssm.set(ssmKey(region.text, name), items.map((item) => (isScalar(item) ? item.text : '')).join(','));
    }
  }
  return madeUpIdentity(input);
}

function readReader(input: ResourceInput): Identity {
  const imports = get(get(input.properties, 'ReaderProps'), 'imports');
  const values: Record<string, string> = {};
  for (const [name, { keyAt }] of imports?.kind === 'map' ? imports.entries : []) {
    const value = input.ssm.get(ssmKey(input.context.region, name));
    if (value !== undefined) values[name] = value;
    else if (!input.lenient) {
      input.tell.error(
        'template/import',
        keyAt,
        `No stack that was read writes ${name} into ${input.context.region}.`,
        {
          remedy: 'Give all stacks of the app together: its cdk.out or its directory.',
        },
      );
    }
  }
  // A value that is missing has been told; whoever asks for it gets something made up.
  const { ref, attributes } = identity(madeUpIdentity(input).ref, values);
  return { ref, attributes, open: true };
}

/** How CDK's `EdgeFunction` brings the ARN of its version from us-east-1 to the stack of the distribution. */
function readStringParameter(input: ResourceInput): Identity {
  const region = get(input.properties, 'Region');
  const name = get(input.properties, 'ParameterName');
  const made = madeUpIdentity(input);
  if (region === undefined || !isScalar(region) || name === undefined || !isScalar(name)) return made;
  const value = input.ssm.get(ssmKey(region.text, name.text));
  if (value !== undefined) return { ref: made.ref, attributes: new Map([['FunctionArn', value]]), open: true };
  if (!input.lenient) {
    const says = `No stack that was read writes ${name.text} in ${region.text}.`;
    input.tell.error('template/import', name.at, says, {
      remedy: 'Give all stacks of the app together: its cdk.out or its directory.',
    });
  }
  return made;
}

function readParameter(input: ResourceInput): Identity {
  const name = get(input.properties, 'Name');
  const value = get(input.properties, 'Value');
  if (name === undefined || !isScalar(name) || value === undefined || !isScalar(value)) return madeUpIdentity(input);
  input.ssm.set(ssmKey(input.context.region, name.text), value.text);
  return identity(name.text, { Type: 'String', Value: value.text });
}
