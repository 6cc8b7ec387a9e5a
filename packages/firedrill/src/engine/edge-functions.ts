import type { Architecture, CacheBehavior, EdgeEventType } from '../model/index.ts';
import type { EdgeFunction, EdgeFunctions } from './cloudfront/edge-function.ts';

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

/** The ARN of the function of a version: without its number, or an alias. */
export function functionArnOf(versionArn: string): string {
  return versionArn.split(':').slice(0, 7).join(':');
}
