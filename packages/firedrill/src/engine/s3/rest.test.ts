import { describe, expect, test } from 'vitest';
import type { Architecture, Bucket } from '../../model/index.ts';
import { atSeconds, NEVER } from '../../model/index.ts';
import type { Asked, Setting } from '../object-stores.fixture.ts';
import { at, bucket, PUBLIC_LIST, PUBLIC_READ, saying, setting, StoreWorld } from '../object-stores.fixture.ts';
import { signatureHeader } from '../origin-signature.ts';

const EU = 'https://site.s3.eu-west-1.amazonaws.com';

const SITE = setting([bucket('site')], {
  site: { 'index.html': '<p>hello', 'a b/ü.txt': 'deep', 'ten.txt': '0123456789' },
});

/** Asks an endpoint once, in a world of its own. */
function ask(where: Setting, asked: Asked | string): ReturnType<StoreWorld['ask']> {
  return new StoreWorld(where).ask(typeof asked === 'string' ? { url: asked } : asked);
}

function codeOf(text: string): string | undefined {
  return /<Code>(\w+)<\/Code>/.exec(text)?.[1];
}

/** Status and code of what a request comes to. */
function outcome(where: Setting, asked: Asked | string): string {
  const { status, text } = ask(where, asked);
  return `${status} ${codeOf(text) ?? ''}`.trim();
}

function siteWith(more: Partial<Bucket>, architecture: Partial<Architecture> = {}): Setting {
  return setting([bucket('site', more)], { site: { 'index.html': 'hello' } }, { architecture });
}

describe('names', () => {
  test.each([
    ['virtual-hosted', 'https://site.s3.eu-west-1.amazonaws.com/index.html'],
    ['path-style', 'https://s3.eu-west-1.amazonaws.com/site/index.html'],
  ])('RS 5.16: %s names lead to the object', (_form, url) => {
    expect(ask(SITE, url).text).toBe('<p>hello');
  });

  test('RS 5.16: any other Host is the name of a bucket', () => {
    const cname = setting([bucket('www.example.com')], { 'www.example.com': { 'index.html': 'by name' } });
    const to = { kind: 's3', region: 'eu-west-1' } as const;
    expect(ask(cname, { url: 'http://WWW.example.com/index.html', to }).text).toBe('by name');
    expect(outcome(cname, { url: 'http://other.example.com/index.html', to })).toBe('404 NoSuchBucket');
  });

  test.each([
    'https://site.s3-eu-west-1.amazonaws.com/index.html',
    'https://s3-eu-west-1.amazonaws.com/site/index.html',
    'https://site.s3.dualstack.eu-west-1.amazonaws.com/index.html',
    'https://site.s3.amazonaws.com/index.html',
  ])('RS 5.17: the older form %s is still understood', (url) => {
    expect(ask(SITE, url).text).toBe('<p>hello');
  });

  test('RS 5.17: the global endpoint is that of us-east-1', () => {
    const world = new StoreWorld(SITE);
    const [answer] = world.world.answer(
      { name: 's3.amazonaws.com', type: 'A' },
      firstPlace(world),
      atSeconds(0),
    ).answers;
    expect(world.world.endpointAt(answer?.data ?? '')?.label).toBe('us-east-1');
  });

  test('keys are decoded from the path', () => {
    expect(ask(SITE, `${EU}/a%20b/%C3%BC.txt`).text).toBe('deep');
  });
});

function firstPlace({ world }: StoreWorld) {
  const [place] = world.vantages;
  if (place === undefined) throw new Error('a world has places');
  return place;
}

describe('Regions', () => {
  const fresh = (region: string): Setting =>
    setting(
      [bucket('site', { region })],
      { site: { 'index.html': 'hello' } },
      { plan: { switches: { 's3.fresh-buckets': true } } },
    );

  test('RS 5.18: the global endpoint sends on to a Region of before 20 March 2019 as long as DNS has not followed (CF 6.6)', () => {
    const { status, text, header } = ask(fresh('eu-west-1'), 'https://site.s3.amazonaws.com/index.html?a=b');
    expect([status, codeOf(text)]).toEqual([307, 'TemporaryRedirect']);
    expect(header('location')).toBe('https://site.s3.eu-west-1.amazonaws.com/index.html?a=b');
    expect(text).toContain('<Endpoint>site.s3.eu-west-1.amazonaws.com</Endpoint>');
  });

  test('RS 5.18: of later Regions it knows nothing', () => {
    expect(outcome(fresh('eu-south-1'), 'https://site.s3.amazonaws.com/index.html')).toBe(
      '400 IllegalLocationConstraintException',
    );
    expect(
      outcome(
        setting([bucket('site', { region: 'eu-south-1' })], { site: { a: 'a' } }),
        'https://site.s3.amazonaws.com/a',
      ),
    ).toBe('200');
  });

  test('RS 5.19: another Region’s endpoint names the right one', () => {
    const two = setting([bucket('site'), bucket('other', { region: 'us-west-2' })], {});
    const { status, text, header } = ask(two, 'https://site.s3.us-west-2.amazonaws.com/index.html');
    expect([status, codeOf(text)]).toEqual([301, 'PermanentRedirect']);
    expect(text).toContain('<Endpoint>site.s3.eu-west-1.amazonaws.com</Endpoint>');
    expect(header('x-amz-bucket-region')).toBe('eu-west-1');
  });

  test('CF 6.9: a signature for another Region than the bucket’s is refused with 400', () => {
    const two = setting([bucket('site'), bucket('other', { region: 'us-west-2' })], {});
    const signature = signatureHeader({ by: { kind: 'distribution', id: 'arn:x' }, region: 'us-west-2' });
    const asked = { url: 'https://site.s3.us-west-2.amazonaws.com/a', headers: [signature], fromEdge: true };
    expect(ask(two, asked).text).toContain(
      'the region &apos;us-west-2&apos; is wrong; expecting &apos;eu-west-1&apos;'.replaceAll('&apos;', "'"),
    );
    expect(outcome(two, asked)).toBe('400 AuthorizationHeaderMalformed');
  });
});

describe('objects', () => {
  test('they come with their headers', () => {
    const { status, header } = ask(SITE, `${EU}/index.html`);
    expect(status).toBe(200);
    expect([header('content-type'), header('server'), header('accept-ranges'), header('last-modified')]).toEqual([
      'text/html',
      'AmazonS3',
      'bytes',
      'Sat, 21 Nov 2026 12:00:00 GMT',
    ]);
  });

  test.each([
    ['bytes=2-4', 206, '234', 'bytes 2-4/10'],
    ['bytes=7-', 206, '789', 'bytes 7-9/10'],
    ['bytes=-2', 206, '89', 'bytes 8-9/10'],
    ['bytes=8-99', 206, '89', 'bytes 8-9/10'],
    ['bytes=4-2', 200, '0123456789', undefined],
    ['lines=1-2', 200, '0123456789', undefined],
  ])('the range %s gives %i %s', (range, status, text, contentRange) => {
    const found = ask(SITE, { url: `${EU}/ten.txt`, headers: [['Range', range]] });
    expect([found.status, found.text, found.header('content-range')]).toEqual([status, text, contentRange]);
  });

  test('a range past the end is 416', () => {
    expect(outcome(SITE, { url: `${EU}/ten.txt`, headers: [['Range', 'bytes=10-']] })).toBe('416 InvalidRange');
  });

  test('parts of binary objects are cut at bytes', () => {
    const bytes = Array.from({ length: 100 }, (_, index) => String.fromCharCode((index * 37) % 256)).join('');
    const binary = setting([bucket('site')], {
      site: { 'a.bin': { text: btoa(bytes), isBase64Encoded: true, bytes: 100, contentType: 'image/png' } },
    });
    for (const [first, last] of [
      [0, 0],
      [1, 1],
      [2, 7],
      [3, 98],
      [50, 99],
      [97, 99],
    ] as const) {
      const { text } = ask(binary, { url: `${EU}/a.bin`, headers: [['Range', `bytes=${first}-${last}`]] });
      expect(text).toBe(bytes.slice(first, last + 1));
    }
  });

  test('RS 5.14: a matching If-None-Match is 304, another one the object', () => {
    const etag = ask(SITE, `${EU}/index.html`).header('etag') ?? '';
    const status = (name: string, value: string): number =>
      ask(SITE, { url: `${EU}/index.html`, headers: [[name, value]] }).status;
    expect(status('If-None-Match', `"x", W/${etag}`)).toBe(304);
    expect(status('If-None-Match', '*')).toBe(304);
    expect(status('If-None-Match', '"x"')).toBe(200);
    expect(status('If-Match', '"x"')).toBe(412);
    expect(status('If-Match', etag)).toBe(200);
    expect(status('If-Modified-Since', 'Sat, 21 Nov 2026 12:00:00 GMT')).toBe(304);
    expect(status('If-Modified-Since', 'Sat, 21 Nov 2026 11:59:59 GMT')).toBe(200);
    expect(status('If-Unmodified-Since', 'Sat, 21 Nov 2026 11:59:59 GMT')).toBe(412);
  });
});

describe('errors', () => {
  test('RS 5.19, RS 5.19a: they are XML with code, message and ids', () => {
    const { status, text, header } = ask(SITE, `${EU}/gone`);
    expect([status, header('content-type')]).toEqual([403, 'application/xml']);
    const id = header('x-amz-request-id');
    expect(text).toMatch(
      /^<\?xml version="1.0" encoding="UTF-8"\?>\n<Error><Code>AccessDenied<\/Code><Message>Access Denied<\/Message>/,
    );
    expect(text).toContain(`<RequestId>${id}</RequestId><HostId>${header('x-amz-id-2')}</HostId></Error>`);
  });

  test('RS 5.20: what is missing is 404 for those who may list, else 403 (CF 6.3)', () => {
    expect(outcome(siteWith({ policy: [PUBLIC_READ] }), `${EU}/gone`)).toBe('403 AccessDenied');
    expect(outcome(siteWith({ policy: [PUBLIC_READ, PUBLIC_LIST] }), `${EU}/gone`)).toBe('404 NoSuchKey');
    expect(ask(siteWith({ policy: [PUBLIC_READ, PUBLIC_LIST] }), `${EU}/gone`).text).toContain('<Key>gone</Key>');
  });

  test('RS 5.21: a missing bucket is 404', () => {
    const { status, text } = ask(SITE, 'https://nobody.s3.eu-west-1.amazonaws.com/');
    expect([status, codeOf(text)]).toEqual([404, 'NoSuchBucket']);
    expect(text).toContain('<Message>The specified bucket does not exist</Message>');
  });

  test('RS 5.15: a Region’s S3 that has too much to do answers 503 SlowDown, one that is broken 500', () => {
    const failing = (status: number): Setting => {
      const target = { kind: 'service', region: 'eu-west-1', service: 's3' } as const;
      const faults = [
        { name: 'f', target, effect: { kind: 'status', status } as const, from: atSeconds(0), until: NEVER, share: 1 },
      ];
      return setting([bucket('site')], { site: { 'index.html': 'hello' } }, { plan: { faults } });
    };
    expect(outcome(failing(503), `${EU}/index.html`)).toBe('503 SlowDown');
    expect(outcome(failing(500), `${EU}/index.html`)).toBe('500 InternalError');
  });

  test('CF 6.2: the root lists keys for those who may list', () => {
    expect(outcome(SITE, `${EU}/`)).toBe('403 AccessDenied');
    const { text } = ask(siteWith({ policy: [PUBLIC_LIST] }), `${EU}/`);
    expect(text).toContain('<Contents><Key>index.html</Key>');
    expect(outcome(siteWith({ policy: [PUBLIC_LIST] }), `${EU}/index.html`)).toBe('403 AccessDenied');
  });

  test('who may not write is refused, and a write that is allowed is not carried out', () => {
    expect(outcome(SITE, { url: `${EU}/index.html`, method: 'PUT' })).toBe('403 AccessDenied');
    expect(outcome(SITE, { url: `${EU}/index.html`, method: 'BREW' })).toBe('405 MethodNotAllowed');
    const writable = siteWith({ policy: [{ ...PUBLIC_READ, actions: ['s3:*'] }] });
    expect(outcome(writable, { url: `${EU}/index.html`, method: 'PUT' })).toBe('501 NotImplemented');
  });
});

describe('versions', () => {
  const versioned = (actions: readonly ReturnType<typeof at>[]): StoreWorld =>
    new StoreWorld(
      setting(
        [bucket('site', { versioning: 'Enabled', policy: [{ ...PUBLIC_READ, actions: ['s3:*'] }] })],
        { site: { 'a.txt': 'one' } },
        { plan: { actions } },
      ),
    );
  const url = `${EU}/a.txt`;

  test('RS 5.23: a DELETE leaves the older versions, and RS 5.22: the marker answers 404 and 405', () => {
    const world = versioned([at(10, { kind: 'delete-object', bucket: 'site', key: 'a.txt' })]);
    const id = world.ask({ url }).header('x-amz-version-id');
    world.pass(11);
    const gone = world.ask({ url });
    expect([gone.status, gone.header('x-amz-delete-marker'), codeOf(gone.text)]).toEqual([404, 'true', 'NoSuchKey']);
    expect([gone.header('x-amz-version-id'), gone.header('allow')]).toEqual([id?.replace(/1$/, '2'), undefined]);
    expect(world.ask({ url: `${url}?versionId=${id}` }).text).toBe('one');
    const marker = id?.replace(/1$/, '2');
    const refused = world.ask({ url: `${url}?versionId=${marker}` });
    expect([refused.status, refused.header('x-amz-delete-marker'), refused.header('allow')]).toEqual([
      405,
      'true',
      'DELETE',
    ]);
    expect(world.ask({ url: `${url}?versionId=none` }).status).toBe(404);
  });

  test('RS 5.23: the newest version is served, and the one before when it is deleted for good', () => {
    const put = { kind: 'put-object', bucket: 'site', key: 'a.txt', object: saying('two') } as const;
    const world = versioned([
      at(10, put),
      at(20, { kind: 'delete-object', bucket: 'site', key: 'a.txt', versionId: 'current' }),
    ]);
    world.pass(11);
    expect(world.ask({ url }).text).toBe('two');
    world.pass(10);
    expect(world.ask({ url }).text).toBe('one');
  });

  test('without versioning a DELETE leaves nothing', () => {
    const plan = { actions: [at(10, { kind: 'delete-object', bucket: 'site', key: 'index.html' } as const)] };
    const world = new StoreWorld(setting([bucket('site')], { site: { 'index.html': 'hello' } }, { plan }));
    world.pass(11);
    expect(world.ask({ url: `${EU}/index.html` }).header('x-amz-delete-marker')).toBeUndefined();
    expect(world.ask({ url: `${EU}/index.html` }).status).toBe(403);
  });
});

describe('who asks', () => {
  const ARN = 'arn:aws:cloudfront::123456789012:distribution/E1';
  const oac = (id: string): Bucket['policy'] => [
    {
      effect: 'Allow',
      principals: [{ kind: 'Service', value: 'cloudfront.amazonaws.com' }],
      actions: ['s3:GetObject'],
      resources: ['arn:aws:s3:::site/*'],
      conditions: [{ operator: 'StringEquals', key: 'aws:sourcearn', values: [id] }],
    },
  ];
  const url = `${EU}/index.html`;
  const signed = (id: string): Asked => ({
    url,
    fromEdge: true,
    headers: [signatureHeader({ by: { kind: 'distribution', id }, region: 'eu-west-1' })],
  });

  test('CF 6.5: the distribution that the policy names is let in, others and anybody else are not', () => {
    expect(outcome(siteWith({ policy: oac(ARN) }), signed(ARN))).toBe('200');
    expect(outcome(siteWith({ policy: oac(ARN) }), signed(`${ARN}2`))).toBe('403 AccessDenied');
    expect(outcome(siteWith({ policy: oac(ARN) }), url)).toBe('403 AccessDenied');
  });

  test('nobody but an edge location is believed', () => {
    expect(outcome(siteWith({ policy: oac(ARN) }), { ...signed(ARN), fromEdge: false })).toBe('403 AccessDenied');
  });

  test('CF 6.8: a signed request with a Host that is none of S3’s is 403', () => {
    const policy = oac(ARN);
    const named = setting([bucket('site', { policy }), bucket('www.example.com', { policy })], {});
    expect(outcome(named, { ...signed(ARN), host: 'www.example.com' })).toBe('403 SignatureDoesNotMatch');
  });

  test.each([
    [{ kind: 'CanonicalUser', value: 'abc' } as const],
    [{ kind: 'AWS', value: 'arn:aws:iam::cloudfront:user/CloudFront Origin Access Identity E9' } as const],
  ])('an origin access identity reads as the user %o', (principal) => {
    const policy = [{ ...PUBLIC_READ, principals: [principal] }];
    const identity = { id: 'E9', canonicalUserId: 'abc' };
    const where = siteWith({ policy }, { originAccessIdentities: [identity, { id: 'E8', canonicalUserId: 'xyz' }] });
    const asked = (id: string): Asked => ({
      url,
      fromEdge: true,
      headers: [signatureHeader({ by: { kind: 'identity', id }, region: 'eu-west-1' })],
    });
    expect(outcome(where, asked('E9'))).toBe('200');
    expect(outcome(where, asked('E8'))).toBe('403 AccessDenied');
    expect(outcome(where, asked('E7'))).toBe('403 AccessDenied');
  });

  test('a statement that denies goes before one that allows', () => {
    const insecure = { operator: 'Bool', key: 'aws:securetransport', values: ['false'] };
    const deny = { ...PUBLIC_READ, effect: 'Deny' as const, actions: ['s3:*'], conditions: [insecure] };
    const where = siteWith({ policy: [PUBLIC_READ, deny] });
    expect(outcome(where, url)).toBe('200');
    expect(outcome(where, url.replace('https', 'http'))).toBe('403 AccessDenied');
  });

  test('blocked public access lets nobody in by a public statement', () => {
    expect(outcome(siteWith({ restrictsPublicBuckets: true }), url)).toBe('403 AccessDenied');
    expect(outcome(siteWith({ restrictsPublicBuckets: true, policy: oac(ARN) }), signed(ARN))).toBe('200');
  });

  test.each([
    ['s3:Get*', '*', true],
    ['S3:GETOBJECT', 'arn:aws:s3:::site/*', true],
    ['s3:GetObject', 'arn:aws:s3:::site/ind?x.html', true],
    ['s3:GetObject', 'arn:aws:s3:::site/*.css', false],
    ['s3:GetObject', 'arn:aws:s3:::site', false],
    ['s3:PutObject', '*', false],
  ])('the action %s on %s lets read: %s', (action, resource, lets) => {
    const policy = [{ ...PUBLIC_READ, actions: [action], resources: [resource] }];
    expect(outcome(siteWith({ policy }), url)).toBe(lets ? '200' : '403 AccessDenied');
  });

  test('conditions on what the request says', () => {
    const referred = [
      { ...PUBLIC_READ, conditions: [{ operator: 'StringLike', key: 'aws:referer', values: ['secret-*'] }] },
    ];
    expect(outcome(siteWith({ policy: referred }), { url, headers: [['Referer', 'secret-1']] })).toBe('200');
    expect(outcome(siteWith({ policy: referred }), url)).toBe('403 AccessDenied');
    const unknown = [
      { ...PUBLIC_READ, conditions: [{ operator: 'IpAddress', key: 'aws:sourceip', values: ['10.0.0.0/8'] }] },
    ];
    expect(outcome(siteWith({ policy: unknown }), url)).toBe('403 AccessDenied');
    const inverted = [{ ...PUBLIC_READ, isNotPrincipal: true as const }];
    expect(outcome(siteWith({ policy: inverted }), url)).toBe('403 AccessDenied');
  });
});
