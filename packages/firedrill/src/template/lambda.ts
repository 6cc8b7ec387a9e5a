import type { FunctionCode, Place } from '../model/index.ts';
import { functionUrlHost } from '../model/index.ts';
import type { Draft } from './draft.ts';
import { checkVariables } from './function-variables.ts';
import { readAlias, readVersion } from './lambda-versions.ts';
import { readCors } from './http-cors.ts';
import { LOWER_ALPHANUMERIC, idFrom } from './physical-id.ts';
import type { Node } from './node.ts';
import { get, isScalar, kindInWords } from './node.ts';
import type { ResourceInput, ResourceKind } from './resource-kind.ts';
import { arnOf, identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import type { Placed } from './shape.ts';
import {
  anyText,
  anything,
  inertFields,
  integer,
  notYet,
  oneOf,
  optional,
  placed,
  recordOf,
  required,
  shape,
  text,
} from './shape.ts';

const FUNCTION = shape('AWS::Lambda::Function', {
  Code: required(anything),
  Handler: optional(placed(text())),
  Runtime: optional(placed(text())),
  Role: required(anyText),
  FunctionName: optional(text({ most: 64 })),
  Timeout: optional(integer({ least: 1, most: 900, facts: ['RS 4.20'] })),
  MemorySize: optional(integer({ least: 128, most: 10_240, facts: ['RS 4.20a'] })),
  Environment: optional(shape('Environment', { Variables: optional(recordOf(anyText)) })),
  PackageType: optional(oneOf(['Zip', 'Image'])),
  ReservedConcurrentExecutions: optional(placed(integer({ least: 0, most: 100_000, facts: ['RS 4.20a'] }))),
  Layers: notYet('The function runs without its layers.'),
  VpcConfig: notYet('The function runs outside any VPC and reaches what the world has.'),
  ...inertFields(
    'Architectures',
    'CodeSigningConfigArn',
    'DeadLetterConfig',
    'Description',
    'EphemeralStorage',
    'KmsKeyArn',
    'LoggingConfig',
    'RecursiveLoop',
    'RuntimeManagementConfig',
    'SnapStart',
    'Tags',
    'TracingConfig',
    'FileSystemConfigs',
    'ImageConfig',
  ),
});

/** Lambda's types. Permissions are not checked. */
export const LAMBDA_KINDS: ReadonlyMap<string, ResourceKind> = new Map<string, ResourceKind>([
  ['AWS::Lambda::Function', { standing: 'acted-on', regional: true, read: readFunction }],
  ['AWS::Lambda::Version', { standing: 'inert', regional: true, read: readVersion }],
  ['AWS::Lambda::Alias', { standing: 'inert', regional: true, read: readAlias }],
  ['AWS::Lambda::Url', { standing: 'acted-on', regional: true, read: readUrl }],
]);

function readFunction(input: ResourceInput, draft: Draft): Identity {
  const name = textProperty(input, 'FunctionName') ?? defaultName(input);
  const arn = arnOf(input, 'lambda', `function:${name}`);
  const named = identity(name, {
    Arn: arn,
    'SnapStartResponse.ApplyOn': 'None',
    'SnapStartResponse.OptimizationStatus': 'Off',
  });
  const properties = FUNCTION(input.properties, input.tell);
  if (properties === undefined) {
    draft.functionsLeftOut.add(arn);
    return named;
  }
  const { Handler: handler, Runtime: runtime } = properties;
  if (properties.PackageType === 'Image' || handler === undefined || runtime === undefined) {
    tellNotRunnable(input, properties.PackageType === 'Image', properties.written);
    draft.functionsLeftOut.add(arn);
    return named;
  }
  if (!isRunnable(runtime.value)) {
    const says = `Firedrill runs functions of Node.js and Python only; ${name} is ${runtime.value}. A drill can stand a model in for it.`;
    input.tell.warning('template/not-acted-on', runtime.at, says, {
      remedy: 'In `sim` declare its latency and status under functionModels in the drill file.',
    });
  }
  checkVariables(properties.Environment?.Variables ?? new Map(), input.at, input.tell);
  const code = codeOf(properties.Code, { handler, runtime: runtime.value }, input);
  if (code === undefined) draft.functionsLeftOut.add(arn);
  else {
    draft.functions.push({
      arn,
      name,
      region: input.context.region,
      runtime: runtime.value,
      handler: handler.value,
      timeoutSeconds: properties.Timeout ?? 3,
      memoryMb: properties.MemorySize ?? 128,
      ...concurrencyOf(properties.ReservedConcurrentExecutions, input),
      environment: Object.fromEntries(properties.Environment?.Variables ?? []),
      code,
      stack: input.context.name,
      logicalId: input.logicalId,
      place: input.at,
    });
  }
  return named;
}

function isRunnable(runtime: string): boolean {
  return /^(?:nodejs|python3)/.test(runtime);
}

/** Nothing at all is told apart from something; how many run at a time is not counted. */
function concurrencyOf(
  reserved: Placed<number> | undefined,
  { tell }: ResourceInput,
): { readonly reservedConcurrency?: number } {
  if (reserved === undefined) return {};
  if (reserved.value > 0) {
    const says = 'Firedrill does not count environments: only a reserved concurrency of 0 throttles.';
    tell.note('template/not-acted-on', reserved.at, says, { facts: ['RS 4.24'] });
  }
  return { reservedConcurrency: reserved.value };
}

/** As CloudFormation makes it: stack, logical id and something random, within 64 characters. */
function defaultName({ context, logicalId, seed }: ResourceInput): string {
  const random = idFrom(seed, 12, LOWER_ALPHANUMERIC);
  return `${context.name.slice(0, 24)}-${logicalId.slice(0, 24)}-${random}`;
}

function tellNotRunnable({ tell, at }: ResourceInput, image: boolean, written: ReadonlySet<string>): void {
  if (image) {
    tell.warning(
      'template/not-acted-on',
      at,
      'Firedrill does not run functions from container images yet; the function is left out.',
      {
        remedy: 'Give the function as a zip package for the drill.',
      },
    );
    return;
  }
  // A value that is there and wrong has been told by its own decoder.
  if (!written.has('Handler')) tell.error('template/property', at, 'A function in a zip package needs Handler.');
  if (!written.has('Runtime')) tell.error('template/property', at, 'A function in a zip package needs Runtime.');
}

interface Wanted {
  readonly handler: Placed<string>;
  readonly runtime: string;
}

/** Inline text, an object in a bucket that an assembly wrote, or a path as `aws cloudformation package` takes it. */
function codeOf(node: Node, { handler, runtime }: Wanted, input: ResourceInput): FunctionCode | undefined {
  const inline = get(node, 'ZipFile');
  if (inline !== undefined && isScalar(inline)) return inlineCode(inline.text, { handler, runtime }, input);
  const key = isScalar(node) ? node : (get(node, 'S3Key') ?? get(node, 'ImageUri'));
  if (key === undefined || !isScalar(key)) {
    if (node.kind !== 'unknown' && key?.kind !== 'unknown' && inline?.kind !== 'unknown') {
      const says = `Code must have ZipFile, or S3Bucket and S3Key, or be a path; this is ${kindInWords(node)}.`;
      input.tell.error('template/property', node.at, says, { facts: ['RS 4.32'] });
    }
    return undefined;
  }
  const found = Object.hasOwn(input.source.code, key.text) ? input.source.code[key.text] : undefined;
  if (found === undefined || found.kind === 'data') {
    tellMissing(key.text, isScalar(node), key.at, input);
    return undefined;
  }
  if (found.kind === 'archive') return { kind: 'archive', path: found.path };
  if (!hasHandler(found.files, handler.value)) {
    const says = `The handler ${handler.value} of ${input.logicalId} names the file ${fileOf(handler.value)}, which is not in ${found.path}.`;
    input.tell.error('template/missing-asset', handler.at, says, {
      remedy: 'Correct Handler (file, dot, exported function), or build the code into that folder first.',
      facts: ['RS 4.6', 'RS 4.7'],
    });
    return undefined;
  }
  return { kind: 'directory', path: found.path };
}

/** For Node.js and Python only; a template ends before the 4 MB that Lambda takes (RS 4.32). */
function inlineCode(
  source: string,
  { handler, runtime }: Wanted,
  { tell, at }: ResourceInput,
): FunctionCode | undefined {
  const refuse = (says: string): void => tell.error('template/property', at, says, { facts: ['RS 4.32'] });
  if (!isRunnable(runtime)) refuse(`Code has ZipFile, which is for Node.js and Python; the runtime is ${runtime}.`);
  if (handler.value.startsWith('index.')) return { kind: 'inline', text: source };
  const says = `Inline code is stored as the file index, so Handler must begin with index.; it is ${handler.value}.`;
  tell.error('template/missing-asset', handler.at, says, { facts: ['RS 4.32'] });
  return undefined;
}

function tellMissing(key: string, isPath: boolean, at: Place, { tell, logicalId }: ResourceInput): void {
  const says = isPath
    ? `The code of ${logicalId} should be at ${key}, beside the template, but nothing is there.`
    : `The code of ${logicalId} is the object ${key}, which no assembly beside this template holds.`;
  const remedy = isPath
    ? 'Correct the path, or build the code first.'
    : 'Give the CDK app or its cdk.out instead of the bare template, or write a local path: `Code: ./folder`.';
  tell.error('template/missing-asset', at, says, { remedy });
}

/** The file part goes up to the first dot of the last path segment (RS 4.6). */
function fileOf(handler: string): string {
  const segment = handler.lastIndexOf('/') + 1;
  const dot = handler.indexOf('.', segment);
  return dot < 0 ? handler : handler.slice(0, dot);
}

function hasHandler(files: readonly string[], handler: string): boolean {
  const file = fileOf(handler).replace(/^\.\//, '');
  // Python's handlers split at the last dot and end in .py; Node loads the others (RS 4.7, 4.16).
  const names = ['', '.js', '.mjs', '.cjs', '.ts', '.py'].map((ending) => `${file}${ending}`);
  return files.some((name) => names.includes(name) || name.startsWith(`${file}/`));
}

const URL = shape('AWS::Lambda::Url', {
  TargetFunctionArn: required(text()),
  AuthType: required(oneOf(['NONE', 'AWS_IAM'])),
  Qualifier: optional(text()),
  Cors: optional(anything),
  InvokeMode: optional(placed(oneOf(['BUFFERED', 'RESPONSE_STREAM']))),
});

/** An address of a function's own (RS 4.26). */
function readUrl(input: ResourceInput, draft: Draft): Identity {
  const { region } = input.context;
  const id = idFrom(`function-url ${input.seed}`, 32, LOWER_ALPHANUMERIC);
  const target = textProperty(input, 'TargetFunctionArn') ?? '';
  const plain = target.startsWith('arn:') ? target : arnOf(input, 'lambda', `function:${target}`);
  const named = identity(plain, { FunctionArn: plain, FunctionUrl: `https://${functionUrlHost({ id, region })}/` });
  const properties = URL(input.properties, input.tell);
  if (properties === undefined) return named;
  const { AuthType: authType, Qualifier: qualifier, Cors: written, InvokeMode: mode } = properties;
  if (mode?.value === 'RESPONSE_STREAM')
    input.tell.warning('template/not-acted-on', mode.at, 'Firedrill does not stream answers; they come whole.');
  const cors = written === undefined ? undefined : readCors(written, input.tell);
  draft.http.functionUrls.push({
    id,
    region,
    functionArn: qualifier === undefined ? plain : `${plain}:${qualifier}`,
    authType,
    ...(cors === undefined ? {} : { cors }),
    stack: input.context.name,
    place: input.at,
    at: input.at,
  });
  return named;
}

/** Paths that functions of a template name as their code: what `aws cloudformation package` would upload. */
export function localCodePathsIn(resources: Node, globals?: Node): string[] {
  if (resources.kind !== 'map') return [];
  return [...resources.entries.values()].flatMap(({ value }) => {
    const type = textOf(get(value, 'Type'));
    const properties = get(value, 'Properties');
    if (type === 'AWS::Lambda::Function') return textOf(get(properties, 'Code')) ?? [];
    if (type !== 'AWS::Serverless::Function' || get(properties, 'InlineCode') !== undefined) return [];
    const uri = textOf(get(properties, 'CodeUri') ?? get(get(globals, 'Function'), 'CodeUri'));
    return uri === undefined || uri.startsWith('s3://') ? [] : uri;
  });
}

function textOf(node: Node | undefined): string | undefined {
  return node !== undefined && isScalar(node) ? node.text : undefined;
}
