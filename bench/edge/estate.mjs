import { EMPTY_ARCHITECTURE } from '../../packages/firedrill/dist/model/index.js';
import { estate, plan } from '../estate.mjs';

/* A distribution with a cache policy and origin groups in front of servers of one's own. */

export const EDGE_HOST = 'dbench.cloudfront.net';

const [distribution] = estate().distributions;
const [origin] = distribution.origins;
const originAt = (id) => ({
  ...origin,
  id,
  domainName: `${id}.example.net`,
  originPath: '',
  protocolPolicy: 'http-only',
});
const group = (id, primary) => ({ id, primary, secondary: 'second', statusCodes: [500, 502, 503, 504] });
const behavior = (pathPattern, targetOriginId, ttlSeconds) => ({
  ...distribution.behaviors[0],
  pathPattern,
  targetOriginId,
  viewerProtocolPolicy: 'allow-all',
  cachePolicy: { ...distribution.behaviors[0].cachePolicy, defaultTtlSeconds: ttlSeconds, maxTtlSeconds: ttlSeconds },
});

export const architecture = {
  ...EMPTY_ARCHITECTURE,
  stacks: [],
  certificates: [],
  distributions: [
    {
      ...distribution,
      domainName: EDGE_HOST,
      origins: ['first', 'second', 'broken', 'away'].map(originAt),
      originGroups: [group('sound', 'first'), group('failing', 'broken'), group('refusing', 'away')],
      behaviors: [
        behavior('/hit/*', 'sound', 86_400),
        behavior('/503/*', 'failing', 0),
        behavior('/refused/*', 'refusing', 0),
        behavior('*', 'sound', 0),
      ],
    },
  ],
};

/** @param closedPort where nobody listens. */
export function planWith(originPort, closedPort) {
  const place = (port) => ({
    url: `http://127.0.0.1:${port}`,
    region: 'eu-west-1',
    latencyMs: 0,
    status: 200,
    bodyBytes: 0,
  });
  return {
    ...plan({ seconds: 36_000, ratePerSecond: 1, places: ['Dublin'] }),
    probes: [],
    // As proxies do by default; the world's own default has each attempt begin with a connection of its own.
    switches: { 'cloudfront.origin-connections': 'kept' },
    origins: {
      'first.example.net': place(originPort),
      'second.example.net': place(originPort),
      'broken.example.net': place(originPort),
      'away.example.net': place(closedPort),
    },
  };
}
