import type { Codec } from './codec.ts';
import { jsonCodec, xmlCodec } from './codec.ts';
import { jsonError } from './json-error.ts';
import type { Refusal, WireHead } from './message.ts';
import { readInput } from './read-input.ts';
import { readRest } from './rest-read.ts';
import { RestRoutes } from './rest-routes.ts';
import { writeRest } from './rest-write.ts';
import type { Operation, ServiceModel } from './service-model.ts';
import type { Asked, Complaints, WireProtocol } from './wire-protocol.ts';
import { bareErrorDocument, errorDocument } from './xml-error.ts';

const UNKNOWN: Refusal = { code: 'UnknownOperationException', message: '', status: 404, members: {} };

/** REST with JSON. */
export function restJsonProtocol(model: ServiceModel, complaints: Complaints): WireProtocol {
  const codec = jsonCodec('application/json', true);
  const routes = new RestRoutes(model);
  return {
    asked: (request) => routes.find(request, request.path),
    ...reading(codec, complaints),
    refuse: (refusal) => {
      const shape = model.errors.get(refusal.code);
      return {
        status: shape?.status ?? refusal.status,
        headers: { 'content-type': codec.contentType, 'x-amzn-errortype': shape?.name ?? refusal.code },
        body: jsonError(codec, { refusal, shape }),
      };
    },
    unknownOperation: () => UNKNOWN,
  };
}

/** REST with XML, as Route 53 and CloudFront speak it. */
export function restXmlProtocol(model: ServiceModel, xmlNamespace: string, complaints: Complaints): WireProtocol {
  const codec = xmlCodec(xmlNamespace, true);
  const routes = new RestRoutes(model);
  return {
    asked: (request) => routes.find(request, request.path),
    ...reading(codec, complaints),
    refuse: (refusal, requestId) => {
      const shape = model.errors.get(refusal.code);
      return {
        status: shape?.status ?? refusal.status,
        headers: { 'content-type': codec.contentType },
        body: errorDocument(codec, { refusal, shape, code: shape?.name ?? refusal.code, requestId }),
      };
    },
    unknownOperation: () => UNKNOWN,
  };
}

const S3_COMPLAINTS: Complaints = { malformed: 'MalformedXML', missing: 'InvalidRequest' };

/** REST with XML as S3 speaks it: the bucket is in the host name or in front of the path, no model tells where. */
export function s3Protocol(model: ServiceModel, xmlNamespace: string): WireProtocol {
  const codec = { ...xmlCodec(xmlNamespace, true), contentType: 'application/xml' };
  const bare = xmlCodec('', true);
  const routes = new RestRoutes(model);
  return {
    asked: (request) => askedOfBucket(routes, request),
    ...reading(codec, S3_COMPLAINTS),
    refuse: (refusal, requestId, { method }) => {
      const shape = model.errors.get(refusal.code);
      const code = shape?.name ?? refusal.code;
      return {
        status: shape?.status ?? refusal.status,
        headers: { 'content-type': codec.contentType },
        body: method === 'HEAD' ? '' : bareErrorDocument(bare, { refusal, shape, code, requestId }),
      };
    },
    unknownOperation: () => ({
      code: 'MethodNotAllowed',
      message: 'The specified method is not allowed against this resource.',
      status: 405,
      members: {},
    }),
  };
}

function reading(codec: Codec, complaints: Complaints): Pick<WireProtocol, 'read' | 'write'> {
  return {
    read: async ({ operation, labels = {} }, request) =>
      await readInput(operation, complaints, async () => await readRest(operation, labels, request, codec)),
    write: (operation, output) => writeRest(operation, output, codec),
  };
}

function askedOfBucket(routes: RestRoutes, request: WireHead & { readonly bucket?: string }): Asked {
  const [, first = '', rest = ''] = /^\/([^/]*)(.*)$/.exec(request.path) ?? [];
  const bucket = request.bucket ?? first;
  const path = request.bucket === undefined ? rest : request.path;
  if (bucket === '') return routes.find(request, '/', ({ input }) => !hasBucket(input));
  const key = path.replace(/^\//, '');
  const asked = routes.find(request, key === '' ? '/' : '/key', ({ input }) => hasBucket(input));
  return { ...asked, labels: { Bucket: bucket, ...(key === '' ? {} : { Key: key }) } };
}

function hasBucket(input: Operation['input']): boolean {
  return !input.isUnitSchema() && Object.hasOwn(input.getMemberSchemas(), 'Bucket');
}
