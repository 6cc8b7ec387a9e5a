import type { LambdaFunction } from '../../model/index.ts';

/** Whether publishing would make another version: one is as its function was, and without a change there is none (RS 4.37). */
export function differsFrom(version: LambdaFunction, latest: LambdaFunction): boolean {
  return madeOf(version) !== madeOf(latest);
}

function madeOf({ runtime, handler, timeoutSeconds, memoryMb, environment, code }: LambdaFunction): string {
  const what = code.kind === 'directory' ? { kind: code.kind, path: code.path } : code;
  const variables = Object.entries(environment).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return JSON.stringify([runtime, handler, timeoutSeconds, memoryMb, variables, what]);
}
