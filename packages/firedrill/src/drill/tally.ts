import { type Instant, NEVER, type RequestEnd, type RequestEnded } from '../model/index.ts';
import type { Course } from './course.ts';
import type { Episode } from './episode.ts';
import { TimeDistribution } from './time-distribution.ts';

/** One request as it stands on the timeline. */
export interface RequestEvent {
  readonly at: Instant;
  readonly seq: number;
  readonly cause: number;
  readonly data: RequestEnded;
}

/** Requests of one kind: how many were answered, and how many of these well. */
export interface Answers {
  answered: number;
  succeeded: number;
}

/** What one fault did to one stream, as it is counted. */
export class FaultTally {
  /** Which endpoint answered before the fault; empty when none had. */
  readonly home: string;
  /** Whether the last request that ended before it had failed. */
  readonly wasFailing: boolean;
  sent = 0;
  failed = 0;
  failedAfterHealing = 0;
  firstFailedSentAt: Instant = NEVER;
  /** Of the failed requests that were sent before the fault was healed. */
  lastFailedSentAt = -1;
  lastFailedEndedAt = -1;
  /** Of all failed requests. */
  outageEnd = -1;
  firstFailure: RequestEvent | undefined;
  lastFailure: RequestEvent | undefined;
  /** The first success after the last failure so far. */
  recovery: RequestEvent | undefined;
  /** Of the requests sent after the fault was healed: when the last was sent that each endpoint answered well. */
  readonly lastSentAfterHealing = new Map<string, Instant>();
  /** The same of those alone that it was asked for, not the edge's cache. */
  readonly lastAskedAfterHealing = new Map<string, Instant>();

  constructor(home: string, wasFailing: boolean) {
    this.home = home;
    this.wasFailing = wasFailing;
  }

  add(event: RequestEvent, healed: Instant): void {
    const { data } = event;
    this.sent += 1;
    const isAfterHealing = data.sentAt >= healed;
    if (data.success) {
      this.recovery ??= event;
      if (isAfterHealing) this.sentTo(data);
      return;
    }
    this.failed += 1;
    this.recovery = undefined;
    this.outageEnd = event.at;
    this.lastFailure = event;
    if (data.sentAt < this.firstFailedSentAt) {
      this.firstFailedSentAt = data.sentAt;
      this.firstFailure = event;
    }
    if (isAfterHealing) {
      this.failedAfterHealing += 1;
    } else {
      this.lastFailedSentAt = Math.max(this.lastFailedSentAt, data.sentAt);
      this.lastFailedEndedAt = event.at;
    }
  }

  private sentTo({ endpoint, sentAt, result }: RequestEnded): void {
    later(this.lastSentAfterHealing, endpoint, sentAt);
    if (result !== 'Hit') later(this.lastAskedAfterHealing, endpoint, sentAt);
  }
}

function later(moments: Map<string, Instant>, endpoint: string, at: Instant): void {
  const before = moments.get(endpoint);
  if (before === undefined || before < at) moments.set(endpoint, at);
}

/** Counts one stream of requests in one pass; what it holds does not grow with their number. */
export class Tally {
  sent = 0;
  succeeded = 0;
  failedWithoutFault = 0;
  firstSentAt: Instant = NEVER;
  lastEndedAt: Instant = 0 as Instant;
  firstFailedSentAt: Instant = NEVER;
  lastFailedEndedAt = -1;
  hasRecovered = true;
  gapStart = 0;
  gapEnd = 0;
  lastSuccessAt = -1;
  readonly endpoints = new Map<string, Answers>();
  readonly origins = new Map<string, Answers>();
  readonly statuses = new Map<number, number>();
  readonly unanswered = new Map<Exclude<RequestEnd, 'answered'>, number>();
  readonly ttfb = new TimeDistribution();
  readonly faults: (FaultTally | undefined)[] = [];
  readonly course: Course | undefined;
  /** Requests that ended since the first failure, and how many of them until the last one. */
  private endedSinceFailure = 0;
  endedInOutage = 0;
  private home = '';
  private homeSentAt = -1;

  constructor(course: Course | undefined) {
    this.course = course;
  }

  add(event: RequestEvent, episodeIndex: number, episode: Episode | undefined): void {
    const { data } = event;
    this.sent += 1;
    if (data.sentAt < this.firstSentAt) this.firstSentAt = data.sentAt;
    if (event.at > this.lastEndedAt) this.lastEndedAt = event.at;
    this.addAnswer(data);
    this.course?.add(data);
    this.addToEpisode(event, episodeIndex, episode);
    if (!data.success || this.endedSinceFailure > 0) this.endedSinceFailure += 1;
    if (data.success) this.addSuccess(event);
    else this.addFailure(event);
  }

  private addToEpisode(event: RequestEvent, index: number, episode: Episode | undefined): void {
    if (episode === undefined) {
      if (!event.data.success) this.failedWithoutFault += 1;
      return;
    }
    const tally = (this.faults[index] ??= new FaultTally(this.home, !this.hasRecovered));
    tally.add(event, episode.healed);
  }

  private addAnswer({ end, status, origin, endpoint, success, ttfbMs }: RequestEnded): void {
    if (end !== 'answered') {
      this.unanswered.set(end, (this.unanswered.get(end) ?? 0) + 1);
      return;
    }
    this.ttfb.add(ttfbMs);
    this.statuses.set(status, (this.statuses.get(status) ?? 0) + 1);
    addTo(this.endpoints, endpoint, success);
    if (origin !== '') addTo(this.origins, origin, success);
  }

  private addSuccess({ at, data }: RequestEvent): void {
    this.succeeded += 1;
    this.hasRecovered = true;
    this.closeGap(at);
    this.lastSuccessAt = at;
    if (data.endpoint !== 'edge' && data.sentAt > this.homeSentAt) {
      this.home = data.endpoint;
      this.homeSentAt = data.sentAt;
    }
  }

  private addFailure({ at, data }: RequestEvent): void {
    this.hasRecovered = false;
    this.endedInOutage = this.endedSinceFailure;
    this.lastFailedEndedAt = at;
    if (data.sentAt < this.firstFailedSentAt) this.firstFailedSentAt = data.sentAt;
  }

  /** Ends the stretch without a success that is under way. */
  closeGap(at: Instant): void {
    const start = this.lastSuccessAt < 0 ? this.firstSentAt : this.lastSuccessAt;
    if (at - start > this.gapEnd - this.gapStart) {
      this.gapStart = start;
      this.gapEnd = at;
    }
  }

  get failed(): number {
    return this.sent - this.succeeded;
  }
}

function addTo(answers: Map<string, Answers>, key: string, success: boolean): void {
  let entry = answers.get(key);
  if (entry === undefined) {
    entry = { answered: 0, succeeded: 0 };
    answers.set(key, entry);
  }
  entry.answered += 1;
  if (success) entry.succeeded += 1;
}
