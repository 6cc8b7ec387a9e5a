import { functionUrlHost } from '../model/index.ts';
import type { Arrival, Conversation, Invocation, Moment, Reply } from './conversation.ts';
import type { UrlFault } from './lambda/function-url.ts';
import { callFunctionUrl } from './lambda/function-url.ts';
import type { Parts } from './parts.ts';
import { uuidFrom } from './request-id.ts';

/** Addresses of functions, come to life. */
export interface FunctionUrls {
  serves(address: string): boolean;
  serve(arrival: Arrival, moment: Moment): Conversation<Reply>;
}

export function functionUrlsOf({ input, layout, faults, endpoints, random }: Parts): FunctionUrls {
  const { architecture, beganAtEpochMs } = input;
  const regions = new Map([...layout.frontEnds.functionUrls].map(([region, { address }]) => [address, region]));
  const urls = new Map(architecture.functionUrls.map((url) => [functionUrlHost(url), url]));
  const functions = new Map(architecture.functions.map((fn) => [fn.arn, fn]));
  const ids = random.lasting('lambda/function-url/request-id');
  return {
    serves: (address) => regions.has(address),
    *serve(arrival, { now }) {
      const { host, target } = arrival.request;
      const region = regions.get(arrival.to) ?? '';
      const found = urls.get(host);
      const url = found?.region === region ? found : undefined;
      const met = faults.isQuiet(now)
        ? undefined
        : faults.answer({ endpoint: endpoints.get(arrival.to), host, path: target, now });
      const call = callFunctionUrl({
        arrival,
        region,
        url,
        function: url === undefined ? undefined : functions.get(url.functionArn),
        fault: met === undefined ? undefined : answered(met.fault.effect, met.seq),
        requestId: uuidFrom(() => ids.next()),
        epochMs: beganAtEpochMs + Math.floor(now / 1000),
      });
      return call.kind === 'reply' ? call : call.answer((yield call) as Invocation);
    },
  };
}

type Effect = NonNullable<ReturnType<Parts['faults']['answer']>>['fault']['effect'];

function answered(effect: Effect, cause: number): UrlFault {
  if (effect.kind === 'status') return { kind: 'status', status: effect.status, cause };
  return { kind: effect.kind === 'throttle' ? 'throttle' : 'function-error', status: 0, cause };
}
