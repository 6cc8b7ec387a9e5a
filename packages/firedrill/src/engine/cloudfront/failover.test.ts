import { describe, expect, test } from 'vitest';
import { secondsBetween, BEGINNING } from '../../model/index.ts';
import type { Overrides } from '../../../test/hybrid-architecture.ts';
import type { Headers } from '../conversation.ts';
import type { Deed, ScriptedAnswer, ScriptedEdge } from './edge-script.fixture.ts';
import { changedEdge, hybridDistribution, hybridEdge, PRIMARY_NAME, xCache } from './edge-script.fixture.ts';

const METHODS = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'];
const WRITES = ['POST', 'PUT', 'PATCH', 'DELETE'];

interface Case extends Overrides {
  readonly primary: readonly Deed[];
  readonly secondary?: readonly Deed[];
  readonly method?: string;
  readonly legacy?: boolean;
}

/** One request: `status route after-seconds`. */
function outcome({ primary, secondary = [200], method = 'GET', legacy = false, ...overrides }: Case): string {
  const edge = hybridEdge(overrides, !legacy)
    .primary(...primary)
    .secondary(...secondary);
  const { status } = edge.ask({ method });
  return `${status} ${edge.takeRoute()} ${secondsBetween(BEGINNING, edge.moment.now)}s`;
}

describe('which methods fail over', () => {
  test.each(['GET', 'HEAD'])('CF 1.3: %s gets the secondary answer after a listed code', (method) => {
    expect(outcome({ primary: [503], method })).toBe('200 primary secondary 0s');
  });

  test.each(WRITES)('CF 1.3: %s gets the outcome of the primary, whatever it is', (method) => {
    expect(outcome({ primary: [503], method })).toBe('503 primary 0s');
    expect(outcome({ primary: ['refused'], method })).toBe('502 primary primary primary 0s');
    expect(outcome({ primary: ['silent'], method })).toBe('504 primary primary primary 30s');
    expect(outcome({ primary: ['hang'], method })).toBe('504 primary 30s');
    expect(outcome({ primary: ['tls'], method })).toBe('502 primary 0s');
    expect(outcome({ primary: [503], method, legacy: true })).toBe('503 primary 0s');
    expect(outcome({ primary: ['hang'], method, legacy: true })).toBe('504 primary 30s');
  });

  test('CF 1.4: OPTIONS fails over only when it is a cached method; allowed is not enough', () => {
    expect(outcome({ primary: [503], method: 'OPTIONS' })).toBe('503 primary 0s');
    expect(outcome({ primary: [503], method: 'OPTIONS', cachedMethods: ['GET', 'HEAD', 'OPTIONS'] })).toBe(
      '200 primary secondary 0s',
    );
  });
});

describe('which outcomes fail over', () => {
  test.each([400, 403, 404, 416, 429, 500, 502, 503, 504])('CF 1.6: %i fails over when it is listed', (code) => {
    expect(outcome({ primary: [code], statusCodes: [code] })).toBe('200 primary secondary 0s');
  });

  test.each([400, 403, 404, 416, 429, 500, 502, 503, 504])('CF 1.8: %i is final when it is not listed', (code) => {
    expect(outcome({ primary: [code], statusCodes: [] })).toBe(`${code} primary 0s`);
  });

  test.each([200, 204, 301, 304, 401, 418, 501])('CF 1.8: %i is final with every default code listed', (code) => {
    expect(outcome({ primary: [code] })).toBe(`${code} primary 0s`);
  });

  test.each([
    ['refused', 503, '502 primary primary primary 0s', '200 primary primary primary secondary 0s'],
    ['silent', 503, '504 primary primary primary 30s', '200 primary primary primary secondary 30s'],
    ['reset', 503, '502 primary 0s', '200 primary secondary 0s'],
    ['hang', 504, '504 primary primary primary 90s', '200 primary primary primary secondary 90s'],
    ['tls', 502, '502 primary 0s', '200 primary secondary 0s'],
  ] as const)('CF 1.6, 9.1, 9.2: %s fails over if and only if %i is listed', (deed, code, without, withIt) => {
    const others = [400, 403, 404, 416, 429, 500, 502, 503, 504].filter((other) => other !== code);
    expect(outcome({ primary: [deed], statusCodes: others })).toBe(without);
    expect(outcome({ primary: [deed], statusCodes: [code] })).toBe(withIt);
  });

  test.each(['refused', 'silent', 'reset', 'hang', 'tls'] as const)(
    'CF 1.7: with legacy criteria %s fails over whatever is listed',
    (deed) => {
      expect(outcome({ primary: [deed], statusCodes: [], legacy: true })).toMatch(/^200 primary.* secondary /);
    },
  );

  test('CF 1.7: with legacy criteria an unlisted code is still final', () => {
    expect(outcome({ primary: [500], statusCodes: [503], legacy: true })).toBe('500 primary 0s');
  });
});

describe('the secondary', () => {
  test('CF 1.9: after failover the secondary answers alone, errors and all', () => {
    for (const status of [200, 404, 500, 503])
      expect(outcome({ primary: [503], secondary: [status] })).toBe(`${status} primary secondary 0s`);
  });

  test('CF 1.9: the secondary has attempts of its own', () => {
    expect(outcome({ primary: [503], secondary: ['refused', 'refused', 200] })).toBe(
      '200 primary secondary secondary secondary 0s',
    );
  });

  test('CF 1.12: both unreachable costs 30 s and 30 s before the viewer gets an error', () => {
    expect(outcome({ primary: ['silent'], secondary: ['silent'] })).toBe(
      '504 primary primary primary secondary secondary secondary 60s',
    );
  });

  test('CF 1.10: each miss asks the primary first, so that fail-back is immediate', () => {
    const edge = hybridEdge().primary(503, 503, 200).secondary(200);
    const routes = [1, 2, 3].map(() => [edge.ask().status, edge.takeRoute()]);
    expect(routes).toEqual([
      [200, 'primary secondary'],
      [200, 'primary secondary'],
      [200, 'primary'],
    ]);
  });

  test('CF 2.37: a request that failed over shows Miss', () => {
    expect(xCache(hybridEdge().primary(503).ask())).toBe('Miss');
  });
});

describe('attempts and timeouts', () => {
  test.each([1, 2, 3])('CF 1.11: %i attempts of 10 s each', (connectionAttempts) => {
    const tries = Array.from({ length: connectionAttempts }, () => 'primary').join(' ');
    expect(outcome({ primary: ['silent'], origin: { connectionAttempts } })).toBe(
      `200 ${tries} secondary ${connectionAttempts * 10}s`,
    );
  });

  test('CF 1.11: the connection timeout is that of the origin', () => {
    expect(outcome({ primary: ['silent'], origin: { connectionTimeoutSeconds: 2 } })).toBe(
      '200 primary primary primary secondary 6s',
    );
  });

  test.each(METHODS)('CF 1.11: a refused connection is tried again, for %s too', (method) => {
    expect(outcome({ primary: ['refused', 'refused', 200], method })).toBe('200 primary primary primary 0s');
  });

  test.each(['GET', 'HEAD'])('CF 1.15, 1.16: a hung primary costs %s three times 30 s', (method) => {
    expect(outcome({ primary: ['hang'], method })).toBe('200 primary primary primary secondary 90s');
  });

  test.each([...WRITES, 'OPTIONS'])('CF 1.15: %s is dropped after one response timeout', (method) => {
    expect(outcome({ primary: ['hang'], method })).toBe('504 primary 30s');
  });

  test('CF 1.16: a cached OPTIONS pays one response timeout before the secondary', () => {
    expect(outcome({ primary: ['hang'], method: 'OPTIONS', cachedMethods: ['GET', 'HEAD', 'OPTIONS'] })).toBe(
      '200 primary secondary 30s',
    );
  });

  test('CF 1.13: an answer just within the response timeout is an answer, at the timeout it is none', () => {
    expect(outcome({ primary: [{ status: 200, afterMs: 29_999 }] })).toBe('200 primary 29.999s');
    expect(outcome({ primary: [{ status: 200, afterMs: 30_000 }], origin: { connectionAttempts: 1 } })).toBe(
      '200 primary secondary 30s',
    );
  });

  test('CF 9.6: timeouts of both kinds share the attempts of one origin', () => {
    expect(outcome({ primary: ['silent', 'hang', 'refused', 200] })).toBe('200 primary primary primary secondary 40s');
    expect(outcome({ primary: ['silent', 'hang', 200] })).toBe('200 primary primary primary 40s');
  });

  test.each(['reset', 'tls'] as const)('%s is not tried again', (deed) => {
    expect(outcome({ primary: [deed, 200], statusCodes: [] })).toBe('502 primary 0s');
  });

  test('CF 1.22: the timeouts decide how soon a stand-alone origin gives 504', () => {
    const edge = hybridEdge().primary('hang');
    expect(edge.ask({ host: 'droute53.cloudfront.net' }).status).toBe(504);
    expect(secondsBetween(BEGINNING, edge.moment.now)).toBe(90);
  });
});

describe('the response completion timeout', () => {
  const origin = { responseCompletionTimeoutSeconds: 60 };

  test("CF 1.18, 1.19: it cuts all attempts off at 60 s, as in AWS's example", () => {
    expect(outcome({ primary: ['hang'], origin, statusCodes: [] })).toBe('504 primary primary 60s');
    expect(outcome({ primary: ['silent', 'silent', 'silent'], origin, statusCodes: [] })).toBe(
      '504 primary primary primary 30s',
    );
    expect(outcome({ primary: ['silent', 'hang', 'hang'], origin, statusCodes: [] })).toBe(
      '504 primary primary primary 60s',
    );
  });

  test('CF 1.20: each member has a budget of its own', () => {
    expect(outcome({ primary: ['hang'], secondary: ['hang'], origin })).toBe(
      '504 primary primary secondary secondary 120s',
    );
  });

  test('CF 1.6, 1.18: an expired completion timeout fails over when 504 is listed', () => {
    expect(outcome({ primary: ['hang'], origin, statusCodes: [504] })).toBe('200 primary primary secondary 60s');
    expect(outcome({ primary: ['hang'], origin, statusCodes: [503] })).toBe('504 primary primary 60s');
  });
});

describe('a group of one domain', () => {
  const same = (): ScriptedEdge => {
    const { origins } = hybridDistribution();
    const [primary, secondary] = origins.map((origin) => ({ ...origin, domainName: PRIMARY_NAME }));
    if (primary === undefined || secondary === undefined) throw new Error('the hybrid distribution has two origins');
    return changedEdge({ origins: [primary, { ...secondary, originPath: '/again', connectionAttempts: 1 }] });
  };

  test('CF 1.9, 1.32: is one more try, with the settings of the second', () => {
    const edge = same().primary(503, 200);
    expect(edge.ask().status).toBe(200);
    expect(edge.seen.map(({ to, request }) => `${to} ${request.target}`)).toEqual(['192.0.2.1 /', '192.0.2.1 /again/']);
  });

  test('CF 1.12: is no help against an origin that is gone', () => {
    const edge = same().primary('refused');
    expect([edge.ask().status, edge.takeRoute()]).toEqual([502, 'primary primary primary primary']);
  });
});

describe('what is retried, and what cannot be', () => {
  test('CF 1.17: a GET that hits the response timeout is retried at S3 origins as at custom ones', () => {
    const hung = (kind: 'custom' | 's3'): string => outcome({ primary: ['hang'], origin: { kind } });
    expect(hung('s3')).toBe(hung('custom'));
    expect(hung('s3')).toBe('200 primary primary primary secondary 90s');
  });

  test('CF 1.42: an answer that stalls after its head does not fail over: the viewer has the head already', () => {
    const edge = hybridEdge().primary(200).secondary(200);
    edge.bodiesArrive = false;
    expect([edge.ask().status, edge.takeRoute()]).toEqual([200, 'primary']);
  });
});

test('CF 7.2, 9.1: an answer with more than 32,768 bytes of headers, or a status that none has, counts as none', () => {
  const headersOf = (bytes: number): Headers => [['X-Long', 'x'.repeat(bytes - 'X-Long: \r\n'.length)]];
  const outcome = (answer: ScriptedAnswer, codes = [502]): string => {
    const edge = hybridEdge({ statusCodes: codes }).primary(answer).secondary(200);
    return `${edge.ask().status} ${edge.takeRoute()}`;
  };
  expect(outcome({ status: 200, headers: headersOf(32_768) })).toBe('200 primary');
  expect(outcome({ status: 200, headers: headersOf(32_769) })).toBe('502 primary');
  expect(outcome({ status: 200, headers: headersOf(32_769) }, [503])).toBe('200 primary secondary');
  expect(outcome({ status: 600 })).toBe('502 primary');
  expect(outcome({ status: 599 })).toBe('599 primary');
});
