import type { ApiCall, Arrival, Conversation, Header, Outcome, Reply } from '../conversation.ts';
import { httpDate } from '../calendar.ts';
import { headerOf } from '../headers.ts';
import type { S3Call } from './answers.ts';
import { bucketOfHost, parameterOf } from './hosts.ts';
import { admit, denied, serveRest } from './rest.ts';
import { signerOf } from './signature.ts';

/** Whether S3's API has to answer: what writes, and what somebody has signed with a key of their own. */
export function isForApi(arrival: Arrival): boolean {
  return WRITES.has(arrival.request.method) || isSignedByKey(arrival);
}

const WRITES: ReadonlySet<string> = new Set(['PUT', 'POST', 'DELETE']);

/** In its head, or in its address, as presigned ones are; what an edge location has signed bears no key. */
function isSignedByKey(arrival: Arrival): boolean {
  const { headers, target } = arrival.request;
  const authorization = headerOf(headers, 'authorization');
  if (authorization !== undefined) return /^AWS4?[- ]/.test(authorization) && signerOf(arrival) === undefined;
  const query = target.slice(target.indexOf('?') + 1);
  return target.includes('?') && SIGNATURES.some((name) => parameterOf(query, name) !== undefined);
}

const SIGNATURES = ['X-Amz-Signature', 'AWSAccessKeyId'];

/**
 * What the API answers to a request at an endpoint of the world. Who it is from has been found out here, as with whatever only
 * reads; what they may do the API decides by the same policy. Without an API it is answered as ever.
 */
export function* serveByApi(call: S3Call): Conversation<Reply> {
  const { arrival, region } = call;
  const { request, tls: isSecure } = arrival;
  const asked = { kind: 'api-call', request, isSecure, region, bucket: bucketOfHost(request.host) } as const;
  if (isSignedByKey(arrival)) {
    const hindered = call.around.fault(arrival, call.moment);
    if (hindered !== undefined) return serveRest(call);
    return yield* answered(call, { ...asked, caller: undefined });
  }
  const admitted = admit(call);
  if ('kind' in admitted) return admitted;
  const { addressed, caller } = admitted;
  // Nobody but an account's own people makes buckets.
  if (addressed.key === '' && addressed.query === '' && request.method === 'PUT') return denied(call);
  // The signature of an edge location is good for nobody else.
  const headers = request.headers.filter(([name]) => name.toLowerCase() !== 'authorization');
  return yield* answered(call, { ...asked, request: { ...request, headers }, caller });
}

function* answered(call: S3Call, need: ApiCall): Conversation<Reply> {
  const { around, moment, arrival, region } = call;
  const outcome = (yield need) as Outcome;
  if (outcome.kind === 'unanswered') return serveRest(call);
  const { status, headers, body } = outcome;
  const date: Header = ['Date', httpDate(around.epochSeconds(moment.now))];
  return {
    kind: 'reply',
    status,
    headers: [...headers, date, ['Server', 'AmazonS3']],
    body,
    account: { edge: '', origin: '', endpoint: region, attempts: 0, result: '', cause: arrival.cause ?? 0 },
    store: undefined,
  };
}
