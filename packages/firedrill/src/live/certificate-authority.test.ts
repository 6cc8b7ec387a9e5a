import { once } from 'node:events';
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { get } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer, type SecureContext } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import { EMPTY_ARCHITECTURE } from '../model/index.ts';
import { type CertificateAuthority, domainsOf, openCertificateAuthority } from './certificate-authority.ts';

const DOMAINS = ['amazonaws.com', 'cloudfront.net', 'example.com'];

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0).toReversed()) await close();
});

async function scratch(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'firedrill-ca-'));
  opened.push(() => rm(directory, { recursive: true, force: true }));
  return join(directory, 'ca');
}

async function open(domains: readonly string[] = DOMAINS, directory?: string): Promise<CertificateAuthority> {
  return await openCertificateAuthority({ directory: directory ?? (await scratch()), domains });
}

/** A server with a certificate; answers with what comes of a handshake by a client that trusts the CA. */
async function handshake(
  { caPem }: CertificateAuthority,
  secureContext: SecureContext,
  servername: string,
): Promise<string> {
  const server = createServer({ SNICallback: (_name, done) => done(null, secureContext) }, (socket) =>
    socket.end('hello'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  server.on('tlsClientError', () => undefined);
  const socket = connect({ host: address, port, servername, ca: caPem });
  try {
    await once(socket, 'secureConnect');
    return 'accepted';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  } finally {
    socket.destroy();
    server.close();
  }
}

/** What a client says to a certificate for these names when it wanted this one. */
async function verdict(names: readonly string[], servername: string): Promise<string> {
  const authority = await open();
  return await handshake(authority, (await authority.leafFor(names)).context, servername);
}

describe('what a client that trusts the CA', () => {
  test('accepts: its own names and those of AWS, wildcards too', async () => {
    expect(await verdict(['api.example.com'], 'api.example.com')).toBe('accepted');
    expect(await verdict(['example.com', '*.example.com'], 'www.example.com')).toBe('accepted');
    expect(await verdict(['*.execute-api.eu-west-1.amazonaws.com'], 'a1.execute-api.eu-west-1.amazonaws.com')).toBe(
      'accepted',
    );
    expect(await verdict(['*.cloudfront.net'], 'd1.cloudfront.net')).toBe('accepted');
  });

  test('refuses: another name than the certificate’s', async () => {
    expect(await verdict(['api.example.com'], 'www.example.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await verdict(['*.example.com'], 'a.b.example.com')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  test('refuses: any certificate for a name outside the world, even beside one inside', async () => {
    for (const names of [['www.bank.test'], ['api.example.com', 'www.bank.test'], ['notexample.com']]) {
      const answer = await verdict(names, names.at(-1) ?? '');
      expect(answer, names.join()).not.toBe('accepted');
      // The name fits: what is wrong is the CA's right to vouch for it.
      expect(answer, names.join()).not.toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    }
  });

  test('asks over HTTPS and is answered', async () => {
    const authority = await open();
    const { key, certificate } = await authority.leafFor(['api.example.com']);
    const { createServer: createHttps } = await import('node:https');
    const server = createHttps({ key, cert: certificate }, (_request, response) => response.end('hello'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const options = {
      host: '127.0.0.1',
      port,
      servername: 'api.example.com',
      ca: await readFile(authority.caFile),
      agent: false,
    } as const;
    const [response] = await once(get(options), 'response');
    expect(response.statusCode).toBe(200);
    response.resume();
    server.close();
  });
});

describe('the certificates', () => {
  test('are valid from yesterday for thirty days, and numbered apart', async () => {
    const authority = await open();
    const leaves = await Promise.all([['a.example.com'], ['b.example.com']].map((names) => authority.leafFor(names)));
    const [one, other] = leaves.map(({ certificate }) => new X509Certificate(certificate));
    expect(one?.serialNumber).not.toBe(other?.serialNumber);
    expect(one?.subjectAltName).toBe('DNS:a.example.com');
    expect(one?.ca).toBe(false);
    const from = Date.parse(one?.validFrom ?? '');
    expect(Math.abs(Date.now() - 86_400_000 - from)).toBeLessThan(60_000);
    expect(Date.parse(one?.validTo ?? '') - from).toBe(30 * 86_400_000);
    expect(one?.verify(new X509Certificate(authority.caPem).publicKey)).toBe(true);
  });

  test('are made once for the same names', async () => {
    const authority = await open();
    expect(await authority.leafFor(['a.example.com'])).toBe(await authority.leafFor(['a.example.com']));
  });
});

describe('the directory', () => {
  test('can be read by the user alone, and the key too', async () => {
    const { caFile, caPem } = await open();
    const directory = join(caFile, '..');
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    for (const name of await readdir(directory)) {
      const text = await readFile(join(directory, name), 'utf8');
      if (text.includes('PRIVATE KEY')) expect((await stat(join(directory, name))).mode & 0o777, name).toBe(0o600);
    }
    expect(await readFile(caFile, 'utf8')).toBe(caPem);
    expect(caPem).toContain('BEGIN CERTIFICATE');
    expect(caPem).not.toContain('PRIVATE');
  });

  test('keeps its CA for the next run, until the domains are others', async () => {
    const directory = await scratch();
    const first = await open(DOMAINS, directory);
    const second = await open(DOMAINS, directory);
    expect(second.caPem).toBe(first.caPem);
    const leaf = await second.leafFor(['api.example.com']);
    expect(await handshake(first, leaf.context, 'api.example.com')).toBe('accepted');
    const third = await open(['example.org'], directory);
    expect(third.caPem).not.toBe(first.caPem);
    expect(await handshake(third, (await third.leafFor(['example.org'])).context, 'example.org')).toBe('accepted');
  });

  test('gets a new CA for one that is damaged, with a key as private as the first', async () => {
    const directory = await scratch();
    const first = await open(DOMAINS, directory);
    await writeFile(join(directory, 'ca.key.pem'), 'damaged');
    await chmod(join(directory, 'ca.key.pem'), 0o644);
    const second = await open(DOMAINS, directory);
    expect(second.caPem).not.toBe(first.caPem);
    expect((await stat(join(directory, 'ca.key.pem'))).mode & 0o777).toBe(0o600);
    const leaf = await second.leafFor(['api.example.com']);
    expect(await handshake(second, leaf.context, 'api.example.com')).toBe('accepted');
  });
});

test('the CA’s domains are the estate’s own and AWS’s, each once, without what lies below another', () => {
  const hostedZones = [
    { id: 'Z1', name: 'example.com', private: false },
    { id: 'Z2', name: 'eu.example.com', private: false },
    { id: 'Z3', name: 'myexample.com', private: false },
  ];
  expect(domainsOf({ ...EMPTY_ARCHITECTURE, hostedZones })).toEqual([
    'amazonaws.com',
    'cloudfront.net',
    'example.com',
    'myexample.com',
    'on.aws',
  ]);
});
