import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

const HEAD = `Transform: AWS::LanguageExtensions
Parameters:
  Name: { Type: String, Default: blue }
  Count: { Type: Number, Default: 3 }
  Names: { Type: CommaDelimitedList, Default: "a, b,c" }
  Secret: { Type: String, NoEcho: true, Default: hush }
Mappings:
  Ports: { web: { Http: 80, List: [x, y] } }
Conditions:
  Yes: !Equals [!Ref Name, blue]
  No: !Not [!Condition Yes]
  Both: !And [!Condition Yes, !Not [!Condition No]]
  Either: !Or [!Condition No, !Equals [1, "1"]]
  CaseCounts: !Equals [Blue, !Ref Name]
Resources:
  Role: { Type: AWS::IAM::Role }
  Group: { Type: AWS::Logs::LogGroup, Properties: { LogGroupName: logs } }
  Absent: { Type: AWS::IAM::Role, Condition: No }
Outputs:
  Result:
    Value: `;

/** The value that an expression has, or the first thing that is told about it. */
function check(expression: string, expected: string): void {
  const { value, findings } = readOne(`${HEAD}${expression}\n`);
  const [first] = findings;
  const result =
    first === undefined ? value.stacks[0]?.outputs['Result'] : inLine(first).replace(/^(\S+ \S+) \d+:/, '$1:');
  expect(result, expression).toBe(expected);
}

describe('intrinsics (RS 8.1 to 8.12)', () => {
  test('Ref gives parameters, resources and pseudo parameters (RS 8.11)', () => {
    check('!Ref Name', 'blue');
    check('!Ref Count', '3');
    check('!Ref Secret', 'hush');
    check('!Ref Group', 'logs');
    check('!Ref AWS::Region', 'eu-west-1');
    check('!Ref AWS::AccountId', '123456789012');
    check('!Ref AWS::Partition', 'aws');
    check('!Ref AWS::URLSuffix', 'amazonaws.com');
    check('!Ref AWS::StackName', 'stack');
    check('!Join [",", !Ref AWS::NotificationARNs]', '');
    check('!Ref AWS::Nothing', 'error template/unresolved-reference: There is no pseudo parameter AWS::Nothing.');
    check(
      '!Ref Nmae',
      'error template/unresolved-reference: Nmae is neither a parameter nor a resource of this template.',
    );
    check('!Ref Absent', 'error template/unresolved-reference: Absent is not created: No is false.');
    check('!If [Yes, fine, !Ref Absent]', 'fine');
  });

  test('GetAtt splits on the first dot', () => {
    check('!GetAtt Role.Arn', `${'arn:aws:iam::123456789012:role/'}${roleName()}`);
    check('{ "Fn::GetAtt": [Role, Arn] }', `${'arn:aws:iam::123456789012:role/'}${roleName()}`);
    check('!GetAtt Name.Arn', 'error template/unresolved-reference: Name is no resource of this template.');
  });

  test('Sub fills in names, attributes and its own variables (RS 8.3)', () => {
    check('!Sub "${Name}-${AWS::Region}"', 'blue-eu-west-1');
    check('!Sub "${!Name} is ${Name}"', '${Name} is blue');
    check('!Sub ["${Name} ${Port}", { Port: !FindInMap [Ports, web, Http] }]', 'blue 80');
    check('!Sub "${Names}"', 'error template/intrinsic: ${Names} is a list; Fn::Sub substitutes texts only.');
    check('!Sub "${a b}"', 'error template/intrinsic: Fn::Sub cannot substitute ${a b}.');
    check('!Sub "open ${Name"', 'open ${Name');
    check('!Sub [a]', 'error template/intrinsic: Fn::Sub takes a list of 2 items; this is 1 items.');
  });

  test('Join, Split and Select (RS 8.2, 8.4)', () => {
    check('!Join ["-", [a, !Ref Name, 1]]', 'a-blue-1');
    check('!Join [",", !Ref Names]', 'a,b,c');
    check('!Select [1, !Split ["/", a/b/c]]', 'b');
    check('!Select ["2", !Ref Names]', 'c');
    check(
      '!Select [3, [a, b]]',
      'error template/intrinsic: The index of Fn::Select must be a whole number from 0 to 1; this is 3.',
    );
    check(
      '!Split ["", abc]',
      'error template/intrinsic: The delimiter of Fn::Split must be a literal, non-empty text.',
    );
    check(
      '!Split [!Ref Name, abc]',
      'error template/intrinsic: The delimiter of Fn::Split must be a literal, non-empty text.',
    );
    check('!Select [0, [null]]', 'error template/shape: A template may not hold null or empty values.');
    check('!Join [x]', 'error template/intrinsic: Fn::Join takes a list of 2 items; this is 1 items.');
  });

  test('Base64 encodes UTF-8', () => {
    check('!Base64 "hé€😀"', 'aMOp4oKs8J+YgA==');
    check('!Base64 { "Fn::Sub": "${Name}" }', 'Ymx1ZQ==');
  });

  test('Cidr cuts blocks (RS 8.1b)', () => {
    check('!Join [" ", !Cidr ["192.168.0.0/24", 3, 5]]', '192.168.0.0/27 192.168.0.32/27 192.168.0.64/27');
    check('!Select [1, !Cidr ["10.0.0.0/16", 2]]', '10.0.1.0/24');
    check('!Select [1, !Cidr ["2001:db8::/56", 2, 64]]', '2001:db8:0:1::/64');
    check(
      '!Cidr ["10.0.0.0/24", 9, 5]',
      'error template/intrinsic: Fn::Cidr cannot cut 9 blocks of 5 bits out of 10.0.0.0/24.',
    );
  });

  test('GetAZs, Length, ToJsonString (RS 8.5, 8.10, 8.10a)', () => {
    check('!Join [" ", !GetAZs ""]', 'eu-west-1a eu-west-1b eu-west-1c');
    check('!Select [0, !GetAZs us-east-1]', 'us-east-1a');
    check('!Length [a, b, c]', '3');
    check('!Length { Ref: Names }', '3');
    check('!ToJsonString { a: [1, true, !Ref Name], "b": { c: "x\\"y" } }', '{"a":[1,true,"blue"],"b":{"c":"x\\"y"}}');
  });

  test.each(['Length: [a, b]', 'ToJsonString: { a: b }'])(
    '%s needs the language extensions (RS 8.10, 8.10a)',
    (use) => {
      const { findings } = readOne(
        `Resources: { R: { Type: AWS::IAM::Role } }\nOutputs: { O: { Value: { "Fn::${use.replace(':', '":')} } } }\n`,
      );
      expect(findings.map(inLine)).toContainEqual(
        expect.stringContaining('needs the transform AWS::LanguageExtensions'),
      );
    },
  );

  test.each(
    'Base64 Cidr FindInMap GetAtt GetAZs ImportValue Join Length Select Split Sub ToJsonString Transform If'.split(' '),
  )('Fn::%s is one of the functions (RS 8.1)', (name) => {
    const { findings } = readOne(`${HEAD}{ "Fn::${name}": 1 }\n`);
    expect(findings.map(({ says }) => says)).not.toContain(`There is no intrinsic function Fn::${name}.`);
  });

  test('FindInMap, with a default where it is extended (RS 8.8)', () => {
    check('!FindInMap [Ports, web, Http]', '80');
    check('!Join ["", !FindInMap [Ports, web, List]]', 'xy');
    check('!FindInMap [Ports, web, Ftp, { DefaultValue: none }]', 'none');
    check('!FindInMap [Ports, web, Ftp]', 'error template/intrinsic: Mappings have no Ports → web → Ftp.');
  });

  test('conditions (RS 8.1a)', () => {
    check('!If [Yes, y, n]', 'y');
    check('!If [No, y, n]', 'n');
    check('!If [Both, y, n]', 'y');
    check('!If [Either, y, n]', 'y');
    check('!If [CaseCounts, y, n]', 'n');
    check('!Join ["", [a, !If [No, x, !Ref AWS::NoValue], b]]', 'ab');
    check('!If [Nope, y, n]', 'error template/unresolved-reference: There is no condition Nope.');
    check('!Ref AWS::NoValue', 'error template/intrinsic: AWS::NoValue has no meaning here.');
  });

  test('what is no intrinsic, or one that Firedrill does not run', () => {
    check('{ "Fn::Shout": a }', 'error template/intrinsic: There is no intrinsic function Fn::Shout.');
    check(
      '{ "Fn::Transform": { Name: Mine } }',
      'error template/transform: Firedrill does not run Mine, which Fn::Transform asks for.',
    );
    check('{ "Fn::ImportValue": nowhere }', 'error template/import: No stack that was read exports nowhere.');
    check(
      '{ "Fn::GetStackOutput": { StackName: other, OutputName: X } }',
      'error template/import: No stack other in eu-west-1 was read before this one.',
    );
    check('null', 'error template/shape: A template may not hold null or empty values.');
  });
});

function roleName(): string {
  return (
    readOne(`${HEAD}x\n`).value.stacks[0]?.resources.find(({ logicalId }) => logicalId === 'Role')?.physicalId ?? ''
  );
}

describe('Fn::ForEach (RS 8.9)', () => {
  const loop = (transform: string): string => `${transform}
Parameters: { Sides: { Type: CommaDelimitedList, Default: "left,right-hand" } }
Resources:
  "Fn::ForEach::Sides":
    - Side
    - !Ref Sides
    - "Role&{Side}":
        Type: AWS::IAM::Role
        Properties: { RoleName: !Sub "role-\${Side}" }
Outputs:
  "Fn::ForEach::Outs":
    - Side
    - [left]
    - "Out\${Side}": { Value: !Ref "Role\${Side}" }
`;

  test('makes an entry for each value, and fills the identifier in (RS 8.9)', () => {
    const { value, findings } = readOne(loop('Transform: AWS::LanguageExtensions'));
    expect(findings).toEqual([]);
    expect(value.stacks[0]?.resources.map(({ logicalId, physicalId }) => [logicalId, physicalId])).toEqual([
      ['Roleleft', expect.stringMatching(/^role-left$|Roleleft/)],
      ['Rolerighthand', expect.stringMatching(/^role-right-hand$|Rolerighthand/)],
    ]);
    expect(value.stacks[0]?.outputs).toHaveProperty('Outleft');
  });

  test('quotas apply to what it makes (RS 8.9)', () => {
    const items = Array.from({ length: 501 }, (_, index) => `s${index}`).join(',');
    const { findings } = readOne(loop('Transform: AWS::LanguageExtensions').replace('left,right-hand', items));
    expect(findings.map(({ code }) => code)).toContain('template/limit');
  });

  test('needs the language extensions (RS 8.9)', () => {
    expect(readOne(loop('Description: none')).findings.map(inLine)).toContainEqual(
      expect.stringContaining('error template/transform 4: Fn::ForEach needs the transform AWS::LanguageExtensions.'),
    );
  });
});
