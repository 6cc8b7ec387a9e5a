import { createHash, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { AccessKey } from '../credentials.ts';
import type { Call, Handlers } from '../handlers.ts';

const HOUR_SECONDS = 3600;
const TWELVE_HOURS_SECONDS = 12 * HOUR_SECONDS;
/** What AWS gives a session of the account's own keys that asks for nothing. */
const SESSION_TOKEN_SECONDS = TWELVE_HOURS_SECONDS;
const SESSION_SECONDS_MIN = 900;
const SESSION_TOKEN_SECONDS_MAX = 36 * HOUR_SECONDS;

/** Who asks. Any role of the account can be assumed: policies are kept, never enforced. */
export function sts(cloud: Cloud): Handlers<typeof import('@aws-sdk/client-sts')> {
  const { account } = cloud;
  const give = (arn: string, userId: string, seconds: number): { readonly key: AccessKey; readonly until: Date } => {
    const key = newKey(arn, userId);
    cloud.credentials.give(key);
    // Clients hold this against the wall clock, whatever the world's says.
    return { key, until: new Date(Date.now() + seconds * 1000) };
  };
  const assume = (
    roleArn: string | undefined,
    sessionName: string | undefined,
    seconds: number | undefined,
    call: Call,
  ) => {
    const [role, session] = [roleNameOf(roleArn, account, callerOf(cloud, call).arn), sessionName ?? 'session'];
    const duration = durationOf(seconds ?? HOUR_SECONDS, TWELVE_HOURS_SECONDS);
    const arn = `arn:aws:sts::${account}:assumed-role/${role}/${session}`;
    const assumedRoleId = `${idOf('AROA', `${account}/${role}`)}:${session}`;
    const { key, until } = give(arn, assumedRoleId, duration);
    return { Credentials: credentialsOf(key, until), AssumedRoleUser: { AssumedRoleId: assumedRoleId, Arn: arn } };
  };
  return {
    GetCallerIdentity: (_input, call) => {
      const { arn, userId } = callerOf(cloud, call);
      return { Account: account, Arn: arn, UserId: userId };
    },
    AssumeRole: ({ RoleArn, RoleSessionName, DurationSeconds }, call) => ({
      ...assume(RoleArn, RoleSessionName, DurationSeconds, call),
      PackedPolicySize: 0,
    }),
    AssumeRoleWithWebIdentity: ({ RoleArn, RoleSessionName, DurationSeconds }, call) => ({
      ...assume(RoleArn, RoleSessionName, DurationSeconds, call),
      SubjectFromWebIdentityToken: RoleSessionName ?? '',
    }),
    GetSessionToken: ({ DurationSeconds }, call) => {
      const { arn, userId } = callerOf(cloud, call);
      const seconds = durationOf(DurationSeconds ?? SESSION_TOKEN_SECONDS, SESSION_TOKEN_SECONDS_MAX);
      const { key, until } = give(arn, userId, seconds);
      return { Credentials: credentialsOf(key, until) };
    },
    GetAccessKeyInfo: () => ({ Account: account }),
  };
}

function callerOf(
  { account, credentials }: Cloud,
  { accessKeyId }: Call,
): { readonly arn: string; readonly userId: string } {
  const known = credentials.find(accessKeyId ?? '');
  return known ?? { arn: `arn:aws:iam::${account}:root`, userId: account };
}

/** The role's name, without its path. @throws AwsError for a role of somebody else's account, as for any that may not be assumed. */
function roleNameOf(arn: string | undefined, account: string, caller: string): string {
  const [, owner, path] = /^arn:aws[\w-]*:iam::(\d{12}):role\/(.+)$/.exec(arn ?? '') ?? [];
  if (path === undefined) throw new AwsError('ValidationError', `${arn ?? ''} is invalid`);
  if (owner !== account) {
    throw new AwsError(
      'AccessDenied',
      `User: ${caller} is not authorized to perform: sts:AssumeRole on resource: ${arn ?? ''}`,
      403,
    );
  }
  return path.slice(path.lastIndexOf('/') + 1);
}

function durationOf(seconds: number, max: number): number {
  if (seconds >= SESSION_SECONDS_MIN && seconds <= max) return seconds;
  const bound =
    seconds < SESSION_SECONDS_MIN ? `greater than or equal to ${SESSION_SECONDS_MIN}` : `less than or equal to ${max}`;
  throw new AwsError(
    'ValidationError',
    `1 validation error detected: Value '${seconds}' at 'durationSeconds' failed to satisfy constraint: Member must have value ${bound}`,
  );
}

function newKey(arn: string, userId: string): AccessKey {
  return {
    accessKeyId: idOf('ASIA', randomBytes(SECRET_BYTES).toString('hex')),
    secretAccessKey: randomBytes(SECRET_BYTES).toString('base64'),
    sessionToken: randomBytes(TOKEN_BYTES).toString('base64'),
    arn,
    userId,
  };
}

const SECRET_BYTES = 30;
const TOKEN_BYTES = 96;
const ID_LENGTH = 16;
const ID_CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** An id as IAM makes them, the same for the same name. */
function idOf(prefix: string, name: string): string {
  const bytes = [...createHash('sha256').update(name).digest().subarray(0, ID_LENGTH)];
  return prefix + bytes.map((byte) => ID_CHARACTERS[byte % ID_CHARACTERS.length] ?? 'A').join('');
}

function credentialsOf({ accessKeyId, secretAccessKey, sessionToken }: AccessKey, until: Date) {
  return {
    AccessKeyId: accessKeyId,
    SecretAccessKey: secretAccessKey,
    SessionToken: sessionToken ?? '',
    Expiration: until,
  };
}
