import { assert } from '../model/index.ts';
import type { Forward } from '../engine/index.ts';
import type { Came } from './course.ts';
import type { OriginClient, ServerAddress } from './origin-client.ts';

/** Names and addresses of this machine itself; requests are never passed on to any other. */
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

const addresses = new Map<string, ServerAddress>();

/**
 * Passes a request on to a server of the user's on this machine, and its answer back as it comes. It has no patience of its
 * own: whoever asked gives up in world time.
 */
export function forward({ url, request }: Forward, client: OriginClient, came: Came): void {
  client.send(addresses.get(url) ?? addressOf(url), request, came);
}

function addressOf(url: string): ServerAddress {
  const { protocol, hostname, port } = new URL(url);
  assert(protocol === 'http:' && LOOPBACK.test(hostname), `origins are servers of this machine, not ${url}`);
  const address = { host: hostname.replaceAll(/^\[|\]$/g, ''), port: port === '' ? 80 : Number(port) };
  // As many as the plan has.
  addresses.set(url, address);
  return address;
}
