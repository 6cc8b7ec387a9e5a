import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { ApiCall } from '../engine/index.ts';
import type { AskedInVain } from './asked-in-vain.ts';
import { VainCalls } from './asked-in-vain.ts';
import type { Cloud } from './cloud.ts';
import { answerWithin, guardedAnswer } from './answer.ts';
import type { WireAnswer } from './protocol/message.ts';
import { OpenServices } from './open-services.ts';
import { sendAnswer } from './send-answer.ts';

export interface AwsOptions {
  readonly cloud: Cloud;
  /** Verifies signatures by the keys of the cloud's credentials; accepts any otherwise, and none. */
  readonly strictAuth?: boolean;
  /** Hears of what handlers throw and should not: our mistake, answered with 500. */
  readonly onMistake?: (error: unknown) => void;
  /** The wall clock, which clients sign by, in milliseconds since 1970; `Date.now` unless given. */
  readonly wallMs?: () => number;
}

/** How a request came in. */
export interface RequestContext {
  /** By TLS. */
  readonly secure: boolean;
  /** The host that the client meant, where the way it came tells more than its Host header: that of a CONNECT. */
  readonly host?: string;
}

/** A stack as `firedrill status` shows it. */
export interface StackSummary {
  readonly name: string;
  readonly region: string;
  /** As CloudFormation writes it: `UPDATE_ROLLBACK_COMPLETE`. */
  readonly status: string;
  readonly reason?: string;
}

/** The APIs of AWS over an account. */
export interface Aws {
  /** Answers one request. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): void;
  /** Answers a request that has come to an endpoint of S3 in the world. Never rejects. */
  answerWithin(call: ApiCall, body: Readable | undefined): Promise<WireAnswer>;
  /** What was called and is not there, in the order of first calls. */
  askedInVain(): readonly AskedInVain[];
  /** Stacks that there are, in the order in which they were made. */
  stacks(): readonly StackSummary[];
}

/** Opens the APIs; packages of services are loaded when they are first asked for. */
export function createAws(options: AwsOptions): Aws {
  const vain = new VainCalls();
  const services = new OpenServices(options.cloud);
  const { cloud, strictAuth = false, onMistake = () => undefined, wallMs = Date.now } = options;
  const setting = { cloud, strictAuth, onMistake, wallMs, services, vain };
  return {
    handle: (request, response, context) => {
      guardedAnswer(setting, request, response, context)
        .then(async (answer) => await sendAnswer(request, response, answer))
        .catch((error: unknown) => {
          // The client has gone, or its answer broke off in the middle.
          response.destroy();
          if (!isOfTheConnection(error)) onMistake(error);
        });
    },
    answerWithin: async (call, body) => await answerWithin(setting, call, body),
    askedInVain: () => vain.list(),
    stacks: () =>
      cloud.stacks.book.living().map(({ stackName, region, status, statusReason }) => ({
        name: stackName,
        region,
        status,
        ...(statusReason === undefined ? {} : { reason: statusReason }),
      })),
  };
}

function isOfTheConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^(?:ECONN|EPIPE|ERR_STREAM_PREMATURE_CLOSE|ERR_STREAM_DESTROYED)/.test(code);
}
