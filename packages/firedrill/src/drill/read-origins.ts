import { CITIES, type OriginModel, REGIONS } from '../model/index.ts';
import type { OriginText } from './drill-schema.ts';
import { checkSocketModel, readSocketModel } from './read-web-socket.ts';
import { complain, type Reading } from './reading.ts';
import { bareUrl, foreignOrigin, originName } from './own-origins.ts';
import { remedyFor } from './suggestion.ts';

/** The servers that a drill file maps, by lower-case name; those that cannot be are told and left out. */
export function readOrigins(
  origins: Readonly<Record<string, OriginText>> | undefined,
  reading: Reading,
): Readonly<Record<string, OriginModel>> {
  const read = Object.entries(origins ?? {}).flatMap(([name, origin]): [string, OriginModel][] => {
    const { url, region, place, latency, status, bodyBytes, webSocket } =
      typeof origin === 'string' ? modelFor(origin) : origin;
    const isUsable = [
      checkUrl(name, url, reading),
      checkPlace(name, place, reading),
      checkRegion(name, region, place, reading),
      checkSocketModel(name, webSocket, reading),
    ].every(Boolean);
    if (!isUsable) return [];
    const where = region === undefined ? (place === undefined ? {} : { city: place }) : { region };
    const own = url === undefined ? {} : { url: bareUrl(url) };
    const model = readSocketModel(webSocket);
    const taken = model === undefined ? {} : { webSocket: model };
    return [[originName(name), { latencyMs: latency, status, bodyBytes, ...where, ...own, ...taken }]];
  });
  return Object.fromEntries(read);
}

/** What a bare URL stands for: the usual model in `sim`. */
function modelFor(url: string): Exclude<OriginText, string> {
  return { url, latency: 20, status: 200, bodyBytes: 100 };
}

function checkUrl(name: string, url: string | undefined, reading: Reading): boolean {
  const flaw = url === undefined ? undefined : foreignOrigin(name, url);
  if (flaw !== undefined) complain(reading, ['origins', name], flaw);
  return flaw === undefined;
}

function checkPlace(name: string, place: string | undefined, reading: Reading): boolean {
  if (place === undefined || Object.hasOwn(CITIES, place)) return true;
  complain(reading, ['origins', name, 'place'], {
    code: 'drill/unknown-place',
    says: `Origin ${name}: the geography knows no place ${place}.`,
    remedy: remedyFor(place, Object.keys(CITIES), 'place'),
  });
  return false;
}

function checkRegion(name: string, region: string | undefined, place: string | undefined, reading: Reading): boolean {
  if (region !== undefined && !Object.hasOwn(REGIONS, region)) {
    complain(reading, ['origins', name, 'region'], {
      code: 'drill/unknown-place',
      says: `Origin ${name}: the geography knows no Region ${region}.`,
      remedy: remedyFor(region, Object.keys(REGIONS), 'Region'),
    });
    return false;
  }
  if (region === undefined || place === undefined) return true;
  complain(reading, ['origins', name], {
    says: `Origin ${name} is in ${region} and in ${place}.`,
    remedy: 'Give region, so that faults of the Region befall it, or place.',
  });
  return false;
}
