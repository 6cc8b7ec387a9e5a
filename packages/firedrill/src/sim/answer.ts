import type { Instant } from '../model/index.ts';
import type { Account, Answered, Body, DnsReply, Exchange, Headers, Reply, Unanswered } from '../engine/index.ts';

/** A reply as it came in; its headers and body are read when somebody looks. */
export class SimAnswer implements Answered {
  readonly kind = 'answered';
  readonly firstByteAt: Instant;
  private readonly reply: Reply;

  constructor(reply: Reply, firstByteAt: Instant) {
    this.reply = reply;
    this.firstByteAt = firstByteAt;
  }

  get status(): number {
    return this.reply.status;
  }

  get account(): Account {
    return this.reply.account;
  }

  get headers(): Headers {
    return this.reply.headers;
  }

  get body(): Body {
    return this.reply.body;
  }
}

/** A connection that was all that was wanted. */
export function connected(at: Instant): Answered {
  return { kind: 'answered', status: 0, headers: [], body: { bytes: 0 }, firstByteAt: at, account: undefined };
}

/** No name server has answered in time. */
export const NO_REPLY: DnsReply = {
  kind: 'dns',
  rcode: 'timeout',
  answers: [],
  authority: [],
  negativeTtlSeconds: 0,
  cause: 0,
};

/** No answer has come by the moment when it is given up. */
export function tooLate(exchange: Exchange, at: number): Unanswered {
  return { kind: 'unanswered', why: at >= exchange.until ? 'completion-timeout' : 'response-timeout' };
}
