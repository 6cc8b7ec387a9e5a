import { readAwsHost, withoutPort } from './aws-hosts.ts';
import type { CredentialScope } from './credential-scope.ts';
import type { WireHead } from './protocol/message.ts';
import { queryValue } from './protocol/message.ts';
import type { ProtocolName, Service } from './services.ts';
import { SERVICES } from './services.ts';

/** What a request is meant for. */
export interface Recognised {
  /** Undefined: for a service that the world does not have. */
  readonly service: Service | undefined;
  /** What the request calls the service. */
  readonly name: string;
  readonly protocol: ProtocolName;
  readonly region: string;
  /** Of a request to a bucket by host name. */
  readonly bucket?: string;
}

/** What a request at one of S3's own endpoints means. */
export const S3_REQUEST: Pick<Recognised, 'service' | 'name' | 'protocol'> = {
  service: SERVICES.find(({ name }) => name === 's3'),
  name: 'S3',
  protocol: 'rest-xml',
};

/** Region of a request that names none, as AWS's own older clients take it. */
const REGION_DEFAULT = 'us-east-1';

/**
 * Finds the service by the signature's scope, else by the host, by `X-Amz-Target`, by the version in a form; S3 is what needs
 * none of them. One signing name may stand for several services, which their paths or targets tell apart.
 * @param form - the parameters of a body that is a form.
 */
export function recognise(
  head: WireHead,
  host: string,
  scope: CredentialScope | undefined,
  form: URLSearchParams | undefined,
): Recognised {
  const awsHost = readAwsHost(withoutPort(host));
  const target = head.headers['x-amz-target']?.split('.')[0];
  const rpc = /^\/service\/([^/]+)\/operation\//.exec(head.path)?.[1];
  const version = queryValue(head, 'Version') ?? form?.get('Version') ?? undefined;
  const candidates = candidatesBy(scope, awsHost?.service, target ?? rpc, version);
  const service = candidates.find((candidate) => isOfService(candidate, head, target ?? rpc));
  const region = service?.globalRegion ?? pick(scope?.region, awsHost?.region);
  return {
    service,
    name: service?.serviceId ?? scope?.service ?? awsHost?.service ?? target ?? 'unknown',
    protocol: protocolOf(service, head, form),
    region,
    ...bucketOf(service, host, awsHost?.prefix),
  };
}

function pick(...regions: readonly (string | undefined)[]): string {
  return regions.find((region) => region !== undefined && region !== '') ?? REGION_DEFAULT;
}

function candidatesBy(
  scope: CredentialScope | undefined,
  label: string | undefined,
  target: string | undefined,
  version: string | undefined,
): readonly Service[] {
  if (scope !== undefined) return SERVICES.filter(({ signingNames }) => signingNames.includes(scope.service));
  if (label !== undefined) return SERVICES.filter(({ hostLabels }) => hostLabels.includes(label));
  if (target !== undefined) return SERVICES.filter((service) => service.target === target);
  if (version !== undefined) return SERVICES.filter(({ apiVersion }) => apiVersion === version);
  return SERVICES.filter(({ name }) => name === 's3');
}

/** Of two services with one signing name: API Gateway's second version has its number in front of its paths. */
function isOfService({ name, target }: Service, { path }: WireHead, asked: string | undefined): boolean {
  if (asked !== undefined && !name.startsWith('api-gateway')) return asked === target;
  if (name === 'api-gateway') return !path.startsWith('/v2/');
  return name !== 'api-gateway-v2' || path.startsWith('/v2/');
}

/** By what only one protocol has; a service that speaks none of what shows is answered in its first one. */
function protocolOf(service: Service | undefined, head: WireHead, form: URLSearchParams | undefined): ProtocolName {
  const shown = shownBy(head, form);
  if (service === undefined) return shown ?? 'rest-json';
  const isSpoken = shown !== undefined && service.protocols.includes(shown);
  return isSpoken ? shown : service.protocols[0];
}

function shownBy({ headers, query }: WireHead, form: URLSearchParams | undefined): ProtocolName | undefined {
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') return 'cbor';
  if (headers['x-amz-target'] !== undefined) {
    return headers['content-type']?.includes('1.1') === true ? 'json-1.1' : 'json-1.0';
  }
  return form?.has('Action') === true || query.some(([name]) => name === 'Action') ? 'query' : undefined;
}

/** The bucket in front of the host name: `BUCKET.s3.REGION.amazonaws.com`, or `BUCKET.localhost` by a local endpoint. */
function bucketOf(
  service: Service | undefined,
  host: string,
  prefix: string | undefined,
): { readonly bucket?: string } {
  if (service?.name !== 's3') return {};
  const bucket = prefix ?? /^(.+)\.localhost$/.exec(withoutPort(host))?.[1];
  return bucket === undefined ? {} : { bucket };
}
