import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy, Origin } from '../../model/index.ts';
import type { Asked } from './edge-script.fixture.ts';
import {
  cacheControl,
  changedEdge,
  header,
  hybridDistribution,
  hybridEdge,
  ScriptedEdge,
  xCache,
} from './edge-script.fixture.ts';

const CACHING: CachePolicy = {
  ...CACHING_DISABLED,
  id: 'caching',
  name: 'caching',
  defaultTtlSeconds: 60,
  maxTtlSeconds: 300,
};
const caching = { cachePolicy: CACHING };
const REC = 'eu-west-1';

/** `status X-Cache who>asked`. */
function look(edge: ScriptedEdge, asked: Asked = {}): string {
  const reply = edge.ask(asked);
  return `${reply.status} ${xCache(reply)} ${edge.takeAsked()}`.trimEnd();
}

function regional(overrides = {}): ScriptedEdge {
  return hybridEdge({ ...caching, ...overrides }).behind(REC);
}

/** Both members of the origin group have a shield, each its own. */
function shielded(overrides = {}, next: string | undefined = REC): ScriptedEdge {
  const distribution = hybridDistribution({ ...caching, ...overrides });
  const shields = ['eu-central-1', 'us-east-1'];
  const origins = distribution.origins.map((origin, i): Origin => {
    const originShieldRegion = shields[i];
    return originShieldRegion === undefined ? origin : { ...origin, originShieldRegion };
  });
  return new ScriptedEdge([{ ...distribution, origins }]).behind(next, ...shields);
}

describe('a regional edge cache', () => {
  test('CF 4.11: an edge that has not got an answer asks the regional edge cache, which asks the origin', () => {
    const edge = regional();
    expect(look(edge)).toBe('200 Miss eu-west-1>primary');
    expect(edge.hops).toEqual(['edge:DUB>eu-west-1', 'eu-west-1>edge:DUB']);
    expect(look(edge)).toBe('200 Hit');
    expect(edge.hops).toHaveLength(2);
  });

  test('CF 4.11, 4.12: what one edge has asked for is there for another', () => {
    const edge = regional();
    look(edge);
    expect(look(edge.wait(10).elsewhere())).toBe('200 Hit');
    expect(header(edge.wait(5).ask(), 'Age')).toBe('15');
  });

  test('RFC 9111, 4.2.3: an edge keeps it no longer than the cache that gave it (CF 4.11)', () => {
    const edge = regional();
    look(edge);
    expect(look(edge.wait(50).elsewhere())).toBe('200 Hit');
    expect(look(edge.wait(9))).toBe('200 Hit');
    expect(look(edge.wait(1))).toBe('200 Miss eu-west-1>primary');
  });

  test.each(['POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('CF 4.11: %s goes to the origin directly', (method) => {
    const cachedMethods = ['GET', 'HEAD', 'OPTIONS'];
    expect(look(regional({ cachedMethods }), { method })).toBe('200 Miss edge:DUB>primary');
  });

  test('CF 4.11: so does what is never kept', () => {
    expect(look(hybridEdge().behind(REC))).toBe('200 Miss edge:DUB>primary');
  });

  test('CF 4.11: a bucket in the Region of the cache is asked directly, one elsewhere is not', () => {
    const at = (region: string): ScriptedEdge => {
      const domainName = `b.s3.${region}.amazonaws.com`;
      const origins = hybridDistribution().origins.map((origin): Origin => ({ ...origin, kind: 's3', domainName }));
      const edge = changedEdge({ origins }, caching).behind(REC);
      edge.names.set(domainName, { addresses: ['192.0.2.1'], ttlSeconds: 60 });
      return edge;
    };
    expect(look(at(REC))).toBe('200 Miss edge:DUB>primary');
    expect(look(at('us-west-2'))).toBe('200 Miss eu-west-1>primary');
  });

  test('CF 4.11, 1.9: it decides on failover, and the edge gets what came of it', () => {
    const edge = regional().primary(503);
    expect(look(edge)).toBe('200 Miss eu-west-1>primary eu-west-1>secondary');
    expect(edge.ask().account.origin).toBe('backup-api');
    expect(edge.ask().account.attempts).toBe(0);
    expect(look(edge.elsewhere())).toBe('200 Hit');
  });

  test('CF 4.11, 3.28: what has expired at both is asked after by each with validators', () => {
    const edge = regional().primary({ status: 200, headers: [['ETag', '"a"']] }, 304);
    look(edge);
    expect(look(edge.wait(60))).toBe('200 RefreshHit eu-west-1>primary');
    expect(look(edge)).toBe('200 Hit');
  });

  test('CF 4.11, 3.28: what is fresh behind refreshes what has expired at the edge, without the origin', () => {
    const edge = regional().primary({ status: 200, headers: [['ETag', '"a"'], cacheControl('max-age=60')] }, 304);
    look(edge);
    look(edge.elsewhere());
    expect(look(edge.wait(60))).toBe('200 RefreshHit eu-west-1>primary');
    expect(look(edge.back())).toBe('200 RefreshHit');
    expect(look(edge.wait(59))).toBe('200 Hit');
  });

  test('CF 4.11, 3.30: a range is cut out of what is kept behind', () => {
    const edge = regional().primary({ status: 200, bodyBytes: 10 });
    look(edge);
    const reply = edge.elsewhere().ask({ headers: [['Range', 'bytes=2-4']] });
    expect([reply.status, header(reply, 'Content-Range'), xCache(reply)]).toEqual([206, 'bytes 2-4/10', 'Hit']);
    expect(edge.takeAsked()).toBe('');
  });

  test('CF 4.11, 2.8: in an outage either cache has a stale copy', () => {
    const edge = regional({ statusCodes: [] });
    look(edge);
    edge.wait(60).primary(503);
    expect(look(edge)).toBe('200 Hit eu-west-1>primary');
    expect(look(edge.elsewhere())).toBe('200 Hit');
  });

  test('CF 4.11, 2.1: errors that CloudFront makes itself are as they are without it', () => {
    const edge = regional({ statusCodes: [] }).primary('silent');
    const reply = edge.ask();
    edge.takeAsked();
    expect([reply.status, xCache(reply), reply.account.endpoint, reply.account.attempts]).toEqual([
      504,
      'Error',
      'edge',
      3,
    ]);
    expect(look(edge.elsewhere().primary(200))).toBe('504 Error');
    expect(look(edge.wait(30))).toBe('200 Miss eu-west-1>primary');
  });

  test('CF 4.11, 2.40: a body that breaks off is kept by neither', () => {
    const edge = regional();
    edge.bodiesArrive = false;
    look(edge);
    edge.bodiesArrive = true;
    expect(look(edge)).toBe('200 Miss eu-west-1>primary');
  });

  test('CF 3.46: what it keeps is taken out by invalidations as well', () => {
    const edge = regional();
    look(edge);
    edge.tier(REC).cache.invalidate('EHYBRID', ['/*']);
    expect(look(edge.elsewhere())).toBe('200 Miss eu-west-1>primary');
  });
});

describe('Origin Shield', () => {
  test('CF 1.34: the primary is asked through its shield, and on failover the secondary through its own', () => {
    const edge = shielded();
    expect(look(edge)).toBe('200 Miss eu-central-1>primary');
    expect(edge.hops).toEqual([
      'edge:DUB>eu-west-1',
      'eu-west-1>eu-central-1',
      'eu-central-1>eu-west-1',
      'eu-west-1>edge:DUB',
    ]);
    const failed = shielded().primary(503);
    expect(look(failed)).toBe('200 Miss eu-central-1>primary us-east-1>secondary');
    expect(failed.failovers).toHaveLength(1);
  });

  test('CF 1.34, 9.5: a failed primary is not kept at its shield: the next miss asks it again', () => {
    const edge = shielded().primary(503, 200);
    look(edge, { target: '/a' });
    edge.tier(REC).cache.invalidate('EHYBRID', ['/*']);
    expect(look(edge.elsewhere(), { target: '/a' })).toBe('200 Miss eu-central-1>primary');
  });

  test('CF 2.15, 9.4: the secondary comes before a stale copy at the shield of the primary', () => {
    const edge = shielded();
    look(edge);
    edge.tier(REC).cache.invalidate('EHYBRID', ['/*']);
    expect(look(edge.wait(60).primary('refused').elsewhere())).toBe(
      '200 Miss eu-central-1>primary eu-central-1>primary eu-central-1>primary us-east-1>secondary',
    );
  });

  test('CF 4.13: all regional caches share what it keeps', () => {
    const edge = shielded();
    look(edge);
    expect(look(edge.behind('ap-northeast-1').elsewhere())).toBe('200 Hit');
  });

  test('CF 4.13: every request goes through it, those that are never kept too', () => {
    expect(look(shielded(), { method: 'POST' })).toBe('200 Miss eu-central-1>primary');
    expect(look(shielded({ cachePolicy: CACHING_DISABLED }, undefined))).toBe('200 Miss eu-central-1>primary');
  });

  test('CF 4.13: in the Region of the regional cache it is no further layer', () => {
    const edge = shielded({}, 'eu-central-1');
    look(edge);
    expect(edge.hops).toEqual(['edge:DUB>eu-central-1', 'eu-central-1>edge:DUB']);
  });

  test('CF 1.3, 1.34: a POST that its shield brings no answer for does not fail over', () => {
    expect(look(shielded().primary(503), { method: 'POST' })).toBe('503 Error eu-central-1>primary');
  });
});

describe('Server-Timing', () => {
  test('CF 3.26: names the tier that had the answer, and the one that has asked the origin', () => {
    const { behaviors } = hybridDistribution(caching);
    const responseHeadersPolicy = { id: 't', name: 't', removed: [], added: [], serverTiming: { samplingRate: 100 } };
    const timedBehaviors = behaviors.map((behavior) => ({ ...behavior, responseHeadersPolicy }));
    const origins = hybridDistribution(caching).origins;
    const seen = (edge: ScriptedEdge): string =>
      (header(edge.ask(), 'Server-Timing') ?? '')
        .split(',')
        .filter((metric) => metric.includes('-layer'))
        .join(' ');
    const edge = changedEdge({ behaviors: timedBehaviors, origins }, caching).behind(REC);
    expect(seen(edge)).toBe('cdn-upstream-layer;desc="REC"');
    expect(seen(edge)).toBe('cdn-hit-layer;desc="EDGE"');
    expect(seen(edge.elsewhere())).toBe('cdn-hit-layer;desc="REC"');
    const shield = origins.map((origin) => ({ ...origin, originShieldRegion: 'eu-central-1' }));
    const shieldedEdge = changedEdge({ behaviors: timedBehaviors, origins: shield }, caching).behind(
      REC,
      'eu-central-1',
    );
    expect(seen(shieldedEdge)).toBe('cdn-upstream-layer;desc="Origin Shield"');
  });
});
