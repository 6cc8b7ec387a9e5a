import { describe, expect, test } from 'vitest';
import { CACHING_DISABLED } from '../../../test/hybrid-architecture.ts';
import type { CachePolicy, CustomErrorResponse, Distribution, LambdaFunction } from '../../model/index.ts';
import type { Invocation } from '../conversation.ts';
import type { EdgeFunctions } from './edge-function.ts';
import type { Asked } from './edge-script.fixture.ts';
import { cacheControl, changedEdge, header, hybridDistribution, ScriptedEdge, xCache } from './edge-script.fixture.ts';

const CACHING: CachePolicy = { ...CACHING_DISABLED, id: 'caching', defaultTtlSeconds: 60, maxTtlSeconds: 300 };

interface Estate {
  readonly errors?: readonly Partial<CustomErrorResponse>[];
  readonly policy?: CachePolicy;
  /** Of the behaviour for /errors/*; undefined: there is none. */
  readonly pagePolicy?: CachePolicy | undefined;
  readonly statusCodes?: readonly number[];
}

/** Whatever is below /errors/ comes from the second origin; all else from both, unless codes are left out. */
function distributionOf({
  errors = [{}],
  policy = CACHING,
  pagePolicy = CACHING_DISABLED,
  statusCodes = [502, 503, 504],
}: Estate): Distribution {
  const distribution = hybridDistribution({ statusCodes });
  const [standard] = distribution.behaviors.map((behavior) => ({ ...behavior, cachePolicy: policy }));
  if (standard === undefined) throw new Error('the hybrid distribution has a behaviour');
  const pages = { ...standard, pathPattern: '/errors/*', targetOriginId: 'backup-api', cachePolicy: pagePolicy };
  return {
    ...distribution,
    behaviors: [pages, standard],
    customErrorResponses: errors.map((error) => ({
      errorCode: 500,
      errorCachingMinTtlSeconds: 10,
      responsePagePath: '/errors/sorry.html',
      responseCode: 200,
      ...error,
    })),
  };
}

function estate(parts: Estate = {}): ScriptedEdge {
  return new ScriptedEdge([distributionOf(parts)]);
}

function look(edge: ScriptedEdge, asked: Asked = {}): string {
  const reply = edge.ask(asked);
  return `${reply.status} ${xCache(reply)} ${edge.takeRoute()}`.trimEnd();
}

describe('a custom error page', () => {
  test('CF 2.17, 1.30: comes through the first behaviour that matches its path, from the origin of that', () => {
    const edge = estate().primary(500);
    const reply = edge.ask({ target: '/orders?x=1' });
    expect(edge.seen.map(({ to, request }) => [to, request.method, request.target])).toEqual([
      ['192.0.2.1', 'GET', '/orders'],
      ['192.0.2.2', 'GET', '/prod/errors/sorry.html'],
    ]);
    expect(reply.account).toMatchObject({ origin: 'backup-api', attempts: 2 });
  });

  test.each([200, 404, 503])('CF 2.16: has the status %i that the distribution gives it', (responseCode) => {
    expect(
      estate({ errors: [{ responseCode }] })
        .primary(500)
        .ask().status,
    ).toBe(responseCode);
  });

  test('CF 2.16: without a page, an entry sets the TTL and no more', () => {
    const { customErrorResponses } = hybridDistribution();
    expect(customErrorResponses).toEqual([]);
    const edge = changedEdge({ customErrorResponses: [{ errorCode: 500, errorCachingMinTtlSeconds: 60 }] }).primary(
      500,
    );
    edge.secondary(500);
    expect(look(edge)).toBe('500 Error primary secondary');
  });

  test('CF 2.18: that cannot be had leaves the viewer with the status that its origin gave', () => {
    expect(look(estate().primary(500).secondary(404))).toBe('404 Error primary secondary');
    expect(look(estate().primary(500).secondary('hang'))).toMatch(/^504 Error primary secondary/);
  });

  test('CF 2.22, 2.36: is an Error whatever its status says, when it is kept too', () => {
    const edge = estate({ errors: [{ responsePagePath: '/sorry.html' }] }).primary(500, 200);
    const reply = edge.ask();
    expect([reply.status, xCache(reply), reply.account.result]).toEqual([200, 'Error', 'Error']);
    edge.takeRoute();
    expect(look(edge.wait(1))).toBe('200 Error');
  });

  test('CF 2.28: takes the place of no refusal that CloudFront itself gives', () => {
    const edge = estate({ errors: [{ errorCode: 403 }] });
    expect(look(edge, { bodyBytes: 1 })).toBe('403 Error');
    expect(look(edge.primary(403))).toBe('200 Error primary secondary');
  });

  test('CF 2.21: takes the place of a 504 that CloudFront makes when the origin is silent, and of a 502', () => {
    const errors = [{ errorCode: 504 }, { errorCode: 502 }];
    const silent = estate({ errors, statusCodes: [] }).primary('hang');
    expect(look(silent)).toBe('200 Error primary primary primary secondary');
    expect(look(estate({ errors, statusCodes: [] }).primary('tls'))).toBe('200 Error primary secondary');
  });

  test('a write gets the page by GET, a HEAD by HEAD; conditions and ranges of the viewer do not go for it', () => {
    const edge = estate({ pagePolicy: { ...CACHING_DISABLED, headers: { kind: 'all' } } }).primary(500);
    edge.ask({ method: 'POST', bodyBytes: 3, headers: [['Content-Type', 'a/b'], ['X-One', '1']] }); // prettier-ignore
    const page = edge.seen.splice(0)[1]?.request;
    expect([page?.method, page?.body, header({ headers: page?.headers ?? [] }, 'X-One')]).toEqual([
      'GET',
      undefined,
      '1',
    ]);
    expect(header({ headers: page?.headers ?? [] }, 'Content-Type')).toBeUndefined();
    edge.ask({ method: 'HEAD', headers: [['Range', 'bytes=0-1'], ['If-None-Match', '"a"']] }); // prettier-ignore
    const second = edge.seen[1]?.request;
    expect([second?.method, second?.headers.some(([name]) => /range|if-none-match/i.test(name))]).toEqual([
      'HEAD',
      false,
    ]);
  });
});

describe('the order of things on an error (CF 9.4, 2.15)', () => {
  const errors = [{ errorCode: 500 }, { errorCode: 502 }, { errorCode: 503 }];

  test('CF 1.29: a listed error of the primary fails over, no page takes its place', () => {
    expect(look(estate({ errors }).primary(503).secondary(200))).toBe('200 Miss primary secondary');
  });

  test('CF 1.29: an unlisted error of the primary may be replaced, and so may any of the secondary', () => {
    const unlisted = estate({ errors: [{ errorCode: 500 }] }).primary(500);
    expect(look(unlisted)).toBe('200 Error primary secondary');
    expect(look(estate({ errors }).primary(503).secondary(503, 200))).toBe('200 Error primary secondary secondary');
  });

  test('CF 9.4, 2.12, 2.15: primary, secondary, stale copy, page, error', () => {
    const edge = estate({ errors }).primary(200);
    expect(look(edge)).toBe('200 Miss primary');
    edge.wait(61).primary(503).secondary(503);
    expect(look(edge)).toBe('200 Hit primary secondary');
    edge.wait(300).secondary(503, 200);
    expect(look(edge)).toBe('200 Error primary secondary secondary');
    edge.wait(300).primary(503).secondary(503, 404);
    expect(look(edge)).toBe('404 Error primary secondary secondary');
  });
});

describe('how long error and page are kept', () => {
  test('CF 2.19: together for the error caching minimum TTL when no behaviour but the default takes the path', () => {
    const edge = estate({ errors: [{ responsePagePath: '/sorry.html' }] }).primary(500, 200);
    expect(look(edge)).toBe('200 Error primary primary');
    edge.primary('refused');
    expect(look(edge.wait(9.999))).toBe('200 Error');
    edge.primary(200);
    expect(look(edge.wait(0.001))).toBe('200 Miss primary');
  });

  test('CF 2.5, 2.19: longer when the failing answer says so, up to the maximum TTL', () => {
    const edge = estate({ errors: [{ responsePagePath: '/sorry.html' }] });
    edge.primary({ status: 500, headers: [cacheControl('max-age=40')] }, 200);
    look(edge);
    expect(look(edge.wait(39))).toBe('200 Error');
    expect(look(edge.primary(200).wait(1))).toBe('200 Miss primary');
  });

  test('CF 2.19: a behaviour that covers the path governs the page; the error is kept for itself', () => {
    const edge = estate({ pagePolicy: { ...CACHING, defaultTtlSeconds: 5 } }).primary(500);
    expect(look(edge)).toBe('200 Error primary secondary');
    expect(look(edge.wait(4))).toBe('200 Error');
    // The page is over, the error is not.
    expect(look(edge.wait(2))).toBe('200 Error secondary');
    // The error is over, the page is not.
    expect(look(edge.wait(4))).toBe('200 Error primary');
  });

  test('CF 2.19: a page whose behaviour keeps nothing is fetched for each viewer', () => {
    const edge = estate().primary(500);
    expect([look(edge), look(edge), look(edge)]).toEqual([
      '200 Error primary secondary',
      '200 Error secondary',
      '200 Error secondary',
    ]);
  });

  test('CF 2.6: with CachingDisabled neither is', () => {
    const edge = estate({ policy: CACHING_DISABLED }).primary(500);
    expect([look(edge), look(edge)]).toEqual(['200 Error primary secondary', '200 Error primary secondary']);
  });

  test('CF 2.4: a 416 is never kept, its page is given nevertheless', () => {
    const edge = estate({ errors: [{ errorCode: 416, errorCachingMinTtlSeconds: 60 }] }).primary(416);
    expect([look(edge), look(edge)]).toEqual(['200 Error primary secondary', '200 Error primary secondary']);
  });

  test('the page of one method is not the body of another', () => {
    const edge = estate({ errors: [{ responsePagePath: '/sorry.html' }] }).primary(500, 200);
    expect(look(edge, { method: 'HEAD' })).toBe('200 Error primary primary');
    expect(edge.primary(500, 200).ask().body.bytes).toBe(2);
  });
});

describe('a function at origin-request that fails', () => {
  const failing = (invocation: Invocation): ScriptedEdge => {
    const functions: EdgeFunctions = {
      at: ({ pathPattern }, event) =>
        pathPattern !== '*' || event !== 'origin-request'
          ? undefined
          : { kind: 'lambda', function: LAMBDA, versionArn: `${LAMBDA.arn}:1`, includeBody: false },
    };
    return new ScriptedEdge([distributionOf({ errors: [{ errorCode: 503 }] })], true, {
      functions,
      run: () => invocation,
    });
  };

  test('CF 2.20: by a limit of CloudFront’s own gives its 503, whatever page there is', () => {
    const reply = failing({ kind: 'throttled' }).ask();
    expect([reply.status, xCache(reply)]).toEqual([503, 'LambdaLimitExceeded']);
  });

  test('CF 2.20: by its own fault gives the page', () => {
    const reply = failing({ kind: 'failed', errorType: 'TypeError', errorMessage: 'no' }).ask();
    expect([reply.status, xCache(reply), reply.account.origin]).toEqual([200, 'Error', 'backup-api']);
  });
});

const LAMBDA: LambdaFunction = {
  arn: 'arn:aws:lambda:us-east-1:123456789012:function:edge',
  name: 'edge',
  region: 'us-east-1',
  runtime: 'nodejs22.x',
  handler: 'index.handler',
  timeoutSeconds: 3,
  memoryMb: 128,
  environment: {},
  code: { kind: 'inline', text: '' },
  stack: 'edge',
  logicalId: 'Edge',
};
