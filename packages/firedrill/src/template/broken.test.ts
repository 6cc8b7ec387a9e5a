import { expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

test('a broken template gives all of its mistakes at once (RS 8.26b)', () => {
  const { findings } = readOne(`AWSTemplateFormatVersion: "2010-09-09"
Recources: {}
Parameters:
  Size: { Type: Number, Default: large }
Conditions:
  Big: !Equals [!Ref Sise, 1]
Resources:
  Odd-Name: { Type: AWS::IAM::Role }
  NoType: { Properties: {} }
  Text: just text
  Queue: { Type: AWS::SQS::Queue, Condition: Huge }
  Topic: { Type: AWS::SNS::Topic, Conditon: Big }
  Record:
    Type: AWS::Route53::RecordSet
    DependsOn: Recrod
    Properties: { HostedZoneId: Z1, Name: !Sub "\${Nmae}.example.com", Type: AAA, TTL: soon, ResourceRecords: [1.2.3.4] }
  Check:
    Type: AWS::Route53::HealthCheck
    Properties: { HealthCheckConfig: { Type: HTTP, Port: 0, FullyQualifiedDomainName: !GetAtt Table } }
Outputs:
  Nothing: { Description: none }
  List: { Value: [a, b] }
`);
  expect(findings.map(inLine)).toEqual([
    'error template/shape 2: A template has no section Recources.',
    'error template/parameter 4: The parameter Size must be a number; it is large.',
    'error template/unresolved-reference 6: Sise is no parameter of this template.',
    'error template/unresolved-reference 16: Nmae is neither a parameter nor a resource of this template.',
    'error template/shape 8: The logical id Odd-Name may have letters and digits only.',
    'error template/shape 9: The resource NoType has no Type.',
    'error template/shape 10: The resource Text must be a map; this is text.',
    'error template/unresolved-reference 11: There is no condition Huge.',
    'error template/shape 12: A resource has no attribute Conditon.',
    'error template/unresolved-reference 15: DependsOn names Recrod, which is no resource of this template.',
    'warning template/unknown-resource-type 12: Firedrill does not act on AWS::SNS::Topic; in a drill it is as if it were not there, and values it gives are made up.',
    'error template/property 16: Type is AAA; it must be one of A, AAAA, CAA, CNAME, DS, HTTPS, MX, NAPTR, NS, PTR, SOA, SPF, SRV, SSHFP, SVCB, TLSA, TXT.',
    'error template/property 16: TTL must be a whole number; this is text (soon).',
    'error template/intrinsic 19: Fn::GetAtt takes a list of 2 items; this is text.',
    'error template/property 19: Port is 0; it must be from 1 to 65535.',
    'error template/shape 21: The output Nothing has no Value.',
    'error template/shape 22: The output List must be a text; this is a list.',
  ]);
});

test('a transform that rewrites resources is refused, with a way out', () => {
  const { findings } = readOne(`Transform: [AWS::LanguageExtensions, AWS::CodeStar]
Resources: { R: { Type: AWS::IAM::Role } }
`);
  expect(findings.map(inLine)).toEqual([
    'error template/transform 1: Firedrill does not expand the transform AWS::CodeStar.',
  ]);
});

test('a custom resource and a nested stack are told for what they are', () => {
  const { findings } = readOne(`Resources:
  C: { Type: Custom::Thing, Properties: { ServiceToken: x } }
  N: { Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: x } }
  D: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: "{{resolve:ssm:/name:1}}" } }
`);
  expect(findings.map(inLine)).toEqual([
    'warning template/unknown-resource-type 2: Firedrill does not run the custom resource Custom::Thing; in a drill it does nothing, and values it gives are made up.',
    'warning template/unknown-resource-type 3: The template of this nested stack is not at hand; what it holds is missing from the drill.',
    'note template/dynamic-reference 4: The value of {{resolve:ssm:/name:1}} is known to AWS only; it stays as it is written.',
  ]);
});
