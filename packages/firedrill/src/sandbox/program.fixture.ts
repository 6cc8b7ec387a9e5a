import type { CodeSandbox, FunctionRun, FunctionRuntime, RunLimits, RunOutcome } from '../engine/index.ts';
import { loadSandbox } from './load.ts';

export const LIMITS: RunLimits = { stepsMax: 100_000, memoryBytesMax: 2 * 1024 * 1024 };

/** A run of a GET of `/a?b=1`, with what a test changes of it. */
export function runOf(changes: Partial<FunctionRun> = {}): FunctionRun {
  return {
    event: {
      version: '1.0',
      context: { distributionDomainName: 'd1.cloudfront.net', distributionId: 'E1', eventType: 'viewer-request' },
      viewer: { ip: '192.0.2.1' },
      request: { method: 'GET', uri: '/a', querystring: { b: { value: '1' } }, headers: {}, cookies: {} },
    },
    requestId: () => 'id-1',
    rawQueryString: 'b=1',
    edgeLocation: { name: 'DUB', serverIp: '198.51.100.1', region: 'eu-west-1' },
    epochMs: Date.UTC(2026, 0, 1, 12),
    chance: () => 0.25,
    keyValues: undefined,
    originHelper: () => undefined,
    ...changes,
  };
}

const loaded = loadSandbox();

export function sandbox(): Promise<CodeSandbox> {
  return loaded;
}

/** Runs a piece of code once. */
export async function ranOnce(
  text: string,
  changes: Partial<FunctionRun> = {},
  runtime: FunctionRuntime = 'cloudfront-js-2.0',
): Promise<RunOutcome> {
  return (await loaded).prepareFunction(runtime, text, LIMITS).run(runOf(changes));
}

/** What the function with a body of one expression gives, or how it failed. */
export async function value(expression: string, changes: Partial<FunctionRun> = {}, before = ''): Promise<unknown> {
  const outcome = await ranOnce(`${before}\nfunction handler(event) { return { value: ${expression} }; }`, changes);
  return outcome.kind === 'returned' ? (outcome.value as { value: unknown }).value : `${outcome.why}: ${outcome.says}`;
}
