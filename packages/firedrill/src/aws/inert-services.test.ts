import {
  CreateRepositoryCommand,
  DeleteRepositoryCommand,
  DescribeRepositoriesCommand,
  ECRClient,
} from '@aws-sdk/client-ecr';
import {
  AttachRolePolicyCommand,
  CreateRoleCommand,
  DeleteRoleCommand,
  DetachRolePolicyCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolesCommand,
  PutRolePolicyCommand,
  DeleteRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { GetResourcesCommand, ResourceGroupsTaggingAPIClient } from '@aws-sdk/client-resource-groups-tagging-api';
import { expect, test } from 'vitest';
import { openTestWorld } from './world.fixture.ts';

const TAGGED = `
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: deploy, AssumeRolePolicyDocument: { Version: '2012-10-17' }, Tags: [{ Key: team, Value: a }] } }
  Bucket: { Type: AWS::S3::Bucket, Properties: { BucketName: one, Tags: [{ Key: team, Value: b }] } }
  Check: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { Type: HTTP, FullyQualifiedDomainName: a.example.com }, HealthCheckTags: [{ Key: team, Value: b }] } }
`;

test('roles of stacks and roles made by hand are listed alike, with what is attached to them', async () => {
  const { client, mistakes } = await openTestWorld({ 'eu-west-1': TAGGED });
  const iam = new IAMClient(client);
  const policy = { RoleName: 'mine', PolicyName: 'p', PolicyDocument: '{"Version":"2012-10-17"}' };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'mine', AssumeRolePolicyDocument: '{"Version":"2012-10-17"}' }),
  );
  expect(Role).toMatchObject({ RoleName: 'mine', Arn: 'arn:aws:iam::111122223333:role/mine', Path: '/' });
  await iam.send(new PutRolePolicyCommand(policy));
  const PolicyArn = 'arn:aws:iam::aws:policy/AdministratorAccess';
  await iam.send(new AttachRolePolicyCommand({ RoleName: 'mine', PolicyArn }));
  const { Roles = [] } = await iam.send(new ListRolesCommand({}));
  expect(Roles.map(({ RoleName }) => RoleName).toSorted()).toEqual(['deploy', 'mine']);
  const kept = await iam.send(new GetRolePolicyCommand({ RoleName: 'mine', PolicyName: 'p' }));
  expect(decodeURIComponent(kept.PolicyDocument ?? '')).toBe('{"Version":"2012-10-17"}');
  const attached = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: 'mine' }));
  expect(attached.AttachedPolicies).toEqual([{ PolicyArn, PolicyName: 'AdministratorAccess' }]);
  const remove = async (): Promise<unknown> => await iam.send(new DeleteRoleCommand({ RoleName: 'mine' }));
  await expect(remove()).rejects.toMatchObject({ name: 'DeleteConflictException' });
  await iam.send(new DetachRolePolicyCommand({ RoleName: 'mine', PolicyArn }));
  await iam.send(new DeleteRolePolicyCommand({ RoleName: 'mine', PolicyName: 'p' }));
  await remove();
  await expect(iam.send(new GetRoleCommand({ RoleName: 'mine' }))).rejects.toMatchObject({
    name: 'NoSuchEntityException',
    $metadata: { httpStatusCode: 404 },
  });
  expect(mistakes).toEqual([]);
});

test('a repository is in its Region until it is deleted', async () => {
  const { client } = await openTestWorld({ 'eu-west-1': TAGGED });
  const ecr = new ECRClient(client);
  const create = async (): Promise<unknown> => await ecr.send(new CreateRepositoryCommand({ repositoryName: 'app' }));
  expect(await create()).toMatchObject({
    repository: { repositoryUri: '111122223333.dkr.ecr.eu-west-1.amazonaws.com/app' },
  });
  await expect(create()).rejects.toMatchObject({ name: 'RepositoryAlreadyExistsException' });
  const elsewhere = new ECRClient({ ...client, region: 'us-east-1' });
  expect((await elsewhere.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  await ecr.send(new DeleteRepositoryCommand({ repositoryName: 'app' }));
  await expect(ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['app'] }))).rejects.toMatchObject({
    name: 'RepositoryNotFoundException',
  });
});

test('tagged resources are found by tag and by type; what is in no Region is in us-east-1', async () => {
  const { client } = await openTestWorld({ 'eu-west-1': TAGGED });
  const found = async (region: string, filters: object): Promise<readonly (string | undefined)[]> => {
    const tagging = new ResourceGroupsTaggingAPIClient({ ...client, region });
    const { ResourceTagMappingList = [] } = await tagging.send(new GetResourcesCommand(filters));
    return ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN);
  };
  const teamB = { TagFilters: [{ Key: 'team', Values: ['b'] }] };
  expect(await found('eu-west-1', teamB)).toEqual(['arn:aws:s3:::one']);
  expect(await found('us-east-1', teamB)).toEqual([expect.stringMatching(/^arn:aws:route53:::healthcheck\//)]);
  expect(await found('us-east-1', { ResourceTypeFilters: ['iam:role'] })).toEqual([
    'arn:aws:iam::111122223333:role/deploy',
  ]);
  expect(await found('us-east-1', { ResourceTypeFilters: ['s3'] })).toEqual([]);
});
