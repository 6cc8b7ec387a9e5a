import { scopeOfName } from './replacement.ts';

/** Something with a name, somewhere. */
interface Holder {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly region: string;
  /** ARN of the stack that it belongs to; empty: of none. */
  readonly stackId: string;
}

/** A resource that cannot be made. */
export interface Conflict {
  readonly logicalId: string;
  readonly reason: string;
}

/** The first resource whose name is taken by one that stands already (RS 8.26). */
export function takenName(made: readonly Holder[], standing: readonly Holder[]): Conflict | undefined {
  const taken = new Map<string, Holder>();
  for (const holder of standing) {
    const key = keyOf(holder);
    if (key !== undefined) taken.set(key, holder);
  }
  for (const resource of made) {
    const key = keyOf(resource);
    const other = key === undefined ? undefined : taken.get(key);
    if (key !== undefined) taken.set(key, resource);
    if (other === undefined) continue;
    const where = other.stackId === '' ? '' : ` in stack ${other.stackId}`;
    return { logicalId: resource.logicalId, reason: `${resource.physicalId} already exists${where}` };
  }
  return undefined;
}

function keyOf({ type, physicalId, region }: Holder): string | undefined {
  const scope = scopeOfName(type);
  if (scope === undefined || physicalId === '') return undefined;
  return `${type} ${scope === 'region' ? region : ''} ${physicalId}`;
}

interface Aliased {
  readonly id: string;
  readonly logicalId: string;
  readonly aliases: readonly string[];
}

/** The first distribution with an alternate domain name that another one has already (CF 4.6). */
export function takenAlias(made: readonly Aliased[], standing: readonly Aliased[]): Conflict | undefined {
  const owners = new Map(standing.flatMap(({ id, aliases }) => aliases.map((alias): [string, string] => [alias, id])));
  for (const { id, logicalId, aliases } of made) {
    if (aliases.some((alias) => (owners.get(alias) ?? id) !== id)) return { logicalId, reason: CNAME_TAKEN };
    for (const alias of aliases) owners.set(alias, id);
  }
  return undefined;
}

const CNAME_TAKEN =
  'Resource handler returned message: "Invalid request provided: One or more of the CNAMEs you provided are already associated with a ' +
  'different resource. (Service: CloudFront, Status Code: 409, CNAMEAlreadyExists)" (HandlerErrorCode: AlreadyExists)';

/** Why a bucket with objects does not go. */
export const BUCKET_NOT_EMPTY =
  'The bucket you tried to delete is not empty (Service: S3, Status Code: 409, BucketNotEmpty)';

/** Why a resource that must be made anew cannot be: its own name stands in its way. */
export function cannotRename(names: readonly string[]): string {
  return `CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename ${names.join(', ')} and update the stack again.`;
}

/** Wraps what a service says into the words of what makes its resources for CloudFormation. */
export function handlerMessage(says: string, code: string): string {
  return `Resource handler returned message: "${says}" (HandlerErrorCode: ${code})`;
}

/** Why a resource fails that is a nested stack (RS 8.27c). */
export function embeddedFailure(
  stackId: string,
  isThere: boolean,
  { logicalId, reason }: { readonly logicalId: string | undefined; readonly reason: string },
): string {
  const [done, todo] = isThere ? ['updated', 'update'] : ['created', 'create'];
  const why = logicalId === undefined ? reason : `The following resource(s) failed to ${todo}: [${logicalId}].`;
  return `Embedded stack ${stackId} was not successfully ${done}: ${why}`;
}

/** Why it does not go. */
export function embeddedStays(stackId: string, logicalIds: readonly string[]): string {
  const which = logicalIds.join(', ');
  return `Embedded stack ${stackId} was not successfully deleted: The following resource(s) failed to delete: [${which}].`;
}
