import type { Finding, OriginModel } from '../model/index.ts';

/** Servers of this machine: nothing else is ever asked. */
const OWN_SERVER = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?\/?$/;

/** What a bare URL stands for: that server in `local`, the usual model in `sim`. */
const USUAL = { latencyMs: 20, status: 200, bodyBytes: 100 } as const;

/** Why nothing can be passed on to a URL; undefined: it can. */
export function foreignOrigin(
  name: string,
  url: string,
): Required<Pick<Finding, 'code' | 'says' | 'remedy'>> | undefined {
  if (OWN_SERVER.test(url)) return undefined;
  return {
    code: 'drill/foreign-origin',
    says: `The origin ${name} is ${url}, which is not a plain HTTP server on this machine.`,
    remedy: 'Write http://localhost:PORT: the world does TLS itself, and never asks anybody outside this machine.',
  };
}

/** Servers of this machine by the names that they stand for, as `up` takes them; those that cannot be are told and left out. */
export function ownOrigins(urls: Readonly<Record<string, string>>): {
  readonly origins: Readonly<Record<string, OriginModel>>;
  readonly findings: readonly Finding[];
} {
  const findings: Finding[] = [];
  const origins: Record<string, OriginModel> = {};
  for (const [name, url] of Object.entries(urls)) {
    const flaw = foreignOrigin(name, url);
    if (flaw === undefined) origins[originName(name)] = { ...USUAL, url: bareUrl(url) };
    else findings.push({ ...flaw, weight: 'error' });
  }
  return { origins, findings };
}

/** Host names are compared in lower case; ids and logical ids are not names of hosts. */
export function originName(name: string): string {
  return name.includes('.') ? name.toLowerCase() : name;
}

/** Without the slash at its end: what is asked for begins with one. */
export function bareUrl(url: string): string {
  return url.replace(/\/$/, '');
}
