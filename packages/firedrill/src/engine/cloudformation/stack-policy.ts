import { fitsWildcard } from '../wildcard.ts';
import type { ResourceChange } from './changes.ts';
import type { Failure } from './operations.ts';
import type { Refusal } from './refusal.ts';
import { validationError } from './refusal.ts';

/** What may be updated of a stack (RS 8.27d). */
export interface StackPolicy {
  readonly statements: readonly StackPolicyStatement[];
}

interface StackPolicyStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  /** The statement is about all resources but these. */
  readonly isNotResource: boolean;
  /** Types with wildcards; undefined: of whatever type. */
  readonly types: readonly string[] | undefined;
}

/** Reads a policy. @returns why it is refused, when it is none. */
export function readStackPolicy(text: string): StackPolicy | Refusal {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return invalid('it is no JSON');
  }
  const written = isRecord(value) ? value['Statement'] : undefined;
  const statements = (Array.isArray(written) ? (written as readonly unknown[]) : [written]).map(statementOf);
  const complete = statements.filter((statement) => statement !== undefined);
  return complete.length === statements.length ? { statements: complete } : invalid('a statement is not complete');
}

function invalid(why: string): Refusal {
  return validationError(`Error validating stack policy: Invalid stack policy (${why})`);
}

function statementOf(value: unknown): StackPolicyStatement | undefined {
  if (!isRecord(value)) return undefined;
  const { Effect: effect, Condition: condition } = value;
  const isNotResource = value['NotResource'] !== undefined;
  const [actions, resources] = [textsOf(value['Action']), textsOf(value['Resource'] ?? value['NotResource'])];
  if ((effect !== 'Allow' && effect !== 'Deny') || actions.length === 0 || resources.length === 0) return undefined;
  const tests = isRecord(condition) ? Object.values(condition) : [];
  const types = tests.flatMap((test) => (isRecord(test) ? textsOf(test['ResourceType']) : []));
  return { effect, actions, resources, isNotResource, types: condition === undefined ? undefined : types };
}

/** The first change that a policy does not allow. Making new resources is no update of any. */
export function deniedByPolicy({ statements }: StackPolicy, changes: readonly ResourceChange[]): Failure | undefined {
  for (const change of changes) {
    if (change.action === 'Add') continue;
    const { logicalId, type } = change.before;
    const action = change.action === 'Remove' ? 'Update:Delete' : change.replaces ? 'Update:Replace' : 'Update:Modify';
    const applying = statements.flatMap((statement, index) =>
      applies(statement, { action, logicalId, type }) ? [{ ...statement, number: index + 1 }] : [],
    );
    const denial = applying.find(({ effect }) => effect === 'Deny');
    if (denial === undefined && applying.some(({ effect }) => effect === 'Allow')) continue;
    const which = denial === undefined ? 'No statement allows' : `Statement [#${denial.number}] does not allow`;
    return { logicalId, reason: `Action denied by stack policy: ${which} [${action}] for resource [${logicalId}]` };
  }
  return undefined;
}

function applies(
  { actions, resources, isNotResource, types }: StackPolicyStatement,
  asked: { readonly action: string; readonly logicalId: string; readonly type: string },
): boolean {
  const names = [asked.logicalId, `LogicalResourceId/${asked.logicalId}`];
  const isNamed = resources.some((pattern) => names.some((name) => fitsWildcard(pattern, name)));
  return (
    actions.some((pattern) => fitsWildcard(pattern.toLowerCase(), asked.action.toLowerCase())) &&
    isNamed !== isNotResource &&
    (types === undefined || types.some((pattern) => fitsWildcard(pattern, asked.type)))
  );
}

function textsOf(value: unknown): readonly string[] {
  const items = Array.isArray(value) ? (value as readonly unknown[]) : [value];
  return items.filter((item) => typeof item === 'string');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
