import type { BucketWebsite, RoutingRule } from '../../model/index.ts';
import type { Header, Reply } from '../conversation.ts';
import { isAllowed } from './access.ts';
import type { S3Call } from './answers.ts';
import { emptyReply, hostIdOf, objectHeaders, objectReply, S3Reply } from './answers.ts';
import type { BucketContents } from './buckets.ts';
import { conditionOf, rangeOf } from './conditions.ts';
import { errorOfStatus, escaped, S3_ERRORS } from './errors.ts';
import type { S3ErrorCode } from './errors.ts';
import { decoded, s3HostOf } from './hosts.ts';
import { encodedPath, withoutControls } from './locations.ts';
import { bodyOf } from './object-body.ts';
import { askedBy } from './rest.ts';
import { utf8LengthOf } from '../utf8.ts';

/** Where the bare endpoint sends whoever names no bucket (RS 5.6). */
const PRODUCT_PAGE = 'https://aws.amazon.com/s3/';

type Hosting = Extract<BucketWebsite, { readonly kind: 'hosting' }>;

/** A request for a website that is hosted here, and the key it asks for. */
interface Visit {
  readonly call: S3Call;
  readonly contents: BucketContents;
  readonly website: Hosting;
  /** As the path has it, decoded, without the leading slash. */
  readonly path: string;
}

/** A request at a Region's website endpoint: host → bucket → rules → document. */
export function serveWebsite(call: S3Call): Reply {
  const { around, arrival, moment, region } = call;
  const fault = around.fault(arrival, moment);
  if (fault !== undefined)
    return page(call, errorOfStatus(fault.status) ?? 'InternalError', { status: fault.status, cause: fault.cause });
  const { method, host, target } = arrival.request;
  const lower = host.toLowerCase();
  const own = s3HostOf(lower);
  if (own?.kind === 'website' && own.bucket === undefined) return redirect(call, 301, PRODUCT_PAGE);
  // Whatever is no endpoint's name is the name of a bucket (RS 5.4).
  const name = own?.kind === 'website' ? (own.bucket ?? lower) : lower;
  const contents = around.bucketOf(name);
  if (contents === undefined) return page(call, 'NoSuchBucket', { items: { BucketName: name } });
  if (contents.bucket.region !== region) {
    const endpoint = `${name}.s3-website.${contents.bucket.region}.amazonaws.com`;
    return page(call, 'IncorrectEndpoint', { items: { Endpoint: endpoint } });
  }
  if (method !== 'GET' && method !== 'HEAD')
    return page(call, 'MethodNotAllowed', { items: { Method: method, ResourceType: 'OBJECT' } });
  const { website } = contents.bucket;
  if (website === undefined) return page(call, 'NoSuchWebsiteConfiguration', { items: { BucketName: name } });
  if (website.kind === 'redirect') {
    const scheme = website.protocol ?? (arrival.tls ? 'https' : 'http');
    return redirect(call, 301, `${scheme}://${website.hostName}${target}`);
  }
  const path = decoded((target.split('?', 1)[0] ?? '').slice(1));
  return visit({ call, contents, website, path });
}

function visit(visited: Visit): Reply {
  const { call, contents, website, path } = visited;
  const before = website.routingRules.find(
    (rule) => rule.httpErrorCodeReturnedEquals === undefined && path.startsWith(rule.keyPrefixEquals ?? ''),
  );
  if (before !== undefined) return routed(visited, before);
  // The index document stands for the root and for each folder (RS 5.5).
  const key = path === '' || path.endsWith('/') ? `${path}${website.indexDocument}` : path;
  const version = contents.current(key);
  const isReadable = mayRead(visited, key);
  if (version?.object !== undefined && isReadable) {
    const { redirectLocation, bytes } = version.object;
    if (redirectLocation !== undefined) return redirect(call, 301, withoutControls(redirectLocation), version.cause);
    const { headers } = call.arrival.request;
    const condition = conditionOf(headers, version.etag, call.around.epochSeconds(version.at));
    if (condition === 304) return emptyReply(call, 304, objectHeaders(call, version), version.cause);
    if (condition === 412) return failed(visited, 'PreconditionFailed', key, version.cause);
    const range = rangeOf(headers, bytes);
    return range === 'unsatisfiable'
      ? failed(visited, 'InvalidRange', key, version.cause)
      : objectReply(call, version, range);
  }
  const folder = `${path}/${website.indexDocument}`;
  if (!path.endsWith('/') && path !== '' && contents.current(folder)?.object !== undefined && mayRead(visited, folder))
    return redirect(call, 302, `/${encodedPath(path)}/`);
  // What is missing is 404 where everybody may read; elsewhere nobody learns whether it is there (RS 5.8).
  return failed(visited, isReadable ? 'NoSuchKey' : 'AccessDenied', key, version?.cause ?? 0);
}

/** Visitors of a website are nobody in particular. */
function mayRead({ call, contents }: Visit, key: string): boolean {
  return isAllowed(contents.bucket, askedBy(call.arrival, { kind: 'anonymous' }, 's3:GetObject', key));
}

/** An error: where a rule sends it, else the error document, else S3's own page (RS 5.9, 5.11). */
function failed(visited: Visit, code: S3ErrorCode, key: string, cause: number): Reply {
  const { call, contents, website, path } = visited;
  const [status] = S3_ERRORS[code];
  const rule = website.routingRules.find(
    ({ httpErrorCodeReturnedEquals: listed, keyPrefixEquals = '' }) =>
      listed === status && path.startsWith(keyPrefixEquals),
  );
  if (rule !== undefined) return routed(visited, rule);
  const items = code === 'NoSuchKey' ? { Key: key } : {};
  const { errorDocument } = website;
  if (errorDocument === undefined || status >= 500) return page(call, code, { items, cause });
  const version = contents.current(errorDocument);
  const document = version?.object;
  if (version === undefined || document === undefined || !mayRead(visited, errorDocument))
    return page(call, code, {
      items,
      cause,
      nested: [document === undefined ? 'NoSuchKey' : 'AccessDenied', errorDocument],
    });
  const headers: readonly Header[] = [...objectHeaders(call, version), ['Content-Type', document.contentType]];
  return new S3Reply(call, { status, headers, body: () => bodyOf(document), cause });
}

/** Where a routing rule sends a request (RS 5.11). */
function routed({ call, path }: Visit, { redirect: to, keyPrefixEquals = '' }: RoutingRule): Reply {
  const { host } = call.arrival.request;
  const scheme = to.protocol ?? (call.arrival.tls ? 'https' : 'http');
  const replaced =
    to.replaceKeyPrefixWith === undefined
      ? encodedPath(path)
      : `${withoutControls(to.replaceKeyPrefixWith)}${encodedPath(path.slice(keyPrefixEquals.length))}`;
  const key = to.replaceKeyWith === undefined ? replaced : withoutControls(to.replaceKeyWith);
  const location = `${scheme}://${to.hostName ?? host}/${key}`;
  return redirect(call, to.httpRedirectCode ?? 301, location);
}

function redirect(call: S3Call, status: number, location: string, cause = 0): Reply {
  return emptyReply(call, status, [['Location', location]], cause);
}

interface PageDetails {
  readonly status?: number;
  readonly items?: Readonly<Record<string, string>>;
  /** What went wrong with the error document, and its key (RS 5.9). */
  readonly nested?: readonly [code: S3ErrorCode, key: string];
  readonly cause?: number;
}

/** The page that websites answer errors with (RS 5.10). */
function page(call: S3Call, code: S3ErrorCode, { status, items = {}, nested, cause = 0 }: PageDetails): Reply {
  const [usual, word, message] = S3_ERRORS[code];
  const title = `${status ?? usual} ${word}`;
  const item = ([name, value]: readonly [string, string]): string => `<li>${name}: ${escaped(value)}</li>\n`;
  const error: readonly Header[] = [
    ['x-amz-error-code', code],
    ['x-amz-error-message', message],
  ];
  return new S3Reply(call, {
    status: status ?? usual,
    headers: [...error, ['Content-Type', 'text/html; charset=utf-8']],
    body(id) {
      const told: readonly (readonly [string, string])[] = [
        ['Code', code],
        ['Message', message],
        ...Object.entries(items),
        ['RequestId', id],
        ['HostId', hostIdOf(id)],
      ];
      const about =
        nested === undefined
          ? ''
          : `<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>\n<ul>\n${[
              item(['Code', nested[0]]),
              item(['Message', S3_ERRORS[nested[0]][2]]),
              item(['Key', nested[1]]),
            ].join('')}</ul>\n`;
      const text = `<html>\n<head><title>${title}</title></head>\n<body>\n<h1>${title}</h1>\n<ul>\n${told.map(item).join('')}</ul>\n${about}<hr/>\n</body>\n</html>\n`;
      return { bytes: utf8LengthOf(text), text };
    },
    cause,
  });
}
