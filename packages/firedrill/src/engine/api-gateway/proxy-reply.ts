import type { Account, Headers, Reply, TextBody } from '../conversation.ts';
import { byteLengthOf } from '../byte-length.ts';
import type { Answering } from './gateway-response.ts';
import { accountOf, idHeaders } from './gateway-response.ts';

/** What a function answered, with API Gateway's own headers (RS 3.11). */
export class ProxyReply implements Reply {
  readonly kind = 'reply';
  readonly status: number;
  readonly store = undefined;
  private readonly given: Headers;
  private readonly text: string;
  private readonly answering: Answering;

  constructor(status: number, given: Headers, text: string, answering: Answering) {
    this.status = status;
    this.given = given;
    this.text = text;
    this.answering = answering;
  }

  get account(): Account {
    return accountOf(this.answering);
  }

  get body(): TextBody {
    return { bytes: byteLengthOf(this.text), text: this.text };
  }

  get headers(): Headers {
    return [...this.given, ...idHeaders(this.answering)];
  }
}
