import type { Architecture } from '../model/index.ts';
import type { CodeSandbox } from '../engine/index.ts';

/** What runs code of users at once, where an estate has such code; what is not needed is not loaded. */
export async function sandboxFor({
  cloudFrontFunctions,
  distributions,
}: Architecture): Promise<CodeSandbox | undefined> {
  const hasLambdas = distributions.some(({ behaviors }) =>
    behaviors.some(({ lambdaFunctionAssociations = [] }) => lambdaFunctionAssociations.length > 0),
  );
  if (cloudFrontFunctions.length === 0 && !hasLambdas) return undefined;
  const { loadSandbox } = await import('../sandbox/index.ts');
  return await loadSandbox();
}
