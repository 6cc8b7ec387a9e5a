import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Invocation } from '../engine/index.ts';
import { LAMBDA_FACTS, readPayload } from '../engine/index.ts';

/** Largest payload in either direction: 6 MB and room for its envelope, as AWS's own message says. */
export const PAYLOAD_BYTES_MAX = LAMBDA_FACTS.PAYLOAD_BYTES_MAX.value;

/** Reports of errors are short; what is longer is cut off and then cannot be read as JSON. */
const REPORT_BYTES_MAX = 256 * 1024;

const BASE = '/2018-06-01/runtime/';

export type FunctionFailure = Extract<Invocation, { kind: 'failed' }>;

/** One invocation, as the runtime gets to see it. */
export interface Work {
  readonly requestId: string;
  /** JSON. */
  readonly payload: string;
  /** On the wall: user code knows no other clock. */
  readonly deadlineEpochMs: number;
  readonly functionArn: string;
}

/**
 * The Runtime API as one process sees it (RS 4.1 to 4.3): hands out work, takes answers. Each process has
 * one of its own, as each sandbox of Lambda has, so an answer can only be about the process's own work.
 */
export class RuntimeApi {
  /** Host and port, as the process finds them in `AWS_LAMBDA_RUNTIME_API`. */
  readonly address: string;
  /** Resolves when the process reports that it cannot start. */
  readonly initFailure: Promise<FunctionFailure>;
  private readonly server: Server;
  private reportInitFailure: (failure: FunctionFailure) => void = () => undefined;
  /** The process's open question for work. */
  private asking: ServerResponse | undefined;
  private onAsked: (() => void) | undefined;
  private current: { readonly requestId: string; readonly resolve: (answer: Invocation) => void } | undefined;

  /** Listens on a free loopback port. */
  static async open(): Promise<RuntimeApi> {
    const server = createServer({ requestTimeout: 0, keepAliveTimeout: 0 });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new RuntimeApi(server);
  }

  private constructor(server: Server) {
    const { address, port } = server.address() as AddressInfo;
    this.address = `${address}:${port}`;
    this.server = server;
    this.initFailure = new Promise((resolve) => {
      this.reportInitFailure = resolve;
    });
    server.on('request', (request: IncomingMessage, response: ServerResponse) => {
      // A process that is killed breaks its connection off; its exit says enough.
      this.answer(request, response).catch(() => response.destroy());
    });
  }

  /** Resolves when the process has nothing to do and asks for work. */
  async asked(): Promise<void> {
    if (this.asking !== undefined) return;
    await new Promise<void>((resolve) => {
      this.onAsked = resolve;
    });
  }

  /** Gives work to a process that asked; resolves with its answer. Stays open when the process never answers. */
  async hand(work: Work): Promise<Invocation> {
    const { asking } = this;
    if (asking === undefined || this.current !== undefined)
      throw new Error('firedrill bug: the process did not ask for work');
    this.asking = undefined;
    return await new Promise((resolve) => {
      this.current = { requestId: work.requestId, resolve };
      // RS 4.2
      asking.writeHead(200, {
        'content-type': 'application/json',
        'lambda-runtime-aws-request-id': work.requestId,
        'lambda-runtime-deadline-ms': work.deadlineEpochMs,
        'lambda-runtime-invoked-function-arn': work.functionArn,
        'lambda-runtime-trace-id': traceId(work.requestId),
      });
      asking.end(work.payload);
    });
  }

  /** Breaks every connection off and stops listening. */
  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const action = path.startsWith(BASE) ? path.slice(BASE.length) : '';
    if (request.method === 'GET' && action === 'invocation/next') return this.takeQuestion(response);
    if (request.method === 'POST' && action === 'init/error') {
      this.reportInitFailure(failureOf(await read(request, REPORT_BYTES_MAX)));
      return accept(response);
    }
    const [, requestId, kind] = /^invocation\/([^/]+)\/(response|error)$/.exec(action) ?? [];
    if (request.method !== 'POST' || requestId === undefined)
      return refuse(response, 404, 'InvalidAction', 'No such action.');
    await this.takeAnswer(requestId, kind === 'response', request, response);
  }

  private takeQuestion(response: ServerResponse): void {
    if (this.current !== undefined || this.asking !== undefined) {
      return refuse(response, 403, 'InvalidStateTransition', 'The work at hand has no answer yet.');
    }
    this.asking = response;
    this.onAsked?.();
    this.onAsked = undefined;
  }

  private async takeAnswer(
    requestId: string,
    isResponse: boolean,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const body = await read(request, isResponse ? PAYLOAD_BYTES_MAX : REPORT_BYTES_MAX);
    const { current } = this;
    if (current?.requestId !== requestId)
      return refuse(response, 400, 'InvalidRequestID', 'Nobody waits for this answer.');
    this.current = undefined;
    if (isResponse && body === undefined) {
      refuse(
        response,
        413,
        'RequestEntityTooLarge',
        `Exceeded maximum allowed payload size (${PAYLOAD_BYTES_MAX} bytes).`,
      );
      return current.resolve(TOO_LARGE);
    }
    accept(response);
    current.resolve(isResponse ? returned(body ?? '') : failureOf(body));
  }
}

const TOO_LARGE: FunctionFailure = {
  kind: 'failed',
  errorType: 'Function.ResponseSizeTooLarge',
  errorMessage: `Response payload size exceeded maximum allowed payload size (${PAYLOAD_BYTES_MAX} bytes).`,
};

/** The whole body, read to its end in any case; undefined when it is longer than allowed. */
async function read(request: IncomingMessage, bytesMax: number): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes <= bytesMax) chunks.push(chunk as Buffer);
    else chunks.length = 0;
  }
  return bytes > bytesMax ? undefined : Buffer.concat(chunks).toString('utf8');
}

function returned(text: string): Invocation {
  return { kind: 'returned', payload: readPayload(text), text };
}

/** RS 4.3, 4.14, 4.14a */
function failureOf(body: string | undefined): FunctionFailure {
  const report = readPayload(body ?? '');
  const isReport = typeof report === 'object' && report !== null;
  const { errorType, errorMessage } = (isReport ? report : {}) as Record<string, unknown>;
  return {
    kind: 'failed',
    errorType: typeof errorType === 'string' ? errorType : 'Runtime.Unknown',
    errorMessage: typeof errorMessage === 'string' ? errorMessage : '',
    ...(isReport && body !== undefined ? { report: body } : {}),
  };
}

function accept(response: ServerResponse): void {
  response.writeHead(202, { 'content-type': 'application/json' }).end('{"status":"OK"}');
}

function refuse(response: ServerResponse, status: number, errorType: string, errorMessage: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ errorMessage, errorType }));
}

/** In the form that X-Ray gives them; nothing is traced. */
function traceId(requestId: string): string {
  const digits = requestId.replaceAll('-', '');
  return `Root=1-${digits.slice(0, 8)}-${digits.slice(8).padEnd(24, '0').slice(0, 24)};Parent=${digits.slice(0, 16)};Sampled=0`;
}
