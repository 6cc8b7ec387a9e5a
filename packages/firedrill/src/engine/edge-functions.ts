import type { Architecture, CacheBehavior, EdgeEventType, LambdaFunction } from '../model/index.ts';
import type { EdgeLocation } from './cloudfront/edge.ts';
import type { EdgeFunction, EdgeFunctions } from './cloudfront/edge-function.ts';
import { replicaRegionOf } from './cloudfront/replica-region.ts';
import type { ReplicaPlace } from './conversation.ts';
import type { Replica } from './world.ts';

/** The functions at the edge that an architecture has, of either kind. */
export function edgeFunctionsOf({ functions }: Architecture): EdgeFunctions {
  const lambdas = new Map(functions.map((fn) => [fn.arn, fn]));
  return {
    at(behavior: CacheBehavior, event: EdgeEventType): EdgeFunction | undefined {
      const lambda = behavior.lambdaFunctionAssociations?.find(({ eventType }) => eventType === event);
      if (lambda === undefined) return undefined;
      const fn = lambdas.get(functionArnOf(lambda.functionArn));
      if (fn === undefined) return undefined;
      return { kind: 'lambda', function: fn, versionArn: lambda.functionArn, includeBody: lambda.includeBody };
    },
  };
}

/** Every copy that edge locations may call: of each version, one in each Region that is nearest to some of them. */
export function replicasOf(
  { functions, distributions }: Architecture,
  edges: Iterable<EdgeLocation>,
): readonly Replica[] {
  const associated = distributions
    .filter(({ enabled }) => enabled)
    .flatMap(({ behaviors }) => behaviors.flatMap((behavior) => behavior.lambdaFunctionAssociations ?? []));
  const versions = new Set(associated.map(({ functionArn }) => functionArn));
  if (versions.size === 0) return [];
  const regions = new Set([...edges].map(replicaRegionOf));
  const byArn = new Map(functions.map((fn) => [fn.arn, fn]));
  return [...versions].flatMap((versionArn) => {
    const fn = byArn.get(functionArnOf(versionArn));
    return fn === undefined ? [] : [...regions].map((region) => ({ function: fn, region, versionArn }));
  });
}

/** A copy of a function as it finds itself: elsewhere, under a name of its own, a numbered version without variables (CF 5.22). */
export function copyOf(fn: LambdaFunction, { region, versionArn }: ReplicaPlace): LambdaFunction {
  return { ...fn, arn: versionArn, region, name: `${fn.region}.${fn.name}`, environment: {} };
}

/** The number of a version, when an ARN names one. */
export function versionIn(arn: string): string | undefined {
  return /^arn:[^:]*:lambda:[^:]*:[^:]*:function:[^:]+:(\d+)$/.exec(arn)?.[1];
}

/** The ARN of the function of a version: without its number, or an alias. */
function functionArnOf(versionArn: string): string {
  return versionArn.split(':').slice(0, 7).join(':');
}
