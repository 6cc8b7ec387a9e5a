import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy, OriginRequestPolicy, Selection } from '../../model/index.ts';
import type { Headers } from '../conversation.ts';
import type { Asked, ScriptedEdge } from './edge-script.fixture.ts';
import { changedEdge, header, hybridDistribution, xCache } from './edge-script.fixture.ts';

const NONE: Selection = { kind: 'none' };

function only(...names: readonly string[]): Selection {
  return { kind: 'only', names };
}

interface Listed {
  readonly key?: Selection;
  readonly sent?: Selection;
  readonly cloudFrontHeaders?: readonly string[];
}

function edgeWith({ key = NONE, sent, cloudFrontHeaders }: Listed): ScriptedEdge {
  const cachePolicy: CachePolicy = {
    ...CACHING_DISABLED,
    id: 'own',
    headers: key,
    maxTtlSeconds: 300,
    defaultTtlSeconds: 60,
  };
  const policy: OriginRequestPolicy | undefined =
    sent === undefined
      ? undefined
      : {
          id: 'own',
          name: 'own',
          headers: sent,
          cookies: NONE,
          queryStrings: NONE,
          ...(cloudFrontHeaders === undefined ? {} : { cloudFrontHeaders }),
        };
  const { behaviors } = hybridDistribution();
  return changedEdge({
    behaviors: behaviors.map((behavior) => ({
      ...behavior,
      cachePolicy,
      ...(policy === undefined ? {} : { originRequestPolicy: policy }),
    })),
  });
}

/** The `CloudFront-*` headers that the origin gets, as `Name=value`. */
function sentTo(edge: ScriptedEdge, asked: Asked = {}): string {
  edge.ask(asked);
  const headers: Headers = edge.seen.splice(0)[0]?.request.headers ?? [];
  return headers
    .filter(([name]) => name.startsWith('CloudFront-'))
    .map(([name, value]) => `${name.slice('CloudFront-'.length)}=${value}`)
    .join(' ');
}

const PLACE = ['City', 'Country', 'Country-Region', 'Latitude', 'Longitude'].map((what) => `CloudFront-Viewer-${what}`);

describe('what CloudFront says of a viewer', () => {
  test('CF 3.43: only what a policy lists, be it for the key or for the origin alone', () => {
    expect(sentTo(edgeWith({}))).toBe('');
    expect(sentTo(edgeWith({ key: only('CloudFront-Viewer-Country') }))).toBe('Viewer-Country=IE');
    expect(sentTo(edgeWith({ sent: only('cloudfront-viewer-country') }))).toBe('Viewer-Country=IE');
    expect(sentTo(edgeWith({ sent: { kind: 'all' } }))).toBe('');
    expect(sentTo(edgeWith({ sent: { kind: 'all' }, cloudFrontHeaders: ['CloudFront-Forwarded-Proto'] }))).toBe(
      'Forwarded-Proto=https',
    );
  });

  test('CF 3.43: what the viewer itself has sent under these names is overwritten', () => {
    const asked: Asked = { headers: [['CloudFront-Viewer-Country', 'XX']] };
    expect(sentTo(edgeWith({ sent: only('CloudFront-Viewer-Country') }), asked)).toBe('Viewer-Country=IE');
  });

  test('CF 3.43: its place, by the city that it is in', () => {
    expect(sentTo(edgeWith({ sent: only(...PLACE) }))).toBe(
      'Viewer-City=Dublin Viewer-Country=IE Viewer-Latitude=53.00000 Viewer-Longitude=-6.00000',
    );
    const from = {
      index: 2,
      name: 'city:São Paulo',
      spot: { latitude: -23.5, longitude: -46.6 },
      address: '127.84.0.2',
    };
    expect(sentTo(edgeWith({ sent: only(PLACE[0] ?? '', PLACE[1] ?? '') }), { from })).toBe(
      'Viewer-City=S%C3%A3o%20Paulo Viewer-Country=BR'.replace('%20', ' '),
    );
    const state = { ...from, name: 'city:Boston' };
    expect(sentTo(edgeWith({ sent: only(PLACE[2] ?? '') }), { from: state })).toBe('Viewer-Country-Region=MA');
  });

  test('CF 3.43: of a request from inside AWS the country alone', () => {
    const from = { index: 2, name: 'region:eu-west-1', spot: { latitude: 53, longitude: -6 }, address: '127.82.0.1' };
    expect(sentTo(edgeWith({ sent: only(...PLACE) }), { from })).toBe('Viewer-Country=IE');
  });

  test('CF 3.43: its connection: address, scheme, version and TLS', () => {
    const names = ['Viewer-Address', 'Forwarded-Proto', 'Viewer-Http-Version', 'Viewer-TLS'];
    const edge = edgeWith({ sent: only(...names.map((name) => `CloudFront-${name}`)) });
    expect(sentTo(edge)).toBe(
      'Viewer-Address=127.84.0.1:49152 Forwarded-Proto=https Viewer-Http-Version=1.1 Viewer-TLS=TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake',
    );
    expect(sentTo(edgeWith({ sent: only('CloudFront-Viewer-Http-Version') }), { httpVersion: '2.0' })).toBe(
      'Viewer-Http-Version=2.0',
    );
  });

  test.each([
    ['Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) Mobile/15E148', 'IOS Mobile'],
    ['Mozilla/5.0 (iPad; CPU OS 16_0 like Mac OS X) Mobile/15E148', 'IOS Mobile Tablet'],
    ['Mozilla/5.0 (Linux; Android 14; Pixel 8) Mobile Safari/537.36', 'Android Mobile'],
    ['Mozilla/5.0 (Linux; Android 13; SM-X700) Safari/537.36', 'Android Mobile Tablet'],
    ['Mozilla/5.0 (SMART-TV; Linux; Tizen 7.0)', 'SmartTV'],
    ['Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126', 'Desktop'],
    ['curl/8.5.0', 'Desktop'],
  ])('CF 3.43: %s is %s', (agent, expected) => {
    const kinds = ['Android', 'Desktop', 'IOS', 'Mobile', 'SmartTV', 'Tablet'];
    const edge = edgeWith({ sent: only(...kinds.map((kind) => `CloudFront-Is-${kind}-Viewer`)) });
    const said = sentTo(edge, { headers: [['User-Agent', agent]] });
    expect(kinds.filter((kind) => said.includes(`Is-${kind}-Viewer=true`)).join(' ')).toBe(expected);
    expect(said.split(' ')).toHaveLength(6);
  });

  test('CF 3.43: what stands in the key tells entries apart, what is only sent does not', () => {
    const phone: Asked = { headers: [['User-Agent', 'iPhone Mobile']] };
    const name = 'CloudFront-Is-Mobile-Viewer';
    const keyed = edgeWith({ key: only(name) });
    expect([keyed.ask(), keyed.ask(phone), keyed.ask(phone)].map(xCache)).toEqual(['Miss', 'Miss', 'Hit']);
    const sent = edgeWith({ sent: only(name) });
    expect([sent.ask(), sent.ask(phone)].map(xCache)).toEqual(['Miss', 'Hit']);
  });

  test('what nothing is known of is not sent', () => {
    expect(sentTo(edgeWith({ sent: only('CloudFront-Viewer-JA3-Fingerprint', 'CloudFront-Viewer-Postal-Code') }))).toBe(
      '',
    );
  });
});

describe('settings from before there were policies', () => {
  const legacy = (): ScriptedEdge => {
    const { behaviors } = hybridDistribution();
    const cachePolicy: CachePolicy = {
      ...CACHING_DISABLED,
      id: 'legacy',
      headers: only('Accept-Language'),
      forwardsOthers: true,
    };
    return changedEdge({ behaviors: behaviors.map((behavior) => ({ ...behavior, cachePolicy })) });
  };

  test('CF 3.40, 3.41: what nobody has listed passes, but for what is stripped unless it is', () => {
    const names = ['X-One', 'Origin', 'Accept', 'Accept-Language', 'Referer', 'Authorization', 'TE', 'X-Real-IP'];
    const edge = legacy();
    edge.ask({ headers: names.map((name) => [name, 'v']) });
    const request = edge.seen[0]?.request;
    expect(names.filter((name) => header({ headers: request?.headers ?? [] }, name) !== undefined)).toEqual([
      'X-One',
      'Origin',
      'Accept-Language',
    ]);
    edge.ask({ method: 'POST', headers: [['Authorization', 'v']] });
    expect(header({ headers: edge.seen[1]?.request.headers ?? [] }, 'Authorization')).toBe('v');
  });
});

describe('HTTP versions', () => {
  test('CF 4.4: before HTTP/1.1 there is no 307 to HTTPS: a write is a 403, a GET a 301', () => {
    const edge = edgeWith({});
    expect(edge.ask({ method: 'POST', tls: false, httpVersion: '1.0' }).status).toBe(403);
    expect(edge.ask({ method: 'GET', tls: false, httpVersion: '1.0' }).status).toBe(301);
    expect(edge.ask({ method: 'POST', tls: false }).status).toBe(307);
  });
});
