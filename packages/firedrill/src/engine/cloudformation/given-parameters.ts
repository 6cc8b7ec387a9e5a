import type { Refusal } from './refusal.ts';
import { validationError } from './refusal.ts';

/** A parameter as a request gives it. */
export interface GivenParameter {
  readonly key: string;
  readonly value: string | undefined;
  readonly usePreviousValue: boolean;
}

interface DeclaredParameter {
  readonly name: string;
  readonly default?: string;
}

/**
 * Values of a stack's parameters: those given, else the previous ones where the request says so, else the template's defaults.
 * A value that was given once and is left out goes back to the default.
 * @param previous of an update: what the stack has.
 */
export function givenParameters(
  declared: readonly DeclaredParameter[],
  given: readonly GivenParameter[],
  previous: Readonly<Record<string, string>> | undefined,
): { readonly values: Readonly<Record<string, string>> } | { readonly refusal: Refusal } {
  const names = new Set(declared.map(({ name }) => name));
  const unknown = given.filter(({ key }) => !names.has(key)).map(({ key }) => key);
  if (unknown.length > 0) return refuse(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const values: Record<string, string> = {};
  for (const { key, value, usePreviousValue } of given) {
    if (usePreviousValue && value !== undefined && value !== '')
      return refuse(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and non empty value for a parameter key`,
      );
    const before = previous?.[key];
    if (usePreviousValue && before === undefined)
      return refuse(
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    const chosen = usePreviousValue ? before : (value ?? '');
    if (chosen !== undefined) values[key] = chosen;
  }
  const missing = declared.filter((each) => values[each.name] === undefined && each.default === undefined);
  if (missing.length > 0) return refuse(`Parameters: [${missing.map(({ name }) => name).join(', ')}] must have values`);
  return { values };
}

function refuse(message: string): { readonly refusal: Refusal } {
  return { refusal: validationError(message) };
}

/** Name of the SSM parameter's kind that a type such as `AWS::SSM::Parameter::Value<String>` asks for; undefined for other types. */
export function storedType(type: string): string | undefined {
  return /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type)?.[1];
}

/** What a request for parameters that the store does not have is answered with. */
export function notInStore(names: readonly string[]): Refusal {
  return validationError(`Unable to fetch parameters [${names.join(',')}] from parameter store for this account.`);
}

/** How the value of a parameter reads back (RS 8.22). */
export function shownValue(value: string, noEcho: boolean): string {
  return noEcho ? '****' : value;
}
