import { describe, expect, test } from 'vitest';
import type { Bucket, CacheBehavior, Distribution, Origin, OriginGroup } from '../model/index.ts';
import type { Answer, Asked } from './object-stores.fixture.ts';
import { bucket, PUBLIC_READ, saying, setting, StoreWorld } from './object-stores.fixture.ts';
import { errorTtlSecondsOf } from './cloudfront/freshness.ts';

/* Buckets behind CloudFront: who may read them, and what viewers see of it. */

const ARN = 'arn:aws:cloudfront::123456789012:distribution/E1';
const NAME = 'd1.cloudfront.net';

/** The statement that CDK and the console write for an origin access control. */
const FOR_DISTRIBUTION: Bucket['policy'] = [
  {
    effect: 'Allow',
    principals: [{ kind: 'Service', value: 'cloudfront.amazonaws.com' }],
    actions: ['s3:GetObject'],
    resources: ['*'],
    conditions: [{ operator: 'StringEquals', key: 'aws:sourcearn', values: [ARN] }],
  },
];

const CONTROL = { id: 'C1', originType: 's3', signing: 'always' } as const;

function origin(id: string, domainName: string, more: Partial<Origin> = {}): Origin {
  return {
    id,
    domainName,
    originPath: '',
    customHeaders: {},
    kind: 's3',
    protocolPolicy: 'match-viewer',
    httpPort: 80,
    httpsPort: 443,
    connectionAttempts: 1,
    connectionTimeoutSeconds: 10,
    responseTimeoutSeconds: 30,
    keepaliveTimeoutSeconds: 5,
    ...more,
  };
}

const REGIONAL = 'site.s3.eu-west-1.amazonaws.com';
const CONTROLLED = origin('site', REGIONAL, { accessControl: CONTROL });

interface Parts {
  readonly origins?: readonly Origin[];
  readonly groups?: readonly OriginGroup[];
  readonly behavior?: Partial<CacheBehavior>;
  /** Names that origins get of what viewers send. */
  readonly forwarded?: { readonly headers?: readonly string[]; readonly cookies?: boolean };
  readonly buckets?: readonly Bucket[];
  readonly fresh?: boolean;
}

const CLOSED = bucket('site', { policy: FOR_DISTRIBUTION });

/** A world with one distribution in front of a bucket. */
function edge({
  origins = [CONTROLLED],
  groups = [],
  behavior = {},
  forwarded,
  buckets = [CLOSED],
  fresh = false,
}: Parts = {}): StoreWorld {
  const none = { kind: 'none' } as const;
  const { headers, cookies = false } = forwarded ?? {};
  const distribution: Distribution = {
    id: 'E1',
    domainName: NAME,
    aliases: ['www.example.com'],
    enabled: true,
    origins,
    originGroups: groups,
    behaviors: [
      {
        pathPattern: '*',
        targetOriginId: groups[0]?.id ?? origins[0]?.id ?? '',
        viewerProtocolPolicy: 'allow-all',
        allowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        cachedMethods: ['GET', 'HEAD'],
        cachePolicy: {
          id: 'p',
          name: 'p',
          minTtlSeconds: 0,
          defaultTtlSeconds: 0,
          maxTtlSeconds: 0,
          headers: none,
          cookies: none,
          queryStrings: none,
          gzip: false,
          brotli: false,
        },
        ...(forwarded === undefined
          ? {}
          : {
              originRequestPolicy: {
                id: 'o',
                name: 'o',
                headers: headers === undefined ? none : { kind: 'only', names: headers },
                cookies: cookies ? { kind: 'all' } : none,
                queryStrings: none,
              },
            }),
        ...behavior,
      },
    ],
    customErrorResponses: [],
    defaultRootObject: 'index.html',
    account: '123456789012',
    stack: 'test',
    logicalId: 'Distribution',
  };
  return new StoreWorld(
    setting(buckets, Object.fromEntries(buckets.map(({ name }) => [name, { 'index.html': `hello from ${name}` }])), {
      architecture: { distributions: [distribution] },
      plan: { switches: { 's3.fresh-buckets': fresh } },
    }),
  );
}

function ask(parts: Parts, asked: Partial<Asked> = {}): Answer {
  return edge(parts).ask({ url: `https://${NAME}/`, ...asked });
}

function outcome(parts: Parts, asked: Partial<Asked> = {}): string {
  const { status, text } = ask(parts, asked);
  return `${status} ${/<Code>(\w+)<\/Code>/.exec(text)?.[1] ?? text}`.slice(0, 60);
}

describe('CF 6.1: two kinds of endpoints', () => {
  test('the REST endpoint takes HTTPS and HTTP, as the viewer came', () => {
    expect(outcome({})).toBe('200 hello from site');
    expect(outcome({}, { url: `http://${NAME}/` })).toBe('200 hello from site');
  });

  test('the website endpoint takes HTTP only, and no signature', () => {
    const website = { kind: 'hosting', indexDocument: 'index.html', routingRules: [] } as const;
    const name = 'site.s3-website-eu-west-1.amazonaws.com';
    const behind = (protocolPolicy: Origin['protocolPolicy'], policy: Bucket['policy']): number =>
      ask({
        origins: [origin('site', name, { kind: 'custom', protocolPolicy, accessControl: CONTROL })],
        buckets: [bucket('site', { website, policy })],
      }).status;
    expect(behind('http-only', [PUBLIC_READ])).toBe(200);
    expect(behind('https-only', [PUBLIC_READ])).toBe(502);
    expect(behind('http-only', FOR_DISTRIBUTION)).toBe(403);
  });

  test('buckets with dots in their names are reached by HTTPS too', () => {
    const dotted = bucket('www.example.com', { policy: FOR_DISTRIBUTION });
    const origins = [origin('site', 'www.example.com.s3.eu-west-1.amazonaws.com', { accessControl: CONTROL })];
    expect(outcome({ origins, buckets: [dotted] })).toBe('200 hello from www.example.com');
  });
});

describe('what is missing', () => {
  const copy = bucket('copy', { region: 'us-west-2', policy: FOR_DISTRIBUTION });
  const group = (statusCodes: readonly number[]): Parts => ({
    origins: [CONTROLLED, origin('copy', 'copy.s3.us-west-2.amazonaws.com', { accessControl: CONTROL })],
    groups: [{ id: 'group', primary: 'site', secondary: 'copy', statusCodes }],
    buckets: [bucket('site', { policy: FOR_DISTRIBUTION }), copy],
  });

  test('CF 6.3: is 403 to a distribution that may only get, so that a list with 404 alone does not fail over', () => {
    const world = (codes: readonly number[]): Answer =>
      new StoreWorld({ ...edgeSetting(group(codes)) }).ask({ url: `https://${NAME}/only-in-copy.html` });
    expect(world([404]).status).toBe(403);
    expect(world([403, 404])).toMatchObject({ status: 200, text: 'copied' });
  });

  /** The same with an object that only the second bucket has. */
  function edgeSetting(parts: Parts): ConstructorParameters<typeof StoreWorld>[0] {
    const { world } = edge(parts);
    const objects = { ...world.plan.objects, copy: { 'only-in-copy.html': saying('copied') } };
    return { architecture: world.architecture, plan: { ...world.plan, objects } };
  }

  test('CF 6.4: S3’s own answer passes, with its Server and as an error of CloudFront’s', () => {
    const { status, header, text } = ask({}, { url: `https://${NAME}/gone` });
    expect([status, header('server'), header('content-type'), header('x-cache')]).toEqual([
      403,
      'AmazonS3',
      'application/xml',
      'Error from cloudfront',
    ]);
    expect(text).toContain('<Code>AccessDenied</Code>');
  });
});

describe('CF 6.5: signing', () => {
  const signing = (how: 'always' | 'never' | 'no-override', authorization?: string): string =>
    outcome(
      {
        origins: [origin('site', REGIONAL, { accessControl: { ...CONTROL, signing: how } })],
        forwarded: { headers: ['Authorization'] },
      },
      authorization === undefined ? {} : { headers: [['Authorization', authorization]] },
    );

  test('always overwrites what the viewer sent, no-override does not, never signs nothing', () => {
    expect(signing('always')).toBe('200 hello from site');
    expect(signing('always', 'Basic abc')).toBe('200 hello from site');
    expect(signing('no-override')).toBe('200 hello from site');
    expect(signing('no-override', 'Basic abc')).toBe('403 AccessDenied');
    expect(signing('never')).toBe('403 AccessDenied');
  });

  test('without an access control nobody is let in whom the policy does not let in', () => {
    expect(outcome({ origins: [origin('site', REGIONAL)] })).toBe('403 AccessDenied');
    expect(outcome({ origins: [origin('site', REGIONAL)], buckets: [bucket('site')] })).toBe('200 hello from site');
  });
});

test('CF 6.6: a redirect to the bucket’s Region is passed on to the viewer', () => {
  const origins = [origin('site', 'site.s3.amazonaws.com')];
  const found = ask({ origins, buckets: [bucket('site')], fresh: true });
  expect([found.status, found.header('location')]).toEqual([307, `https://${REGIONAL}/index.html`]);
  expect(outcome({ origins, buckets: [bucket('site')] })).toBe('200 hello from site');
});

test('CF 6.7: a 501 of S3 that must not be kept is not, whatever the minimum TTL; one of any other origin is', () => {
  const policy = {
    id: 'p',
    name: 'p',
    minTtlSeconds: 60,
    defaultTtlSeconds: 60,
    maxTtlSeconds: 3600,
    headers: { kind: 'none' },
    cookies: { kind: 'none' },
    queryStrings: { kind: 'none' },
    gzip: false,
    brotli: false,
  } as const;
  for (const directive of ['no-store', 'no-cache', 'private']) {
    const headers = [['Cache-Control', directive]] as const;
    expect(errorTtlSecondsOf(501, headers, policy, [], 's3')).toBe(0);
    expect(errorTtlSecondsOf(501, headers, policy, [], 'custom')).toBe(10);
    expect(errorTtlSecondsOf(503, headers, policy, [], 's3')).toBe(10);
  }
  expect(errorTtlSecondsOf(501, [], policy, [], 's3')).toBe(10);
});

describe('CF 6.8: what viewers send', () => {
  test('cookies change nothing about what S3 answers', () => {
    expect(outcome({ forwarded: { cookies: true } }, { headers: [['Cookie', 'a=b']] })).toBe('200 hello from site');
  });

  test('with the viewer’s Host a signed request is 403, and any other asks for a bucket of that name', () => {
    const forwarded = { headers: ['Host'] };
    const named = bucket('www.example.com', { policy: FOR_DISTRIBUTION });
    const to = { url: `https://${NAME}/`, host: 'www.example.com' };
    expect(outcome({ forwarded, buckets: [CLOSED, named] }, to)).toBe('403 SignatureDoesNotMatch');
    expect(outcome({ origins: [origin('site', REGIONAL)], forwarded, buckets: [bucket('site')] }, to)).toBe(
      '404 NoSuchBucket',
    );
  });
});
