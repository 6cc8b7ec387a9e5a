import type { Architecture } from '../model/index.ts';
import type { CodeSandbox } from '../engine/index.ts';

/** Whether an estate has code of users that is run at once. */
export function needsSandbox({ cloudFrontFunctions, distributions }: Architecture): boolean {
  const hasLambdas = distributions.some(({ behaviors }) =>
    behaviors.some(({ lambdaFunctionAssociations = [] }) => lambdaFunctionAssociations.length > 0),
  );
  return cloudFrontFunctions.length > 0 || hasLambdas;
}

/** What runs code of users at once, where an estate has such code; what is not needed is not loaded. */
export async function sandboxFor(architecture: Architecture): Promise<CodeSandbox | undefined> {
  if (!needsSandbox(architecture)) return undefined;
  const { loadSandbox } = await import('../sandbox/index.ts');
  return await loadSandbox();
}
