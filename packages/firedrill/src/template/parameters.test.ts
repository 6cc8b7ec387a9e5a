import { describe, expect, test } from 'vitest';
import { inLine, readOne } from '../../test/read-one.ts';

/** The parameter's value as an output, or what is told. */
function check(declaration: string, given: string | undefined, expected: string): void {
  const text = `Parameters:\n  P: ${declaration}\nResources:\n  R: { Type: AWS::IAM::Role }\nOutputs:\n  Result: { Value: !Ref P }\n`;
  const { value, findings } = readOne(text, { parameters: given === undefined ? {} : { P: given } });
  const [first] = findings;
  expect(first === undefined ? value.stacks[0]?.outputs['Result'] : inLine(first)).toBe(expected);
}

describe('parameters', () => {
  test('the value given goes before the default', () => {
    check('{ Type: String, Default: a }', undefined, 'a');
    check('{ Type: String, Default: a }', 'b', 'b');
    check('{ Type: AWS::Route53::HostedZone::Id }', 'Z1', 'Z1');
    check('{ Type: AWS::EC2::KeyPair::KeyName, Default: k }', undefined, 'k');
    check('{ Type: String }', undefined, 'error template/parameter 2: The parameter P has no value and no default.');
  });

  test('values are held against what the template allows', () => {
    check(
      '{ Type: String, AllowedValues: [a, b] }',
      'c',
      'error template/parameter 2: The parameter P is c; allowed is a, b.',
    );
    check(
      '{ Type: String, AllowedValues: [a, b], NoEcho: true }',
      'c',
      'error template/parameter 2: The parameter P is ****; allowed is a, b.',
    );
    check(
      '{ Type: String, AllowedPattern: "[a-z]+" }',
      'a1',
      'error template/parameter 2: The parameter P is a1, which does not match its AllowedPattern [a-z]+.',
    );
    check(
      '{ Type: String, MinLength: 2 }',
      'a',
      'error template/parameter 2: The parameter P has 1 characters; it must have at least 2.',
    );
    check(
      '{ Type: String, MaxLength: 2 }',
      'abc',
      'error template/parameter 2: The parameter P has 3 characters; it must have at most 2.',
    );
    check(
      '{ Type: Number, MinValue: 2 }',
      '1',
      'error template/parameter 2: The parameter P is 1; it must be at least 2.',
    );
    check(
      '{ Type: Number, MaxValue: 2 }',
      '3',
      'error template/parameter 2: The parameter P is 3; it must be at most 2.',
    );
    check('{ Type: Number }', 'x', 'error template/parameter 2: The parameter P must be a number; it is x.');
    check('{ Type: Nmber }', 'x', 'error template/parameter 2: The parameter P has the unknown type Nmber.');
  });

  test('a pattern that could take for ever is not tried', () => {
    check(
      '{ Type: String, AllowedPattern: "(a+)+" }',
      `${'a'.repeat(40)}!`,
      'note template/parameter 2: Firedrill does not check the AllowedPattern of the parameter P.',
    );
  });

  test('an SSM parameter that no stack sets stays a reference', () => {
    check(
      '{ Type: "AWS::SSM::Parameter::Value<String>", Default: /my/name }',
      undefined,
      'note template/dynamic-reference 2: The value of the SSM parameter /my/name is not known here.',
    );
    check(
      '{ Type: "AWS::SSM::Parameter::Value<String>", Default: /cdk-bootstrap/x }',
      undefined,
      '{{resolve:ssm:/cdk-bootstrap/x}}',
    );
  });

  test('a parameter that the template does not have is told', () => {
    const { findings } = readOne('Resources: { R: { Type: AWS::IAM::Role } }', { parameters: { Q: '1' } });
    expect(findings.map(inLine)).toEqual([
      'error template/parameter 1: The template has no parameter Q, which was given.',
    ]);
  });
});
