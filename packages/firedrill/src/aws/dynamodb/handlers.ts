import type { Attempt, FindTable, Write } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Call, Handlers } from '../handlers.ts';

export type DynamoDbHandlers = Handlers<typeof import('@aws-sdk/client-dynamodb')>;

/** What answers one operation. */
export type DynamoDbHandler<Operation extends keyof DynamoDbHandlers> = NonNullable<DynamoDbHandlers[Operation]>;

/** What DynamoDB tells a client that cannot reach it, or meets it broken. */
const BROKEN_STATUS = 500;

/**
 * Does a request in the Region that it was signed for (RS 7.10).
 * @throws AwsError in DynamoDB's words.
 */
export function inRegion<Output>(
  cloud: Cloud,
  call: Call,
  act: (tables: { readonly find: FindTable; readonly commit: (writes: readonly Write[]) => void }) => Output,
): Output {
  const { tables } = cloud.world();
  checkUp(cloud, call);
  return outputOf(tables.request(call.region, cloud.now(), act));
}

/** @throws AwsError when DynamoDB is down in the Region. */
export function checkUp(cloud: Cloud, { region }: Call): void {
  const refusal = cloud.world().tables.refusalIn(region, cloud.now());
  if (refusal !== undefined) throw new AwsError('InternalServerError', refusal.message, BROKEN_STATUS);
}

function outputOf<Output>(attempted: Attempt<Output>): Output {
  if (attempted.kind === 'done') return attempted.output;
  const { code, message, members } = attempted.refusal;
  throw new AwsError(code, message, code === 'InternalServerError' ? BROKEN_STATUS : 400, members);
}
