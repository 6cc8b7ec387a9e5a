import type { Instant, TunnelEnd } from '../../model/index.ts';
import { secondsBetween } from '../../model/index.ts';
import type { Tunnel } from '../conversation.ts';
import type { EdgeCall } from './edge.ts';
import { CLOUDFRONT_FACTS } from './facts.ts';
import type { OriginResult } from './origin-attempts.ts';

/**
 * A WebSocket through an edge location, from the origin's 101 on (CF 4.21). Nothing of it is kept, nothing leads to another origin any
 * more, and no function sees what goes over it; without a byte from the origin for ten minutes it is closed (CF 4.21c).
 */
export class EdgeTunnel implements Tunnel {
  readonly idleTimeoutMs = CLOUDFRONT_FACTS.WEBSOCKET_IDLE_SECONDS.value * 1000;
  private readonly call: EdgeCall;
  private readonly result: OriginResult;
  private since: Instant;
  private because = 0;

  constructor(call: EdgeCall, result: OriginResult) {
    this.call = call;
    this.result = result;
    this.since = call.moment.now;
  }

  opened(now: Instant): void {
    const { call, result } = this;
    this.since = now;
    this.because = call.edge.around.websocketOpened(call, result, now);
  }

  closed(why: TunnelEnd, now: Instant): void {
    const { call, result, because: cause, since } = this;
    call.edge.around.websocketClosed(call, result, { why, cause, now, seconds: secondsBetween(since, now) });
  }
}
