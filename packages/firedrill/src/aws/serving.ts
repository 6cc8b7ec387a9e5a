import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerWithin, guardedAnswer } from './answer.ts';
import type { VainCalls } from './asked-in-vain.ts';
import type { Aws, AwsOptions, RequestContext } from './aws.ts';
import { OpenServices } from './open-services.ts';
import { sendAnswer } from './send-answer.ts';

/** What answers requests. */
export interface Serving extends Pick<Aws, 'answerWithin' | 'prepare'> {
  /** Answers one request. Rejects when its client has gone, and with our own mistakes outside of handlers. */
  readonly serve: (request: IncomingMessage, response: ServerResponse, context: RequestContext) => Promise<void>;
}

/** Opens what answers requests, with the protocols of AWS: most of what there is to load for the APIs. */
export function serving(options: AwsOptions, vain: VainCalls): Serving {
  const services = new OpenServices(options.cloud);
  const { cloud, strictAuth = false, onMistake = () => undefined, wallMs = Date.now } = options;
  const setting = { cloud, strictAuth, onMistake, wallMs, services, vain };
  return {
    serve: async (request, response, context) => {
      await sendAnswer(request, response, await guardedAnswer(setting, request, response, context));
    },
    prepare: async () => await services.prepare(),
    answerWithin: async (call, body) => await answerWithin(setting, call, body),
  };
}
