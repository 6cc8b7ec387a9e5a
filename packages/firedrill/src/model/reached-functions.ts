import type { Architecture } from './architecture.ts';
import type { LambdaFunction } from './lambda.ts';

/** Functions that requests can reach in their Regions. Others, as those of custom resources, have done their work at deployment. */
export function reachedFunctions({
  functions,
  restApis,
  httpApis,
  functionUrls,
  targetGroups,
}: Architecture): LambdaFunction[] {
  const methods = restApis.flatMap(({ resources }) => resources.flatMap((resource) => resource.methods));
  const integrations = [...methods, ...httpApis.flatMap(({ routes }) => routes)].map(({ integration }) => integration);
  const reached = new Set([
    ...integrations.flatMap((integration) => (integration.kind === 'lambda-proxy' ? [integration.functionArn] : [])),
    ...functionUrls.map(({ functionArn }) => functionArn),
    ...targetGroups.flatMap(({ targets }) => targets.map(({ id }) => id)),
  ]);
  return functions.filter(({ arn }) => reached.has(arn));
}
