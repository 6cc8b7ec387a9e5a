import { CITIES, type OriginModel, REGIONS } from '../model/index.ts';
import type { OriginText } from './drill-schema.ts';
import { checkSocketModel, readSocketModel } from './read-web-socket.ts';
import { complain, type Reading } from './reading.ts';
import { remedyFor } from './suggestion.ts';

/** Servers of this machine: nothing else is ever asked. */
const OWN_SERVER = /^http:\/\/(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d{1,5})?\/?$/;

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
    const own = url === undefined ? {} : { url: url.replace(/\/$/, '') };
    const model = readSocketModel(webSocket);
    const taken = model === undefined ? {} : { webSocket: model };
    return [[nameOf(name), { latencyMs: latency, status, bodyBytes, ...where, ...own, ...taken }]];
  });
  return Object.fromEntries(read);
}

/** What a bare URL stands for: the usual model in `sim`. */
function modelFor(url: string): Exclude<OriginText, string> {
  return { url, latency: 20, status: 200, bodyBytes: 100 };
}

/** Host names are compared in lower case; ids and logical ids are not names of hosts. */
function nameOf(name: string): string {
  return name.includes('.') ? name.toLowerCase() : name;
}

function checkUrl(name: string, url: string | undefined, reading: Reading): boolean {
  if (url === undefined || OWN_SERVER.test(url)) return true;
  complain(reading, ['origins', name], {
    code: 'drill/foreign-origin',
    says: `The origin ${name} is ${url}, which is not a plain HTTP server on this machine.`,
    remedy: 'Write http://localhost:PORT: the world does TLS itself, and never asks anybody outside this machine.',
  });
  return false;
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
