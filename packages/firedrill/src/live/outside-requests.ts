import type { Instant, RequestEnd, RequestEnded } from '../model/index.ts';
import { msBetween } from '../model/index.ts';
import type { Account, Arrival, Hindrance, ToldRequest } from '../engine/index.ts';
import type { WorldClock } from './clock.ts';

/** Hears what came of a request. */
export type HearRequest = (told: ToldRequest) => void;

/** Requests under way at one endpoint that are told of when they end; others pass untold. */
const UNDER_WAY_MAX = 10_000;

/** From here on an answer is no success, as for probes that say nothing else. */
const FAILED_STATUS = 500;

/** The requests of clients from outside at one endpoint, told as those of a probe named after the host that they ask for. */
export class OutsideRequests {
  private readonly hear: HearRequest;
  private readonly clock: WorldClock;
  /** Those that have no end yet, by connection. */
  private readonly underWay = new Map<string, Set<OutsideRequest>>();
  private count = 0;

  constructor(hear: HearRequest, clock: WorldClock) {
    this.hear = hear;
    this.clock = clock;
  }

  /** A request has come over a connection. */
  begin(arrival: Arrival, connection: string): OutsideRequest | undefined {
    if (this.count >= UNDER_WAY_MAX) return undefined;
    this.count += 1;
    const together = this.underWay.get(connection) ?? new Set();
    this.underWay.set(connection, together);
    const request = new OutsideRequest(arrival, this.clock, (told) => {
      this.count -= 1;
      together.delete(request);
      if (together.size === 0) this.underWay.delete(connection);
      this.hear(told);
    });
    together.add(request);
    return request;
  }

  /** The connection is closed: whoever still waited has waited long enough. */
  gone(connection: string): void {
    for (const request of this.underWay.get(connection) ?? []) request.lost('timeout');
  }
}

/** One of them, until its end, which is told once. */
export class OutsideRequest {
  private readonly arrival: Arrival;
  private readonly clock: WorldClock;
  private readonly sentAt: Instant;
  private readonly tell: HearRequest;
  private isOver = false;

  constructor(arrival: Arrival, clock: WorldClock, tell: HearRequest) {
    this.arrival = arrival;
    this.clock = clock;
    this.sentAt = clock.now();
    this.tell = tell;
  }

  answered(status: number, account: Account | undefined): void {
    this.end('answered', status, account);
  }

  /** The network broke it off; what it was that did so decides what a client sees. */
  brokenOff({ kind }: Hindrance): void {
    this.lost(kind === 'refuse' ? 'refused' : kind === 'tls' ? 'tls' : 'reset');
  }

  lost(end: RequestEnd): void {
    this.end(end, 0, undefined);
  }

  private end(end: RequestEnd, status: number, account: Account | undefined): void {
    if (this.isOver) return;
    this.isOver = true;
    const { request, from, to } = this.arrival;
    const at = this.clock.now();
    const { edge = '', origin = '', endpoint = '', attempts = 0, result = '', cause = 0 } = account ?? {};
    const ended: RequestEnded = {
      probe: request.host,
      method: request.method,
      place: from.name.replace(/^city:/, ''),
      edge,
      sentAt: this.sentAt,
      end,
      status,
      success: end === 'answered' && status < FAILED_STATUS,
      ttfbMs: msBetween(this.sentAt, at),
      origin,
      endpoint,
      attempts,
      result,
    };
    this.tell({ at, to, ended, cause });
  }
}
