import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AwsApi } from './aws-door.ts';
import { API_KEPT_MS } from './aws-door.ts';
import { isLoopbackHost } from '../model/index.ts';
import { splitAuthority } from './host-kinds.ts';
import { Listener } from './listener.ts';
import type { Refusal } from './refusals.ts';
import { foreign, NO_HOST, refuse } from './refusals.ts';

/** The door of AWS_ENDPOINT_URL: all APIs at one address of this machine, told apart by what requests are signed for. */
export function endpointDoor(api: AwsApi): Listener {
  const server = createServer({ keepAliveTimeout: API_KEPT_MS }, (request, response) => {
    const refusal = strangerAt(request);
    if (refusal !== undefined) return refuse(response, refusal);
    const host = splitAuthority(request.headers.host ?? '', 80)?.host ?? '';
    return api.handle(request, response, { secure: false, host });
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return new Listener(server);
}

/** What speaks against a request to a door that listens on this machine: pages of others must not reach it through a browser. */
export function strangerAt({ headers }: IncomingMessage): Refusal | undefined {
  const { host: authority = '', origin } = headers;
  const host = splitAuthority(authority, 80)?.host;
  if (host === undefined) return NO_HOST;
  if (!isLoopbackHost(host)) return foreign('Host', authority);
  if (origin === undefined || origin === '') return undefined;
  const from = /^https?:\/\/(.+)$/.exec(origin)?.[1];
  const page = from === undefined ? undefined : splitAuthority(from, 80)?.host;
  return page !== undefined && isLoopbackHost(page) ? undefined : foreign('Origin', origin);
}
