import type { CacheBehavior, Distribution, Origin, Selection } from '../../model/index.ts';
import { assert } from '../../model/index.ts';
import type { Header, Headers, Tls } from '../conversation.ts';
import { fitsWildcard } from '../wildcard.ts';
import { viewerHeadersOf } from './viewer-headers.ts';
import type { Encodings } from './compression.ts';
import { encodingsOf } from './compression.ts';
import type { EdgeFunction, EdgeFunctions } from './edge-function.ts';
import type { OriginSigning } from './origin-access.ts';
import { signingOf, verifiedNames } from './origin-access.ts';

/** A distribution made ready for requests: names resolved to objects, patterns compiled. */
export interface Site {
  readonly distribution: Distribution;
  /** By id, those that no behaviour names too: a function may choose any (CF 5.28). */
  readonly origins: ReadonlyMap<string, SiteOrigin>;
  /** In listed order; the default behaviour is last and takes everything (CF 4.1). */
  readonly behaviors: readonly SiteBehavior[];
  /** By status; undefined when no error has a page (CF 2.16). */
  readonly errorPages: ReadonlyMap<number, CustomErrorPage> | undefined;
}

/** What takes the place of an error. */
export interface CustomErrorPage {
  readonly path: string;
  /** That goes with the page. */
  readonly status: number;
  /** Whether another behaviour than the default one takes its path, whose TTLs govern the page then (CF 2.19). */
  readonly hasOwnBehavior: boolean;
}

/** Which origins are asked, and what leads from the first to the second. */
export interface OriginRoute {
  readonly primary: SiteOrigin;
  /** Present when the target is an origin group. */
  readonly secondary: SiteOrigin | undefined;
  readonly failoverCodes: ReadonlySet<number>;
  /** Whichever has the better score is asked first (CF 1.37, 1.38). */
  readonly selectsByQuality?: boolean;
}

export interface SiteBehavior extends OriginRoute {
  readonly behavior: CacheBehavior;
  readonly matches: (path: string) => boolean;
  readonly allowedMethods: ReadonlySet<string>;
  readonly cachedMethods: ReadonlySet<string>;
  /** With a maximum TTL of 0 nothing is kept, errors neither (CF 2.6, 3.16). */
  readonly keeps: boolean;
  /** Whether requests for one object wait for each other's answer: not where cookies are forwarded (CF 3.16, 3.27). */
  readonly collapses: boolean;
  /** Whether conditions are told and judged: not where cookies are forwarded (CF 3.12). */
  readonly validates: boolean;
  /** Formats that Accept-Encoding is reduced to; undefined: it is a header like others (CF 3.35). */
  readonly encodings: Encodings | undefined;
  readonly forwardsHost: boolean;
  /** `CloudFront-*` headers that a policy lists, in lower case (CF 3.43). */
  readonly viewerHeaders: readonly string[] | undefined;
  /** No function on the viewer's side, no page in the place of an error, no header that tells of the viewer. */
  readonly isPlain: boolean;
  /** Without, Set-Cookie is kept from the viewer as well (CF 3.11). */
  readonly forwardsCookies: boolean;
  /** Functions at the four events (CF 5.1); undefined for most behaviours. */
  readonly viewerRequest: EdgeFunction | undefined;
  readonly originRequest: EdgeFunction | undefined;
  readonly originResponse: EdgeFunction | undefined;
  readonly viewerResponse: EdgeFunction | undefined;
  /** What the latest answer with headers of an origin was shown with: often the next has the same. */
  lastShown: ShownHeaders | undefined;
}

export interface SiteOrigin {
  readonly origin: Origin;
  /** When the viewer's Host is not forwarded, server name and certificate follow the origin's domain (CF 4.20). */
  readonly tls: Tls;
  /** What it is sent as a signature; undefined: it is asked as anybody asks (CF 6.5). */
  readonly signature: OriginSigning | undefined;
  /** Region of its Origin Shield, if it has one (CF 4.13). */
  readonly shieldRegion: string | undefined;
  /** Of an S3 bucket: where that is (CF 4.11). */
  readonly bucketRegion: string | undefined;
  /** What a helper of a function has set as Host; undefined: whatever the policies make of it (CF 5.30). */
  readonly host: string | undefined;
  /** Whether `tls` holds whatever Host is sent. */
  readonly fixesTls: boolean;
  /** What the latest request asked for, for which behaviour, and what was sent for it: often the next is the same. */
  lastTarget: string;
  lastBehavior: SiteBehavior | undefined;
  lastSent: string;
  /** The same for headers, as far as they are neither the connection's nor the origin's own. */
  lastSelected: SelectedHeaders | undefined;
  /** Headers of the latest answer whose size was no more than CloudFront takes. */
  lastTaken: Headers | undefined;
}

/** What of a viewer's headers goes to an origin, for one behaviour. */
interface SelectedHeaders {
  readonly from: Headers;
  readonly behavior: SiteBehavior;
  readonly method: string;
  readonly selected: readonly Header[];
}

/** What of an origin's headers goes to viewers. */
export interface ShownHeaders {
  readonly from: Headers;
  readonly dropsCookies: boolean;
  readonly shown: readonly Header[];
  /** Whether Age is among them. */
  readonly hasAge: boolean;
}

/** @param functions the functions of its behaviours that run; none unless given. */
export function siteOf(distribution: Distribution, functions?: EdgeFunctions): Site {
  const origins = new Map(distribution.origins.map((origin) => [origin.id, readyOrigin(origin, distribution)]));
  const groups = new Map(distribution.originGroups.map((group) => [group.id, group]));
  const originNamed = (id: string): SiteOrigin => {
    const origin = origins.get(id);
    assert(origin !== undefined, `distribution ${distribution.id} has the origin ${id} that it names`);
    return origin;
  };
  const hasPages = distribution.customErrorResponses.some(({ responsePagePath }) => responsePagePath !== undefined);
  const behaviors = distribution.behaviors.map((behavior) => {
    const group = groups.get(behavior.targetOriginId);
    const { cachePolicy, originRequestPolicy } = behavior;
    const forwardsCookies =
      cachePolicy.cookies.kind !== 'none' ||
      (originRequestPolicy !== undefined && originRequestPolicy.cookies.kind !== 'none');
    const viewerHeaders = viewerHeadersOf(behavior);
    const viewerRequest = functions?.at(behavior, 'viewer-request');
    const viewerResponse = functions?.at(behavior, 'viewer-response');
    const seesViewer = viewerHeaders !== undefined || viewerRequest !== undefined || viewerResponse !== undefined;
    return {
      behavior,
      matches: patternOf(behavior.pathPattern),
      primary: originNamed(group?.primary ?? behavior.targetOriginId),
      secondary: group === undefined ? undefined : originNamed(group.secondary),
      // Not where a function stands before the origins (CF 1.38).
      selectsByQuality: group?.selection === 'media-quality' && !hasOriginFunction(behavior, functions),
      failoverCodes: new Set(group?.statusCodes ?? []),
      allowedMethods: new Set(behavior.allowedMethods),
      cachedMethods: new Set(behavior.cachedMethods),
      keeps: behavior.cachePolicy.maxTtlSeconds > 0,
      forwardsCookies,
      collapses: !forwardsCookies,
      validates: !forwardsCookies,
      encodings: encodingsOf(behavior),
      forwardsHost:
        selectsHeader(cachePolicy.headers, 'host') ||
        (originRequestPolicy !== undefined && selectsHeader(originRequestPolicy.headers, 'host')),
      viewerHeaders,
      isPlain: !hasPages && !seesViewer,
      viewerRequest,
      originRequest: functions?.at(behavior, 'origin-request'),
      originResponse: functions?.at(behavior, 'origin-response'),
      viewerResponse,
      lastShown: undefined,
    };
  });
  return { distribution, origins, behaviors, errorPages: errorPagesOf(distribution, behaviors) };
}

function hasOriginFunction(behavior: CacheBehavior, functions: EdgeFunctions | undefined): boolean {
  return (['origin-request', 'origin-response'] as const).some((event) => functions?.at(behavior, event) !== undefined);
}

function errorPagesOf(
  { customErrorResponses }: Distribution,
  behaviors: readonly SiteBehavior[],
): ReadonlyMap<number, CustomErrorPage> | undefined {
  const pages = customErrorResponses.flatMap(({ errorCode, responsePagePath: path, responseCode: status }) => {
    if (path === undefined || status === undefined) return [];
    const hasOwnBehavior = behaviors.slice(0, -1).some(({ matches }) => matches(path));
    return [[errorCode, { path, status, hasOwnBehavior }] as const];
  });
  return pages.length === 0 ? undefined : new Map(pages);
}

/** The default root object takes the place of `/` alone (CF 4.5). */
export function withRootObject(site: Site, target: string): string {
  const { defaultRootObject } = site.distribution;
  if (defaultRootObject === '' || (target !== '/' && !target.startsWith('/?'))) return target;
  return `/${defaultRootObject}${target.slice(1)}`;
}

/** An origin made ready: one of the distribution's, or one that a function makes up (CF 5.9). */
export function readyOrigin(origin: Origin, distribution?: Distribution): SiteOrigin {
  const tls = { serverName: origin.domainName, verifyNames: verifiedNames(origin) };
  return {
    origin,
    tls,
    signature: distribution === undefined ? undefined : signingOf(origin, distribution),
    shieldRegion: origin.originShieldRegion,
    bucketRegion: origin.kind === 's3' ? bucketRegionOf(origin.domainName) : undefined,
    host: undefined,
    fixesTls: false,
    lastTarget: '',
    lastBehavior: undefined,
    lastSent: '',
    lastSelected: undefined,
    lastTaken: undefined,
  };
}

/** By the name of a bucket's endpoint; the one without a Region is that of the first. */
function bucketRegionOf(domainName: string): string | undefined {
  const [, region] = /\.s3[.-](?:dualstack\.)?([a-z]{2}(?:-[a-z]+)+-\d)\.amazonaws\.com$/.exec(domainName) ?? [];
  return region ?? (domainName.endsWith('.s3.amazonaws.com') ? 'us-east-1' : undefined);
}

/** The first behaviour whose pattern the path matches, without its query (CF 4.1). */
export function behaviorFor(site: Site, target: string): SiteBehavior {
  const query = target.indexOf('?');
  const path = query < 0 ? target : target.slice(0, query);
  for (const candidate of site.behaviors) {
    if (candidate.matches(path)) return candidate;
  }
  throw new Error('firedrill bug: the default behaviour takes every path');
}

/** `*` is any number of characters, `?` exactly one; case-sensitive; a leading slash may be left out (CF 4.1). */
export function patternOf(pathPattern: string): (path: string) => boolean {
  if (pathPattern === '*') return () => true;
  const full = pathPattern.startsWith('/') || pathPattern.startsWith('*') ? pathPattern : `/${pathPattern}`;
  return (path) => fitsWildcard(full, path);
}

/** Whether a policy's selection takes a header, in whatever case either is written (CF 3.9). */
export function selectsHeader(selection: Selection, name: string): boolean {
  if (selection.kind === 'none' || selection.kind === 'all') return selection.kind === 'all';
  const wanted = name.toLowerCase();
  return selection.names.some((listed) => listed.toLowerCase() === wanted) === (selection.kind === 'only');
}

/** Whether a policy's selection takes a query string or a cookie; their names are case-sensitive (CF 3.10, 3.11). */
export function selects(selection: Selection, name: string): boolean {
  switch (selection.kind) {
    case 'none':
      return false;
    case 'all':
      return true;
    case 'only':
      return selection.names.includes(name);
    case 'except':
      return !selection.names.includes(name);
  }
}
