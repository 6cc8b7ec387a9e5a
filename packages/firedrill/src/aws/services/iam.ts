import { createHash } from 'node:crypto';
import type { Role } from '@aws-sdk/client-iam';
import type { DeployedResource } from '../../model/index.ts';
import { BEGINNING } from '../../model/index.ts';
import type { PlainValue } from '../../engine/index.ts';
import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { Handlers } from '../handlers.ts';
import { dateOf } from '../performed.ts';
import { propertiesOf, resourceOf, resourcesOf, tagsOf, textOf } from '../resources.ts';

type IamHandlers = Handlers<typeof import('@aws-sdk/client-iam')>;

const ROLE = 'AWS::IAM::Role';
const HOME_REGION = 'us-east-1';
const HOUR_SECONDS = 3600;

/** Roles and policies: kept, never enforced. */
export function iam(cloud: Cloud): IamHandlers {
  return {
    ...roleHandlers(cloud),
    ...rolePolicyHandlers(cloud),
    ...attachmentHandlers(cloud),
    ...accountHandlers(cloud),
  };
}

type Roles = 'CreateRole' | 'GetRole' | 'ListRoles' | 'DeleteRole' | 'UpdateAssumeRolePolicy' | 'ListRoleTags';

function roleHandlers(cloud: Cloud): Pick<IamHandlers, Roles> {
  return {
    CreateRole: async ({
      RoleName = '',
      AssumeRolePolicyDocument = '{}',
      Path,
      Description,
      MaxSessionDuration,
      Tags,
    }) => {
      if (resourceOf(cloud, ROLE, RoleName) !== undefined) {
        throw new AwsError('EntityAlreadyExists', `Role with name ${RoleName} already exists.`, 409);
      }
      const given = Object.entries({ Path, Description, MaxSessionDuration, Tags });
      const properties = {
        RoleName,
        AssumeRolePolicyDocument: documentOf(AssumeRolePolicyDocument),
        ...Object.fromEntries(given.filter(([, value]) => value !== undefined)),
      };
      await cloud.estate.putResource({ region: HOME_REGION, type: ROLE, properties });
      return { Role: writeRole(cloud, roleOf(cloud, RoleName)) };
    },
    GetRole: ({ RoleName }) => ({ Role: writeRole(cloud, roleOf(cloud, RoleName)) }),
    ListRoles: ({ PathPrefix = '/' }) => ({
      Roles: resourcesOf(cloud, ROLE)
        .filter((role) => (textOf(role, 'Path') ?? '/').startsWith(PathPrefix))
        .map((role) => writeRole(cloud, role)),
      IsTruncated: false,
    }),
    DeleteRole: async ({ RoleName }) => {
      const role = roleOf(cloud, RoleName);
      const { ManagedPolicyArns, Policies } = propertiesOf(role);
      const isUsed = [ManagedPolicyArns, Policies].some((list) => Array.isArray(list) && list.length > 0);
      if (isUsed) throw new AwsError('DeleteConflict', 'Cannot delete entity, must detach all policies first.', 409);
      await cloud.estate.removeResource(role.physicalId, { type: ROLE });
      return {};
    },
    UpdateAssumeRolePolicy: async ({ RoleName, PolicyDocument = '{}' }) => {
      await change(cloud, roleOf(cloud, RoleName), { AssumeRolePolicyDocument: documentOf(PolicyDocument) });
      return {};
    },
    ListRoleTags: ({ RoleName }) => ({ Tags: [...tagsOf(roleOf(cloud, RoleName))], IsTruncated: false }),
  };
}

type RolePolicies = 'PutRolePolicy' | 'GetRolePolicy' | 'ListRolePolicies' | 'DeleteRolePolicy';

function rolePolicyHandlers(cloud: Cloud): Pick<IamHandlers, RolePolicies> {
  const without = (role: DeployedResource, name: string | undefined): readonly InlinePolicy[] =>
    inlinePolicies(role).filter(({ PolicyName }) => PolicyName !== name);
  return {
    PutRolePolicy: async ({ RoleName, PolicyName = '', PolicyDocument = '{}' }) => {
      const role = roleOf(cloud, RoleName);
      const policy = { PolicyName, PolicyDocument: documentOf(PolicyDocument) };
      await change(cloud, role, { Policies: [...without(role, PolicyName), policy] });
      return {};
    },
    GetRolePolicy: ({ RoleName = '', PolicyName = '' }) => {
      const found = inlinePolicies(roleOf(cloud, RoleName)).find((policy) => policy.PolicyName === PolicyName);
      if (found === undefined)
        throw new AwsError('NoSuchEntity', `The role policy with name ${PolicyName} cannot be found.`, 404);
      return { RoleName, PolicyName, PolicyDocument: encodeURIComponent(JSON.stringify(found.PolicyDocument)) };
    },
    ListRolePolicies: ({ RoleName }) => ({
      PolicyNames: inlinePolicies(roleOf(cloud, RoleName)).map(({ PolicyName }) => PolicyName),
      IsTruncated: false,
    }),
    DeleteRolePolicy: async ({ RoleName, PolicyName }) => {
      const role = roleOf(cloud, RoleName);
      await change(cloud, role, { Policies: without(role, PolicyName) });
      return {};
    },
  };
}

type Attachments = 'AttachRolePolicy' | 'DetachRolePolicy' | 'ListAttachedRolePolicies';

function attachmentHandlers(cloud: Cloud): Pick<IamHandlers, Attachments> {
  const attached = (role: DeployedResource): readonly string[] => {
    const { ManagedPolicyArns: arns } = propertiesOf(role);
    return Array.isArray(arns) ? (arns as readonly PlainValue[]).filter((arn) => typeof arn === 'string') : [];
  };
  return {
    AttachRolePolicy: async ({ RoleName, PolicyArn = '' }) => {
      const role = roleOf(cloud, RoleName);
      await change(cloud, role, { ManagedPolicyArns: [...new Set([...attached(role), PolicyArn])] });
      return {};
    },
    DetachRolePolicy: async ({ RoleName, PolicyArn = '' }) => {
      const role = roleOf(cloud, RoleName);
      if (!attached(role).includes(PolicyArn))
        throw new AwsError('NoSuchEntity', `Policy ${PolicyArn} was not found.`, 404);
      await change(cloud, role, { ManagedPolicyArns: attached(role).filter((arn) => arn !== PolicyArn) });
      return {};
    },
    ListAttachedRolePolicies: ({ RoleName }) => ({
      AttachedPolicies: attached(roleOf(cloud, RoleName)).map((arn) => ({
        PolicyArn: arn,
        PolicyName: arn.slice(arn.lastIndexOf('/') + 1),
      })),
      IsTruncated: false,
    }),
  };
}

function accountHandlers(cloud: Cloud): Pick<IamHandlers, 'GetUser' | 'ListAccountAliases'> {
  return {
    GetUser: ({ UserName }, { accessKeyId }) => {
      const key = cloud.credentials.find(accessKeyId ?? '');
      const name = UserName ?? key?.arn.split('/').at(-1) ?? 'root';
      const arn = key?.arn ?? `arn:aws:iam::${cloud.account}:root`;
      const UserId = key?.userId ?? cloud.account;
      return { User: { UserName: name, Arn: arn, UserId, Path: '/', CreateDate: dateOf(cloud, BEGINNING) } };
    },
    ListAccountAliases: () => ({ AccountAliases: [], IsTruncated: false }),
  };
}

interface InlinePolicy {
  readonly PolicyName: string;
  readonly PolicyDocument: PlainValue;
}

function inlinePolicies(role: DeployedResource): readonly InlinePolicy[] {
  const { Policies: policies } = propertiesOf(role);
  if (!Array.isArray(policies)) return [];
  return (policies as readonly PlainValue[]).flatMap((policy) =>
    typeof policy === 'object' && policy !== null && 'PolicyName' in policy && typeof policy['PolicyName'] === 'string'
      ? [{ PolicyName: policy['PolicyName'], PolicyDocument: policy['PolicyDocument'] ?? {} }]
      : [],
  );
}

function roleOf(cloud: Cloud, name: string | undefined): DeployedResource {
  const role = resourceOf(cloud, ROLE, name ?? '');
  if (role === undefined) throw new AwsError('NoSuchEntity', `The role with name ${name ?? ''} cannot be found.`, 404);
  return role;
}

async function change(
  cloud: Cloud,
  role: DeployedResource,
  properties: Readonly<Record<string, unknown>>,
): Promise<void> {
  await cloud.estate.changeResource(role.physicalId, { ...propertiesOf(role), ...properties }, { type: ROLE });
}

/** @throws AwsError for a policy that is no JSON. */
function documentOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new AwsError('MalformedPolicyDocument', 'This policy contains invalid Json');
  }
}

function writeRole(cloud: Cloud, role: DeployedResource): Role {
  const { AssumeRolePolicyDocument: document } = propertiesOf(role);
  const path = textOf(role, 'Path') ?? '/';
  const description = textOf(role, 'Description');
  const id = createHash('sha256').update(role.physicalId).digest('hex').slice(0, ID_LENGTH).toUpperCase();
  return {
    RoleName: role.physicalId,
    Arn: `arn:aws:iam::${cloud.account}:role${path}${role.physicalId}`,
    RoleId: `AROA${id}`,
    Path: path,
    CreateDate: dateOf(cloud, BEGINNING),
    AssumeRolePolicyDocument: encodeURIComponent(JSON.stringify(document ?? {})),
    ...(description === undefined ? {} : { Description: description }),
    MaxSessionDuration: Number(textOf(role, 'MaxSessionDuration') ?? HOUR_SECONDS),
    Tags: [...tagsOf(role)],
  };
}

const ID_LENGTH = 17;
