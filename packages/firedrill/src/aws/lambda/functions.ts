import type { DeployedResource, LambdaFunction } from '../../model/index.ts';
import type { PlainValue } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call } from '../handlers.ts';
import { plainProperties } from '../plain-values.ts';

export const FUNCTION_TYPE = 'AWS::Lambda::Function';

export type Properties = Readonly<Record<string, PlainValue>>;

/** A function as its API sees it. */
export interface KnownFunction {
  readonly name: string;
  readonly arn: string;
  readonly resource: DeployedResource;
  /** As CloudFormation has them. */
  readonly properties: Properties;
  /** Undefined for one that cannot be run here, as one of a container image. */
  readonly runnable: LambdaFunction | undefined;
  /** A version or alias that the call named; undefined: the newest code. */
  readonly qualifier: string | undefined;
}

/** All functions of a Region. */
export function functionsIn(cloud: Cloud, region: string): readonly KnownFunction[] {
  const { resources, functions } = cloud.estate.architecture();
  return resources
    .filter((resource) => resource.type === FUNCTION_TYPE && resource.region === region)
    .map((resource) => {
      const arn = resource.attributes['Arn'] ?? '';
      const properties = plainProperties(resource.properties);
      const runnable = functions.find((fn) => fn.arn === arn);
      return { name: resource.physicalId, arn, resource, properties, runnable, qualifier: undefined };
    });
}

/**
 * The function that a call names: by name, ARN or part of one, with a qualifier or without.
 * @throws AwsError when there is none (RS 4.25).
 */
export function functionNamed(
  cloud: Cloud,
  { region, account }: Call,
  named: string | undefined,
  qualifier?: string,
): KnownFunction {
  const [, name = '', within] =
    /^(?:arn:[^:]+:lambda:[^:]*:)?(?:\d{12}:)?(?:function:)?([A-Za-z0-9_-]+)(?::([A-Za-z0-9$_-]+))?$/.exec(
      named ?? '',
    ) ?? [];
  const asked = qualifier ?? within;
  const found = functionsIn(cloud, region).find((each) => each.name === name);
  if (found === undefined) {
    const arn = `arn:aws:lambda:${region}:${account}:function:${name}`;
    throw notFound(`Function not found: ${arn}${asked === undefined ? '' : `:${asked}`}`);
  }
  if (asked === undefined || asked === '$LATEST') return found;
  const version = versionOf(cloud, { ...found, qualifier: asked });
  if (version === undefined) throw notFound(`Function not found: ${found.arn}:${asked}`);
  return { ...(version === '$LATEST' ? found : versionNumbered(cloud, found, version)), qualifier: asked };
}

/** A version, as it was published (RS 4.37). */
export function versionNumbered(cloud: Cloud, known: KnownFunction, number: string): KnownFunction {
  const arn = `${known.arn}:${number}`;
  const runnable = cloud.estate.architecture().functions.find((fn) => fn.arn === arn);
  const description = belongingTo(cloud, known, 'AWS::Lambda::Version')
    .map(({ physicalId, properties }) => (physicalId === arn ? plainProperties(properties)['Description'] : undefined))
    .find((text) => text !== undefined);
  const { Description: _latest, ...properties } = known.properties;
  return {
    ...known,
    qualifier: number,
    runnable,
    properties: {
      ...properties,
      ...(description === undefined ? {} : { Description: description }),
      ...(runnable === undefined ? {} : publishedProperties(runnable)),
    },
  };
}

/** What of a function's properties its version holds. */
function publishedProperties({ runtime, handler, timeoutSeconds, memoryMb, environment }: LambdaFunction): Properties {
  return {
    Runtime: runtime,
    Handler: handler,
    Timeout: String(timeoutSeconds),
    MemorySize: String(memoryMb),
    Environment: { Variables: environment },
  };
}

/** As Lambda refuses what it does not have (RS 4.25). */
export function notFound(message: string): AwsError {
  return new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
}

/** As Lambda refuses a parameter that cannot be. */
export function invalid(message: string): AwsError {
  return new AwsError('InvalidParameterValueException', message, 400, { Type: 'User' });
}

/** Versions or aliases of a function, as resources. */
export function belongingTo(
  cloud: Cloud,
  { arn, name, resource }: KnownFunction,
  type: string,
): readonly DeployedResource[] {
  return cloud.estate.architecture().resources.filter((each) => {
    if (each.type !== type || each.region !== resource.region) return false;
    const named = plainProperties(each.properties)[type === 'AWS::Lambda::Url' ? 'TargetFunctionArn' : 'FunctionName'];
    return named === name || named === arn;
  });
}

/** The number of the version that a qualifier stands for; `$LATEST` for none. */
export function versionOf(cloud: Cloud, known: KnownFunction): string | undefined {
  const { qualifier } = known;
  if (qualifier === undefined) return '$LATEST';
  const numbers = belongingTo(cloud, known, 'AWS::Lambda::Version').map(
    ({ attributes }) => attributes['Version'] ?? '',
  );
  if (numbers.includes(qualifier)) return qualifier;
  const alias = aliasNamed(cloud, known, qualifier);
  return alias === undefined ? undefined : textIn(plainProperties(alias.properties), 'FunctionVersion', '$LATEST');
}

/** An alias of a function, as a resource; undefined: it has none of that name. */
export function aliasNamed(cloud: Cloud, known: KnownFunction, name: string): DeployedResource | undefined {
  return belongingTo(cloud, known, 'AWS::Lambda::Alias').find(
    ({ properties }) => plainProperties(properties)['Name'] === name,
  );
}

/** A text among properties, numbers as they are written. */
export function textIn(properties: Properties, key: string, otherwise: string): string {
  const value = properties[key];
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
    ? String(value)
    : otherwise;
}

/** A map among properties; empty when there is none. */
export function mapIn(properties: Properties, key: string): Properties {
  const value = properties[key];
  return isProperties(value) ? value : {};
}

function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Where a function stands, for changes of the estate. */
export function whereOf({ resource }: KnownFunction): { readonly region: string; readonly type: string } {
  return { region: resource.region, type: FUNCTION_TYPE };
}

/** Changes some properties of a function; those that become undefined go. */
export async function changeFunction(
  cloud: Cloud,
  known: KnownFunction,
  changed: Readonly<Record<string, unknown>>,
): Promise<void> {
  const properties = Object.entries({ ...known.properties, ...changed }).filter(([, value]) => value !== undefined);
  await cloud.estate.changeResource(known.name, Object.fromEntries(properties), whereOf(known));
}
