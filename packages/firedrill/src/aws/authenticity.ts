import { AwsError } from './aws-error.ts';
import type { CredentialScope } from './credential-scope.ts';
import type { Credentials } from './credentials.ts';
import type { ChunkSigner } from './protocol/chunked-body.ts';
import type { WireHead } from './protocol/message.ts';
import type { ProtocolName } from './services.ts';
import type { Signature } from './signature.ts';
import type { QuerySignature } from './signature-v2.ts';
import { isGenuineQuery, readQuerySignature } from './signature-v2.ts';
import { chunkSigner, isGenuine, readSignature, signedAtMs } from './signature.ts';

/** A signature may be that much older or younger than the moment it arrives at. */
const SKEW_MAX_MS = 15 * 60 * 1000;
/** What one key of SigV4A signs needs the key's other half, which a secret does not give. */
const ASYMMETRIC = 'AWS4-ECDSA-P256-SHA256';

/** How a family of services words what is wrong with a signature. */
interface Words {
  readonly unsigned: readonly [code: string, status: number];
  readonly unknownKey: readonly [code: string, status: number];
  readonly mismatch: readonly [code: string, status: number];
  readonly skewed: readonly [code: string, status: number];
}

const XML_WORDS: Words = {
  unsigned: ['MissingAuthenticationToken', 403],
  unknownKey: ['InvalidClientTokenId', 403],
  mismatch: ['SignatureDoesNotMatch', 403],
  skewed: ['SignatureDoesNotMatch', 403],
};
const S3_WORDS: Words = {
  unsigned: ['AccessDenied', 403],
  unknownKey: ['InvalidAccessKeyId', 403],
  mismatch: ['SignatureDoesNotMatch', 403],
  skewed: ['RequestTimeTooSkewed', 403],
};
const JSON_WORDS: Words = {
  unsigned: ['MissingAuthenticationTokenException', 400],
  unknownKey: ['UnrecognizedClientException', 400],
  mismatch: ['InvalidSignatureException', 400],
  skewed: ['InvalidSignatureException', 400],
};
const REST_JSON_WORDS: Words = {
  unsigned: ['MissingAuthenticationTokenException', 403],
  unknownKey: ['UnrecognizedClientException', 403],
  mismatch: ['InvalidSignatureException', 403],
  skewed: ['InvalidSignatureException', 403],
};

/** Operations that carry their own proof, so that nobody signs them. */
const UNSIGNED_OPERATIONS: ReadonlySet<string> = new Set(['AssumeRoleWithWebIdentity', 'AssumeRoleWithSAML']);

interface Request {
  readonly head: WireHead;
  readonly scope: CredentialScope | undefined;
  readonly protocol: ProtocolName;
  readonly isS3: boolean;
  readonly operation: string | undefined;
  /** Hash of the body, or the word that stands for it. */
  readonly payloadHash: string;
  /** Of a request to a bucket by host name. */
  readonly bucket?: string | undefined;
}

/**
 * Verifies who signed a request.
 * @param nowMs - the moment by the wall clock, which clients sign by.
 * @returns what verifies the chunks of its body; undefined when nobody had to sign.
 * @throws AwsError in the words of the request's protocol.
 */
export function verify(request: Request, credentials: Credentials, nowMs: number): ChunkSigner | undefined {
  const { head, scope, operation } = request;
  const words = wordsOf(request);
  if (scope === undefined) {
    if (UNSIGNED_OPERATIONS.has(operation ?? '')) return undefined;
    throw refusal(words.unsigned, request.isS3 ? 'Access Denied' : 'Request is missing Authentication Token');
  }
  const key = credentials.find(scope.accessKeyId);
  const token =
    head.headers['x-amz-security-token'] ?? head.query.find(([name]) => name === 'X-Amz-Security-Token')?.[1];
  if (key === undefined || (key.sessionToken !== undefined && key.sessionToken !== token)) {
    throw refusal(words.unknownKey, unknownKeyText(request.isS3));
  }
  if (head.headers['authorization']?.startsWith(ASYMMETRIC) === true) return undefined;
  const older = request.isS3 ? readQuerySignature(head) : undefined;
  if (older !== undefined) {
    holdOlder(request, older, key.secretAccessKey, nowMs);
    return undefined;
  }
  const signature = readSignature(head, scope);
  if (signature === undefined) throw refusal(words.mismatch, mismatchText(request.isS3));
  holdTime(signature, words, request.isS3, nowMs);
  if (!isGenuine(head, signature, key.secretAccessKey, request.payloadHash)) {
    throw refusal(words.mismatch, mismatchText(request.isS3));
  }
  return chunkSigner(signature, key.secretAccessKey);
}

function holdOlder(request: Request, older: QuerySignature, secret: string, nowMs: number): void {
  if (!(nowMs < older.expires * 1000)) throw new AwsError('AccessDenied', 'Request has expired', 403);
  if (!isGenuineQuery(request.head, older, secret, request.bucket))
    throw refusal(S3_WORDS.mismatch, mismatchText(true));
}

/** A week: no presigned request lasts longer. */
const EXPIRES_SECONDS_MAX = 604_800;

function holdTime({ date, expiresSeconds, scope }: Signature, words: Words, isS3: boolean, nowMs: number): void {
  const at = signedAtMs(date);
  if (expiresSeconds !== undefined) {
    if (isS3 && expiresSeconds > EXPIRES_SECONDS_MAX)
      throw new AwsError(
        'AuthorizationQueryParametersError',
        `X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than ${EXPIRES_SECONDS_MAX} seconds`,
      );
    if (nowMs < at + expiresSeconds * 1000 && at - nowMs < SKEW_MAX_MS && date.startsWith(scope.date)) return;
    throw isS3
      ? new AwsError('AccessDenied', 'Request has expired', 403)
      : refusal(words.skewed, skewText(date, nowMs));
  }
  if (Math.abs(at - nowMs) < SKEW_MAX_MS && date.startsWith(scope.date)) return;
  const says = isS3
    ? 'The difference between the request time and the current time is too large.'
    : skewText(date, nowMs);
  throw refusal(words.skewed, says);
}

function skewText(date: string, nowMs: number): string {
  const isOld = !(signedAtMs(date) > nowMs);
  const [limit, sign] = isOld ? [nowMs - SKEW_MAX_MS, '-'] : [nowMs + SKEW_MAX_MS, '+'];
  return `Signature ${isOld ? 'expired' : 'not yet current'}: ${date.slice(0, DATE_LENGTH)} is now ${isOld ? 'earlier' : 'later'} than ${basic(limit)} (${basic(nowMs)} ${sign} 15 min.)`;
}

/** As long as `20261121T151500Z`. */
const DATE_LENGTH = 16;

function basic(epochMs: number): string {
  return new Date(epochMs).toISOString().replaceAll(/[-:]|\.\d+/g, '');
}

function wordsOf({ protocol, isS3 }: Request): Words {
  if (isS3) return S3_WORDS;
  if (protocol === 'rest-json') return REST_JSON_WORDS;
  return protocol === 'query' || protocol === 'rest-xml' ? XML_WORDS : JSON_WORDS;
}

function unknownKeyText(isS3: boolean): string {
  return isS3
    ? 'The AWS Access Key Id you provided does not exist in our records.'
    : 'The security token included in the request is invalid.';
}

function mismatchText(isS3: boolean): string {
  return isS3
    ? 'The request signature we calculated does not match the signature you provided. Check your key and signing method.'
    : 'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.';
}

function refusal([code, status]: readonly [string, number], message: string): AwsError {
  return new AwsError(code, message, status);
}
