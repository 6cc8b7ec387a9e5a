import type { Arrival, Header, Reply } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import { isoDate } from '../calendar.ts';
import type { Caller } from './access.ts';
import { isAllowed } from './access.ts';
import type { S3Call } from './answers.ts';
import { emptyReply, hostIdOf, objectHeaders, objectReply, S3Reply } from './answers.ts';
import type { BucketContents } from './buckets.ts';
import { conditionOf, rangeOf } from './conditions.ts';
import { errorOfStatus, escaped, S3_ERRORS } from './errors.ts';
import type { S3ErrorCode } from './errors.ts';
import { LIST_KEYS_MAX, listObjects } from './listing.ts';
import type { Addressed } from './hosts.ts';
import { addressedBy, parameterOf } from './hosts.ts';
import { lookUp } from './lookup.ts';
import type { WrongRegion } from './regions.ts';
import { wrongEndpoint, wrongScope } from './regions.ts';
import { utf8LengthOf } from '../utf8.ts';
import { signerOf } from './signature.ts';

/** A request at a Region's REST endpoint: host → bucket → who asks → object. */
export function serveRest(call: S3Call): Reply {
  const admitted = admit(call);
  return 'kind' in admitted ? admitted : serveBucket(call, admitted);
}

/** A request that has come to where its bucket is. */
interface Admitted {
  readonly addressed: Addressed;
  readonly contents: BucketContents;
  readonly caller: Caller;
}

/** Host → bucket → who asks; an answer when it comes to none. */
export function admit(call: S3Call): Admitted | Reply {
  const { around, arrival, moment } = call;
  const fault = around.fault(arrival, moment);
  if (fault !== undefined)
    return errorReply(call, errorOfStatus(fault.status) ?? 'InternalError', {
      status: fault.status,
      cause: fault.cause,
    });
  const { host, target } = arrival.request;
  const addressed = addressedBy(host, target);
  // Lists of buckets are their owner's alone.
  if (addressed.bucket === undefined) return errorReply(call, 'AccessDenied');
  const contents = around.bucketOf(addressed.bucket);
  if (contents === undefined) return errorReply(call, 'NoSuchBucket', { more: { BucketName: addressed.bucket } });
  const signer = signerOf(arrival);
  if (contents.bucket.region !== call.region) return elsewhere(call, addressed, contents, signer?.region);
  // Whoever signs signs the Host with it; one that is no name of S3 has been put there afterwards (CF 6.8).
  if (signer !== undefined && !addressed.isOwnHost) return errorReply(call, 'SignatureDoesNotMatch');
  if (signer !== undefined && signer.region !== '' && signer.region !== call.region)
    return misplaced(call, wrongScope(signer.region, call.region), []);
  return { addressed, contents, caller: signer?.caller(around) ?? { kind: 'anonymous' } };
}

/** Actions by method, for an object and for a bucket. */
const ACTIONS: Readonly<Record<string, readonly [object: string, bucket: string]>> = {
  GET: ['s3:GetObject', 's3:ListBucket'],
  HEAD: ['s3:GetObject', 's3:ListBucket'],
  PUT: ['s3:PutObject', 's3:CreateBucket'],
  POST: ['s3:PutObject', 's3:PutObject'],
  DELETE: ['s3:DeleteObject', 's3:DeleteBucket'],
};

function serveBucket(call: S3Call, { addressed: { key, query }, contents, caller }: Admitted): Reply {
  const { method } = call.arrival.request;
  const actions = ACTIONS[method];
  if (actions === undefined) return errorReply(call, 'MethodNotAllowed');
  const may = (action: string): boolean => isAllowed(contents.bucket, askedBy(call.arrival, caller, action, key));
  const [ofObject, ofBucket] = actions;
  const isRead = method === 'GET' || method === 'HEAD';
  const versionId = isRead ? parameterOf(query, 'versionId') : undefined;
  const action = key === '' ? ofBucket : versionId === undefined ? ofObject : 's3:GetObjectVersion';
  if (!may(action)) {
    // Whoever may not list learns nothing of what is missing (RS 5.20); nobody who may not read learns more than that.
    return errorReply(call, 'AccessDenied');
  }
  // Bodies do not come this far: where S3's API is served, it has been asked before.
  if (!isRead) return errorReply(call, 'NotImplemented');
  if (key === '') return listing(call, contents, query);
  const found = lookUp(contents, key, versionId);
  if (found.kind === 'missing') {
    const { code, marker, headers } = found;
    const cause = marker?.cause ?? 0;
    if (code === 'MethodNotAllowed') return errorReply(call, code, { headers, cause });
    const mayList = isAllowed(contents.bucket, askedBy(call.arrival, caller, 's3:ListBucket', ''));
    return mayList
      ? errorReply(call, code, { headers, more: { Key: key }, cause })
      : errorReply(call, 'AccessDenied', { cause });
  }
  const { version, object } = found;
  const { headers } = call.arrival.request;
  const condition = conditionOf(headers, version.etag, call.around.epochSeconds(version.at));
  if (condition === 304) return emptyReply(call, 304, objectHeaders(call, version), version.cause);
  if (condition === 412) return errorReply(call, 'PreconditionFailed', { cause: version.cause });
  const range = rangeOf(headers, object.bytes);
  if (range === 'unsatisfiable') {
    const length: Header = ['Content-Range', `bytes */${object.bytes}`];
    return errorReply(call, 'InvalidRange', { headers: [length], cause: version.cause });
  }
  return objectReply(call, version, range);
}

/** The answer to who may not. */
export function denied(call: S3Call): Reply {
  return errorReply(call, 'AccessDenied');
}

/** What a policy is asked about a request. */
export function askedBy(
  { request, tls }: Arrival,
  caller: Caller,
  action: string,
  key: string,
): Parameters<typeof isAllowed>[1] {
  return {
    caller,
    action,
    key,
    isSecure: tls,
    referer: headerOf(request.headers, 'referer'),
    userAgent: headerOf(request.headers, 'user-agent'),
  };
}

/** The bucket is in another Region (RS 5.18, 5.19; CF 6.6, 6.9). */
function elsewhere(call: S3Call, { region }: Addressed, { bucket }: BucketContents, signed?: string): Reply {
  if (region !== undefined && signed !== undefined) return misplaced(call, wrongScope(region, bucket.region), []);
  const found = wrongEndpoint(bucket, region);
  const bucketRegion: Header = ['x-amz-bucket-region', bucket.region];
  if (found.code !== 'TemporaryRedirect') return misplaced(call, found, [bucketRegion]);
  const { arrival } = call;
  const scheme = arrival.tls ? 'https' : 'http';
  const location: Header = ['Location', `${scheme}://${found.more['Endpoint'] ?? ''}${arrival.request.target}`];
  return misplaced(call, found, [bucketRegion, location]);
}

function misplaced(call: S3Call, { code, message, more }: WrongRegion, headers: readonly Header[]): Reply {
  return errorReply(call, code, { headers, more, ...(message === undefined ? {} : { message }) });
}

/** What lies in a bucket, for those who may list it (CF 6.2), in either version of the list. */
function listing(call: S3Call, contents: BucketContents, query: string): Reply {
  const parameter = (name: string): string => parameterOf(query, name) ?? '';
  const isSecond = parameter('list-type') === '2';
  const asked = Number(parameterOf(query, 'max-keys') ?? LIST_KEYS_MAX);
  const maxKeys = Number.isInteger(asked) && asked >= 0 ? Math.min(asked, LIST_KEYS_MAX) : LIST_KEYS_MAX;
  const [prefix, delimiter] = [parameter('prefix'), parameter('delimiter')];
  const after = isSecond ? parameter('continuation-token') || parameter('start-after') : parameter('marker');
  const { objects, commonPrefixes, next } = listObjects(contents, { prefix, delimiter, after, maxKeys });
  const element = (name: string, value: string | number | boolean): string =>
    `<${name}>${typeof value === 'string' ? escaped(value) : value}</${name}>`;
  const items = objects.map(({ key, version: { at, etag, object } }) => {
    // S3 writes milliseconds.
    const modified = isoDate(call.around.epochSeconds(at)).replace('Z', '.000Z');
    return `<Contents>${element('Key', key)}<LastModified>${modified}</LastModified>${element('ETag', etag)}<Size>${object?.bytes ?? 0}</Size><StorageClass>STANDARD</StorageClass></Contents>`;
  });
  const groups = commonPrefixes.map((one) => `<CommonPrefixes>${element('Prefix', one)}</CommonPrefixes>`);
  const whereabouts = isSecond
    ? element('KeyCount', objects.length + commonPrefixes.length) +
      (next === undefined ? '' : element('NextContinuationToken', next))
    : element('Marker', after) + (next === undefined || delimiter === '' ? '' : element('NextMarker', next));
  const head = `${element('Name', contents.bucket.name)}${element('Prefix', prefix)}${whereabouts}${element('MaxKeys', maxKeys)}${delimiter === '' ? '' : element('Delimiter', delimiter)}${element('IsTruncated', next !== undefined)}`;
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${head}${items.join('')}${groups.join('')}</ListBucketResult>`;
  return new S3Reply(call, {
    status: 200,
    headers: [['Content-Type', 'application/xml']],
    body: () => xmlBody(text),
    cause: 0,
  });
}

interface ErrorDetails {
  /** Of a fault; that of the code unless given. */
  readonly status?: number;
  readonly message?: string;
  /** Elements after the message. */
  readonly more?: Readonly<Record<string, string>>;
  readonly headers?: readonly Header[];
  readonly cause?: number;
}

/** The XML document that S3's errors are (RS 5.19, 5.19a). */
function errorReply(call: S3Call, code: S3ErrorCode, details: ErrorDetails = {}): Reply {
  const [usual, , said] = S3_ERRORS[code];
  const more = Object.entries(details.more ?? {}).map(([name, value]) => `<${name}>${escaped(value)}</${name}>`);
  return new S3Reply(call, {
    status: details.status ?? usual,
    headers: [['Content-Type', 'application/xml'], ...(details.headers ?? [])],
    body: (id) =>
      xmlBody(
        `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${escaped(details.message ?? said)}</Message>${more.join('')}<RequestId>${id}</RequestId><HostId>${hostIdOf(id)}</HostId></Error>`,
      ),
    cause: details.cause ?? 0,
  });
}

function xmlBody(text: string): { readonly bytes: number; readonly text: string } {
  return { bytes: utf8LengthOf(text), text };
}
