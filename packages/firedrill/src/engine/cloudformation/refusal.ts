import type { StackStatus } from './stack-status.ts';

/** What CloudFormation answers instead of doing what it was asked for; clients match on these texts (RS 8.26). */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

export function validationError(message: string): Refusal {
  return { code: 'ValidationError', message };
}

/** Of every operation on a stack but those on its events and resources. */
export function noSuchStack(name: string): Refusal {
  return validationError(`Stack with id ${name} does not exist`);
}

export function noStackOf(name: string): Refusal {
  return validationError(`Stack [${name}] does not exist`);
}

export function stackExists(name: string): Refusal {
  return { code: 'AlreadyExistsException', message: `Stack [${name}] already exists` };
}

export function noSuchChangeSet(name: string): Refusal {
  return { code: 'ChangeSetNotFound', message: `ChangeSet [${name}] does not exist` };
}

export function changeSetExists(name: string): Refusal {
  return { code: 'AlreadyExistsException', message: `ChangeSet ${name} already exists` };
}

export function changeSetNotExecutable(id: string, status: string): Refusal {
  return {
    code: 'InvalidChangeSetStatus',
    message: `ChangeSet [${id}] cannot be executed in its current status of [${status}]`,
  };
}

export function notUpdatable(stackId: string, status: StackStatus): Refusal {
  return validationError(`Stack:${stackId} is in ${status} state and can not be updated.`);
}

export function isProtected(stackId: string): Refusal {
  return validationError(`Stack [${stackId}] cannot be deleted while TerminationProtection is enabled`);
}

export const NO_UPDATES = validationError('No updates are to be performed.');

/** Why a change set without changes has failed; clients know it by its beginning (RS 8.21). */
export const NO_CHANGES =
  "The submitted information didn't contain changes. Submit different information to create a change set.";

/** Letters, digits and hyphens, a letter first, 128 at the most (RS 8.24). */
export function flawOfStackName(name: string): Refusal | undefined {
  if (/^[a-zA-Z][-a-zA-Z0-9]{0,127}$/.test(name)) return undefined;
  const constraint = 'Member must satisfy regular expression pattern: [a-zA-Z][-a-zA-Z0-9]*';
  return validationError(
    name.length > 128
      ? `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: Member must have length less than or equal to 128`
      : `1 validation error detected: Value '${name}' at 'stackName' failed to satisfy constraint: ${constraint}`,
  );
}
