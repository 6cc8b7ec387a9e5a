import { readFileSync } from 'node:fs';
import { rootCertificates } from 'node:tls';

/** Where systems keep the certificates that they trust. */
const SYSTEM_BUNDLES = [
  '/etc/ssl/certs/ca-certificates.crt',
  '/etc/pki/tls/certs/ca-bundle.crt',
  '/etc/ssl/ca-bundle.pem',
  '/etc/ssl/cert.pem',
];

/** What the system trusts, for programs that know one file and no other; Node's own list where the system has none. */
export function systemCertificates(): string {
  for (const file of SYSTEM_BUNDLES) {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      // The next one.
    }
  }
  return `${rootCertificates.join('\n')}\n`;
}
