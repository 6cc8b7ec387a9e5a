import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AskedInVain } from './asked-in-vain.ts';
import { VainCalls } from './asked-in-vain.ts';
import type { Cloud } from './cloud.ts';

export interface AwsOptions {
  readonly cloud: Cloud;
  /** Verifies signatures with the secret of an access key; undefined for a key that nobody has. Without it all are accepted. */
  readonly secretOf?: (accessKeyId: string) => string | undefined;
}

/** How a request came in. */
export interface RequestContext {
  /** By TLS. */
  readonly secure: boolean;
  /** The host that the client meant, where the way it came tells more than its Host header: that of a CONNECT. */
  readonly host?: string;
}

/** The APIs of AWS over an account. */
export interface Aws {
  /** Answers one request. Never throws. */
  handle(request: IncomingMessage, response: ServerResponse, context: RequestContext): void;
  /** What was called and is not there, in the order of first calls. */
  askedInVain(): readonly AskedInVain[];
}

/** Opens the APIs; packages of services are loaded when they are first asked for. */
export function createAws(_options: AwsOptions): Aws {
  const vain = new VainCalls();
  return {
    handle: (request, response) => {
      request.resume();
      vain.count('unknown', undefined, '');
      response.writeHead(404).end();
    },
    askedInVain: () => vain.list(),
  };
}
