import type { Instant, RequestEnded } from '../model/index.ts';
import type { Series } from './measures.ts';

/** Buckets that a course has at most; wide enough for a strip of one pixel each. */
const BUCKETS_MAX = 720;

/** Lengths that buckets may have, in seconds. */
const BUCKET_LENGTHS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 21_600, 43_200, 86_400];

/**
 * How long a bucket is: short enough to see a second, long enough that the whole drill fits and each bucket
 * has a request in it.
 */
export function bucketSeconds(endSeconds: number, ratePerSecond: number): number {
  const least = Math.max(endSeconds / BUCKETS_MAX, 1 / ratePerSecond);
  return BUCKET_LENGTHS.find((seconds) => seconds >= least) ?? Math.ceil(least);
}

interface Bucket {
  sent: number;
  failed: number;
  readonly succeeded: Map<string, number>;
  answered: number;
  ttfbSumMs: number;
  ttfbMinMs: number;
  ttfbMaxMs: number;
}

/** The course of a stream by the moment that requests were sent; its size depends on the drill's length alone. */
export class Course {
  private readonly seconds: number;
  private readonly last: number;
  private readonly buckets: Bucket[] = [];

  constructor(seconds: number, endSeconds: number) {
    this.seconds = seconds;
    this.last = Math.max(0, Math.ceil(endSeconds / seconds) - 1);
  }

  add(request: RequestEnded): void {
    const bucket = this.bucketAt(request.sentAt);
    bucket.sent += 1;
    if (request.success) bucket.succeeded.set(request.endpoint, (bucket.succeeded.get(request.endpoint) ?? 0) + 1);
    else bucket.failed += 1;
    if (request.end !== 'answered') return;
    const { ttfbMs } = request;
    bucket.answered += 1;
    bucket.ttfbSumMs += ttfbMs;
    if (ttfbMs < bucket.ttfbMinMs) bucket.ttfbMinMs = ttfbMs;
    if (ttfbMs > bucket.ttfbMaxMs) bucket.ttfbMaxMs = ttfbMs;
  }

  private bucketAt(sentAt: Instant): Bucket {
    const index = Math.min(this.last, Math.max(0, Math.floor(sentAt / (this.seconds * 1_000_000))));
    while (this.buckets.length <= index) this.buckets.push(emptyBucket());
    return this.buckets[index] ?? emptyBucket();
  }

  toSeries(): Series {
    const endpoints = [...new Set(this.buckets.flatMap((bucket) => [...bucket.succeeded.keys()]))].toSorted();
    const ttfb = (value: (bucket: Bucket) => number): (number | null)[] =>
      this.buckets.map((bucket) => (bucket.answered === 0 ? null : hundredths(value(bucket))));
    return {
      bucketSeconds: this.seconds,
      sent: this.buckets.map((bucket) => bucket.sent),
      failed: this.buckets.map((bucket) => bucket.failed),
      answeredBy: endpoints.map((endpoint) => ({
        endpoint,
        succeeded: this.buckets.map((bucket) => bucket.succeeded.get(endpoint) ?? 0),
      })),
      ttfbMinMs: ttfb((bucket) => bucket.ttfbMinMs),
      ttfbMeanMs: ttfb((bucket) => bucket.ttfbSumMs / bucket.answered),
      ttfbMaxMs: ttfb((bucket) => bucket.ttfbMaxMs),
    };
  }
}

function emptyBucket(): Bucket {
  return { sent: 0, failed: 0, succeeded: new Map(), answered: 0, ttfbSumMs: 0, ttfbMinMs: Infinity, ttfbMaxMs: 0 };
}

function hundredths(ms: number): number {
  return Math.round(ms * 100) / 100;
}
