import type { Architecture } from '../model/index.ts';
import type { Endpoint } from './world.ts';

/** Which certificate each endpoint shows for which server name. */
export interface Certificates {
  /** Names that the certificate covers; empty: the handshake fails. */
  namesFor(endpoint: Endpoint, serverName: string | undefined): readonly string[];
}

/** Without a server name CloudFront shows its own certificate, API Gateway none; to a name it does not know the other way round (RS 3.46, R53 HC-12). */
export function certificatesOf(architecture: Architecture): Certificates {
  const aliases = new Set(architecture.distributions.flatMap(({ aliases: names }) => names));
  const distributions = new Set(architecture.distributions.map(({ domainName }) => domainName));
  const domains = new Set(architecture.apiDomainNames.map(({ name, region }) => `${name} ${region}`));
  const ownNames = ['*.cloudfront.net'];
  return {
    namesFor({ kind, label }, serverName) {
      if (kind === 'edge') {
        if (serverName === undefined || distributions.has(serverName)) return ownNames;
        if (aliases.has(serverName)) return [serverName];
        const wildcard = `*${serverName.slice(serverName.indexOf('.'))}`;
        return aliases.has(wildcard) ? [wildcard] : [];
      }
      if (kind !== 'api-gateway' || serverName === undefined) return [];
      if (domains.has(`${serverName} ${label}`)) return [serverName];
      // A name it does not know is shown the Region's own certificate, as behind a bare CNAME (RS 3.46).
      return [`*.execute-api.${label}.amazonaws.com`];
    },
  };
}

/** Whether a certificate covers any of the names wanted; a wildcard stands for one label (RFC 9525). */
export function covers(certified: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((name) =>
    certified.some(
      (pattern) => pattern === name || (pattern.startsWith('*.') && name.slice(name.indexOf('.')) === pattern.slice(1)),
    ),
  );
}
