import { describe, expect, test } from 'vitest';
import { inLine, readOne, source } from '../../test/read-one.ts';
import type { TemplateSource } from './index.ts';
import { describe as summarize, readTemplates } from './index.ts';

function read(...sources: readonly TemplateSource[]): {
  stacks: readonly string[];
  outputs: Record<string, unknown>;
  told: readonly string[];
} {
  const { value, findings } = readTemplates({ sources, zones: {} });
  return {
    stacks: value.stacks.map(({ name }) => name),
    outputs: Object.fromEntries(value.stacks.map(({ name, outputs }) => [name, outputs])),
    told: findings.map(inLine),
  };
}

const EXPORTER = `Resources: { R: { Type: AWS::IAM::Role } }
Outputs:
  Host: { Value: host.example.com, Export: { Name: !Sub "\${AWS::StackName}-host" } }
`;
const IMPORTER = `Resources: { R: { Type: AWS::IAM::Role } }
Outputs:
  Url: { Value: !Sub ["https://\${Host}/", { Host: !ImportValue giver-host }] }
`;

describe('values between stacks', () => {
  test('an import comes after its export, whatever the order given (RS 8.6)', () => {
    expect(read(source(IMPORTER, { stack: 'taker' }), source(EXPORTER, { stack: 'giver' }))).toEqual({
      stacks: ['giver', 'taker'],
      outputs: { giver: { Host: 'host.example.com' }, taker: { Url: 'https://host.example.com/' } },
      told: [],
    });
  });

  test('an export of another Region is not seen', () => {
    const { told } = read(
      source(IMPORTER, { stack: 'taker' }),
      source(EXPORTER, { stack: 'giver', region: 'us-east-1' }),
    );
    expect(told).toEqual([
      'error template/import 3: giver-host is exported by giver in us-east-1; Fn::ImportValue reads exports of its own Region only, here eu-west-1.',
    ]);
  });

  test('a name exported twice, and stacks that wait for each other', () => {
    const twice = EXPORTER.replace('!Sub "${AWS::StackName}-host"', 'same');
    expect(read(source(twice, { stack: 'a' }), source(twice, { stack: 'b' })).told).toEqual([
      'error template/import 3: same is exported by a already; a name can be exported once in a Region.',
    ]);
    const both = (other: string): string => `Resources: { R: { Type: AWS::IAM::Role } }
Outputs:
  X: { Value: !ImportValue ${other}, Export: { Name: !Ref AWS::StackName } }
`;
    expect(read(source(both('b'), { stack: 'a' }), source(both('a'), { stack: 'b' })).told).toEqual([
      'error template/circular 1: Stacks take values from each other in a circle: a → b → a.',
    ]);
    expect(read(source(EXPORTER), source(EXPORTER)).told).toContain(
      'error template/shape 1: template.yaml and template.yaml are both the stack stack in one Region.',
    );
  });

  test('Fn::GetStackOutput reads outputs of other Regions (RS 8.7)', () => {
    const taker = `Resources: { R: { Type: AWS::IAM::Role } }
Outputs: { X: { Value: { "Fn::GetStackOutput": { StackName: giver, OutputName: Host, Region: us-east-1 } } } }
`;
    expect(
      read(source(taker, { stack: 'taker' }), source(EXPORTER, { stack: 'giver', region: 'us-east-1' })).outputs,
    ).toMatchObject({
      taker: { X: 'host.example.com' },
    });
  });

  test('an import from a template that could not be read is not told again', () => {
    expect(
      read(source(IMPORTER, { stack: 'taker' }), source('a: [', { stack: 'giver' })).told.filter((line) =>
        line.includes('import'),
      ),
    ).toEqual([]);
  });

  test("CDK's cross-Region references carry values", () => {
    const writer = `Resources:
  Role: { Type: AWS::IAM::Role, Properties: { RoleName: r } }
  Writer:
    Type: Custom::CrossRegionExportWriter
    Properties:
      ServiceToken: !GetAtt Role.Arn
      WriterProps: { region: us-east-1, exports: { /cdk/exports/Edge/Host: !Sub "h.\${AWS::Region}" } }
`;
    const reader = `Resources:
  Reader:
    Type: Custom::CrossRegionExportReader
    Properties:
      ServiceToken: x
      ReaderProps: { region: us-east-1, prefix: Edge, imports: { /cdk/exports/Edge/Host: "{{resolve:ssm:/cdk/exports/Edge/Host}}" } }
Outputs: { Host: { Value: !GetAtt ["Reader", "/cdk/exports/Edge/Host"] } }
`;
    const edge = source(reader, { stack: 'edge', region: 'us-east-1' });
    expect(read(edge, source(writer, { stack: 'api' }))).toMatchObject({
      outputs: { edge: { Host: 'h.eu-west-1' } },
      told: [],
    });
    expect(read(edge).told).toEqual([
      'error template/import 6: No stack that was read writes /cdk/exports/Edge/Host into us-east-1.',
    ]);
  });

  test('dependencies of an assembly order stacks as well', () => {
    const plain = 'Resources: { R: { Type: AWS::IAM::Role } }';
    expect(
      read(source(plain, { stack: 'b', dependencies: ['a-id'] }), source(plain, { stack: 'a', id: 'a-id' })).stacks,
    ).toEqual(['a', 'b']);
  });
});

describe('the order of resources (RS 8.14)', () => {
  const order = (text: string): readonly string[] =>
    readOne(text).value.stacks[0]?.resources.map(({ logicalId }) => logicalId) ?? [];

  test('each comes after what it refers to or depends on', () => {
    expect(
      order(`Resources:
  C: { Type: AWS::IAM::Role, Properties: { RoleName: !Sub "x-\${B.Arn}" } }
  B: { Type: AWS::IAM::Role, DependsOn: [A] }
  A: { Type: AWS::IAM::Role }
`),
    ).toEqual(['A', 'B', 'C']);
  });

  test('a branch that is not taken makes no order, and no circle', () => {
    const text = `Conditions: { Never: !Equals [a, b] }
Resources:
  A: { Type: AWS::IAM::Role, Properties: { RoleName: !If [Never, !Ref B, a] } }
  B: { Type: AWS::IAM::Role, Properties: { RoleName: !Ref A } }
`;
    expect(readOne(text).findings).toEqual([]);
    expect(order(text)).toEqual(['A', 'B']);
  });

  test('a circle is told once, with its way', () => {
    const { findings } = readOne(`Resources:
  A: { Type: AWS::IAM::Role, Properties: { RoleName: !Ref B } }
  B: { Type: AWS::IAM::Role, DependsOn: C }
  C: { Type: AWS::IAM::Role, Properties: { RoleName: !GetAtt A.Arn } }
`);
    expect(findings.map(inLine)).toEqual([
      'error template/circular 2: Resources depend on each other in a circle: A → B → C → A.',
    ]);
  });

  test('conditions in a circle are told, and nothing else is', () => {
    const { findings } = readOne(`Conditions: { A: { Condition: B }, B: !Not [!Condition A] }
Resources: { R: { Type: AWS::IAM::Role, Condition: A } }
`);
    expect(findings.map(inLine)).toEqual([
      'error template/circular 1: Conditions refer to each other in a circle: A → B → A.',
    ]);
  });
});

describe('Regions', () => {
  test('a template that needs a Region and has none says so at each place of need', () => {
    const { findings } = readTemplates({
      sources: [
        {
          file: 't.yaml',
          text: 'Resources:\n  R:\n    Type: AWS::IAM::Role\n    Properties:\n      RoleName: !Ref AWS::Region\n',
          stack: 's',
          parameters: {},
          code: {},
        },
      ],
      zones: {},
    });
    expect(findings.map(inLine)).toEqual([
      'error template/missing-region 5: AWS::Region needs a Region, and the stack s has none.',
    ]);
  });

  test('a Region that does not exist is told once', () => {
    const { findings } = readOne(
      'Resources: { R: { Type: AWS::IAM::Role, Properties: { A: !Ref AWS::Region, B: !Ref AWS::Region } } }',
      { region: 'eu-wset-1' },
    );
    expect(findings.map(inLine)).toEqual([
      'error template/missing-region 1: Firedrill knows no Region eu-wset-1, where stack should be.',
    ]);
    expect(findings[0]?.remedy).toBe('Did you mean eu-west-1?');
  });

  test('templates of global resources need none', () => {
    const { findings } = readTemplates({
      sources: [
        {
          file: 't.yaml',
          text: 'Resources: { Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: example.org } } }',
          stack: 's',
          parameters: {},
          code: {},
        },
      ],
      zones: {},
    });
    expect(findings).toEqual([]);
  });
});

test('resources beyond the quota are told (RS 8.24)', () => {
  const many = Array.from({ length: 501 }, (_, index) => `  R${index}: { Type: AWS::IAM::Role }`).join('\n');
  expect(readOne(`Resources:\n${many}\n`).findings.map(inLine)).toEqual([
    'error template/limit 2: 501 resources; CloudFormation takes 500.',
  ]);
});

test('a summary counts what was read by what becomes of it', () => {
  const { value, findings } = readOne(`Resources:
  Zone: { Type: AWS::Route53::HostedZone, Properties: { Name: example.org } }
  R: { Type: AWS::IAM::Role }
  S: { Type: AWS::IAM::Role }
  Q: { Type: AWS::SQS::Queue }
Outputs: { Z: { Value: !Ref R } }
`);
  expect(summarize(value, findings)).toMatchObject({
    stacks: [
      {
        resources: {
          'acted-on': [{ type: 'AWS::Route53::HostedZone', count: 1 }],
          inert: [{ type: 'AWS::IAM::Role', count: 2 }],
          unknown: [{ type: 'AWS::SQS::Queue', count: 1 }],
        },
      },
    ],
    counts: { hostedZones: 2, functions: 0 },
    findings: { error: 0, warning: 1, note: 0 },
  });
});
