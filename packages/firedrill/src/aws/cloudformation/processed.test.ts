import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackResourcesCommand,
  GetTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import { expect, test } from 'vitest';
import { openTestAws } from '../aws.fixture.ts';
import { openTestCloud } from '../cloud.fixture.ts';

const SAM = `Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties: { Runtime: nodejs22.x, Handler: index.handler, InlineCode: x, Events: { All: { Type: HttpApi } } }
`;

test('a SAM template is deployed as what SAM makes of it, and told so when asked (RS 8.28, 8.32)', async () => {
  const own = openTestCloud();
  const { client: settings } = await openTestAws({ parts: own.cloud });
  const client = new CloudFormationClient(settings);
  const Capabilities = ['CAPABILITY_IAM' as const, 'CAPABILITY_AUTO_EXPAND' as const];
  await client.send(new CreateStackCommand({ StackName: 'web', TemplateBody: SAM, Capabilities }));
  const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: 'web' }));
  const ids = StackResources.map(({ LogicalResourceId }) => LogicalResourceId).toSorted();
  const expected = ['Fn', 'FnAllPermission', 'FnRole', 'ServerlessHttpApi', 'ServerlessHttpApiApiGatewayDefaultStage'];
  expect(ids).toEqual(expected);
  const bodyOf = async (TemplateStage: 'Original' | 'Processed'): Promise<string> =>
    (await client.send(new GetTemplateCommand({ StackName: 'web', TemplateStage }))).TemplateBody ?? '';
  expect(await bodyOf('Original')).toBe(SAM);
  const processed = JSON.parse(await bodyOf('Processed')) as {
    readonly Resources: object;
    readonly Transform?: unknown;
  };
  expect(Object.keys(processed.Resources).toSorted()).toEqual(expected);
  expect(processed.Transform).toBeUndefined();
  expect(own.cloud.world().architecture.httpApis).toHaveLength(1);
});
