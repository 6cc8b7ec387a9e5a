import { CITIES, REGIONS } from '../../model/index.ts';
import type { CacheBehavior, Territory } from '../../model/index.ts';
import type { Arrival, Header, HttpRequest, Vantage } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import type { EdgeCall } from './edge.ts';

/*
 * What CloudFront says about a viewer, in headers that begin with `CloudFront-`. They are added after the function at
 * viewer-request, where a policy lists them, and overwrite what the viewer itself has sent under their names (CF 3.43). Of
 * what nothing is known here, as a fingerprint or a postal code, nothing is said.
 */

/** Names, in lower case, of the headers that the policies of a behaviour list; undefined when they list none. */
export function viewerHeadersOf({ cachePolicy, originRequestPolicy }: CacheBehavior): readonly string[] | undefined {
  const listed = [cachePolicy.headers, originRequestPolicy?.headers].flatMap((selection) =>
    selection?.kind === 'only' ? selection.names : [],
  );
  const names = [...listed, ...(originRequestPolicy?.cloudFrontHeaders ?? [])].map((name) => name.toLowerCase());
  const wanted = [...new Set(names)].filter((name) => name.startsWith('cloudfront-'));
  return wanted.length === 0 ? undefined : wanted;
}

/** The request with what its viewer is, in the headers that are wanted. */
export function withViewerHeaders({ request, arrival }: EdgeCall, wanted: readonly string[]): HttpRequest {
  const { method, target, host, body, upgrade } = request;
  const kept = request.headers.filter(([name]) => !wanted.includes(name.toLowerCase()));
  const said = wanted.flatMap((name): Header[] => {
    const about = ABOUT[name];
    const value = about?.value(arrival);
    return about === undefined || value === undefined ? [] : [[about.name, value]];
  });
  return { method, target, host, body, headers: [...kept, ...said], upgrade };
}

interface About {
  readonly name: string;
  readonly value: (arrival: Arrival) => string | undefined;
}

/** The source port of a viewer's connection is not known to the engine: one of those that systems choose. */
const SOURCE_PORT = 49_152;

const VALUES: Readonly<Record<string, About['value']>> = {
  'CloudFront-Forwarded-Proto': ({ tls }) => (tls ? 'https' : 'http'),
  'CloudFront-Viewer-Http-Version': ({ httpVersion }) => httpVersion ?? '1.1',
  'CloudFront-Viewer-TLS': ({ tls }) => (tls ? 'TLSv1.3:TLS_AES_128_GCM_SHA256:fullHandshake' : undefined),
  'CloudFront-Viewer-Address': ({ from }) => `${from.address}:${SOURCE_PORT}`,
  'CloudFront-Viewer-Country': ({ from }) => countryOf(from),
  // Requests from inside AWS get the country alone (CF 3.43).
  'CloudFront-Viewer-City': ({ from }) => (isInCity(from) ? percentEncoded(placeNameOf(from)) : undefined),
  'CloudFront-Viewer-Country-Region': ({ from }) => (isInCity(from) ? territoryOf(from)?.subdivision : undefined),
  'CloudFront-Viewer-Latitude': ({ from }) => (isInCity(from) ? from.spot.latitude.toFixed(5) : undefined),
  'CloudFront-Viewer-Longitude': ({ from }) => (isInCity(from) ? from.spot.longitude.toFixed(5) : undefined),
  'CloudFront-Is-Android-Viewer': device((agent) => /android/i.test(agent)),
  'CloudFront-Is-IOS-Viewer': device((agent) => /iphone|ipad|ipod/i.test(agent)),
  'CloudFront-Is-Desktop-Viewer': device((agent) => !isMobile(agent) && !isTv(agent)),
  'CloudFront-Is-Mobile-Viewer': device(isMobile),
  'CloudFront-Is-SmartTV-Viewer': device(isTv),
  'CloudFront-Is-Tablet-Viewer': device(isTablet),
};

const ABOUT: Readonly<Record<string, About>> = Object.fromEntries(
  Object.entries(VALUES).map(([name, value]) => [name.toLowerCase(), { name, value }]),
);

function device(is: (userAgent: string) => boolean): About['value'] {
  return ({ request }) => String(is(headerOf(request.headers, 'user-agent') ?? ''));
}

function isTv(agent: string): boolean {
  return /smart-?tv|googletv|apple ?tv|hbbtv|tizen|web0s|webos|roku|crkey|bravia|\baft[a-z]/i.test(agent);
}

function isTablet(agent: string): boolean {
  return !isTv(agent) && /ipad|tablet|kindle|silk|playbook|android(?!.*mobile)/i.test(agent);
}

/** Tablets are mobile, too (CF 3.43). */
function isMobile(agent: string): boolean {
  return isTablet(agent) || (!isTv(agent) && /mobile|iphone|ipod|android/i.test(agent));
}

function isInCity({ name }: Vantage): boolean {
  return name.startsWith('city:');
}

/** Without the kind that a place's name begins with. */
function placeNameOf({ name }: Vantage): string {
  return name.slice(name.indexOf(':') + 1);
}

function territoryOf(vantage: Vantage): Territory | undefined {
  const name = placeNameOf(vantage);
  return CITIES[name] ?? REGIONS[name];
}

/** Where a viewer is, as `DE`; undefined when nobody knows. */
export function countryOf(viewer: Vantage): string | undefined {
  return territoryOf(viewer)?.country;
}

/** What is not ASCII goes percent-encoded. */
function percentEncoded(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character));
}
