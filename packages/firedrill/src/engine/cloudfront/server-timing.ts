import { msBetween } from '../../model/index.ts';
import type { ResponseHeadersPolicy } from '../../model/index.ts';
import { headerOf } from '../headers.ts';
import type { EdgeCall } from './edge.ts';

/**
 * The value of `Server-Timing` as a policy wants it for a share of the answers, or the viewer by `Pragma: server-timing`
 * (CF 3.26). On a miss what the origin sent comes after CloudFront's own.
 * @param result as in `X-Cache`.
 * @returns undefined when this answer carries none.
 */
export function serverTimingOf(
  { serverTiming }: ResponseHeadersPolicy,
  call: EdgeCall,
  result: string,
  ofOrigin: string | undefined,
): string | undefined {
  if (serverTiming === undefined) return undefined;
  const isAskedFor = headerOf(call.arrival.request.headers, 'pragma')?.toLowerCase() === 'server-timing';
  if (!isAskedFor && !isSampled(call.requestId, serverTiming.samplingRate)) return undefined;
  const isHit = result === 'Hit';
  const metrics = [
    ...(isHit ? [] : upstreamMetrics(call)),
    isHit ? 'cdn-cache-hit' : result === 'RefreshHit' ? 'cdn-cache-refresh' : 'cdn-cache-miss',
    `cdn-pop;desc="${call.edge.pop}"`,
    `cdn-rid;desc="${call.requestId}"`,
    ...(isHit ? [`cdn-hit-layer;desc="${call.upstream?.tier?.layer ?? 'EDGE'}"`] : []),
    `cdn-downstream-fbl;dur=${whole(msBetween(call.beganAt, call.moment.now))}`,
    ...(isHit || ofOrigin === undefined ? [] : [ofOrigin]),
  ];
  return metrics.join(',');
}

function upstreamMetrics({ upstream }: EdgeCall): readonly string[] {
  if (upstream?.answer === undefined) return [];
  const { dnsMs, askedAt, answer, isReused, tier } = upstream;
  return [
    `cdn-upstream-layer;desc="${tier?.layer ?? 'EDGE'}"`,
    `cdn-upstream-dns;dur=${whole(dnsMs)}`,
    ...(isReused ? ['cdn-upstream-connect;dur=0'] : []),
    `cdn-upstream-fbl;dur=${whole(msBetween(askedAt, answer.firstByteAt))}`,
  ];
}

function whole(ms: number): number {
  return Math.round(ms);
}

/** The golden section scatters the counts that ids end with evenly, so that any share of them is met. */
const SCATTER = 0.618_033_988_749_895;

/** Which answers carry the header is not in anybody's hand (CF 3.26); here it follows from the request's id. */
function isSampled(requestId: string, percent: number): boolean {
  const count = Number.parseInt(requestId.slice(-10, -2), 36);
  return ((count * SCATTER) % 1) * 100 < percent;
}
