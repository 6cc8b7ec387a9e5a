import type { Architecture, LoadBalancer } from '../model/index.ts';
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
  const balancers = new Map(
    architecture.loadBalancers.map((balancer) => [balancer.arn, certificatesIn(balancer, architecture)]),
  );
  return {
    namesFor({ kind, label, resource = '' }, serverName) {
      if (kind === 'load-balancer') return certificateFor(balancers.get(resource) ?? [], serverName);
      // Whoever runs it has seen to a certificate for its name.
      if (kind === 'server') return [serverName ?? resource];
      // One label before it: a bucket with dots in its name is not covered.
      if (kind === 's3') return s3Certificate(label);
      if (kind === 'function-url') return [`*.lambda-url.${label}.on.aws`];
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

/** What the REST endpoint of a Region shows whatever it is called by; the names without a Region are on it too. */
function s3Certificate(region: string): readonly string[] {
  const own = [`s3.${region}`, `s3-${region}`, `s3.dualstack.${region}`, 's3'].map((name) => `${name}.amazonaws.com`);
  return own.flatMap((name) => [name, `*.${name}`]);
}

/** Names of each certificate of a load balancer's listeners; the first listener's first is the default one. */
function certificatesIn({ listeners }: LoadBalancer, { certificates }: Architecture): readonly (readonly string[])[] {
  return listeners
    .flatMap(({ certificateArns }) => certificateArns)
    .flatMap((arn) => certificates.filter((certificate) => certificate.arn === arn))
    .map(({ domainName, subjectAlternativeNames }) => [...new Set([domainName, ...subjectAlternativeNames])]);
}

/** The one that covers the server name; the default one when none does, or nothing was named. */
function certificateFor(all: readonly (readonly string[])[], serverName: string | undefined): readonly string[] {
  const fitting = serverName === undefined ? undefined : all.find((names) => covers(names, [serverName]));
  return fitting ?? all[0] ?? [];
}

/** Whether a certificate covers any of the names wanted; a wildcard stands for one label (RFC 9525). */
export function covers(certified: readonly string[], wanted: readonly string[]): boolean {
  return wanted.some((name) =>
    certified.some(
      (pattern) => pattern === name || (pattern.startsWith('*.') && name.slice(name.indexOf('.')) === pattern.slice(1)),
    ),
  );
}
