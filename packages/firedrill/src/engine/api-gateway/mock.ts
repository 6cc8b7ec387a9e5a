import type { IntegrationResponse, MockIntegration } from '../../model/index.ts';
import type { Account, Headers, HttpRequest, Reply, TextBody } from '../conversation.ts';
import { byteLengthOf } from '../byte-length.ts';
import { headerOf } from '../headers.ts';
import type { Answering } from './gateway-response.ts';
import { accountOf, gatewayResponse, idHeaders } from './gateway-response.ts';

/** API Gateway answers by itself: the template for the request's type gives a status, which chooses the response (RS 3.23, 3.23a). */
export function mockReply(integration: MockIntegration, request: HttpRequest, answering: Answering): Reply {
  const type = (headerOf(request.headers, 'content-type') ?? 'application/json').split(';', 1)[0]?.trim() ?? '';
  const status = integration.statusByType[type] ?? integration.statusByType['application/json'];
  const response = status === undefined ? undefined : responseFor(integration.responses, String(status));
  if (response === undefined) return gatewayResponse('configuration-error', answering);
  return new MockReply(response, answering);
}

/** The first response whose pattern is the whole of a status, else the one without a pattern. */
export function responseFor(
  responses: readonly IntegrationResponse[],
  status: string,
): IntegrationResponse | undefined {
  const matching = responses.find(
    ({ selectionPattern }) => selectionPattern !== undefined && matches(selectionPattern, status),
  );
  return matching ?? responses.find(({ selectionPattern }) => selectionPattern === undefined);
}

/** A pattern that is none matches nothing. */
function matches(pattern: string, status: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(status);
  } catch {
    return false;
  }
}

/** Headers and body are made when read. */
class MockReply implements Reply {
  readonly kind = 'reply';
  readonly status: number;
  readonly store = undefined;
  private readonly response: IntegrationResponse;
  private readonly answering: Answering;

  constructor(response: IntegrationResponse, answering: Answering) {
    this.status = response.status;
    this.response = response;
    this.answering = answering;
  }

  get account(): Account {
    return accountOf(this.answering);
  }

  get headers(): Headers {
    const own = Object.entries(this.response.headers);
    const hasType = own.some(([name]) => name.toLowerCase() === 'content-type');
    return [...(hasType ? [] : [['Content-Type', 'application/json'] as const]), ...own, ...idHeaders(this.answering)];
  }

  get body(): TextBody {
    const text = this.response.body ?? '';
    return { bytes: byteLengthOf(text), text };
  }
}
