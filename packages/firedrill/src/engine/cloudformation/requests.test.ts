import { describe, expect, test } from 'vitest';
import { capabilityRefusal } from './capabilities.ts';
import { compareResources } from './changes.ts';
import { exportInUse } from './exports.ts';
import { givenParameters, notInStore, shownValue, storedType } from './given-parameters.ts';
import { flawOfStackName } from './refusal.ts';
import { cannotRename, takenAlias, takenName } from './shared-names.ts';
import type { DesiredResource, PlainValue } from './stack-record.ts';

describe('parameters of a request', () => {
  const declared = [{ name: 'Zone' }, { name: 'Ttl', default: '60' }];
  const given = (key: string, value?: string): Parameters<typeof givenParameters>[1][number] => ({
    key,
    value,
    usePreviousValue: value === undefined,
  });

  test.each([
    [
      'what is given stands, the rest are the defaults of the template',
      [given('Zone', 'Z1')],
      undefined,
      { Zone: 'Z1' },
    ],
    ['a previous value stands where it is asked for', [given('Zone')], { Zone: 'Z1', Ttl: '5' }, { Zone: 'Z1' }],
    ['both can be mixed', [given('Zone'), given('Ttl', '9')], { Zone: 'Z1' }, { Zone: 'Z1', Ttl: '9' }],
  ])('%s', (_, request, previous, values) => {
    expect(givenParameters(declared, request, previous)).toEqual({ values });
  });

  test.each([
    ['one without a value', [], undefined, 'Parameters: [Zone] must have values'],
    [
      'one that the template does not have',
      [given('Zine', 'a')],
      undefined,
      'Parameters: [Zine] do not exist in the template',
    ],
    ['a previous value that there is not', [given('Zone')], {}, /not in the previous template$/],
    [
      'a value and a previous one at once',
      [{ key: 'Zone', value: 'a', usePreviousValue: true }],
      { Zone: 'b' },
      /^Invalid input for parameter key Zone\. Cannot specify usePreviousValue as true and non empty value/,
    ],
  ])('%s is refused', (_, request, previous, message) => {
    expect(givenParameters(declared, request, previous)).toEqual({
      refusal: {
        code: 'ValidationError',
        message: typeof message === 'string' ? message : (expect.stringMatching(message) as string),
      },
    });
  });

  test('one that NoEcho hides reads back as asterisks (RS 8.22)', () => {
    expect([shownValue('secret', true), shownValue('plain', false)]).toEqual(['****', 'plain']);
  });

  test('one that the parameter store must have is told by its name when it has not', () => {
    expect([storedType('AWS::SSM::Parameter::Value<String>'), storedType('String')]).toEqual(['String', undefined]);
    expect(notInStore(['/a', '/b']).message).toBe(
      'Unable to fetch parameters [/a,/b] from parameter store for this account.',
    );
  });
});

describe('capabilities (RS 8.26a)', () => {
  const role = { type: 'AWS::IAM::Role', properties: ['AssumeRolePolicyDocument'] };
  const named = { type: 'AWS::IAM::Role', properties: ['RoleName'] };
  const IAM = 'CAPABILITY_IAM';
  test.each([
    ['a role', [role], [], false, 'Requires capabilities : [CAPABILITY_IAM]'],
    ['a role', [role], [IAM], false, undefined],
    ['a role', [role], ['CAPABILITY_NAMED_IAM'], false, undefined],
    ['a role with a name', [named], [IAM], false, 'Requires capabilities : [CAPABILITY_NAMED_IAM]'],
    ['a macro', [], [], true, 'Requires capabilities : [CAPABILITY_AUTO_EXPAND]'],
    ['both', [role], [], true, 'Requires capabilities : [CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND]'],
    ['a bucket', [{ type: 'AWS::S3::Bucket', properties: [] }], [], false, undefined],
  ])('%s with %j and %j', (_, resources, given, expands, message) => {
    expect(capabilityRefusal(resources, given, expands)?.message).toBe(message);
  });
});

test.each([
  ['shop', undefined],
  ['9shop', /regular expression pattern/],
  ['shop_1', /regular expression pattern/],
  ['s'.repeat(128), undefined],
  ['s'.repeat(129), /less than or equal to 128/],
])('a stack may not have every name: %s (RS 8.24)', (name, message) => {
  const refusal = flawOfStackName(name)?.message;
  if (message === undefined) expect(refusal).toBeUndefined();
  else expect(refusal).toMatch(message);
});

describe('exports (RS 8.6)', () => {
  const users = (name: string): readonly string[] => (name === 'used' ? ['b', 'c'] : []);
  test.each([
    ['stays', { used: '1' }, undefined],
    ['is added to', { used: '1', more: '2' }, undefined],
    ['goes', {}, 'Export used cannot be deleted as it is in use by b and c'],
    ['changes', { used: '2' }, 'Export used cannot be updated as it is in use by b and c'],
  ])('an imported one %s', (_, after, reason) => {
    expect(exportInUse({ used: '1' }, after, users)).toBe(reason);
  });
  test('one that nobody imports goes', () => {
    expect(exportInUse({ free: '1' }, {}, users)).toBeUndefined();
  });
});

describe('names that are taken', () => {
  const holder = (
    type: string,
    physicalId: string,
    region = 'eu-west-1',
    stackId = '',
  ): Parameters<typeof takenName>[0][number] => ({
    logicalId: 'Mine',
    type,
    physicalId,
    region,
    stackId,
  });
  const BUCKET = 'AWS::S3::Bucket';
  const FUNCTION = 'AWS::Lambda::Function';
  test.each([
    ['a bucket has its name in all Regions', holder(BUCKET, 'a'), holder(BUCKET, 'a', 'us-east-1'), 'a already exists'],
    ['a function has it in its own', holder(FUNCTION, 'a'), holder(FUNCTION, 'a', 'us-east-1'), undefined],
    ['another type may have it too', holder(BUCKET, 'a'), holder(FUNCTION, 'a'), undefined],
    [
      'the stack that has it is told',
      holder(FUNCTION, 'a'),
      holder(FUNCTION, 'a', 'eu-west-1', 'arn'),
      'a already exists in stack arn',
    ],
    [
      'records may share theirs',
      holder('AWS::Route53::RecordSet', 'a'),
      holder('AWS::Route53::RecordSet', 'a'),
      undefined,
    ],
  ])('%s', (_, made, standing, reason) => {
    expect(takenName([made], [standing])?.reason).toBe(reason);
  });

  test('an alternate domain name is on one distribution only (CF 4.6)', () => {
    const mine = { id: 'E1', logicalId: 'Mine', aliases: ['www.example.com'] };
    const other = { id: 'E2', logicalId: 'Other', aliases: ['www.example.com'] };
    expect(takenAlias([mine], [other])).toMatchObject({
      logicalId: 'Mine',
      reason: expect.stringContaining('CNAMEAlreadyExists') as string,
    });
    expect(takenAlias([mine], [{ ...other, aliases: ['*.example.com'] }])).toBeUndefined();
  });

  test('what users have named cannot be made anew beside itself', () => {
    expect(cannotRename(['a'])).toContain('when a custom-named resource requires replacing. Rename a and update');
  });
});

describe('what changes between two readings (RS 8.20)', () => {
  const resource = (type: string, properties: Record<string, PlainValue>): DesiredResource => ({
    logicalId: 'It',
    type,
    physicalId: 'it',
    properties,
    deletionPolicy: 'Delete',
    updateReplacePolicy: 'Delete',
  });
  const change = (type: string, before: Record<string, PlainValue>, after: Record<string, PlainValue>): unknown => {
    const [found] = compareResources([resource(type, before)], [resource(type, after)]);
    return found?.action === 'Modify' ? [found.replaces, found.details.map(({ path }) => path)] : found?.action;
  };
  test.each([
    ['AWS::S3::Bucket', { BucketName: 'a' }, { BucketName: 'b' }, [true, ['/Properties/BucketName']]],
    ['AWS::S3::Bucket', { Tags: ['a'] }, { Tags: ['b'] }, [false, ['/Properties/Tags']]],
    [
      'AWS::Route53::HealthCheck',
      { HealthCheckConfig: { Type: 'HTTP', Port: '80' } },
      { HealthCheckConfig: { Type: 'HTTP', Port: '8080' } },
      [false, ['/Properties/HealthCheckConfig/Port']],
    ],
    [
      'AWS::Route53::HealthCheck',
      { HealthCheckConfig: { Type: 'HTTP' } },
      { HealthCheckConfig: { Type: 'HTTPS' } },
      [true, ['/Properties/HealthCheckConfig/Type']],
    ],
    ['AWS::Lambda::Permission', { Action: 'a' }, { Action: 'b' }, [true, ['/Properties/Action']]],
    ['AWS::Unheard::Of', { A: { x: '1', y: '2' } }, { A: { y: '2', x: '1' } }, undefined],
  ])('%s from %j to %j', (type, before, after, expected) => {
    expect(change(type, before, after)).toEqual(expected);
  });
});
