import type { Site } from './site.ts';

/**
 * Which distribution answers to a host name: the one that has it, else the one with the longest wildcard alias that it ends with,
 * wherever DNS points (CF 4.6). A wildcard stands for one label or several.
 */
export function sitesByHost(sites: readonly Site[]): (host: string) => Site | undefined {
  const byHost = new Map<string, Site>();
  for (const site of sites) {
    for (const name of [site.distribution.domainName, ...site.distribution.aliases])
      if (!byHost.has(name)) byHost.set(name, site);
  }
  return (host) => byHost.get(host) ?? siteAbove(byHost, host.toLowerCase());
}

function siteAbove(byHost: ReadonlyMap<string, Site>, host: string): Site | undefined {
  const exact = byHost.get(host);
  if (exact !== undefined) return exact;
  for (let dot = host.indexOf('.'); dot >= 0; dot = host.indexOf('.', dot + 1)) {
    const site = byHost.get(`*${host.slice(dot)}`);
    if (site !== undefined) return site;
  }
  return undefined;
}
