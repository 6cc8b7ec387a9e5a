import type { EdgeEventType } from '../../model/index.ts';
import type { Answered, CollectedBody } from '../conversation.ts';
import { REASONS } from '../reasons.ts';
import type { EdgeCall } from './edge.ts';
import { shownOf } from './edge-headers.ts';
import type { LambdaHeaders } from './lambda-headers.ts';
import { lambdaHeadersOf } from './lambda-headers.ts';
import type { LambdaOrigin } from './lambda-origin.ts';
import type { SeenRequest } from './seen-request.ts';

/** What a Lambda function is given (CF 5.5). */
export interface LambdaEvent {
  readonly Records: readonly [{ readonly cf: LambdaRecord }];
}

interface LambdaRecord {
  readonly config: {
    readonly distributionDomainName: string;
    readonly distributionId: string;
    readonly eventType: EdgeEventType;
    readonly requestId: string;
  };
  readonly request: LambdaRequest;
  readonly response?: LambdaResponse;
}

interface LambdaRequest {
  readonly clientIp: string;
  readonly headers: LambdaHeaders;
  readonly method: string;
  readonly origin?: LambdaOrigin;
  readonly querystring: string;
  readonly uri: string;
  readonly body?: LambdaRequestBody;
}

interface LambdaRequestBody {
  readonly action: 'read-only';
  readonly data: string;
  readonly encoding: 'base64';
  readonly inputTruncated: boolean;
}

interface LambdaResponse {
  readonly headers: LambdaHeaders;
  readonly status: string;
  readonly statusDescription: string;
}

export interface LambdaEventParts {
  readonly event: EdgeEventType;
  readonly seen: SeenRequest;
  /** At origin events. */
  readonly origin: LambdaOrigin | undefined;
  /** At response events. */
  readonly response?: Pick<Answered, 'status' | 'headers'>;
}

/** @param body null where the function is not to see it, or there is none (CF 5.13). */
export function lambdaEventOf(call: EdgeCall, parts: LambdaEventParts, body: CollectedBody | null): LambdaEvent {
  const { event, response } = parts;
  const { id, domainName } = call.site.distribution;
  const config = {
    distributionDomainName: domainName,
    distributionId: id,
    eventType: event,
    requestId: call.requestId,
  };
  const request = requestOf(call, parts, body);
  const cf = response === undefined ? { config, request } : { config, request, response: responseOf(response) };
  return { Records: [{ cf }] };
}

function requestOf(call: EdgeCall, { seen, origin }: LambdaEventParts, body: CollectedBody | null): LambdaRequest {
  const { host, headers, method, querystring, uri } = seen;
  return {
    ...(body === null
      ? {}
      : {
          body: {
            action: 'read-only',
            data: body.text,
            encoding: 'base64',
            inputTruncated: body.isTruncated === true,
          },
        }),
    clientIp: call.arrival.from.address,
    headers: lambdaHeadersOf([['Host', host], ...headers]),
    method,
    ...(origin === undefined ? {} : { origin }),
    querystring,
    uri,
  };
}

function responseOf({ status, headers }: Pick<Answered, 'status' | 'headers'>): LambdaResponse {
  return {
    headers: lambdaHeadersOf(shownOf(headers)),
    status: String(status),
    statusDescription: REASONS[status] ?? '',
  };
}
