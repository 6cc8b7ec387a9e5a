import type { WorldFile } from '../doors/index.ts';

/** What `firedrill up` says once the world is up: where its doors are, and what to do next. */
export function renderUp(world: WorldFile, directory: string, asJson: boolean): string {
  const { ports, dns, regions, places, speed, pid, caFile, bundleFile, upSince } = world;
  const endpointUrl = `http://127.0.0.1:${ports.endpoint}`;
  const proxyUrl = `http://127.0.0.1:${ports.proxy}`;
  if (asJson) {
    const said = { directory, pid, upSince, regions, places, speed, endpointUrl, proxyUrl, dns, caFile, bundleFile };
    return `${JSON.stringify(said, null, 2)}\n`;
  }
  return `A world is up: ${regions.join(', ')}${speed === 1 ? '' : `, at speed ${speed}`}.
  AWS APIs      ${endpointUrl}
  proxy         ${proxyUrl}
  name servers  ${dns.address}:${dns.port}
  its CA        ${caFile}
Run programs in it with \`firedrill exec -- COMMAND\`, look at it with \`firedrill status\`, end it with \`firedrill down\`.
`;
}
