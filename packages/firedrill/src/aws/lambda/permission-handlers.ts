import { AwsError } from '../aws-error.ts';
import type { Cloud } from '../cloud.ts';
import type { LambdaHandlers } from './function-handlers.ts';
import { functionNamed, notFound } from './functions.ts';

/** Statements of one policy; Lambda's limit is 20 KB of text. */
const STATEMENTS_MAX = 100;
/** What an account's own calls are, as the policy writes who may. */
const CONDITIONS = {
  SourceArn: ['ArnLike', 'AWS:SourceArn'],
  SourceAccount: ['StringEquals', 'AWS:SourceAccount'],
  PrincipalOrgID: ['StringEquals', 'aws:PrincipalOrgID'],
  FunctionUrlAuthType: ['StringEquals', 'lambda:FunctionUrlAuthType'],
} as const;

/** Who may call a function: kept and told; nobody is refused by it. */
export function permissionHandlers(cloud: Cloud): LambdaHandlers {
  /** By the ARN of a function, with its qualifier: statements by their ids. */
  const policies = new Map<string, Map<string, object>>();
  const policyOf = (arn: string): Map<string, object> => policies.get(arn) ?? new Map<string, object>();
  return {
    AddPermission: ({ FunctionName, Qualifier, StatementId = '', Action, Principal = '', ...more }, call) => {
      const arn = arnOf(functionNamed(cloud, call, FunctionName, Qualifier));
      const policy = policyOf(arn);
      if (policy.has(StatementId)) {
        const says = `The statement id (${StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`;
        throw new AwsError('ResourceConflictException', says, 409, { Type: 'User' });
      }
      if (policy.size >= STATEMENTS_MAX)
        throw new AwsError('PolicyLengthExceededException', 'The final policy size is bigger than the limit.');
      const statement = {
        Sid: StatementId,
        Effect: 'Allow',
        Principal: principalOf(Principal),
        Action,
        Resource: arn,
        ...conditionOf(more),
      };
      policies.set(arn, policy.set(StatementId, statement));
      return { Statement: JSON.stringify(statement) };
    },
    RemovePermission: ({ FunctionName, Qualifier, StatementId = '' }, call) => {
      const arn = arnOf(functionNamed(cloud, call, FunctionName, Qualifier));
      if (!policyOf(arn).delete(StatementId))
        throw notFound(`Statement ${StatementId} is not found in resource policy.`);
      return {};
    },
    GetPolicy: ({ FunctionName, Qualifier }, call) => {
      const policy = policyOf(arnOf(functionNamed(cloud, call, FunctionName, Qualifier)));
      if (policy.size === 0) throw notFound('The resource you requested does not exist.');
      return { Policy: JSON.stringify({ Version: '2012-10-17', Id: 'default', Statement: [...policy.values()] }) };
    },
  };
}

function arnOf({ arn, qualifier }: { readonly arn: string; readonly qualifier: string | undefined }): string {
  return qualifier === undefined ? arn : `${arn}:${qualifier}`;
}

function principalOf(principal: string): string | object {
  if (principal === '*') return principal;
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  return principal.startsWith('arn:') ? { AWS: principal } : { Service: principal };
}

function conditionOf(given: { readonly [Name in keyof typeof CONDITIONS]?: string | undefined }): object {
  const condition: Record<string, Record<string, string>> = {};
  for (const [name, [operator, key]] of Object.entries(CONDITIONS)) {
    const value = given[name as keyof typeof CONDITIONS];
    if (value !== undefined) condition[operator] = { ...condition[operator], [key]: value };
  }
  return Object.keys(condition).length === 0 ? {} : { Condition: condition };
}
