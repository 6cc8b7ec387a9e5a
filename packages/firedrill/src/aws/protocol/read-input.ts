import { never } from '../../model/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Operation } from './service-model.ts';
import { shapeFlaw } from './shape-flaw.ts';
import type { Complaints } from './wire-protocol.ts';

/**
 * Lets a reader read, and holds what it read against the operation's shape.
 * @throws AwsError with the protocol's code for what cannot be read, or for the first member that is missing.
 */
export async function readInput(
  operation: Operation,
  complaints: Complaints,
  read: () => Promise<unknown>,
): Promise<unknown> {
  const input = await readable(complaints, read);
  const flaw = operation.input.isUnitSchema() ? undefined : shapeFlaw(operation.input, input);
  // Members that the model does not know are passed over, as AWS does.
  if (flaw === undefined || flaw.kind === 'unknown') return input;
  switch (flaw.kind) {
    case 'missing':
      throw new AwsError(
        complaints.missing,
        `1 validation error detected: Value null at '${flaw.path}' failed to satisfy constraint: Member must not be null`,
      );
    case 'wrong-kind':
      throw new AwsError(
        complaints.malformed,
        `${flaw.path === '' ? 'The request' : flaw.path} is not a ${flaw.expected}`,
      );
    default:
      return never(flaw.kind);
  }
}

async function readable(complaints: Complaints, read: () => Promise<unknown>): Promise<unknown> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof AwsError) throw error;
    // Parsers throw whatever they like; what they say is about the bytes of the client.
    throw new AwsError(complaints.malformed, error instanceof Error ? error.message.slice(0, MESSAGE_MAX) : '');
  }
}

/** A parser may quote the whole body. */
const MESSAGE_MAX = 300;
