import type { Instant } from '../../model/index.ts';
import type { Body, Headers, HttpRequest } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import type { Site, SiteBehavior } from './site.ts';
import { selects } from './site.ts';

/** Answers one edge location keeps; the one unused for longest goes first. */
const CACHED_ANSWERS_MAX = 10_000;

/** An answer that an edge location holds. */
export interface CachedAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  readonly storedAt: Instant;
  /** Fresh until here; mutable because a stale answer served in an outage is good for a while longer (CF 2.8). */
  freshUntil: Instant;
  /** Not served stale beyond here (CF 2.10). */
  readonly keptUntil: Instant;
  readonly origin: string;
  readonly endpoint: string;
  /** Of an error whose page is kept in its place: the status that the viewer gets (CF 2.16, 2.19). */
  readonly replacement?: number;
}

/** The cache of one edge location; each has its own (CF 4.12). */
export class EdgeCache {
  private readonly answers = new Map<string, CachedAnswer>();
  /** The key used latest, which is the last one in the map as it is. */
  private latest: string | undefined = undefined;

  get(key: string, now: Instant): CachedAnswer | undefined {
    const answer = this.answers.get(key);
    if (answer === undefined) return undefined;
    if (answer.keptUntil <= now && answer.freshUntil <= now) {
      this.answers.delete(key);
      return undefined;
    }
    if (key !== this.latest) this.makeLatest(key, answer);
    return answer;
  }

  private makeLatest(key: string, answer: CachedAnswer): void {
    this.answers.delete(key);
    this.answers.set(key, answer);
    this.latest = key;
  }

  put(key: string, answer: CachedAnswer): void {
    this.makeLatest(key, answer);
    if (this.answers.size <= CACHED_ANSWERS_MAX) return;
    const [oldest] = this.answers.keys();
    if (oldest !== undefined) this.answers.delete(oldest);
  }
}

/**
 * Distribution, path, and what the cache policy selects of headers, cookies and query strings (CF 3.5, 3.7, 3.9 to
 * 3.11). GET and HEAD share a key, OPTIONS has its own (CF 3.5, 3.6). The origin is no part of it (CF 1.31).
 */
export function cacheKeyOf(site: Site, { behavior }: SiteBehavior, request: HttpRequest, target: string): string {
  const policy = behavior.cachePolicy;
  const [path, query] = splitOnce(target, '?');
  const pairs = query.split('&').filter((pair) => pair !== '' && selects(policy.queryStrings, splitOnce(pair, '=')[0]));
  const headers =
    policy.headers.kind === 'only'
      ? policy.headers.names.map(
          (name) =>
            `${name.toLowerCase()}:${name.toLowerCase() === 'host' ? request.host : (headerOf(request.headers, name) ?? '')}`,
        )
      : [];
  const cookies =
    policy.cookies.kind === 'none'
      ? []
      : (headerOf(request.headers, 'cookie') ?? '')
          .split(';')
          .map((cookie) => cookie.trim())
          .filter((cookie) => cookie !== '' && selects(policy.cookies, splitOnce(cookie, '=')[0]))
          .toSorted();
  const method = request.method === 'OPTIONS' ? 'OPTIONS' : 'GET';
  return [site.distribution.id, method, path, pairs.join('&'), headers.join('\n'), cookies.join(';')].join('\u0000');
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + 1)];
}
