import { describe, expect, test } from 'vitest';
import type { Architecture, Read } from '../model/index.ts';
import { inLine, readOne } from '../../test/read-one.ts';
import { readTemplates } from './read-templates.ts';

const CODE = 'function handler(event) { return event.request; }';
const FUNCTION = `Name: f, AutoPublish: true, FunctionCode: '${CODE}', FunctionConfig: { Runtime: cloudfront-js-2.0 }`;
const ASSOCIATED = 'FunctionAssociations: [{ EventType: viewer-request, FunctionARN: !GetAtt F.FunctionARN }]';

interface Parts {
  readonly fn?: string;
  readonly behavior?: string;
  readonly more?: string;
}

function templateOf({ fn = FUNCTION, behavior = ASSOCIATED, more = '' }: Parts): string {
  return `Resources:
  F:
    Type: AWS::CloudFront::Function
    Properties: { ${fn} }
  D:
    Type: AWS::CloudFront::Distribution
    Properties:
      DistributionConfig:
        Enabled: true
        Origins: [{ Id: a, DomainName: a.example.com, CustomOriginConfig: { OriginProtocolPolicy: https-only } }]
        DefaultCacheBehavior:
          TargetOriginId: a
          ViewerProtocolPolicy: allow-all
          CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad
          ${behavior}
${more}`;
}

function told(parts: Parts): readonly string[] {
  return readOne(templateOf(parts)).findings.map(inLine);
}

describe('functions', () => {
  test('are read with their code, and named by behaviours (CF 5.25)', () => {
    const { value, findings } = readOne(templateOf({}));
    expect(findings).toEqual([]);
    const [fn] = value.cloudFrontFunctions;
    expect(fn).toMatchObject({ name: 'f', runtime: 'cloudfront-js-2.0', code: CODE });
    expect(value.distributions[0]?.behaviors[0]?.functionAssociations).toMatchObject([
      { eventType: 'viewer-request', functionArn: fn?.arn },
    ]);
  });

  test('run at viewer events only, one at each (CF 5.1, 5.25)', () => {
    const [origin] = told({ behavior: ASSOCIATED.replace('viewer-request', 'origin-request') });
    expect(origin).toContain('EventType is origin-request; it must be one of viewer-request, viewer-response.');
    const two = ASSOCIATED.replace('[{', '[{ EventType: viewer-request, FunctionARN: !GetAtt F.FunctionARN }, {');
    expect(told({ behavior: two }).join()).toContain('two CloudFront Functions at viewer-request');
  });

  test('are not mixed with Lambda functions at viewer events, whichever each has (CF 5.4)', () => {
    const arn = 'arn:aws:lambda:us-east-1:123456789012:function:l:1';
    const lambda = (event: string): string =>
      `${ASSOCIATED}\n          LambdaFunctionAssociations: [{ EventType: ${event}, LambdaFunctionARN: '${arn}' }]`;
    expect(told({ behavior: lambda('viewer-response') }).join()).toContain('one kind at the two viewer events');
    expect(told({ behavior: lambda('origin-request') }).join()).not.toContain('one kind at the two viewer events');
  });

  test('have 10 KB of code at most (CF 5.25)', () => {
    const fn = FUNCTION.replace('function handler', `/* ${'a'.repeat(10_240)} */ function handler`);
    expect(told({ fn }).join()).toContain('CloudFront takes 10 KB');
  });

  test('that are not published, or that nobody makes, are taken by no distribution', () => {
    expect(told({ fn: FUNCTION.replace('AutoPublish: true, ', '') }).join()).toContain('is not published');
    const nobody =
      'FunctionAssociations: [{ EventType: viewer-request, FunctionARN: arn:aws:cloudfront::1:function/x }]';
    expect(told({ behavior: nobody }).join()).toContain('is in no template read');
  });

  test('read one key value store at most, with runtime 2.0 only (CF 5.26, 5.33)', () => {
    const stores = (count: number): string =>
      `KeyValueStoreAssociations: [${Array(count).fill('{ KeyValueStoreARN: !GetAtt S.Arn }').join(', ')}]`;
    const more = '  S: { Type: AWS::CloudFront::KeyValueStore, Properties: { Name: s } }\n';
    const withStores = (count: number): string => FUNCTION.replace('2.0 }', `2.0, ${stores(count)} }`);
    expect(told({ fn: withStores(1), more })).toEqual([]);
    expect(told({ fn: withStores(2), more }).join()).toContain('one key value store at most');
    expect(told({ fn: withStores(1).replace('2.0,', '1.0,'), more }).join()).toContain('need the runtime');
  });
});

describe('key value stores', () => {
  const imported = (text: string | undefined): Read<Architecture> => {
    const more = `  S:
    Type: AWS::CloudFront::KeyValueStore
    Properties: { Name: s, ImportSource: { SourceType: S3, SourceArn: arn:aws:s3:::assets/values.json } }
`;
    const code = text === undefined ? {} : { 'values.json': { kind: 'data', path: '/x', files: [], text } as const };
    const source = {
      file: 't.yaml',
      text: templateOf({ more }),
      stack: 's',
      region: 'us-east-1',
      parameters: {},
      code,
    };
    return readTemplates({ sources: [source], zones: {} });
  };

  test('import what lies beside the template (CF 5.33)', () => {
    const { value, findings } = imported('{"data": [{"key": "a", "value": "b"}]}');
    expect([value.keyValueStores[0]?.entries, findings]).toEqual([{ a: 'b' }, []]);
  });

  test('begin empty when that cannot be read, which is told', () => {
    const { value, findings } = imported(undefined);
    expect([value.keyValueStores[0]?.entries, findings.map(({ code }) => code)]).toEqual([
      {},
      ['template/missing-asset'],
    ]);
    expect(imported('[]').findings.map(({ code }) => code)).toEqual(['template/property']);
  });
});
