import type { Reply } from '../conversation.ts';
import type { EdgeLocation } from './edge.ts';
import { CAUSES, errorPage } from './error-page.ts';

/** The answer to a host name that no distribution has (CF 2.28). */
export function strangerReply(edge: EdgeLocation): Reply {
  const requestId = edge.nextRequestId();
  return {
    kind: 'reply',
    status: CAUSES['unknown-host'][0],
    headers: [
      ['Server', 'CloudFront'],
      ['Content-Type', 'text/html'],
      ['X-Cache', 'Error from cloudfront'],
      ['X-Amz-Cf-Pop', edge.pop],
      ['X-Amz-Cf-Id', requestId],
    ],
    body: errorPage('unknown-host', requestId),
    account: { edge: edge.label, origin: '', endpoint: 'edge', attempts: 0, result: 'Error', cause: 0 },
    store: undefined,
  };
}
