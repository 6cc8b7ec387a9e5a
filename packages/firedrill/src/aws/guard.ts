import { isLoopbackHost } from '../model/index.ts';
import { readAwsHost, withoutPort } from './aws-hosts.ts';
import type { WireHead } from './protocol/message.ts';

/**
 * Why a request must not be answered at all: it is for a host that is neither ours nor AWS's, as after DNS rebinding, or a
 * page of somebody else's has sent it. Undefined: it may be answered.
 */
export function foreignness(head: WireHead, host: string): string | undefined {
  if (!isOurs(host)) return `Host ${host.slice(0, HOST_MAX)} is none of this world's`;
  const { origin } = head.headers;
  // Browsers say `null` for files and sandboxed frames: that is nobody's page.
  if (origin === undefined) return undefined;
  const from = /^https?:\/\/([^/]+)$/i.exec(origin)?.[1];
  return from !== undefined && isOurs(from) ? undefined : `Origin ${origin.slice(0, HOST_MAX)} is none of this world's`;
}

/** Whoever asks may send a name of any length. */
const HOST_MAX = 200;

function isOurs(host: string): boolean {
  const name = withoutPort(host);
  return isLoopbackHost(name) || readAwsHost(name) !== undefined;
}
