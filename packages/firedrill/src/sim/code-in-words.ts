import type { World } from '../engine/index.ts';

/** Which functions at the edge are run as they are, and for which a model stands: a report must say. */
export function codeInWords({ replicas, pureHandlers, architecture }: World): readonly string[] {
  const first = new Map(replicas.map((replica) => [replica.versionArn, replica]));
  const lambdas = [...first.values()].map(({ function: fn, region, versionArn }) =>
    pureHandlers.has(fn, { region, versionArn })
      ? `the code of ${fn.name}, which runs at the edge, is run as it is`
      : `the code of ${fn.name}, which runs at the edge, is not run: it needs more than its event; requests and answers pass as they are`,
  );
  const light = architecture.cloudFrontFunctions.map(
    ({ name }) => `the code of the CloudFront Function ${name} is run as it is`,
  );
  return [...lambdas, ...light];
}
