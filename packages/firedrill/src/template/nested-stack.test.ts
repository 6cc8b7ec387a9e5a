import { expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

const INNER = `Parameters: { Name: { Type: String }, Names: { Type: CommaDelimitedList } }
Resources: { Logs: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: !Join [ "-", [ !Ref Name, !Select [ 1, !Ref Names ] ] ] } } }
Outputs: { Logs: { Value: !Ref Logs } }
`;
const OUTER = `Resources:
  Inner:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: !Sub "https://s3.\${AWS::Region}.\${AWS::URLSuffix}/cdk-assets/\${AWS::Partition}.json"
      Parameters: { Name: blue, Names: [a, b] }
Outputs: { Logs: { Value: !GetAtt Inner.Outputs.Logs } }
`;

const at = (key: string, text = INNER) => ({ code: { [key]: { kind: 'data' as const, path: key, files: [], text } } });

test.each(['aws.json', 'cdk-assets/aws.json', 'https://s3.eu-west-1.amazonaws.com/cdk-assets/aws.json'])(
  'a nested stack is read whose template is at hand as %s (RS 8.27b)',
  (key) => {
    const { value, findings } = readOne(OUTER, at(key));
    expect(findings).toEqual([]);
    expect(value.stacks.map(({ name, nestedIn, outputs }) => [name, nestedIn, outputs])).toEqual([
      [expect.stringMatching(/^stack-Inner-[0-9A-Z]{12}$/), 'stack', { Logs: 'blue-b' }],
      ['stack', undefined, { Logs: 'blue-b' }],
    ]);
    expect(value.resources.map(({ stack, logicalId }) => [stack === 'stack', logicalId])).toEqual([
      [false, 'Logs'],
      [true, 'Inner'],
    ]);
  },
);

test('an output that the nested template does not have is no attribute', () => {
  const { findings } = readOne(OUTER.replace('Outputs.Logs', 'Outputs.Lgos'), at('aws.json'));
  expect(findings.map(inLine)).toEqual([expect.stringContaining('error template/unresolved-reference 7:')]);
});

test('a template that holds itself twice comes to an end, and each that is too deep or one too many is told', () => {
  const again = '{ Type: AWS::CloudFormation::Stack, Properties: { TemplateURL: https://s3/b/self.yaml } }';
  const self = `Resources: { First: ${again}, Second: ${again} }`;
  const { value, findings } = readOne(self, at('self.yaml', self));
  expect(value.stacks.filter(({ nestedIn }) => nestedIn !== undefined).length).toBeLessThanOrEqual(510);
  expect(new Set(findings.map(({ code, says }) => `${code}: ${says}`))).toEqual(
    new Set([
      'template/limit: Stacks are nested more than 10 deep here.',
      'template/limit: There are more than 500 nested stacks.',
    ]),
  );
});
