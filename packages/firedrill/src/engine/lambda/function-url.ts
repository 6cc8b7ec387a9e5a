import type { FunctionUrl, LambdaFunction } from '../../model/index.ts';
import { functionUrlHost } from '../../model/index.ts';
import type {
  Account,
  Arrival,
  Body,
  BodyEncoding,
  CollectedBody,
  Headers,
  Invocation,
  LastInvoke,
  Reply,
  TextBody,
} from '../conversation.ts';
import { encodingByType } from '../body-encoding.ts';
import { textBodyOf } from '../byte-length.ts';
import { isPreflight, preflightHeaders, withCors } from '../cross-origin.ts';
import { payloadEvent } from '../payload-event.ts';
import { payloadResponse } from '../payload-response.ts';
import { LAMBDA_FACTS } from './facts.ts';

/** What a function URL tells the world, and asks of it. */
export interface UrlCall {
  readonly arrival: Arrival;
  readonly region: string;
  /** Undefined: no function has the address. */
  readonly url: FunctionUrl | undefined;
  readonly function: LambdaFunction | undefined;
  /** What a fault puts in the place of the answer. */
  readonly fault: UrlFault | undefined;
  readonly requestId: string;
  /** Milliseconds since 1970. */
  readonly epochMs: number;
}

export interface UrlFault {
  readonly kind: 'status' | 'function-error' | 'throttle';
  /** Of the first kind. */
  readonly status: number;
  readonly cause: number;
}

/** A request at the address of a function: what answers it, or the function that is to run (RS 4.26 to 4.30). */
export function callFunctionUrl(call: UrlCall): Reply | LastInvoke {
  const { url, fault, arrival } = call;
  if (fault?.kind === 'status') return plain(call, fault.status, 'Service Unavailable');
  // Nobody has this address (RS 4.28).
  if (url === undefined) return json(call, 403, '{"Message":null}', 'AccessDeniedException');
  if (url.authType !== 'NONE') return json(call, 403, FORBIDDEN, 'AccessDeniedException');
  const { request } = arrival;
  if (url.cors !== undefined && isPreflight(request))
    return reply(call, 200, preflightHeaders(url.cors, request), { bytes: 0, text: '' });
  const fn = call.function;
  if (fault?.kind === 'throttle' || fn?.reservedConcurrency === 0)
    return json(
      call,
      429,
      '{"Reason":"ReservedFunctionConcurrentInvocationLimitExceeded","Message":"Rate Exceeded."}',
      'TooManyRequestsException',
    );
  if (fault?.kind === 'function-error' || fn === undefined) return plain(call, 502, 'Internal Server Error');
  return new UrlInvoke(call, url, fn);
}

const FORBIDDEN = JSON.stringify({
  Message:
    'Forbidden. For troubleshooting Function URL authorization issues, see: https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html',
});

class UrlInvoke implements LastInvoke {
  readonly kind = 'invoke';
  readonly function: LambdaFunction;
  private readonly call: UrlCall;
  private readonly url: FunctionUrl;

  constructor(call: UrlCall, url: FunctionUrl, fn: LambdaFunction) {
    this.function = fn;
    this.call = call;
    this.url = url;
  }

  get body(): Body | undefined {
    return this.call.arrival.request.body;
  }

  get bodyBytesMax(): number {
    return LAMBDA_FACTS.PAYLOAD_BYTES_MAX.value;
  }

  get bodyEncoding(): BodyEncoding {
    return encodingByType(this.call.arrival.request.headers);
  }

  get timeoutMs(): number {
    return this.function.timeoutSeconds * 1000;
  }

  payload(body: CollectedBody | null): unknown {
    const { call, url } = this;
    const { request, from } = call.arrival;
    const at = request.target.indexOf('?');
    return payloadEvent({
      request,
      routeKey: '$default',
      rawPath: at < 0 ? request.target : request.target.slice(0, at),
      stage: '$default',
      accountId: 'anonymous',
      apiId: url.id,
      domainName: functionUrlHost(url),
      sourceIp: from.address,
      requestId: call.requestId,
      epochMs: call.epochMs,
      pathParameters: undefined,
      stageVariables: {},
      body,
    });
  }

  answer(invocation: Invocation): Reply {
    const { call, url } = this;
    if (invocation.kind === 'too-large')
      return json(call, 413, '{"Message":"Request Entity Too Large"}', 'RequestTooLargeException');
    if (invocation.kind === 'throttled')
      return json(call, 429, '{"Message":"Rate Exceeded."}', 'TooManyRequestsException');
    // Errors of the function, its timeout among them (RS 4.26a, 4.27).
    const response = invocation.kind === 'returned' ? payloadResponse(invocation.payload, invocation.text) : undefined;
    if (response === undefined) return plain(call, 502, 'Internal Server Error');
    const { status, headers, body: text, isBase64Encoded } = response;
    const own = url.cors === undefined ? headers : withCors(url.cors, call.arrival.request, headers);
    return reply(call, status, own, textBodyOf(text, isBase64Encoded));
  }
}

/** Not JSON (RS 4.27). */
function plain(call: UrlCall, status: number, text: string): Reply {
  return reply(call, status, [['Content-Type', 'text/plain']], { bytes: text.length, text });
}

function json(call: UrlCall, status: number, text: string, errorType: string): Reply {
  const headers = [
    ['Content-Type', 'application/json'],
    ['x-amzn-ErrorType', errorType],
  ] as const;
  return reply(call, status, headers, { bytes: text.length, text });
}

function reply({ region, requestId, fault }: UrlCall, status: number, headers: Headers, body: TextBody): Reply {
  const account: Account = {
    edge: '',
    origin: '',
    endpoint: region,
    attempts: 0,
    result: '',
    cause: fault?.cause ?? 0,
  };
  return {
    kind: 'reply',
    status,
    headers: [...headers, ['x-amzn-RequestId', requestId]],
    body,
    account,
    store: undefined,
  };
}
