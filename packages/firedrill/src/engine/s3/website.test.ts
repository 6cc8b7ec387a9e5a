import { describe, expect, test } from 'vitest';
import type { Bucket, BucketWebsite, RoutingRule } from '../../model/index.ts';
import { atSeconds, NEVER } from '../../model/index.ts';
import type { Answer, Asked } from '../object-stores.fixture.ts';
import { bucket, PUBLIC_READ, saying, setting, StoreWorld } from '../object-stores.fixture.ts';

const HOST = 'http://site.s3-website-eu-west-1.amazonaws.com';

type Hosting = Extract<BucketWebsite, { readonly kind: 'hosting' }>;

function hosting(more: Partial<Hosting> = {}): Hosting {
  return { kind: 'hosting', indexDocument: 'index.html', routingRules: [], ...more };
}

const OBJECTS = {
  'index.html': 'root',
  'photos/index.html': 'folder',
  'photos/a.txt': 'object',
  docs: 'no folder',
  'docs/index.html': 'never',
  'moved.html': saying('', { redirectLocation: 'https://example.com/new' }),
  'inner.html': saying('', { redirectLocation: '/photos/' }),
};

/** Asks a website once. */
function ask(
  asked: Asked | string,
  more: Partial<Bucket> = {},
  objects: Parameters<typeof setting>[1][string] = {},
): Answer {
  const site = bucket('site', { website: hosting(), ...more });
  const world = new StoreWorld(setting([site], { site: { ...OBJECTS, ...objects } }));
  return world.ask(typeof asked === 'string' ? { url: asked } : asked);
}

/** Status, and what it says or where it leads. */
function outcome(...asked: Parameters<typeof ask>): string {
  const { status, text, header } = ask(...asked);
  const code = /<li>Code: (\w+)<\/li>/.exec(text)?.[1];
  return `${status} ${code ?? header('location') ?? text}`;
}

function check(path: string, expected: string): void {
  expect(outcome(`${HOST}${path}`)).toBe(expected);
}

test('RS 5.5: the index document stands for the root and for folders', () => {
  check('/', '200 root');
  check('/?a=b', '200 root');
  check('/photos/', '200 folder');
  check('/photos/a.txt', '200 object');
  check('/docs', '200 no folder');
  check('/photos', '302 /photos/');
  check('/nothing', '404 NoSuchKey');
});

test('RS 5.1: a website speaks HTTP only, takes GET and HEAD only, and its errors are HTML', () => {
  const { world } = new StoreWorld(setting([bucket('site', { website: hosting() })], {}));
  const endpoint = world.endpoints.find(({ kind, label }) => kind === 's3-website' && label === 'eu-west-1');
  expect([...(endpoint?.ports ?? [])]).toEqual([[80, 'http']]);
  expect(outcome({ url: `${HOST}/`, method: 'POST' })).toBe('405 MethodNotAllowed');
  expect(ask({ url: `${HOST}/`, method: 'HEAD' }).status).toBe(200);
  expect(ask(`${HOST}/nothing`).header('content-type')).toBe('text/html; charset=utf-8');
});

test('CF 6.2: a website redirects and has index documents where the REST endpoint has XML errors', () => {
  expect(outcome(`${HOST}/photos`)).toBe('302 /photos/');
  const rest = ask('http://site.s3.eu-west-1.amazonaws.com/photos');
  expect([rest.status, rest.header('content-type')]).toEqual([403, 'application/xml']);
});

test('RS 5.3: both spellings of the endpoint are understood', () => {
  expect(outcome('http://site.s3-website.eu-west-1.amazonaws.com/')).toBe('200 root');
});

test('RS 5.4: any other host is the name of a bucket', () => {
  const site = bucket('www.example.com', { website: hosting() });
  const world = new StoreWorld(setting([site], { 'www.example.com': { 'index.html': 'by name' } }));
  const to = { kind: 's3-website', region: 'eu-west-1' } as const;
  expect(world.ask({ url: 'http://www.example.com/', to }).text).toBe('by name');
  const other = world.ask({ url: 'http://example.com/', to });
  expect(other.status).toBe(404);
  expect(other.text).toContain(
    '<li>Code: NoSuchBucket</li>\n<li>Message: The specified bucket does not exist</li>\n<li>BucketName: example.com</li>',
  );
});

test('RS 5.6: the bare endpoint leads to the product page', () => {
  expect(outcome('http://s3-website-eu-west-1.amazonaws.com/')).toBe('301 https://aws.amazon.com/s3/');
});

test('RS 5.7: the endpoint of another Region than the bucket’s is 400', () => {
  const world = new StoreWorld(
    setting([bucket('site', { website: hosting() }), bucket('far', { region: 'us-west-2' })], {}),
  );
  expect(world.ask({ url: 'http://site.s3-website-us-west-2.amazonaws.com/' }).status).toBe(400);
});

test('RS 5.8: missing is 404, what not everybody may read 403, there or not', () => {
  expect(outcome(`${HOST}/nothing`)).toBe('404 NoSuchKey');
  const partly = { policy: [{ ...PUBLIC_READ, resources: ['arn:aws:s3:::site/photos/*'] }] };
  expect(outcome(`${HOST}/`, partly)).toBe('403 AccessDenied');
  expect(outcome(`${HOST}/nothing`, { policy: [] })).toBe('403 AccessDenied');
});

test('a bucket that is no website says so', () => {
  const world = new StoreWorld(setting([bucket('site')], { site: OBJECTS }));
  expect(world.ask({ url: `${HOST}/` }).text).toContain('NoSuchWebsiteConfiguration');
});

test('RS 5.9: the error document is for what is the client’s mistake, and must be there', () => {
  const website = hosting({ errorDocument: 'error.html' });
  const found = ask(`${HOST}/nothing`, { website }, { 'error.html': 'our page' });
  expect([found.status, found.text]).toEqual([404, 'our page']);
  const denied = ask(`${HOST}/nothing`, { website, policy: [] }, { 'error.html': 'our page' });
  expect(denied.status).toBe(403);
  const missing = ask(`${HOST}/nothing`, { website });
  expect(missing.text).toContain('<li>Key: nothing</li>');
  expect(missing.text).toContain('Custom Error Document</h3>\n<ul>\n<li>Code: NoSuchKey</li>');
  expect(missing.text).toContain('<li>Key: error.html</li>');
});

test('RS 5.9: a failing Region has S3’s own page, not the error document', () => {
  const target = { kind: 'service', region: 'eu-west-1', service: 's3' } as const;
  const faults = [
    { name: 'f', target, effect: { kind: 'status', status: 503 } as const, from: atSeconds(0), until: NEVER, share: 1 },
  ];
  const site = bucket('site', { website: hosting({ errorDocument: 'error.html' }) });
  const world = new StoreWorld(setting([site], { site: { 'error.html': 'our page' } }, { plan: { faults } }));
  expect(world.ask({ url: `${HOST}/` }).text).toContain('<h1>503 Slow Down</h1>');
});

test('RS 5.10: the page has the status as its title and lists code, message, key and ids', () => {
  const { text, header } = ask(`${HOST}/<a>`.replace('<a>', '%3Ca%3E'));
  expect(text).toBe(
    `<html>\n<head><title>404 Not Found</title></head>\n<body>\n<h1>404 Not Found</h1>\n<ul>\n<li>Code: NoSuchKey</li>\n<li>Message: The specified key does not exist.</li>\n<li>Key: &lt;a&gt;</li>\n<li>RequestId: ${header('x-amz-request-id')}</li>\n<li>HostId: ${header('x-amz-id-2')}</li>\n</ul>\n<hr/>\n</body>\n</html>\n`,
  );
});

describe('RS 5.11: routing rules', () => {
  const rule = (redirect: RoutingRule['redirect'], when: Omit<RoutingRule, 'redirect'> = {}): RoutingRule => ({
    ...when,
    redirect,
  });
  test.each([
    ['/docs/a', rule({ replaceKeyPrefixWith: 'papers/' }, { keyPrefixEquals: 'docs/' }), `301 ${HOST}/papers/a`],
    ['/photos/a.txt', rule({ replaceKeyPrefixWith: 'x/' }, { keyPrefixEquals: 'docs/' }), '200 object'],
    ['/any', rule({ hostName: 'example.com', protocol: 'https' }), '301 https://example.com/any'],
    ['/any', rule({ replaceKeyWith: 'sorry.html', httpRedirectCode: 302 }), `302 ${HOST}/sorry.html`],
    [
      '/gone',
      rule({ hostName: 'old.example.com' }, { httpErrorCodeReturnedEquals: 404 }),
      '301 http://old.example.com/gone',
    ],
    ['/', rule({ hostName: 'old.example.com' }, { httpErrorCodeReturnedEquals: 404 }), '200 root'],
    [
      '/a/gone',
      rule({ hostName: 'old.example.com' }, { keyPrefixEquals: 'b/', httpErrorCodeReturnedEquals: 404 }),
      '404 NoSuchKey',
    ],
  ])('%s by %o is %s', (path, routingRule, expected) => {
    expect(outcome(`${HOST}${path}`, { website: hosting({ routingRules: [routingRule] }) })).toBe(expected);
  });
});

describe('a Location can hold whatever the path does', () => {
  const rule = (redirect: RoutingRule['redirect']): Partial<Bucket> => ({
    website: hosting({ routingRules: [{ keyPrefixEquals: 'docs/', redirect }] }),
  });
  test.each([
    ['/docs/a%20b', '/papers/a%20b'],
    ['/docs/%E2%82%AC/x+y?z=1', '/papers/%E2%82%AC/x+y'],
    ['/docs/%0D%0AX-Own:%20yes', '/papers/%0D%0AX-Own:%20yes'],
    ['/docs/50%25%3F%23', '/papers/50%25%3F%23'],
  ])('RS 5.11: %s goes to %s', (path, expected) => {
    expect(outcome(`${HOST}${path}`, rule({ replaceKeyPrefixWith: 'papers/' }))).toBe(`301 ${HOST}${expected}`);
  });

  test('RS 5.11: what a rule puts in its place is left as it is written, a fragment too', () => {
    expect(outcome(`${HOST}/docs/a b`.replace(' ', '%20'), rule({ replaceKeyPrefixWith: '#!/' }))).toBe(
      `301 ${HOST}/#!/a%20b`,
    );
    expect(outcome(`${HOST}/docs/a`, rule({ replaceKeyWith: 'é x.html?a=b' }))).toBe(`301 ${HOST}/%C3%A9%20x.html?a=b`);
  });

  test('RS 5.5, 5.13: so it is for folders, and for objects that redirect', () => {
    expect(outcome(`${HOST}/caf%C3%A9`, {}, { 'café/index.html': 'c' })).toBe('302 /caf%C3%A9/');
    expect(outcome(`${HOST}/m`, {}, { m: saying('', { redirectLocation: '/a\r\nX-Own: é' }) })).toBe(
      '301 /a%0D%0AX-Own:%20%C3%A9',
    );
  });
});

test('RS 5.12: a website that redirects everything keeps the path', () => {
  const to = (website: BucketWebsite): string => outcome(`${HOST}/a/b?c=d`, { website });
  expect(to({ kind: 'redirect', hostName: 'example.com', protocol: 'https' })).toBe('301 https://example.com/a/b?c=d');
  expect(to({ kind: 'redirect', hostName: 'example.com' })).toBe('301 http://example.com/a/b?c=d');
});

test('RS 5.13: an object can redirect, on the website only', () => {
  check('/moved.html', '301 https://example.com/new');
  check('/inner.html', '301 /photos/');
  expect(ask('http://site.s3.eu-west-1.amazonaws.com/moved.html').status).toBe(200);
});

test('RS 5.14: conditions work on websites', () => {
  const etag = ask(`${HOST}/`).header('etag') ?? '';
  expect(ask({ url: `${HOST}/`, headers: [['If-None-Match', etag]] }).status).toBe(304);
});
