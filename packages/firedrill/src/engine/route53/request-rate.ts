import type { Instant } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import { ROUTE53_FACTS } from './facts.ts';

/** Route 53's API takes so many requests of an account in a second, and throttles the rest (R53 CH-06). */
export class RequestRate {
  private taken: readonly Instant[] = [];

  /** Counts a request. @returns whether it is taken; one that is throttled does not count against those that follow. */
  takes(now: Instant): boolean {
    this.taken = this.taken.filter((at) => after(at, 1000) > now);
    if (this.taken.length >= ROUTE53_FACTS.API_REQUESTS_PER_SECOND.value) return false;
    this.taken = [...this.taken, now];
    return true;
  }
}
