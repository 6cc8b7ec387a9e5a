import type { CacheBehavior } from '../model/index.ts';
import type { Behavior } from './cloudfront-behaviors.ts';
import type { Draft } from './draft.ts';
import { uuidFrom } from './physical-id.ts';
import type { ResourceInput } from './resource-kind.ts';
import { identity, textProperty } from './resource-kind.ts';
import type { Identity } from './scope.ts';
import { boolean, inertFields, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';
import type { Placed } from './shape.ts';
import type { Teller } from './teller.ts';

/** Bytes of code that CloudFront takes (CF 5.25). */
const CODE_BYTES_MAX = 10 * 1024;

/** The functions of a behaviour that run on CloudFront itself: at viewer events only (CF 5.25). */
export const FUNCTION_ASSOCIATIONS = listOf(
  shape('FunctionAssociations', {
    EventType: required(oneOf(['viewer-request', 'viewer-response'], ['CF 5.25'])),
    FunctionARN: required(placed(text())),
  }),
);

const FUNCTION = shape('AWS::CloudFront::Function', {
  Name: required(text({ most: 64 })),
  FunctionCode: required(placed(text())),
  AutoPublish: optional(boolean),
  FunctionConfig: required(
    shape('FunctionConfig', {
      Runtime: required(oneOf(['cloudfront-js-1.0', 'cloudfront-js-2.0'])),
      KeyValueStoreAssociations: optional(
        placed(listOf(shape('KeyValueStoreAssociations', { KeyValueStoreARN: required(placed(text())) }))),
      ),
      ...inertFields('Comment'),
    }),
  ),
  ...inertFields('FunctionMetadata', 'Tags'),
});

const STORE = shape('AWS::CloudFront::KeyValueStore', {
  Name: required(text({ most: 64 })),
  ImportSource: optional(
    shape('ImportSource', { SourceType: required(oneOf(['S3'])), SourceArn: required(placed(text())) }),
  ),
  ...inertFields('Comment', 'Tags'),
});

/** What a behaviour says of them, held to what CloudFront takes; nothing when there are none. */
export function functionAssociationsOf(
  { FunctionAssociations: associations, LambdaFunctionAssociations: lambdas }: Behavior,
  tell: Teller,
): Pick<CacheBehavior, 'functionAssociations'> {
  const [first] = associations ?? [];
  if (associations === undefined || first === undefined) return {};
  const lambda = lambdas?.find(({ EventType: event }) => event.startsWith('viewer-'));
  if (lambda !== undefined) {
    const says = `The behaviour has a Lambda function at ${lambda.EventType} and a CloudFront Function at ${first.EventType}; CloudFront takes one kind at the two viewer events.`;
    const remedy = 'Move the Lambda function to an origin event, or do both with one kind.';
    tell.error('template/property', first.at, says, { remedy, facts: ['CF 5.4'] });
  }
  const events = new Set<string>();
  for (const { EventType: event, at } of associations) {
    if (events.has(event)) {
      const says = `The behaviour has two CloudFront Functions at ${event}; there is one at most.`;
      tell.error('template/property', at, says, { facts: ['CF 5.1'] });
    }
    events.add(event);
  }
  return {
    functionAssociations: associations.map(({ EventType: eventType, FunctionARN: arn, at }) => ({
      eventType,
      functionArn: arn.value,
      place: at,
    })),
  };
}

/** A function with its code, which stands in the template. */
export function readCloudFrontFunction(input: ResourceInput, draft: Draft): Identity {
  const { tell } = input;
  const name = textProperty(input, 'Name') ?? input.logicalId;
  const arn = globalArn(input, `function/${name}`);
  const named = identity(arn, { FunctionARN: arn, 'FunctionMetadata.FunctionARN': arn, Stage: 'LIVE' });
  const properties = FUNCTION(input.properties, tell);
  if (properties === undefined) {
    draft.cloudFrontFunctionsLeftOut.add(arn);
    return named;
  }
  const { FunctionCode: code, FunctionConfig: config } = properties;
  checkCode(code, tell);
  const stores = config.KeyValueStoreAssociations;
  const [store] = stores?.value ?? [];
  if (stores !== undefined && stores.value.length > 1) {
    const says = `A function has one key value store at most; this has ${stores.value.length}.`;
    tell.error('template/property', stores.at, says, { facts: ['CF 5.33'] });
  }
  if (store !== undefined && config.Runtime !== 'cloudfront-js-2.0') {
    const says = `Key value stores need the runtime cloudfront-js-2.0; this is ${config.Runtime}.`;
    tell.error('template/property', store.at, says, { facts: ['CF 5.26'] });
  }
  // Without it CloudFormation leaves the function in its development stage, where no distribution can have it.
  if (properties.AutoPublish !== true) draft.unpublishedFunctions.add(arn);
  draft.cloudFrontFunctions.push({
    arn,
    name,
    runtime: config.Runtime,
    code: code.value,
    ...(store === undefined ? {} : { keyValueStoreArn: store.KeyValueStoreARN.value }),
    stack: input.context.name,
    logicalId: input.logicalId,
    place: code.at,
  });
  return named;
}

function checkCode({ value, at }: Placed<string>, tell: Teller): void {
  const bytes = bytesOf(value);
  if (bytes <= CODE_BYTES_MAX) return;
  tell.error('template/property', at, `The code has ${bytes} bytes; CloudFront takes 10 KB.`, {
    remedy: 'Shorten or minify it; move data into a key value store.',
    facts: ['CF 5.25'],
  });
}

/** In UTF-8. */
function bytesOf(value: string): number {
  let bytes = 0;
  for (const character of value) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  }
  return bytes;
}

/** A store with what it imports, where that can be read. */
export function readKeyValueStore(input: ResourceInput, draft: Draft): Identity {
  const name = textProperty(input, 'Name') ?? input.logicalId;
  const id = uuidFrom(`key value store ${input.seed}`);
  const arn = globalArn(input, `key-value-store/${id}`);
  const properties = STORE(input.properties, input.tell);
  if (properties !== undefined) {
    draft.keyValueStores.push({
      arn,
      id,
      name,
      entries: importedBy(properties.ImportSource?.SourceArn, name, input),
      stack: input.context.name,
      logicalId: input.logicalId,
      place: input.at,
    });
  }
  return identity(name, { Arn: arn, Id: id, Status: 'READY' });
}

/** `{"data": [{"key": …, "value": …}]}`, as the documentation gives it; nothing when it is not there or is no such thing. */
function importedBy(
  source: Placed<string> | undefined,
  name: string,
  { source: template, tell }: ResourceInput,
): Readonly<Record<string, string>> {
  if (source === undefined) return {};
  const key = source.value.replace(/^arn:[^:]*:s3:::[^/]+\//, '');
  const found = Object.hasOwn(template.code, key) ? template.code[key]?.text : undefined;
  if (found === undefined) {
    const says = `The store ${name} imports the object ${key}, which no assembly beside this template holds; it begins empty.`;
    tell.warning('template/missing-asset', source.at, says, { remedy: 'Give its values in the drill: keyValues.' });
    return {};
  }
  const entries = entriesOf(found);
  if (entries === undefined) {
    const says = `What the store ${name} imports is not JSON of the form {"data": [{"key": "a", "value": "b"}]}.`;
    tell.error('template/property', source.at, says);
  }
  return entries ?? {};
}

function entriesOf(json: string): Readonly<Record<string, string>> | undefined {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch {
    return undefined;
  }
  const data = typeof value === 'object' && value !== null && 'data' in value ? value.data : undefined;
  if (!Array.isArray(data)) return undefined;
  const pairs = (data as readonly unknown[]).map((each) => {
    const { key, value: content } = (each ?? {}) as { readonly key?: unknown; readonly value?: unknown };
    return typeof key === 'string' && typeof content === 'string' ? ([key, content] as const) : undefined;
  });
  const complete = pairs.filter((pair) => pair !== undefined);
  return complete.length === pairs.length ? Object.fromEntries(complete) : undefined;
}

function globalArn({ context }: ResourceInput, rest: string): string {
  return `arn:${context.partition}:cloudfront::${context.account}:${rest}`;
}
