import type {
  Architecture,
  CacheBehavior,
  CloudFrontFunction as ModelledFunction,
  EdgeEventType,
  Instant,
  LambdaFunction,
} from '../model/index.ts';
import { assert, unqualifiedFunctionArn } from '../model/index.ts';
import type { CloudFrontFunction, EdgeFunction, EdgeFunctions, LambdaAtEdge } from './cloudfront/edge-function.ts';
import { CLOUDFRONT_FACTS } from './cloudfront/facts.ts';
import { nearestCacheRegion } from './cloudfront/replica-region.ts';
import type { ReplicaPlace } from './conversation.ts';
import type { KeyValueStores } from './key-value-stores.ts';
import type { Parts } from './parts.ts';
import type { Layout } from './vantages.ts';
import type { Replica } from './world.ts';

/** CloudFront Functions that are ready to run, with the chance of each, which goes on when its code is replaced. */
export type ReadyFunctions = Map<ModelledFunction, CloudFrontFunction>;

/**
 * The functions at the edge that an architecture has, of either kind.
 * @param ready what has been made ready already, and what is made ready from now on.
 */
export function edgeFunctionsOf(
  parts: Parts,
  stores: KeyValueStores,
  epochMs: (now: Instant) => number,
  ready: ReadyFunctions = new Map(),
): EdgeFunctions {
  const { functions, cloudFrontFunctions } = parts.input.architecture;
  const lambdas = new Map(functions.map((fn) => [fn.arn, fn]));
  for (const fn of ready.keys()) if (!cloudFrontFunctions.includes(fn)) ready.delete(fn);
  const light = cloudFrontFunctionsOf(parts, stores, epochMs, ready);
  const lambdaAt = (behavior: CacheBehavior, event: EdgeEventType): LambdaAtEdge | undefined => {
    const lambda = behavior.lambdaFunctionAssociations?.find(({ eventType }) => eventType === event);
    if (lambda === undefined) return undefined;
    const fn = versionOf(lambdas, lambda.functionArn);
    if (fn === undefined) return undefined;
    return { kind: 'lambda', function: fn, versionArn: lambda.functionArn, includeBody: lambda.includeBody };
  };
  return {
    at(behavior: CacheBehavior, event: EdgeEventType): EdgeFunction | undefined {
      const association = behavior.functionAssociations?.find(({ eventType }) => eventType === event);
      return (association === undefined ? undefined : light(association.functionArn)) ?? lambdaAt(behavior, event);
    },
  };
}

/** Every copy that edge locations may call: of each version, one in each Region that is nearest to some of them. */
export function replicasOf(
  { functions, distributions }: Architecture,
  { edges, regionalCaches }: Pick<Layout, 'edges' | 'regionalCaches'>,
): readonly Replica[] {
  const associated = distributions
    .filter(({ enabled }) => enabled)
    .flatMap(({ behaviors }) => behaviors.flatMap((behavior) => behavior.lambdaFunctionAssociations ?? []));
  const versions = new Set(associated.map(({ functionArn }) => functionArn));
  if (versions.size === 0) return [];
  const regions = new Set([...edges.map(({ vantage }) => nearestCacheRegion(vantage.spot)), ...regionalCaches.keys()]);
  const byArn = new Map(functions.map((fn) => [fn.arn, fn]));
  return [...versions].flatMap((versionArn) => {
    const fn = versionOf(byArn, versionArn);
    return fn === undefined ? [] : [...regions].map((region) => ({ function: fn, region, versionArn }));
  });
}

/** A copy of a function as it finds itself: elsewhere, under a name of its own, a numbered version without variables (CF 5.22). */
export function copyOf(fn: LambdaFunction, { region, versionArn }: ReplicaPlace): LambdaFunction {
  return { ...fn, arn: versionArn, region, name: `${fn.region}.${fn.name}`, environment: {} };
}

/** Each is made ready once, whatever many behaviours it runs for. */
function cloudFrontFunctionsOf(
  { input, random, settings }: Parts,
  stores: KeyValueStores,
  epochMs: (now: Instant) => number,
  ready: ReadyFunctions,
): (arn: string) => CloudFrontFunction | undefined {
  const limits = {
    stepsMax: settings.number('cloudfront.function-steps'),
    memoryBytesMax: CLOUDFRONT_FACTS.FUNCTION_MEMORY_BYTES.value,
  };
  return (arn) => {
    const fn = input.architecture.cloudFrontFunctions.find((each) => each.arn === arn);
    const known = fn === undefined ? undefined : ready.get(fn);
    if (known !== undefined || fn === undefined) return known;
    const { sandbox } = input;
    assert(sandbox !== undefined, 'a world with CloudFront Functions is given a sandbox to run them in');
    const { name, runtime, code, keyValueStoreArn: store } = fn;
    const chance = random.lasting(`cloudfront/function/${name}`);
    const made: CloudFrontFunction = {
      kind: 'cloudfront-function',
      name,
      program: sandbox.prepareFunction(runtime, code, limits),
      keyValues: (edge, now) => (store === undefined ? undefined : stores.seen(store, edge, now)),
      epochMs,
      chance: () => chance.next(),
    };
    ready.set(fn, made);
    return made;
  };
}

/** A version as it was published; of one that no template has, its function. */
function versionOf(functions: ReadonlyMap<string, LambdaFunction>, versionArn: string): LambdaFunction | undefined {
  return functions.get(versionArn) ?? functions.get(unqualifiedFunctionArn(versionArn));
}
