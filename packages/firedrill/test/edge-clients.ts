import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { request as secureRequest } from 'node:https';
import type { LocalWorld } from '../src/live/index.ts';
import { EDGE, HOST } from './hand-made-world.ts';

/* Clients of the edge of a hand-made world, by its TLS port. */

/** A request to the edge of a hand-made world. */
interface Wanted {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Record<string, string | string[]>;
  readonly body?: string;
  readonly host?: string;
}

/** Its answer. */
export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export async function connectionFor(
  local: LocalWorld,
  { path = '/', method = 'GET', headers = {}, host = HOST }: Wanted,
): Promise<object> {
  const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
  const ca = await readFile(local.caFile);
  return {
    host: edge?.address,
    port: edge?.httpsPort,
    servername: HOST,
    ca,
    agent: false,
    path,
    method,
    headers: { Host: host, ...headers },
  };
}

export async function overHttp1(local: LocalWorld, wanted: Wanted = {}): Promise<Got> {
  const request = secureRequest(await connectionFor(local, wanted));
  request.end(wanted.body);
  return await gotFrom(request);
}

export async function gotFrom(request: ReturnType<typeof secureRequest>): Promise<Got> {
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) text += String(chunk);
  return { status: response.statusCode ?? 0, headers: response.headers, text };
}

export async function overHttp2(
  local: LocalWorld,
  { path = '/', method = 'GET', headers = {}, body, host = HOST }: Wanted = {},
): Promise<Got> {
  const edge = local.endpoints.find(({ endpoint }) => endpoint === EDGE);
  const session = connectHttp2(`https://${edge?.address ?? ''}:${edge?.httpsPort ?? 0}`, {
    ca: await readFile(local.caFile),
    servername: HOST,
  });
  // It tells of the error a second time; the stream's own is what counts.
  session.on('error', () => undefined);
  try {
    const stream = session.request({ ':path': path, ':method': method, ':authority': host, ...headers });
    stream.end(body);
    const [answer] = (await once(stream, 'response')) as [IncomingHttpHeaders & { readonly ':status': number }];
    let text = '';
    for await (const chunk of stream.setEncoding('utf8')) text += String(chunk);
    return { status: answer[':status'], headers: answer, text };
  } finally {
    session.destroy();
  }
}

export const VERSIONS = [
  ['HTTP/1.1', overHttp1],
  ['HTTP/2', overHttp2],
] as const;
