import type { OriginAccessIdentity } from '../../model/index.ts';
import type { Instant } from '../../model/index.ts';
import type { Account, Arrival, Body, CutBody, Header, Headers, Moment, Reply, TextBody } from '../conversation.ts';
import { httpDate } from '../calendar.ts';
import type { BucketContents, ObjectVersion } from './buckets.ts';
import { bodyOf, partOf } from './object-body.ts';
import type { ByteRange } from './conditions.ts';

/** What an endpoint of S3 tells the world, and asks of it. */
export interface S3Surroundings {
  bucketOf(name: string): BucketContents | undefined;
  identityOf(id: string): OriginAccessIdentity | undefined;
  /** A fault that acts on answers here and now, if any. */
  fault(arrival: Arrival, moment: Moment): { readonly status: number; readonly cause: number } | undefined;
  nextRequestId(): string;
  epochSeconds(at: Instant): number;
}

/** One request at an endpoint. */
export interface S3Call {
  readonly around: S3Surroundings;
  /** Of the endpoint. */
  readonly region: string;
  readonly arrival: Arrival;
  readonly moment: Moment;
}

/** What S3 answers, with the headers that it always sets, worked out when read. */
export class S3Reply implements Reply {
  readonly kind = 'reply';
  readonly status: number;
  readonly body: Body | TextBody | CutBody;
  readonly store = undefined;
  readonly requestId: string;
  private readonly own: Headers;
  private readonly call: S3Call;
  private readonly cause: number;

  constructor(
    call: S3Call,
    answer: {
      readonly status: number;
      readonly headers: Headers;
      readonly body: (requestId: string) => Body | TextBody | CutBody;
      readonly cause: number;
    },
  ) {
    this.call = call;
    this.status = answer.status;
    this.own = answer.headers;
    this.cause = answer.cause === 0 ? (call.arrival.cause ?? 0) : answer.cause;
    this.requestId = call.around.nextRequestId();
    this.body = answer.body(this.requestId);
  }

  get headers(): Headers {
    const { around, moment } = this.call;
    return [
      ['x-amz-id-2', hostIdOf(this.requestId)],
      ['x-amz-request-id', this.requestId],
      ['Date', httpDate(around.epochSeconds(moment.now))],
      ...this.own,
      ['Server', 'AmazonS3'],
    ];
  }

  get account(): Account {
    return { edge: '', origin: '', endpoint: this.call.region, attempts: 0, result: '', cause: this.cause };
  }
}

/** As the id of a host of S3's looks; it goes with the request's. */
export function hostIdOf(requestId: string): string {
  return `${requestId}/${requestId.split('').toReversed().join('')}=`;
}

/** An object, or a part of it. */
export function objectReply(call: S3Call, version: ObjectVersion, range: ByteRange | undefined): Reply {
  const { object } = version;
  const headers: Header[] = [...objectHeaders(call, version)];
  if (object === undefined) return emptyReply(call, 200, headers, version.cause);
  headers.push(['Content-Type', object.contentType]);
  if (range === undefined)
    return new S3Reply(call, { status: 200, headers, body: () => bodyOf(object), cause: version.cause });
  headers.push(['Content-Range', `bytes ${range.first}-${range.last}/${object.bytes}`]);
  return new S3Reply(call, { status: 206, headers, body: () => partOf(object, range), cause: version.cause });
}

/** What an object's answers carry, a 304 too. */
export function objectHeaders({ around }: S3Call, { object, at, etag, id, replication }: ObjectVersion): Headers {
  const headers: Header[] = [
    ['Last-Modified', httpDate(around.epochSeconds(at))],
    ['ETag', etag],
    ['Accept-Ranges', 'bytes'],
  ];
  if (object?.cacheControl !== undefined) headers.push(['Cache-Control', object.cacheControl]);
  if (object?.headers !== undefined) headers.push(...object.headers);
  if (id !== 'null') headers.push(['x-amz-version-id', id]);
  if (replication !== undefined) headers.push(['x-amz-replication-status', replication]);
  return headers;
}

/** An answer without a body. */
export function emptyReply(call: S3Call, status: number, headers: Headers, cause: number): Reply {
  return new S3Reply(call, { status, headers, body: () => ({ bytes: 0, text: '' }), cause });
}
