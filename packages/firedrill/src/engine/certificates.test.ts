import { describe, expect, test } from 'vitest';
import { hybridArchitecture } from '../../test/hybrid-architecture.ts';
import { certificatesOf, covers } from './certificates.ts';
import type { Endpoint } from './world.ts';

const VANTAGE = { index: 0, name: 'x', spot: { latitude: 0, longitude: 0 }, address: '127.81.0.1' };
const EDGE: Endpoint = { address: '127.81.0.1', kind: 'edge', label: 'DUB', vantage: VANTAGE };
const GATEWAY: Endpoint = { address: '127.82.0.1', kind: 'api-gateway', label: 'eu-west-1', vantage: VANTAGE };

const architecture = hybridArchitecture();
const aliased = architecture.distributions.map((distribution, i) => ({
  ...distribution,
  aliases: i === 0 ? ['www.example.com', '*.shop.example.com'] : [],
}));
const certificates = certificatesOf({ ...architecture, distributions: aliased });

describe('what an endpoint shows', () => {
  test.each([
    { endpoint: EDGE, serverName: undefined, names: ['*.cloudfront.net'] },
    { endpoint: EDGE, serverName: 'dhybrid.cloudfront.net', names: ['*.cloudfront.net'] },
    { endpoint: EDGE, serverName: 'www.example.com', names: ['www.example.com'] },
    // CF 4.6: wildcard aliases.
    { endpoint: EDGE, serverName: 'a.shop.example.com', names: ['*.shop.example.com'] },
    { endpoint: EDGE, serverName: 'stranger.example.com', names: [] },
    // RS 3.44, RS 3.46: a Region has certificates for the custom domains registered there, and its own for all others.
    { endpoint: GATEWAY, serverName: 'api.example.com', names: ['api.example.com'] },
    {
      endpoint: GATEWAY,
      serverName: 'aaaaaaaaaa.execute-api.eu-west-1.amazonaws.com',
      names: ['*.execute-api.eu-west-1.amazonaws.com'],
    },
    ...['bbbbbbbbbb.execute-api.us-east-1.amazonaws.com', 'stranger.example.com'].map((serverName) => ({
      endpoint: GATEWAY,
      serverName,
      names: ['*.execute-api.eu-west-1.amazonaws.com'],
    })),
    // R53 HC-12: without SNI the handshake fails.
    { endpoint: GATEWAY, serverName: undefined, names: [] },
  ])('$endpoint.kind for $serverName: $names', ({ endpoint, serverName, names }) => {
    expect(certificates.namesFor(endpoint, serverName)).toEqual(names);
  });
});

test('RS 3.46: a bare CNAME to an execute-api name fails whoever looks at certificates', () => {
  expect(covers(certificates.namesFor(GATEWAY, 'www.example.com'), ['www.example.com'])).toBe(false);
});

test('a wildcard covers one label, no more and no fewer', () => {
  expect(covers(['*.example.com'], ['a.example.com'])).toBe(true);
  expect(covers(['*.example.com'], ['a.b.example.com'])).toBe(false);
  expect(covers(['*.example.com'], ['example.com'])).toBe(false);
  expect(covers(['x.example.com'], ['y.example.com', 'x.example.com'])).toBe(true);
});
