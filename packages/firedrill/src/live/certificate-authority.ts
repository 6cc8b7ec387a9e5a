// The certificate library needs it, and before itself.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { AsnConvert } from '@peculiar/asn1-schema';
import { GeneralName, GeneralSubtree, GeneralSubtrees, NameConstraints } from '@peculiar/asn1-x509';
import * as x509 from '@peculiar/x509';
import type { Architecture } from '../model/index.ts';

type CryptoKey = webcrypto.CryptoKey;
type CryptoKeyPair = webcrypto.CryptoKeyPair;

const DAY_MS = 86_400_000;
/** From yesterday, for clocks that are a little off. */
const VALID_DAYS = 30;
/** A CA found with less left than this is replaced by a new one. */
const LEFT_DAYS_MIN = 2;
/** Certificates kept at one time; the number of names of an estate is small. */
const LEAVES_MAX = 1000;

const KEY_ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256' } as const;
const SIGNING_ALGORITHM = { name: 'ECDSA', hash: 'SHA-256' } as const;
const NAME_CONSTRAINTS_OID = '2.5.29.30';

/** Names that AWS gives to what it runs; the world answers for them. */
const AWS_DOMAINS = ['cloudfront.net', 'amazonaws.com', 'on.aws'];

/** A certificate with its key, as text, and ready for a handshake. */
export interface Leaf {
  readonly certificate: string;
  readonly key: string;
  readonly context: SecureContext;
}

/** Issues what ACM would. Its name constraints keep it from vouching for anything outside the world. */
export interface CertificateAuthority {
  /** Where clients find its certificate, as for `curl --cacert`. */
  readonly caFile: string;
  readonly caPem: string;
  /** A certificate that covers these names; the same names give the same certificate. */
  leafFor(names: readonly string[]): Promise<Leaf>;
}

/** Domains that a world's CA may vouch for: host names of mapped servers, its zones and other names of its own, and those of AWS. */
export function domainsOf(
  {
    hostedZones,
    distributions,
    apiDomainNames,
    certificates,
  }: Pick<Architecture, 'hostedZones' | 'distributions' | 'apiDomainNames' | 'certificates'>,
  origins: readonly string[] = [],
): readonly string[] {
  const own = [
    ...hostedZones.map(({ name }) => name),
    ...distributions.flatMap(({ aliases }) => aliases),
    ...apiDomainNames.map(({ name }) => name),
    ...certificates.flatMap(({ domainName, subjectAlternativeNames }) => [domainName, ...subjectAlternativeNames]),
    ...origins.filter((name) => name.includes('.') && !/^[\d.]+$/.test(name)),
  ].map((name) => name.replace(/^\*\./, '').toLowerCase());
  const all = [...new Set([...own, ...AWS_DOMAINS])].toSorted();
  // Constraints cover subdomains: what lies below another name adds nothing.
  return all.filter((name) => !all.some((other) => name.endsWith(`.${other}`)));
}

/**
 * Opens the CA in a directory: the one it finds there, so that clients can go on trusting it, or a new one when there is
 * none, it is about to expire, or it was made for other domains. Keys can be read by the user alone.
 */
export async function openCertificateAuthority(options: {
  readonly directory: string;
  readonly domains: readonly string[];
  /** What it calls itself, where there is more than one. */
  readonly name?: string;
}): Promise<CertificateAuthority> {
  x509.cryptoProvider.set(webcrypto);
  await mkdir(options.directory, { recursive: true, mode: 0o700 });
  await chmod(options.directory, 0o700);
  const caFile = join(options.directory, 'ca.pem');
  const keyFile = join(options.directory, 'ca.key.pem');
  const found = await findCa(caFile, keyFile, options.domains);
  if (found !== undefined) return await issuerOf(caFile, found);
  const made = await makeCa(options.domains, options.name ?? 'Firedrill local world');
  await writeFile(keyFile, await keyPemOf(made.privateKey), { mode: 0o600 });
  await chmod(keyFile, 0o600);
  await writeFile(caFile, `${made.certificate.toString('pem')}\n`);
  return await issuerOf(caFile, made);
}

interface Ca {
  readonly certificate: x509.X509Certificate;
  readonly privateKey: CryptoKey;
}

async function makeCa(domains: readonly string[], name: string): Promise<Ca> {
  const keys = await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: `CN=${name}`,
    ...validity(),
    keys: keys as CryptoKeyPair,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      new x509.Extension(NAME_CONSTRAINTS_OID, true, constraintsOf(domains)),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as CryptoKey),
    ],
  });
  return { certificate, privateKey: keys.privateKey as CryptoKey };
}

/** Every domain with all below it, and no IP address (RFC 5280, 4.2.1.10). */
function constraintsOf(domains: readonly string[]): ArrayBuffer {
  const permitted = domains.map((dNSName) => new GeneralSubtree({ base: new GeneralName({ dNSName }) }));
  const excluded = ['0.0.0.0/0', '::/0'].map(
    (iPAddress) => new GeneralSubtree({ base: new GeneralName({ iPAddress }) }),
  );
  return AsnConvert.serialize(
    new NameConstraints({
      permittedSubtrees: new GeneralSubtrees(permitted),
      excludedSubtrees: new GeneralSubtrees(excluded),
    }),
  );
}

async function findCa(caFile: string, keyFile: string, domains: readonly string[]): Promise<Ca | undefined> {
  try {
    const certificate = new x509.X509Certificate(await readFile(caFile, 'utf8'));
    const constraints = certificate.getExtension(NAME_CONSTRAINTS_OID)?.value;
    if (certificate.notAfter.getTime() < Date.now() + LEFT_DAYS_MIN * DAY_MS) return undefined;
    if (constraints === undefined || !Buffer.from(constraints).equals(Buffer.from(constraintsOf(domains))))
      return undefined;
    await chmod(keyFile, 0o600);
    const [der] = x509.PemConverter.decode(await readFile(keyFile, 'utf8'));
    if (der === undefined) return undefined;
    const privateKey = await webcrypto.subtle.importKey('pkcs8', der, KEY_ALGORITHM, true, ['sign']);
    return { certificate, privateKey: privateKey as CryptoKey };
  } catch {
    // Missing or damaged: a new one does as well.
    return undefined;
  }
}

/** One key pair serves all leaves: what counts is which names they cover. */
async function issuerOf(caFile: string, ca: Ca): Promise<CertificateAuthority> {
  const caPem = `${ca.certificate.toString('pem')}\n`;
  const keys = (await webcrypto.subtle.generateKey(KEY_ALGORITHM, true, ['sign', 'verify'])) as CryptoKeyPair;
  const key = await keyPemOf(keys.privateKey);
  const leaves = new Map<string, Promise<Leaf>>();
  return {
    caFile,
    caPem,
    leafFor(names) {
      const known = leaves.get(names.join(' '));
      if (known !== undefined) return known;
      if (leaves.size >= LEAVES_MAX) leaves.clear();
      const leaf = issue(ca, keys, key, names);
      leaves.set(names.join(' '), leaf);
      return leaf;
    },
  };
}

async function issue(ca: Ca, keys: CryptoKeyPair, key: string, names: readonly string[]): Promise<Leaf> {
  const issued = await x509.X509CertificateGenerator.create({
    serialNumber: serialNumber(),
    // Names stand in the extension alone: a common name holds no more than 64 characters.
    subject: 'O=Firedrill local world',
    issuer: ca.certificate.subject,
    ...validity(),
    publicKey: keys.publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: SIGNING_ALGORITHM,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension(names.map((value) => ({ type: 'dns', value }))),
      await x509.AuthorityKeyIdentifierExtension.create(ca.certificate.publicKey),
    ],
  });
  const certificate = issued.toString('pem');
  return { certificate, key, context: createSecureContext({ cert: certificate, key }) };
}

function validity(): { readonly notBefore: Date; readonly notAfter: Date } {
  const yesterday = Date.now() - DAY_MS;
  return { notBefore: new Date(yesterday), notAfter: new Date(yesterday + VALID_DAYS * DAY_MS) };
}

/** Positive, and too long to be drawn twice. */
function serialNumber(): string {
  return `01${randomBytes(15).toString('hex')}`;
}

async function keyPemOf(key: CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}
