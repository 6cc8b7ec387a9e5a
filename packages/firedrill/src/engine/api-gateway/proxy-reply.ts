import type { Account, Headers, Reply, TextBody } from '../conversation.ts';
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

/** Length in UTF-8. */
export function byteLengthOf(text: string): number {
  let bytes = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x7f) bytes += unit > 0x7ff && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1;
  }
  return bytes;
}
