import 'reflect-metadata';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { X509Certificate } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CertificateAuthority, Leaf } from './certificate-authority.ts';
import { domainsOf, openCertificateAuthority } from './certificate-authority.ts';

const DOMAINS = ['cloudfront.net', 'example.com'];
let directory = '';

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'firedrill-ca-')), 'ca');
});
afterEach(async () => {
  await rm(join(directory, '..'), { recursive: true, force: true });
});

/** Shakes hands with a server that shows a certificate, as a client that trusts the CA alone. */
async function handshake(
  { caPem }: CertificateAuthority,
  { certificate, key }: Leaf,
  servername: string,
): Promise<string> {
  const server = createServer({ cert: certificate, key }).listen(0, '127.0.0.1');
  server.on('tlsClientError', () => undefined);
  await once(server, 'listening');
  const client = connect({ host: '127.0.0.1', port: (server.address() as AddressInfo).port, servername, ca: caPem });
  try {
    return await once(client, 'secureConnect').then(
      () => 'trusted',
      (error: Error) => error.message,
    );
  } finally {
    client.destroy();
    server.close();
  }
}

describe('the world’s certificate authority', () => {
  test('clients that trust it trust its certificates, for the names they cover', async () => {
    const authority = await openCertificateAuthority({ directory, domains: DOMAINS });
    const leaf = await authority.leafFor(['*.cloudfront.net', 'example.com']);
    expect(await handshake(authority, leaf, 'dabc.cloudfront.net')).toBe('trusted');
    expect(await handshake(authority, leaf, 'example.com')).toBe('trusted');
    expect(await handshake(authority, leaf, 'www.example.com')).toMatch(/altnames/);
    expect(await authority.leafFor(['*.cloudfront.net', 'example.com'])).toBe(leaf);
  });

  test('it cannot vouch for a name outside the world, not even by mistake', async () => {
    const authority = await openCertificateAuthority({ directory, domains: DOMAINS });
    for (const name of ['www.bank.com', 'notexample.com']) {
      expect(await handshake(authority, await authority.leafFor([name]), name)).not.toBe('trusted');
    }
    expect(
      await handshake(authority, await authority.leafFor(['deep.below.example.com']), 'deep.below.example.com'),
    ).toBe('trusted');
  });

  test('its key can be read by the user alone', async () => {
    const { caFile } = await openCertificateAuthority({ directory, domains: DOMAINS });
    expect((await stat(directory)).mode & 0o777).toBe(0o700);
    expect((await stat(join(directory, 'ca.key.pem'))).mode & 0o777).toBe(0o600);
    expect(await readFile(caFile, 'utf8')).not.toContain('PRIVATE');
  });

  test('it is valid from yesterday, for 30 days, and may issue no further authorities', async () => {
    const { caPem } = await openCertificateAuthority({ directory, domains: DOMAINS });
    const certificate = new X509Certificate(caPem);
    const days = (date: string): number => (Date.parse(date) - Date.now()) / 86_400_000;
    expect(days(certificate.validFrom)).toBeCloseTo(-1, 1);
    expect(days(certificate.validTo)).toBeCloseTo(29, 1);
    expect(certificate.ca).toBe(true);
  });

  test('the one that is there is used again, unless it is damaged or made for other domains', async () => {
    const first = await openCertificateAuthority({ directory, domains: DOMAINS });
    const again = await openCertificateAuthority({ directory, domains: DOMAINS });
    expect(again.caPem).toBe(first.caPem);
    const leaf = await again.leafFor(['example.com']);
    expect(await handshake(first, leaf, 'example.com')).toBe('trusted');
    const other = await openCertificateAuthority({ directory, domains: ['example.org'] });
    expect(other.caPem).not.toBe(first.caPem);
    await writeFile(join(directory, 'ca.key.pem'), 'damaged');
    const mended = await openCertificateAuthority({ directory, domains: ['example.org'] });
    expect(mended.caPem).not.toBe(other.caPem);
    expect((await stat(join(directory, 'ca.key.pem'))).mode & 0o777).toBe(0o600);
  });

  test('its domains are those of the estate and of AWS, each once', () => {
    const domains = domainsOf({
      hostedZones: [
        { id: 'Z1', name: 'example.com', private: false },
        { id: 'Z2', name: 'sub.example.com', private: false },
      ],
      distributions: [{ aliases: ['*.shop.example.org', 'www.example.com'] } as never],
      apiDomainNames: [{ name: 'api.example.net' } as never],
    });
    expect(domains).toEqual([
      'amazonaws.com',
      'api.example.net',
      'cloudfront.net',
      'example.com',
      'on.aws',
      'shop.example.org',
    ]);
  });
});
