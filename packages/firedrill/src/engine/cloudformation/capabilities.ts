import type { Refusal } from './refusal.ts';

interface Named {
  readonly type: string;
  /** Names of the properties that it has. */
  readonly properties: readonly string[];
}

/** Types of IAM whose creation somebody must have agreed to, with the property that names them. */
const IAM_TYPES: ReadonlyMap<string, string> = new Map([
  ['AWS::IAM::AccessKey', ''],
  ['AWS::IAM::Group', 'GroupName'],
  ['AWS::IAM::InstanceProfile', 'InstanceProfileName'],
  ['AWS::IAM::ManagedPolicy', 'ManagedPolicyName'],
  ['AWS::IAM::Policy', ''],
  ['AWS::IAM::Role', 'RoleName'],
  ['AWS::IAM::User', 'UserName'],
  ['AWS::IAM::UserToGroupAddition', ''],
]);

/** The capability that resources of IAM ask for, if any (RS 8.26a). */
export function neededCapability(resources: readonly Named[]): 'CAPABILITY_IAM' | 'CAPABILITY_NAMED_IAM' | undefined {
  const names = resources.flatMap(({ type, properties }) => {
    const name = IAM_TYPES.get(type);
    return name === undefined ? [] : [properties.includes(name)];
  });
  if (names.length === 0) return undefined;
  return names.includes(true) ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
}

/**
 * Why a stack may not be made with the capabilities that a request acknowledges (RS 8.26a).
 * @param expands whether macros are expanded without a change set in which somebody could look at what comes of them.
 */
export function capabilityRefusal(
  resources: readonly Named[],
  given: readonly string[],
  expands: boolean,
): Refusal | undefined {
  const needed = neededCapability(resources);
  const missing = [
    ...(needed === undefined || isAcknowledged(needed, given) ? [] : [needed]),
    ...(expands && !given.includes('CAPABILITY_AUTO_EXPAND') ? ['CAPABILITY_AUTO_EXPAND'] : []),
  ];
  if (missing.length === 0) return undefined;
  return { code: 'InsufficientCapabilitiesException', message: `Requires capabilities : [${missing.join(', ')}]` };
}

function isAcknowledged(needed: string, given: readonly string[]): boolean {
  return given.includes(needed) || given.includes('CAPABILITY_NAMED_IAM');
}
