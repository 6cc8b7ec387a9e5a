import type { Place } from '../model/index.ts';
import { utf8Of } from '../model/index.ts';
import type { Teller } from './teller.ts';

/** Names and values of a function's environment together, in bytes as JSON (RS 4.5). */
const VARIABLES_BYTES_MAX = 4096;

/** What Lambda sets itself (RS 4.4, 4.5). */
const RESERVED: ReadonlySet<string> = new Set(
  '_HANDLER _X_AMZN_TRACE_ID AWS_DEFAULT_REGION AWS_REGION AWS_EXECUTION_ENV AWS_LAMBDA_FUNCTION_NAME AWS_LAMBDA_FUNCTION_MEMORY_SIZE AWS_LAMBDA_FUNCTION_VERSION AWS_LAMBDA_INITIALIZATION_TYPE AWS_LAMBDA_LOG_GROUP_NAME AWS_LAMBDA_LOG_STREAM_NAME AWS_ACCESS_KEY AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_LAMBDA_RUNTIME_API LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR'.split(
    ' ',
  ),
);

/** Tells which variables of a function Lambda would refuse (RS 4.5). */
export function checkVariables(variables: ReadonlyMap<string, string>, at: Place, tell: Teller): void {
  const names = [...variables.keys()];
  const refuse = (says: string): void => tell.error('template/property', at, says, { facts: ['RS 4.5'] });
  for (const name of names.filter((each) => !/^[A-Za-z][A-Za-z0-9_]+$/.test(each))) {
    if (!RESERVED.has(name))
      refuse(
        `The variable ${name} must begin with a letter and go on with letters, digits and _, two characters at least.`,
      );
  }
  const reserved = names.filter((each) => RESERVED.has(each));
  if (reserved.length > 0)
    refuse(`Lambda keeps ${reserved.join(', ')} for itself: a template cannot set what is reserved.`);
  const bytes = bytesOf(JSON.stringify(Object.fromEntries(variables)));
  if (bytes > VARIABLES_BYTES_MAX)
    refuse(`The variables take ${bytes} bytes together; Lambda takes ${VARIABLES_BYTES_MAX} at most.`);
}

function bytesOf(text: string): number {
  return utf8Of(text).length;
}
