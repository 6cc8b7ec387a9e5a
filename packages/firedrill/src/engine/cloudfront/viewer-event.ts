import type { Answered, Header, Headers } from '../conversation.ts';
import { REASONS } from '../reasons.ts';
import type { EdgeCall } from './edge.ts';
import { shownOf } from './edge-headers.ts';
import type { SeenRequest } from './seen-request.ts';

/** A value that may have come several times: the first, and all of them when there is more than one (CF 5.25). */
interface FunctionValue {
  readonly value: string;
  readonly attributes?: string;
  readonly multiValue?: readonly { readonly value: string; readonly attributes?: string }[];
}

export type FunctionValues = Readonly<Record<string, FunctionValue>>;

export interface FunctionRequest {
  readonly method: string;
  readonly uri: string;
  readonly querystring: FunctionValues;
  readonly headers: FunctionValues;
  readonly cookies: FunctionValues;
}

export interface FunctionResponse {
  readonly statusCode: number;
  readonly statusDescription: string;
  readonly headers: FunctionValues;
  readonly cookies: FunctionValues;
}

/** What a function of CloudFront Functions is given; the id of the request is added where it is looked at (CF 5.25). */
export interface FunctionEvent {
  readonly version: '1.0';
  readonly context: {
    readonly distributionDomainName: string;
    readonly distributionId: string;
    readonly eventType: 'viewer-request' | 'viewer-response';
  };
  readonly viewer: { readonly ip: string };
  readonly request: FunctionRequest;
  readonly response?: FunctionResponse;
}

export function functionEventOf(
  { site, arrival }: EdgeCall,
  seen: SeenRequest,
  response?: Pick<Answered, 'status' | 'headers'>,
): FunctionEvent {
  const { id, domainName } = site.distribution;
  return {
    version: '1.0',
    context: {
      distributionDomainName: domainName,
      distributionId: id,
      eventType: response === undefined ? 'viewer-request' : 'viewer-response',
    },
    viewer: { ip: arrival.from.address },
    request: functionRequestOf(seen),
    ...(response === undefined ? {} : { response: functionResponseOf(response) }),
  };
}

function functionRequestOf({ method, uri, querystring, host, headers }: SeenRequest): FunctionRequest {
  const cookies = headers.filter(isNamed('cookie')).flatMap(([, value]) => pairsOf(value, ';'));
  return {
    method,
    uri,
    querystring: valuesOf(pairsOf(querystring, '&').map(([name, value]) => [name, { value }])),
    headers: headersOf([['Host', host], ...headers.filter((header) => !isNamed('cookie')(header))]),
    cookies: valuesOf(cookies.map(([name, value]) => [name, { value }])),
  };
}

function functionResponseOf({ status, headers }: Pick<Answered, 'status' | 'headers'>): FunctionResponse {
  const shown = shownOf(headers);
  return {
    statusCode: status,
    statusDescription: REASONS[status] ?? '',
    headers: headersOf(shown.filter((header) => !isNamed('set-cookie')(header))),
    cookies: valuesOf(shown.filter(isNamed('set-cookie')).map(([, value]) => setCookieOf(value))),
  };
}

function isNamed(lower: string): (header: Header) => boolean {
  return ([name]) => name.toLowerCase() === lower;
}

function headersOf(headers: Headers): FunctionValues {
  return valuesOf(headers.map(([name, value]) => [name.toLowerCase(), { value }]));
}

type Single = Pick<FunctionValue, 'value' | 'attributes'>;

function valuesOf(singles: readonly (readonly [name: string, single: Single])[]): FunctionValues {
  const values = new Map<string, FunctionValue>();
  for (const [name, single] of singles) {
    const before = values.get(name);
    if (before === undefined) values.set(name, single);
    else values.set(name, { ...before, multiValue: [...(before.multiValue ?? [withoutMany(before)]), single] });
  }
  // Whatever a viewer calls its cookies, none of them is a prototype.
  return Object.fromEntries(values);
}

function withoutMany({ value, attributes }: FunctionValue): Single {
  return attributes === undefined ? { value } : { value, attributes };
}

/** Names and values, as they stand; without a sign the value is empty. */
function pairsOf(text: string, separator: '&' | ';'): readonly (readonly [name: string, value: string])[] {
  return text
    .split(separator)
    .map((pair) => (separator === ';' ? pair.trim() : pair))
    .filter((pair) => pair !== '')
    .map((pair) => {
      const at = pair.indexOf('=');
      return at < 0 ? [pair, ''] : [pair.slice(0, at), pair.slice(at + 1)];
    });
}

function setCookieOf(text: string): readonly [name: string, single: Single] {
  const end = text.indexOf(';');
  const [[name, value] = ['', '']] = pairsOf(end < 0 ? text : text.slice(0, end), ';');
  return [name, end < 0 ? { value } : { value, attributes: text.slice(end + 1).trim() }];
}
