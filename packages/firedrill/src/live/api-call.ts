import { Readable } from 'node:stream';
import type { ApiCall, Headers, Outcome } from '../engine/index.ts';
import { contentOf, CountedBody, KeptBody, StreamedBody } from './bodies.ts';
import type { WorldClock } from './clock.ts';

/** What the API made of a request. */
interface ApiAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array | Readable;
}

/**
 * S3's API, as its endpoints in the world reach it. Never rejects. What it does not read of the body is nobody's.
 * @param body of the request; undefined when it has none.
 */
export type ApiServer = (call: ApiCall, body: Readable | undefined) => Promise<ApiAnswer>;

/** Hands a request to the API; unanswered when nobody serves one. */
export async function callApi(call: ApiCall, server: ApiServer | undefined, clock: WorldClock): Promise<Outcome> {
  if (server === undefined) return { kind: 'unanswered', why: 'refused' };
  const { body, method } = call.request;
  const content = body === undefined ? undefined : contentOf(body);
  const answer = await server(call, Buffer.isBuffer(content) ? Readable.from([content]) : content);
  const headers: Headers = Object.entries(answer.headers).filter(([name]) => name !== 'content-length');
  const length = Number(answer.headers['content-length'] ?? 0);
  return {
    kind: 'answered',
    status: answer.status,
    headers,
    body: method === 'HEAD' ? new CountedBody(length) : bodyOf(answer),
    firstByteAt: clock.now(),
    account: undefined,
  };
}

function bodyOf({ body, headers }: ApiAnswer): KeptBody | StreamedBody {
  if (body instanceof Readable) {
    const length = headers['content-length'];
    return new StreamedBody(body, length === undefined ? undefined : Number(length));
  }
  return new KeptBody(Buffer.from(body));
}
