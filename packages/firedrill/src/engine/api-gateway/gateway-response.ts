import type { Account, Headers, Reply, TextBody } from '../conversation.ts';

/** Answers that API Gateway makes itself: status, message and error type (RS 3.7, 3.12, 3.13, 3.15, 3.16, 3.19). */
const GATEWAY_RESPONSES = {
  'missing-authentication-token': [403, 'Missing Authentication Token', 'MissingAuthenticationTokenException'],
  forbidden: [403, 'Forbidden', 'ForbiddenException'],
  'internal-server-error': [502, 'Internal server error', 'InternalServerErrorException'],
  'configuration-error': [500, 'Internal server error', 'InternalServerErrorException'],
  'integration-failure': [504, 'Network error communicating with endpoint', 'InternalServerErrorException'],
  'integration-timeout': [504, 'Endpoint request timed out', 'InternalServerErrorException'],
  throttled: [429, 'Too Many Requests', 'TooManyRequestsException'],
  'request-too-large': [413, 'Request Too Long', 'RequestTooLargeException'],
} as const satisfies Readonly<Record<string, readonly [number, string, string]>>;

export type GatewayResponse = keyof typeof GATEWAY_RESPONSES;

/** What every answer of a Region's API Gateway carries. */
export interface Answering {
  readonly region: string;
  /** The id of this request; the same however often it is read. */
  readonly requestId: string;
  /** The event behind an injected answer; 0 for none. */
  readonly cause: number;
}

export function gatewayResponse(kind: GatewayResponse, answering: Answering): Reply {
  const [status, message, errorType] = GATEWAY_RESPONSES[kind];
  return messageReply(status, message, errorType, answering);
}

/** `{"message": …}` with API Gateway's own headers. */
export function messageReply(status: number, message: string, errorType: string, answering: Answering): Reply {
  return new MessageReply(status, message, errorType, answering);
}

/** Headers and body are made when read. */
class MessageReply implements Reply {
  readonly kind = 'reply';
  readonly status: number;
  readonly store = undefined;
  private readonly message: string;
  private readonly errorType: string;
  private readonly answering: Answering;

  constructor(status: number, message: string, errorType: string, answering: Answering) {
    this.status = status;
    this.message = message;
    this.errorType = errorType;
    this.answering = answering;
  }

  get account(): Account {
    return accountOf(this.answering);
  }

  get headers(): Headers {
    return [['Content-Type', 'application/json'], ...idHeaders(this.answering), ['x-amzn-ErrorType', this.errorType]];
  }

  get body(): TextBody {
    const text = JSON.stringify({ message: this.message });
    return { bytes: text.length, text };
  }
}

/** The ids that every answer of a REST API carries (RS 3.11). */
export function idHeaders({ requestId }: Answering): Headers {
  return [
    ['x-amzn-RequestId', requestId],
    ['x-amz-apigw-id', extendedRequestId(requestId)],
  ];
}

/** 16 characters, as `requestContext.extendedRequestId` and x-amz-apigw-id have them. */
export function extendedRequestId(requestId: string): string {
  return requestId.replaceAll('-', '').slice(0, 16);
}

export function accountOf({ region, cause }: Answering): Account {
  return { edge: '', origin: '', endpoint: region, attempts: 0, result: '', cause };
}
