import type { IncomingMessage, ServerResponse } from 'node:http';
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { detailsOf } from './answer-details.ts';
import { AwsError } from './aws-error.ts';
import type { VainCalls } from './asked-in-vain.ts';
import { verify } from './authenticity.ts';
import type { RequestContext } from './aws.ts';
import type { ApiCall } from '../engine/index.ts';
import type { Cloud } from './cloud.ts';
import { credentialScope } from './credential-scope.ts';
import { foreignness } from './guard.ts';
import type { Call } from './handlers.ts';
import type { OpenService, OpenServices } from './open-services.ts';
import type { ChunkSigner } from './protocol/chunked-body.ts';
import type { Refusal, WireAnswer, WireHead, WireRequest } from './protocol/message.ts';
import type { BodySource } from './protocol/open-body.ts';
import {
  collectBody,
  HELD_BODY_BYTES_MAX,
  openBody,
  PASSING_BODY_BYTES_MAX,
  withoutCoding,
} from './protocol/open-body.ts';
import { readHead } from './protocol/read-head.ts';
import { isStreamed } from './protocol/rest-write.ts';
import type { Operation } from './protocol/service-model.ts';
import { shapeFlaw } from './protocol/shape-flaw.ts';
import type { Asked } from './protocol/wire-protocol.ts';
import type { Recognised } from './recognise.ts';
import { recognise, S3_REQUEST } from './recognise.ts';
import { sha256, UNSIGNED_PAYLOAD } from './signature.ts';

interface Setting {
  readonly cloud: Cloud;
  readonly strictAuth: boolean;
  readonly onMistake: (error: unknown) => void;
  readonly wallMs: () => number;
  readonly services: OpenServices;
  readonly vain: VainCalls;
}

/** What is known of a request before anything of its body. */
interface Arrived {
  readonly request: BodySource;
  readonly head: WireHead;
  readonly host: string;
  readonly requestId: string;
  readonly recognised: Recognised;
  readonly signal: AbortSignal;
  /** A form, which had to be read to know what it is for. */
  readonly form: Buffer | AwsError | undefined;
  /** Of a request at an endpoint of S3 in the world. */
  readonly within?: Within;
}

/** What is known of it there. */
type Within = Pick<ApiCall, 'caller' | 'isSecure'>;

/** Answers a request, unless it is not for us. */
export async function guardedAnswer(
  setting: Setting,
  request: IncomingMessage,
  response: ServerResponse,
  context: RequestContext,
): Promise<WireAnswer> {
  const head = readHead(request);
  const host = context.host ?? head.headers['host'] ?? '';
  const foreign = foreignness(head, host);
  if (foreign !== undefined) return { status: 403, headers: { 'content-type': 'text/plain' }, body: `${foreign}\n` };
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const form = await formOf(request, head);
  const parameters = Buffer.isBuffer(form) ? new URLSearchParams(form.toString('utf8')) : undefined;
  const recognised = recognise(head, host, credentialScope(head), parameters);
  const requestId = randomUUID();
  const arrived = { request, head, host, requestId, recognised, signal: gone.signal, form };
  const answer = await answerOf(setting, arrived);
  return { ...answer, headers: { ...idHeaders(recognised, requestId), ...answer.headers } };
}

/** Answers a request that has come to an endpoint of S3 in the world; one that names who asks needs no signature. */
export async function answerWithin(
  setting: Setting,
  { request: { method, target, host, headers }, region, bucket, caller, isSecure }: ApiCall,
  body: Readable = Readable.from([]),
): Promise<WireAnswer> {
  const named = Object.fromEntries(headers.map(([name, value]) => [name.toLowerCase(), value]));
  const head = readHead({ method, url: target, headers: { ...named, host } });
  const recognised: Recognised = {
    ...S3_REQUEST,
    region: credentialScope(head)?.region ?? region,
    ...(bucket === undefined ? {} : { bucket }),
  };
  const requestId = randomUUID();
  const gone = new AbortController();
  body.once('error', () => gone.abort());
  const arrived = {
    request: body,
    head,
    host,
    requestId,
    recognised,
    signal: gone.signal,
    form: undefined,
    within: { caller, isSecure },
  };
  const answer = await answerOf(setting, arrived);
  return { ...answer, headers: { ...idHeaders(recognised, requestId), ...answer.headers } };
}

/** A form must be read to know what it is for; one that cannot be read is refused when that is known as far as it can be. */
async function formOf(request: IncomingMessage, head: WireHead): Promise<Buffer | AwsError | undefined> {
  const type = head.headers['content-type'] ?? '';
  if (head.method !== 'POST' || !type.startsWith('application/x-www-form-urlencoded')) return undefined;
  try {
    return await collectBody(openBody(request, head, { bytesMax: HELD_BODY_BYTES_MAX }));
  } catch (error) {
    if (error instanceof AwsError) return error;
    throw error;
  }
}

function idHeaders({ service }: Recognised, requestId: string): Readonly<Record<string, string>> {
  return service?.name === 's3'
    ? { 'x-amz-request-id': requestId, 'x-amz-id-2': requestId }
    : { 'x-amzn-requestid': requestId };
}

async function answerOf(setting: Setting, arrived: Arrived): Promise<WireAnswer> {
  const { recognised, requestId, head, form } = arrived;
  const open = await setting.services.open(recognised);
  const bucket = recognised.bucket === undefined ? {} : { bucket: recognised.bucket };
  const asked = open.protocol.asked({ ...head, ...(Buffer.isBuffer(form) ? { body: form } : {}), ...bucket });
  try {
    const { operation } = asked;
    const body = await bodyFor(setting, arrived, operation);
    if (operation === undefined || open.handlers[operation.name] === undefined) {
      setting.vain.count(recognised.name, asked.name, recognised.region);
      return open.protocol.refuse(open.protocol.unknownOperation(asked), requestId, head);
    }
    const request = { ...withoutCoding(head), ...bucket, body };
    return await served(setting, arrived, open, { ...asked, operation }, request);
  } catch (error) {
    const answer = open.protocol.refuse(refusalOf(error, setting), requestId, head);
    return error instanceof AwsError ? withDetailsOf(error, answer) : answer;
  }
}

async function served(
  setting: Setting,
  { host, requestId, recognised, signal, head, within }: Arrived,
  { protocol, handlers }: OpenService,
  asked: Asked & { readonly operation: Operation },
  request: WireRequest,
): Promise<WireAnswer> {
  const { operation } = asked;
  const input = await protocol.read(asked, request);
  const region = regionOf(setting, recognised, head, asked);
  // Who has come to an endpoint in the world has met there what befalls it.
  if (within === undefined)
    checkUp(setting, { api: recognised.service?.name ?? '', region, operation: operation.name });
  const call: Call = {
    region,
    account: setting.cloud.account,
    requestId,
    accessKeyId: credentialScope(head)?.accessKeyId,
    host,
    headers: request.headers,
    signal,
    ...(within === undefined ? {} : { isSecure: within.isSecure }),
    ...(within?.caller === undefined ? {} : { caller: within.caller }),
  };
  // The map's own types are those of the operation's model, by which the input has been read.
  const handler = handlers[operation.name] as ((input: unknown, call: Call) => unknown) | undefined;
  const output = ((await handler?.(input, call)) ?? {}) as Readonly<Record<string, unknown>>;
  const flaw = operation.output.isUnitSchema() ? undefined : shapeFlaw(operation.output, output);
  if (flaw !== undefined) throw new Error(`${operation.name} answers with ${flaw.kind} ${flaw.path} ${flaw.expected}`);
  return withDetailsOf(output, protocol.write(operation, output, requestId));
}

/** Their handlers look for faults themselves: of a service in its Region, of a cluster's endpoint, of a store. */
const LOOK_THEMSELVES: ReadonlySet<string> = new Set(['dynamodb', 'recovery-cluster', 'key-value-store']);

/** @throws AwsError when the Region or the control plane of the API is down. */
function checkUp(
  { cloud }: Setting,
  called: { readonly api: string; readonly region: string; readonly operation: string },
): void {
  if (LOOK_THEMSELVES.has(called.api)) return;
  const refusal = cloud.world().control.apiRefusal(called, cloud.now());
  if (refusal !== undefined) throw new AwsError(refusal.code, refusal.message, DOWN_STATUS);
}

const DOWN_STATUS = 503;

/** A signature that says no Region is good in that of its bucket. */
function regionOf({ cloud }: Setting, { service, region }: Recognised, head: WireHead, { labels }: Asked): string {
  const scope = service?.name === 's3' ? credentialScope(head) : undefined;
  const bucket = scope?.region === '' ? labels?.['Bucket'] : undefined;
  return (bucket === undefined ? undefined : cloud.world().contentsOf(bucket)?.bucket.region) ?? region;
}

function withDetailsOf(said: object, answer: WireAnswer): WireAnswer {
  const { status = answer.status, headers = {} } = detailsOf(said);
  return { ...answer, status, headers: { ...answer.headers, ...headers } };
}

/** The body as the operation takes it, and, where signatures count, after the request's own has been verified. */
async function bodyFor(
  setting: Setting,
  arrived: Arrived,
  operation: Operation | undefined,
): Promise<WireRequest['body']> {
  const { request, head, form } = arrived;
  if (form instanceof AwsError) throw form;
  const streams = operation !== undefined && isStreamed(operation.input);
  if (streams) {
    const signer = verified(setting, arrived, operation, head.headers['x-amz-content-sha256'] ?? UNSIGNED_PAYLOAD);
    return openBody(request, head, { bytesMax: PASSING_BODY_BYTES_MAX, signer });
  }
  const body = form ?? (await collectBody(openBody(request, head, { bytesMax: HELD_BODY_BYTES_MAX })));
  const isPresignedS3 = isOfS3(arrived) && credentialScope(head)?.isPresigned === true;
  const hash = head.headers['x-amz-content-sha256'] ?? (isPresignedS3 ? UNSIGNED_PAYLOAD : sha256(body));
  verified(setting, arrived, operation, hash);
  return body;
}

function verified(
  { strictAuth, cloud, wallMs }: Setting,
  arrived: Arrived,
  operation: Operation | undefined,
  payloadHash: string,
): ChunkSigner | undefined {
  if (!strictAuth || arrived.within?.caller !== undefined) return undefined;
  const { head, recognised } = arrived;
  const scope = credentialScope(head);
  const { protocol } = recognised;
  const request = {
    head,
    scope,
    protocol,
    isS3: isOfS3(arrived),
    operation: operation?.name,
    payloadHash,
    bucket: recognised.bucket,
  };
  return verify(request, cloud.credentials, wallMs());
}

function isOfS3({ recognised }: Arrived): boolean {
  return recognised.service?.name === 's3';
}

/** What a thrown thing comes to: an AwsError is the answer, anything else is our mistake. */
function refusalOf(error: unknown, { onMistake }: Setting): Refusal {
  if (error instanceof AwsError) {
    const { code, message, status, members } = error;
    return { code, message, status, members };
  }
  onMistake(error);
  const says = error instanceof Error ? error.message : String(error);
  return { code: 'InternalFailure', message: `Firedrill made a mistake: ${says}`, status: 500, members: {} };
}
