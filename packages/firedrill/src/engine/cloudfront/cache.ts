import type { Instant } from '../../model/index.ts';
import { after } from '../../model/index.ts';
import type { Body, Headers, HttpRequest } from '../conversation.ts';
import { valuesOf } from '../headers.ts';
import { Signal } from '../signal.ts';
import { normalizedEncoding } from './compression.ts';
import { isInvalidated } from './invalidation.ts';
import { cookiesOf, nameOf, selectsCookie } from './cookies.ts';
import type { Site, SiteBehavior } from './site.ts';
import { selects } from './site.ts';

/** Between the pieces of a key; no request line or header has it. */
const SEPARATOR = '\u0000';

/** Answers one edge location keeps; the one unused for longest goes first. */
export const CACHED_ANSWERS_MAX = 10_000;

/** Parts of one object that are kept; the oldest goes first. */
const PARTS_MAX = 16;

/** An answer that an edge location holds. */
export interface CachedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly storedAt: Instant;
  /** How old it was then, by what a cache of the origin's own has said. */
  readonly initialAgeSeconds: number;
  /** Fresh until here; mutable because a stale answer served in an outage is good for a while longer (CF 2.8). */
  freshUntil: Instant;
  /** Until here it is served while the origin is asked beside (CF 2.11). */
  readonly refreshedBesideUntil: Instant;
  /** Until here it is served when the origin fails (CF 2.8, 2.10, 2.12, 2.13). */
  readonly standsInUntil: Instant;
  /** It is of no use but for an origin that cannot be reached (CF 2.14). */
  readonly isForOutagesOnly: boolean;
  /** It was fresh for a while, so that whoever wants it meanwhile waits for who asks for it (CF 3.27). */
  readonly isShared: boolean;
  readonly origin: string;
  readonly endpoint: string;
  /** Of an error whose page is kept in its place: the status that the viewer gets (CF 2.16, 2.19). */
  readonly replacement?: number;
}

/** An error as it is kept: for its time and no longer (CF 2.1, 2.8). */
export function keptError(
  error: Pick<CachedAnswer, 'status' | 'headers' | 'body' | 'origin' | 'endpoint' | 'replacement'>,
  ttlSeconds: number,
  now: Instant,
): CachedAnswer {
  return {
    ...error,
    storedAt: now,
    initialAgeSeconds: 0,
    freshUntil: after(now, ttlSeconds * 1000),
    refreshedBesideUntil: now,
    standsInUntil: now,
    isForOutagesOnly: false,
    isShared: true,
  };
}

/** The cache of one edge location; each has its own (CF 4.12). */
export class EdgeCache {
  private readonly answers = new Map<string, CachedAnswer>();
  private readonly parts = new Map<string, readonly CachedAnswer[]>();
  private readonly fetches = new Map<string, Signal>();
  /** The key used latest, which is the last one in the map as it is. */
  private latest: string | undefined = undefined;

  get(key: string): CachedAnswer | undefined {
    const answer = this.answers.get(key);
    if (answer === undefined) return undefined;
    if (key !== this.latest) this.makeLatest(key, answer);
    return answer;
  }

  /** Who asks an origin for what belongs under a key, when others are to wait for that (CF 3.27). */
  fetching(key: string): Signal | undefined {
    return this.fetches.get(key);
  }

  /** Others wait until the signal is given. */
  beginFetch(key: string): Signal {
    const signal = new Signal();
    this.fetches.set(key, signal);
    signal.whenGiven(() => this.fetches.delete(key));
    return signal;
  }

  /** Takes out what invalidation paths name, in all its variants by header and cookie (CF 3.46). */
  invalidate(distribution: string, paths: readonly string[]): void {
    for (const kept of [this.answers, this.parts]) {
      for (const key of kept.keys()) {
        const [owner, , path = '', query] = key.split(SEPARATOR);
        if (owner === distribution && isInvalidated(query === '' ? path : `${path}?${query}`, paths)) kept.delete(key);
      }
    }
    this.latest = undefined;
  }

  private makeLatest(key: string, answer: CachedAnswer): void {
    this.answers.delete(key);
    this.answers.set(key, answer);
    this.latest = key;
  }

  put(key: string, answer: CachedAnswer): void {
    this.makeLatest(key, answer);
    // The whole is there, so its parts are of no use.
    if (this.parts.size > 0) this.parts.delete(key);
    if (this.answers.size <= CACHED_ANSWERS_MAX) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
  }

  /** Parts of an object that is not kept whole, the newest first (CF 3.30). */
  partsOf(key: string): readonly CachedAnswer[] {
    return this.parts.get(key) ?? [];
  }

  putPart(key: string, part: CachedAnswer): void {
    const others = this.partsOf(key).filter(({ freshUntil }) => freshUntil > part.storedAt);
    this.parts.delete(key);
    this.parts.set(key, [part, ...others].slice(0, PARTS_MAX));
    if (this.parts.size <= CACHED_ANSWERS_MAX) return;
    const [oldest] = this.parts.keys();
    if (oldest !== undefined) this.parts.delete(oldest);
  }
}

/**
 * Distribution, path, and what the cache policy selects of headers, cookies and query strings (CF 3.5, 3.7, 3.9 to
 * 3.11). GET and HEAD share a key, OPTIONS has its own (CF 3.5, 3.6). The origin is no part of it (CF 1.31).
 */
export function cacheKeyOf(
  site: Site,
  { behavior, encodings }: SiteBehavior,
  request: HttpRequest,
  target: string,
): string {
  const policy = behavior.cachePolicy;
  const [path, query] = splitOnce(target, '?');
  const pairs = query.split('&').filter((pair) => pair !== '' && selects(policy.queryStrings, nameOf(pair)));
  const headers =
    policy.headers.kind === 'only'
      ? policy.headers.names.map((listed) => {
          const name = listed.toLowerCase();
          return `${name}:${name === 'host' ? request.host : valuesOf(request.headers, name).join('\n')}`;
        })
      : [];
  if (encodings !== undefined) headers.push(`accept-encoding:${normalizedEncoding(request.headers, encodings) ?? ''}`);
  const cookies =
    policy.cookies.kind === 'none'
      ? []
      : cookiesOf(request.headers).filter((cookie) => selectsCookie(policy, nameOf(cookie)));
  const method = request.method === 'OPTIONS' ? 'OPTIONS' : 'GET';
  return [site.distribution.id, method, path, pairs.join('&'), headers.join('\n'), cookies.join(';')].join(SEPARATOR);
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
