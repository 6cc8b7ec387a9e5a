import { describe, expect, test } from 'vitest';
import type { HealthCheck, Instant } from '../../model/index.ts';
import { atSeconds, msBetween } from '../../model/index.ts';
import type { Conversation, Exchange, Moment, Need, Outcome, Resumption, Vantage } from '../conversation.ts';
import { checkerLife, probeEndpoint } from './checker.ts';

const VANTAGE: Vantage = {
  index: 0,
  name: 'checker:us-east-1',
  spot: { latitude: 0, longitude: 0 },
  address: '127.85.0.1',
};
const CHECK: HealthCheck = {
  id: 'a1b2',
  type: 'HTTPS',
  fullyQualifiedDomainName: 'api.example.com',
  port: 443,
  resourcePath: '/prod/health',
  requestIntervalSeconds: 10,
  failureThreshold: 3,
  enableSni: true,
  inverted: false,
  disabled: false,
  regions: [],
  stack: 's',
};

function answered(status: number): Outcome {
  return { kind: 'answered', status, headers: [], body: { bytes: 0 }, firstByteAt: 0 as Instant, account: undefined };
}

/** Runs one probe; every query is answered with an address (or none), every exchange in turn from the list. */
function probe(some: Partial<HealthCheck>, outcomes: readonly Outcome[], address: string | null = '127.82.0.1') {
  const left = [...outcomes];
  const exchanges: Exchange[] = [];
  const queries: string[] = [];
  const moment: Moment = { now: 0 as Instant };
  const conversation = probeEndpoint({ ...CHECK, ...some }, VANTAGE, moment);
  let step = conversation.next();
  while (step.done !== true) {
    const need = step.value;
    if (need.kind === 'query') queries.push(need.question.type);
    if (need.kind === 'exchange') exchanges.push(need);
    step = conversation.next(need.kind === 'query' ? reply(address) : left.shift());
  }
  return { verdict: step.value, exchanges, queries };
}

function reply(address: string | null): Resumption {
  const answers = address === null ? [] : [{ name: 'api.example.com', type: 'A', ttlSeconds: 60, data: address }];
  return { kind: 'dns', rcode: 'NOERROR', answers, authority: [], negativeTtlSeconds: 900, cause: 0 };
}

describe('one probe', () => {
  test('R53 HC-05: HTTP and HTTPS have 4 s to connect and 2 s for the status', () => {
    const [exchange] = probe({}, [answered(200)]).exchanges;
    expect(exchange).toMatchObject({ connectTimeoutMs: 4000, responseTimeoutMs: 2000, port: 443 });
  });

  test('R53 HC-06: TCP has 10 s to connect, and nothing is sent', () => {
    const { exchanges, verdict } = probe({ type: 'TCP', port: 8443 }, [answered(0)]);
    expect(exchanges[0]).toMatchObject({ connectTimeoutMs: 10_000, request: undefined, tls: undefined, port: 8443 });
    expect(verdict.healthy).toBe(true);
  });

  test.each([
    { status: 199, healthy: false },
    { status: 200, healthy: true },
    { status: 301, healthy: true },
    { status: 399, healthy: true },
    { status: 400, healthy: false },
    { status: 503, healthy: false },
  ])('R53 HC-05, HC-09: status $status is healthy: $healthy', ({ status, healthy }) => {
    const { verdict, exchanges } = probe({}, [answered(status)]);
    expect(verdict.healthy).toBe(healthy);
    // A redirect is not followed.
    expect(exchanges).toHaveLength(1);
  });

  const withHeaders = (...headers: readonly (readonly [string, string])[]): Outcome => ({
    ...(answered(200) as Extract<Outcome, { readonly kind: 'answered' }>),
    headers,
  });

  test('R53 HC-10: more than 16,384 bytes of response headers fail a probe', () => {
    // A name of six, colon, space and the end of the line.
    const verdicts = [16_384 - 10, 16_384 - 9].map((bytes) => probe({}, [withHeaders(['X-Long', 'x'.repeat(bytes)])]));
    expect(verdicts.map(({ verdict }) => verdict.reason)).toEqual(['status 200', 'headers too large']);
    expect(verdicts.map(({ verdict }) => verdict.healthy)).toEqual([true, false]);
  });

  test.each(['refused', 'connect-timeout', 'response-timeout', 'reset'] as const)(
    'a probe that ends with %s is unhealthy and says so',
    (why) => {
      expect(probe({}, [{ kind: 'unanswered', why }]).verdict).toMatchObject({ healthy: false, reason: why });
    },
  );

  test('R53 HC-11: the certificate is not looked at', () => {
    expect(probe({}, [answered(200)]).exchanges[0]?.tls?.verifyNames).toBeUndefined();
  });

  test('R53 HC-12: SNI carries the name, and a failed handshake is tried again without it', () => {
    const { exchanges, verdict } = probe({}, [{ kind: 'unanswered', why: 'tls' }, answered(200)]);
    expect(exchanges.map(({ tls }) => tls?.serverName)).toEqual(['api.example.com', undefined]);
    expect(verdict.healthy).toBe(true);
  });

  test('R53 HC-12: without SNI a failed handshake is final', () => {
    const { exchanges, verdict } = probe({ enableSni: false }, [{ kind: 'unanswered', why: 'tls' }]);
    expect(exchanges.map(({ tls }) => tls?.serverName)).toEqual([undefined]);
    expect(verdict).toMatchObject({ healthy: false, reason: 'tls' });
  });

  test('R53 HC-13: the name is resolved for every probe, A records only; no answer is a failure', () => {
    expect(probe({}, [answered(200)]).queries).toEqual(['A']);
    const nameless = probe({}, [], null);
    expect(nameless.verdict).toMatchObject({ healthy: false, reason: 'DNS resolution failed' });
    expect(nameless.exchanges).toHaveLength(0);
  });

  test('R53 HC-14: a given address is probed without a lookup, and the name is its Host', () => {
    const { exchanges, queries } = probe({ ipAddress: '203.0.113.7' }, [answered(200)]);
    expect(queries).toEqual([]);
    expect(exchanges[0]).toMatchObject({ to: '203.0.113.7', request: { host: 'api.example.com' } });
  });

  test('R53 HC-14: Host has the port unless it is the usual one', () => {
    expect(probe({ port: 8443 }, [answered(200)]).exchanges[0]?.request?.host).toBe('api.example.com:8443');
    expect(probe({ type: 'HTTP', port: 80 }, [answered(200)]).exchanges[0]?.request?.host).toBe('api.example.com');
    expect(probe({ type: 'HTTP', port: 443 }, [answered(200)]).exchanges[0]?.request?.host).toBe('api.example.com:443');
  });

  test('R53 HC-14: without a name the address is the Host, an IPv6 one in brackets; a TCP check has none', () => {
    const { fullyQualifiedDomainName: _, ...nameless } = CHECK;
    const hostOf = (some: Partial<HealthCheck>): string | undefined => {
      const conversation = probeEndpoint({ ...nameless, ...some }, VANTAGE, { now: 0 as Instant });
      const { value } = conversation.next();
      return value !== undefined && 'request' in value ? value.request?.host : undefined;
    };
    expect(hostOf({ ipAddress: '8.8.8.8' })).toBe('8.8.8.8');
    expect(hostOf({ ipAddress: '8.8.8.8', port: 8443 })).toBe('8.8.8.8:8443');
    expect(hostOf({ ipAddress: '2606:4700::1', port: 8443 })).toBe('[2606:4700::1]:8443');
    expect(hostOf({ ipAddress: '8.8.8.8', type: 'TCP' })).toBe(undefined);
  });

  test('R53 HC-24: the User-Agent carries the id of the check', () => {
    const headers = probe({}, [answered(200)]).exchanges[0]?.request?.headers;
    expect(headers).toContainEqual([
      'User-Agent',
      'Amazon-Route53-Health-Check-Service (ref a1b2; report http://amzn.to/1vsZADi)',
    ]);
  });
});

/** Lives through probes that each take so long and end so; tells when they began and what changed. */
function live(
  results: readonly { readonly tookSeconds: number; readonly outcome: Outcome }[],
  some: Partial<HealthCheck> = {},
) {
  const moment: Moment = { now: 0 as Instant };
  const began: number[] = [];
  const changes: string[] = [];
  const changed = (healthy: boolean): void =>
    void changes.push(`${msBetween(0 as Instant, moment.now) / 1000} ${healthy}`);
  const check = { ...CHECK, ...some };
  const seat = {
    check: () => check,
    opinion: true,
    vantage: VANTAGE,
    phaseMs: 3000,
    saw: () => undefined,
    changed,
    rest: undefined,
  };
  const conversation: Conversation<void> = checkerLife(seat, moment);
  const left = [...results];
  let resumption: Resumption;
  for (;;) {
    const step = conversation.next(resumption);
    const need = step.value as Need;
    if (need.kind === 'pause') {
      moment.now = need.until;
      resumption = undefined;
    } else if (need.kind === 'query') {
      began.push(moment.now / 1e6);
      resumption = reply('127.82.0.1');
    } else {
      const result = left.shift();
      if (result === undefined) return { began: began.slice(0, results.length), changes };
      moment.now = (moment.now + atSeconds(result.tookSeconds)) as Instant;
      resumption = result.outcome;
    }
  }
}

describe('string matching', () => {
  const matching = { searchString: 'All is well' };
  function found(text: string, headers: readonly (readonly [string, string])[] = [], status = 200): boolean {
    const body = { bytes: text.length, text };
    const answer = { kind: 'answered', status, headers, body, firstByteAt: 0 as Instant, account: undefined } as const;
    return probe(matching, [answer]).verdict.healthy;
  }

  test('R53 HC-07: the string must be there, in its own capitals, and the status good', () => {
    expect(found('… All is well …')).toBe(true);
    expect(found('… all is well …')).toBe(false);
    expect(found('All is well', [], 503)).toBe(false);
    expect(probe(matching, [answered(200)]).verdict).toMatchObject({ healthy: false, reason: 'string not found' });
  });

  test('R53 HC-07: it lies wholly inside the first 5,120 bytes', () => {
    const length = 'All is well'.length;
    expect(found(`${'x'.repeat(5120 - length)}All is well`)).toBe(true);
    expect(found(`${'x'.repeat(5121 - length)}All is well`)).toBe(false);
    // Bytes, not characters.
    expect(found(`${'é'.repeat(2555)}All is well`)).toBe(false);
  });

  test('R53 HC-07, HC-08: the body has 2 s more, and gzip and deflate are undone, nothing else', () => {
    const [exchange] = probe(matching, [answered(200)]).exchanges;
    expect(exchange?.bodyStart).toEqual({ bytes: 5120, timeoutMs: 2000, decoded: ['gzip', 'deflate'] });
    expect(probe({}, [answered(200)]).exchanges[0]).not.toHaveProperty('bodyStart');
    expect(found('All is well', [['Content-Encoding', 'gzip']])).toBe(true);
    expect(found('All is well', [['content-encoding', 'br']])).toBe(false);
  });
});

describe('a checker’s life', () => {
  const good = { tookSeconds: 0, outcome: answered(200) };
  const bad = { tookSeconds: 0, outcome: answered(503) };

  test('R53 HC-21: it begins at a phase of its own', () => {
    expect(live([good]).began).toEqual([3]);
  });

  test('R53 HC-03, TL-03: the interval runs from the answer to the next request, so that a slow endpoint stretches it', () => {
    expect(live([good, good, good]).began).toEqual([3, 13, 23]);
    const blackHole = { tookSeconds: 4, outcome: { kind: 'unanswered', why: 'connect-timeout' } as const };
    expect(live([blackHole, blackHole, blackHole]).began).toEqual([3, 17, 31]);
  });

  test('R53 HC-04: three failures in a row change its opinion, two of three do not', () => {
    expect(live([bad, bad, good, bad, bad]).changes).toEqual([]);
    expect(live([bad, bad, bad]).changes).toEqual(['23 false']);
  });

  test('R53 HC-04: the same number of good answers changes it back', () => {
    expect(live([bad, bad, bad, good, good, bad, good, good, good]).changes).toEqual(['23 false', '83 true']);
    expect(live([bad, good], { failureThreshold: 1 }).changes).toEqual(['3 false', '13 true']);
  });
});
