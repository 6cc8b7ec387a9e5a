import { describe, expect, test } from 'vitest';
import type { Probe } from '../../model/index.ts';
import type { Vantage } from '../conversation.ts';
import { createRandom } from '../random.ts';
import { Resolver } from '../resolver.ts';
import { viewersOf } from './probes.ts';
import type { Viewer } from './viewer.ts';

function viewers(differs: Partial<Probe>): Viewer[] {
  const random = createRandom('1');
  const vantageOf = (place: string): Vantage => ({
    index: 0,
    name: `city:${place}`,
    spot: { latitude: 0, longitude: 0 },
    address: '127.84.0.1',
  });
  const probe: Probe = {
    name: 'users',
    url: 'https://www.example.com/',
    ratePerSecond: 1,
    methods: ['GET'],
    places: ['Dublin'],
    timeoutMs: 1000,
    client: 'plain',
    ...differs,
  };
  return viewersOf(probe, {
    vantageOf,
    drawsOf: (stream) => random.stream(stream),
    resolverOf: (place, policy) => new Resolver(vantageOf(place), policy, () => 0, undefined),
    memberResolverOf: (place, policy, left, upstream) =>
      new Resolver(vantageOf(place), policy, (_name, found) => found.cause, { next: () => left }, upstream),
    ended: () => undefined,
  });
}

describe('where a probe sends', () => {
  test.each([
    { url: 'https://www.example.com', port: 443, target: '/', host: 'www.example.com', tls: true },
    { url: 'http://www.example.com/', port: 80, target: '/', host: 'www.example.com', tls: false },
    { url: 'https://WWW.Example.com:8443/A/b?q=1', port: 8443, target: '/A/b?q=1', host: 'www.example.com', tls: true },
    { url: 'https://www.example.com?q=1', port: 443, target: '/?q=1', host: 'www.example.com', tls: true },
  ])('$url is $target at $host, port $port', ({ url, port, target, host, tls }) => {
    const [viewer] = viewers({ url });
    expect(viewer).toMatchObject({ port, host, request: { target, host } });
    expect(viewer?.tls).toEqual(tls ? { serverName: host, verifyNames: [host] } : undefined);
  });

  test('a POST has a body of the length it says, a GET has none', () => {
    const [get, post] = viewers({ methods: ['GET', 'POST'] });
    expect(get?.request.body).toBeUndefined();
    expect(post?.request.body).toEqual({ bytes: 17, text: '{"probe":"users"}' });
    expect(post?.request.headers).toContainEqual(['Content-Length', '17']);
  });

  test('its own headers stand beside the usual ones or in their place, its own body in the place of the usual one', () => {
    const headers = { 'user-agent': 'mine', 'X-Region': 'us', Cookie: 'a=b' };
    const [get, post] = viewers({ methods: ['GET', 'POST'], headers, body: 'größer' });
    const own = [
      ['Accept', '*/*'],
      ['user-agent', 'mine'],
      ['X-Region', 'us'],
      ['Cookie', 'a=b'],
    ];
    expect(get?.request.headers.toSorted()).toEqual(own.toSorted());
    expect(post?.request.body).toEqual({ bytes: 8, text: 'größer' });
    expect(post?.request.headers).toContainEqual(['Content-Length', '8']);
    expect(post?.request.headers).toContainEqual(['Content-Type', 'text/plain; charset=utf-8']);
  });
});

test('there is a stream for each place and method; those of one place share what it has resolved', () => {
  const all = viewers({ methods: ['GET', 'POST'], places: ['Dublin', 'Tokyo'] });
  expect(all.map(({ place, method }) => `${place} ${method}`)).toEqual([
    'Dublin GET',
    'Dublin POST',
    'Tokyo GET',
    'Tokyo POST',
  ]);
  expect(all[0]?.resolver).toBe(all[1]?.resolver);
  expect(all[1]?.resolver).not.toBe(all[2]?.resolver);
});
