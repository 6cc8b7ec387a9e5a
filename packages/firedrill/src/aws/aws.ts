import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import type { ApiCall } from '../engine/index.ts';
import type { Finding } from '../model/index.ts';
import type { AskedInVain } from './asked-in-vain.ts';
import { VainCalls } from './asked-in-vain.ts';
import type { Cloud } from './cloud.ts';
import type { WireAnswer } from './protocol/message.ts';
import type { Serving } from './serving.ts';

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
  /** Loads what the first requests need, which would load it otherwise. Call it once. */
  prepare(): Promise<void>;
  /** Answers one request. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): void;
  /** Answers a request that has come to an endpoint of S3 in the world. Never rejects. */
  answerWithin(call: ApiCall, body: Readable | undefined): Promise<WireAnswer>;
  /** What was called and is not there, in the order of first calls. */
  askedInVain(): readonly AskedInVain[];
  /** Stacks that there are, in the order in which they were made. */
  stacks(): readonly StackSummary[];
  /** Warnings about what is deployed: what of it the world does not act on. */
  warnings(): readonly Finding[];
}

/** Opens the APIs; the protocols are loaded for the first request, packages of services when these are first asked for. */
export function createAws(options: AwsOptions): Aws {
  const { onMistake = () => undefined } = options;
  const vain = new VainCalls();
  let loading: Promise<Serving> | undefined;
  const load = async (): Promise<Serving> => {
    const { serving } = await import('./serving.ts');
    return serving(options, vain);
  };
  return {
    prepare: async () => await (await (loading ??= load())).prepare(),
    handle: (request, response, context) => {
      (loading ??= load())
        .then(async ({ serve }) => await serve(request, response, context))
        .catch((error: unknown) => {
          // The client has gone, or its answer broke off in the middle.
          response.destroy();
          if (!isOfTheConnection(error)) onMistake(error);
        });
    },
    answerWithin: async (call, body) => await (await (loading ??= load())).answerWithin(call, body),
    askedInVain: () => vain.list(),
    warnings: () => options.cloud.estate.findings().filter(({ weight }) => weight === 'warning'),
    stacks: () =>
      options.cloud.stacks.book.living().map(({ stackName, region, status, statusReason }) => ({
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
