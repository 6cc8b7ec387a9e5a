import type { TemplateSource } from '../template/index.ts';

/** The version of CDK's bootstrap stack that apps of today ask for at the least is far below. */
const BOOTSTRAP_VERSION = '30';

/** What a CDK app looks for in a Region before it deploys into it, under the names that it has without settings of its own. */
const TEMPLATE = {
  Description: 'This stack includes resources needed to deploy AWS CDK apps into this environment',
  Resources: {
    StagingBucket: {
      Type: 'AWS::S3::Bucket',
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketName: { 'Fn::Sub': 'cdk-hnb659fds-assets-${AWS::AccountId}-${AWS::Region}' },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    },
    CdkBootstrapVersion: {
      Type: 'AWS::SSM::Parameter',
      Properties: { Type: 'String', Name: '/cdk-bootstrap/hnb659fds/version', Value: BOOTSTRAP_VERSION },
    },
  },
  Outputs: {
    BucketName: { Value: { Ref: 'StagingBucket' } },
    BucketDomainName: { Value: { 'Fn::GetAtt': ['StagingBucket', 'RegionalDomainName'] } },
    BootstrapVersion: { Value: { 'Fn::GetAtt': ['CdkBootstrapVersion', 'Value'] } },
  },
};

/** CDK's bootstrap stack in a Region, as far as deployments need it. `cdk bootstrap` updates it to what it really is. */
export function bootstrapSource(region: string): TemplateSource {
  return {
    file: `CDKToolkit (${region})`,
    text: JSON.stringify(TEMPLATE, null, 1),
    stack: 'CDKToolkit',
    region,
    parameters: {},
    code: {},
  };
}
