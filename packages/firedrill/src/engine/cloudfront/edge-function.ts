import type { CacheBehavior, EdgeEventType, Instant, LambdaFunction } from '../../model/index.ts';
import type { Body, Headers } from '../conversation.ts';
import type { KeyValues, PreparedFunction } from '../edge-code.ts';
import type { Cause } from './error-page.ts';
import type { SiteOrigin } from './site.ts';

/** A function at one event of a behaviour, of either kind (CF 5.4). */
export type EdgeFunction = LambdaAtEdge | CloudFrontFunction;

export interface LambdaAtEdge {
  readonly kind: 'lambda';
  readonly function: LambdaFunction;
  /** With the number of the version, as it was associated. */
  readonly versionArn: string;
  readonly includeBody: boolean;
}

/** At viewer events only (CF 5.25). */
export interface CloudFrontFunction {
  readonly kind: 'cloudfront-function';
  readonly name: string;
  readonly program: PreparedFunction;
  /** What its key value store holds, as an edge location sees it; undefined: none is associated. */
  keyValues(edge: string, now: Instant): KeyValues | undefined;
  /** What a clock shows. */
  epochMs(now: Instant): number;
  readonly chance: () => number;
}

/** Which function runs when. */
export interface EdgeFunctions {
  at(behavior: CacheBehavior, event: EdgeEventType): EdgeFunction | undefined;
}

/** A function did what it must not do, or nothing at all: the viewer gets an error of CloudFront's own (CF 5.19). */
export interface FunctionFailed {
  readonly kind: 'failed';
  readonly cause: Cause;
  /** What X-Cache says, as `LambdaValidationError` (CF 2.33). */
  readonly result: string;
  /** What went wrong, for the timeline. */
  readonly says: string;
  /** Its event there, once it is told. */
  readonly because?: number;
}

/** The function leaves everything as it is. */
interface Passed {
  readonly kind: 'pass';
}

/** What a request event comes to: the request goes on, changed or not, or the function has answered it (CF 5.20). */
export type RequestVerdict = Passed | RequestChanged | FunctionResponded | FunctionFailed;

/** What a response event comes to. */
export type ResponseVerdict = Passed | ResponseChanged | FunctionFailed;

export interface RequestChanged {
  readonly kind: 'changed';
  /** Begins with a slash; without the origin's path. */
  readonly uri: string;
  /** Without the question mark. */
  readonly querystring: string;
  readonly host: string;
  /** Those that the function saw, as it left them, without Host. */
  readonly headers: Headers;
  readonly body: Body | undefined;
  /** Where it goes instead (CF 5.9); at origin events only. */
  readonly origin?: SiteOrigin;
}

export interface FunctionResponded {
  readonly kind: 'responded';
  readonly status: number;
  readonly headers: Headers;
  readonly body: Body;
  /** What X-Cache says, as `LambdaGeneratedResponse` (CF 2.32, 2.33). */
  readonly result: string;
}

export interface ResponseChanged {
  readonly kind: 'changed';
  readonly status: number;
  readonly headers: Headers;
  /** Undefined: that of the origin. */
  readonly body: Body | undefined;
}
