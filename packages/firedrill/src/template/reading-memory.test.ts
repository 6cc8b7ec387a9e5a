import { describe, expect, test } from 'vitest';
import { readTemplates } from './read-templates.ts';
import { ReadingMemory } from './reading-memory.ts';
import type { StackHistory, TemplateSource } from './template-source.ts';

const ZONES = { 'example.com': 'Z1' };

function source(stack: string, template: object, more: Partial<TemplateSource> = {}): TemplateSource {
  return { file: stack, text: JSON.stringify(template), stack, region: 'eu-west-1', parameters: {}, code: {}, ...more };
}

const check = (name: string): object => ({
  Type: 'AWS::Route53::HealthCheck',
  Properties: { HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: name } },
});

const giver = (name: string): TemplateSource =>
  source('giver', {
    Resources: { Check: check(name) },
    Outputs: { Name: { Value: name, Export: { Name: 'the-name' } } },
  });

const TAKER = source('taker', {
  Resources: {
    Record: {
      Type: 'AWS::Route53::RecordSet',
      Properties: {
        HostedZoneId: 'Z1',
        Name: { 'Fn::ImportValue': 'the-name' },
        Type: 'A',
        TTL: '60',
        ResourceRecords: ['192.0.2.1'],
      },
    },
  },
});

describe('a memory of readings', () => {
  test('gives what reading everything anew gives, after every change', () => {
    const memory = new ReadingMemory();
    const [first, second] = [giver('a.example.com'), giver('b.example.com')];
    for (const sources of [[first], [TAKER, first], [second, TAKER], [TAKER], [first, TAKER], [first, TAKER]]) {
      const anew = readTemplates({ sources, zones: ZONES });
      expect(readTemplates({ sources, zones: ZONES, memory })).toEqual(anew);
    }
  });

  test('reads a stack again when a value that it takes from another has changed', () => {
    const memory = new ReadingMemory();
    readTemplates({ sources: [giver('a.example.com'), TAKER], zones: ZONES, memory });
    const { value } = readTemplates({ sources: [giver('b.example.com'), TAKER], zones: ZONES, memory });
    expect(value.recordSets.map(({ name }) => name)).toEqual(['b.example.com']);
    expect(value.stacks.find(({ name }) => name === 'giver')?.exports).toEqual([{ name: 'the-name', output: 'Name' }]);
    expect(value.stacks.find(({ name }) => name === 'taker')?.imports).toEqual(['the-name']);
  });
});

describe('a stack with a history', () => {
  const template = {
    Resources: { Check: check('a.example.com'), Bucket: { Type: 'AWS::S3::Bucket' } },
    Outputs: { Id: { Value: { Ref: 'Check' } } },
  };
  const read = (history: StackHistory): ReturnType<typeof readTemplates> =>
    readTemplates({ sources: [source('shop', template, { history })], zones: {} });
  const idsWith = (history: StackHistory): readonly string[] =>
    read(history).value.resources.map(({ physicalId }) => physicalId);

  test('has other identifiers in another incarnation, and where a resource was replaced', () => {
    const [check0, bucket0] = idsWith({});
    const [check1, bucket1] = idsWith({ incarnation: '2' });
    expect(check1).not.toBe(check0);
    expect(bucket1).not.toBe(bucket0);
    const birth = { stack: 'shop', logicalId: 'Check', generation: 1, incarnation: '' };
    const [check2, bucket2] = idsWith({ births: { Check: birth } });
    expect([check0, check1]).not.toContain(check2);
    expect(bucket2).toBe(bucket0);
  });

  test('keeps the identifiers of a resource that was born in another stack', () => {
    const born = { stack: 'shop', logicalId: 'Bucket', generation: 0, incarnation: '' };
    const other = source(
      'elsewhere',
      { Resources: { Kept: { Type: 'AWS::S3::Bucket' } } },
      { history: { births: { Kept: born } } },
    );
    const { value } = readTemplates({ sources: [other], zones: {} });
    const [kept] = value.resources;
    expect([kept?.stack, kept?.logicalId, kept?.physicalId]).toEqual(['elsewhere', 'Kept', idsWith({})[1]]);
  });

  test('has the properties that were changed by hand, not those of the template', () => {
    const byHand = {
      HealthCheckConfig: { Type: 'HTTPS', FullyQualifiedDomainName: 'b.example.com', Ref: 'no intrinsic' },
    };
    const { value, findings } = read({ changedByHand: { Check: byHand } });
    expect(value.healthChecks.map(({ fullyQualifiedDomainName: name }) => name)).toEqual(['b.example.com']);
    expect(findings.map(({ code }) => code)).toEqual(['template/unknown-property']);
  });

  test('lacks what is absent, whose identifier is known all the same', () => {
    const { value } = read({ absent: ['Check'] });
    expect(value.healthChecks).toEqual([]);
    expect(value.resources.map(({ logicalId }) => logicalId)).toEqual(['Bucket']);
    expect(value.stacks[0]?.outputs).toEqual({ Id: idsWith({})[0] });
  });
});
