/**
 * Properties whose change makes a new resource instead of changing the one that is there, by type (RS 8.20); a path names a part of a
 * property. `*` is every property. Of a type that is not listed every change is made in place.
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::BasePathMapping': ['DomainName'],
  'AWS::ApiGateway::Deployment': ['DeploymentCanarySettings', 'RestApiId'],
  'AWS::ApiGateway::DomainName': ['DomainName'],
  'AWS::ApiGateway::Method': ['HttpMethod', 'ResourceId', 'RestApiId'],
  'AWS::ApiGateway::Resource': ['ParentId', 'PathPart', 'RestApiId'],
  'AWS::ApiGateway::Stage': ['RestApiId', 'StageName'],
  'AWS::ApiGatewayV2::Api': ['ProtocolType'],
  'AWS::ApiGatewayV2::ApiMapping': ['DomainName'],
  'AWS::ApiGatewayV2::DomainName': ['DomainName'],
  'AWS::ApiGatewayV2::Integration': ['ApiId'],
  'AWS::ApiGatewayV2::Route': ['ApiId'],
  'AWS::ApiGatewayV2::Stage': ['ApiId', 'StageName'],
  'AWS::CertificateManager::Certificate': [
    'CertificateAuthorityArn',
    'DomainName',
    'DomainValidationOptions',
    'KeyAlgorithm',
    'SubjectAlternativeNames',
    'ValidationMethod',
  ],
  'AWS::CloudFront::Function': ['Name'],
  'AWS::CloudFront::KeyValueStore': ['ImportSource', 'Name'],
  'AWS::CloudWatch::Alarm': ['AlarmName'],
  'AWS::CloudWatch::CompositeAlarm': ['AlarmName'],
  'AWS::DynamoDB::GlobalTable': ['KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  'AWS::DynamoDB::Table': ['ImportSourceSpecification', 'KeySchema', 'LocalSecondaryIndexes', 'TableName'],
  'AWS::ECR::Repository': ['EncryptionConfiguration', 'RepositoryName'],
  'AWS::ElasticLoadBalancingV2::Listener': ['LoadBalancerArn'],
  'AWS::ElasticLoadBalancingV2::ListenerRule': ['ListenerArn'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['Name', 'Scheme', 'Type'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['Name', 'Port', 'Protocol', 'ProtocolVersion', 'TargetType', 'VpcId'],
  'AWS::GlobalAccelerator::EndpointGroup': ['EndpointGroupRegion', 'ListenerArn'],
  'AWS::GlobalAccelerator::Listener': ['AcceleratorArn'],
  'AWS::IAM::InstanceProfile': ['InstanceProfileName', 'Path'],
  'AWS::IAM::ManagedPolicy': ['Description', 'ManagedPolicyName', 'Path'],
  'AWS::IAM::Policy': ['PolicyName'],
  'AWS::IAM::Role': ['Path', 'RoleName'],
  'AWS::Lambda::Alias': ['FunctionName', 'Name'],
  'AWS::Lambda::Function': ['FunctionName', 'PackageType'],
  'AWS::Lambda::LayerVersion': ['*'],
  'AWS::Lambda::Permission': ['*'],
  'AWS::Lambda::Url': ['Qualifier', 'TargetFunctionArn'],
  'AWS::Lambda::Version': ['CodeSha256', 'Description', 'FunctionName', 'ProvisionedConcurrencyConfig'],
  'AWS::Logs::LogGroup': ['LogGroupName'],
  'AWS::Route53::HealthCheck': [
    'HealthCheckConfig.MeasureLatency',
    'HealthCheckConfig.RequestInterval',
    'HealthCheckConfig.RoutingControlArn',
    'HealthCheckConfig.Type',
  ],
  'AWS::Route53::HostedZone': ['Name'],
  'AWS::Route53::RecordSet': ['HostedZoneId', 'HostedZoneName', 'Name'],
  'AWS::Route53::RecordSetGroup': ['HostedZoneId', 'HostedZoneName'],
  'AWS::Route53RecoveryControl::Cluster': ['Name'],
  'AWS::Route53RecoveryControl::ControlPanel': ['ClusterArn'],
  'AWS::Route53RecoveryControl::RoutingControl': ['ClusterArn', 'ControlPanelArn'],
  'AWS::S3::Bucket': ['BucketName', 'ObjectLockEnabled'],
  'AWS::S3::BucketPolicy': ['Bucket'],
  'AWS::SSM::Parameter': ['Name'],
};

/** Whether a property's change, at a path such as `HealthCheckConfig.Type`, replaces the resource. */
export function requiresReplacement(type: string, path: string): boolean {
  const replacing = REPLACING[type] ?? [];
  return replacing.some((each) => each === '*' || path === each || path.startsWith(`${each}.`));
}

/** Parts of a property that are told apart because only some of them replace. */
export function isTakenApart(type: string, property: string): boolean {
  return (REPLACING[type] ?? []).some((each) => each.startsWith(`${property}.`));
}

/** Types that users name: a resource that needs replacing cannot keep its name, and another of that name cannot be made. */
const NAMED: Readonly<Record<string, 'region' | 'everywhere'>> = {
  'AWS::ApiGateway::DomainName': 'region',
  'AWS::ApiGatewayV2::DomainName': 'region',
  'AWS::CloudFront::Function': 'everywhere',
  'AWS::CloudFront::KeyValueStore': 'everywhere',
  'AWS::CloudWatch::Alarm': 'region',
  'AWS::CloudWatch::CompositeAlarm': 'region',
  'AWS::DynamoDB::Table': 'region',
  'AWS::ECR::Repository': 'region',
  'AWS::IAM::InstanceProfile': 'everywhere',
  'AWS::IAM::ManagedPolicy': 'everywhere',
  'AWS::IAM::Role': 'everywhere',
  'AWS::Lambda::Function': 'region',
  'AWS::Logs::LogGroup': 'region',
  'AWS::S3::Bucket': 'everywhere',
  'AWS::SSM::Parameter': 'region',
};

/** Within what a resource's name is its alone; undefined for types that AWS names. */
export function scopeOfName(type: string): 'region' | 'everywhere' | undefined {
  return NAMED[type];
}
