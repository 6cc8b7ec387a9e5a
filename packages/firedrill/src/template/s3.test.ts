import { describe, expect, test } from 'vitest';
import type { Bucket } from '../model/index.ts';
import { s3WebsiteZoneId } from './alias-zones.ts';
import { readTemplates } from './read-templates.ts';
import type { CodeLocation } from './template-source.ts';

/** Reads resources, as flow YAML by logical id, in a Region. */
function read(
  resources: Readonly<Record<string, string>>,
  { region = 'eu-west-1', code = {} }: { region?: string; code?: Readonly<Record<string, CodeLocation>> } = {},
): ReturnType<typeof readTemplates> {
  const lines = Object.entries(resources).map(([id, text]) => `  ${id}: { ${text} }`);
  const text = `Resources:\n${lines.join('\n')}\n`;
  const zones = { 'example.com': 'Z0EXAMPLE' };
  return readTemplates({ sources: [{ file: 'a.yaml', text, stack: 'Site', region, parameters: {}, code }], zones });
}

function said(...asked: Parameters<typeof read>): readonly string[] {
  return read(...asked).findings.map(({ weight, place, says }) => `${weight} ${place?.line}: ${says}`);
}

function bucketOf(...asked: Parameters<typeof read>): Bucket {
  const { value, findings } = read(...asked);
  expect(findings).toEqual([]);
  const [bucket] = value.buckets;
  if (bucket === undefined) throw new Error('there is a bucket');
  return bucket;
}

const BUCKET = 'Type: AWS::S3::Bucket';

describe('buckets', () => {
  test('one without properties has a name of its own and lets nobody in', () => {
    const bucket = bucketOf({ Files: BUCKET });
    expect(bucket.name).toMatch(/^site-files-[a-z0-9]{12}$/);
    expect(bucket).toMatchObject({
      region: 'eu-west-1',
      versioning: 'Unversioned',
      policy: [],
      restrictsPublicBuckets: true,
    });
  });

  test.each([
    ['us-east-1', 's3-website-us-east-1'],
    ['us-west-1', 's3-website-us-west-1'],
    ['us-west-2', 's3-website-us-west-2'],
    ['eu-west-1', 's3-website-eu-west-1'],
    ['ap-southeast-1', 's3-website-ap-southeast-1'],
    ['ap-southeast-2', 's3-website-ap-southeast-2'],
    ['ap-northeast-1', 's3-website-ap-northeast-1'],
    ['sa-east-1', 's3-website-sa-east-1'],
    ['us-gov-west-1', 's3-website-us-gov-west-1'],
    ['eu-central-1', 's3-website.eu-central-1'],
    ['us-east-2', 's3-website.us-east-2'],
  ])('RS 5.2: the websites of %s are at %s', (region, host) => {
    const text = `Resources:\n  B: { Type: AWS::S3::Bucket, Properties: { BucketName: files } }\nOutputs: { Url: { Value: !GetAtt B.WebsiteURL }, Name: { Value: !GetAtt B.RegionalDomainName } }\n`;
    const source = { file: 'a.yaml', text, stack: 'Site', region, parameters: {}, code: {} };
    const { value } = readTemplates({ sources: [source], zones: {} });
    expect(value.stacks[0]?.outputs).toEqual({
      Url: `http://files.${host}.amazonaws.com`,
      Name: `files.s3.${region}.amazonaws.com`,
    });
  });

  test.each([
    ['us-east-1', 'Z3AQBSTGFYJSTF'],
    ['us-east-2', 'Z2O1EMRO9K5GLX'],
    ['us-west-1', 'Z2F56UZL2M1ACD'],
    ['us-west-2', 'Z3BJ6K6RIION7M'],
    ['eu-west-1', 'Z1BKCTXD74EZPE'],
    ['eu-central-1', 'Z21DNDUVLTQW6Q'],
    ['ap-northeast-1', 'Z2M4EHUR26P7ZW'],
    ['sa-east-1', 'Z7KQH4QJS55SO'],
  ])('R53 AL-13: the websites of %s are in the zone %s (RS 5.3)', (region, zone) => {
    expect(s3WebsiteZoneId(region)).toBe(zone);
  });

  test('a name that S3 does not take is told, and an ACL that would let everybody read', () => {
    expect(said({ Files: `${BUCKET}, Properties: { BucketName: My_Files, AccessControl: PublicRead }` })).toEqual([
      'error 2: My_Files is no name of a bucket: 3 to 63 lower-case letters, digits, dots and hyphens.',
      'warning 2: Firedrill does not act on the ACL PublicRead; only a bucket policy lets anybody read My_Files.',
    ]);
  });

  test('two buckets of one name are told', () => {
    const named = `${BUCKET}, Properties: { BucketName: files }`;
    expect(said({ One: named, Two: named })).toEqual([
      'error 3: There are two buckets named files; AWS has one of each name.',
    ]);
  });
});

describe('websites', () => {
  const website = (text: string): string => `${BUCKET}, Properties: { WebsiteConfiguration: { ${text} } }`;

  test('documents and rules', () => {
    const rule =
      '{ RoutingRuleCondition: { KeyPrefixEquals: docs/, HttpErrorCodeReturnedEquals: "404" }, RedirectRule: { HostName: a.example.com, Protocol: https, ReplaceKeyPrefixWith: d/, HttpRedirectCode: "302" } }';
    expect(
      bucketOf({ B: website(`IndexDocument: i.html, ErrorDocument: e.html, RoutingRules: [${rule}]`) }).website,
    ).toEqual({
      kind: 'hosting',
      indexDocument: 'i.html',
      errorDocument: 'e.html',
      routingRules: [
        {
          keyPrefixEquals: 'docs/',
          httpErrorCodeReturnedEquals: 404,
          redirect: { hostName: 'a.example.com', protocol: 'https', replaceKeyPrefixWith: 'd/', httpRedirectCode: 302 },
        },
      ],
    });
    expect(bucketOf({ B: website('RedirectAllRequestsTo: { HostName: a.example.com }') }).website).toEqual({
      kind: 'redirect',
      hostName: 'a.example.com',
    });
  });

  test.each([
    ['ErrorDocument: e.html', 'WebsiteConfiguration needs IndexDocument or RedirectAllRequestsTo.'],
    [
      'IndexDocument: i.html, RedirectAllRequestsTo: { HostName: a }',
      'A website either redirects all requests or has documents and routing rules; this has both.',
    ],
    [
      'IndexDocument: i.html, RoutingRules: [{ RedirectRule: { ReplaceKeyWith: a, ReplaceKeyPrefixWith: b } }]',
      'A routing rule has ReplaceKeyWith or ReplaceKeyPrefixWith, not both.',
    ],
    [
      `IndexDocument: i.html, RoutingRules: [${Array.from({ length: 51 }, () => '{ RedirectRule: { HostName: a } }').join(', ')}]`,
      'A website has 50 routing rules at most; this has 51.',
    ],
  ])('RS 5.11, RS 5.12: %s is refused', (text, says) => {
    expect(said({ B: website(text) })).toEqual([`error 2: ${says}`]);
  });
});

describe('policies', () => {
  const policy = (statement: string): Readonly<Record<string, string>> => ({
    B: `${BUCKET}, Properties: { BucketName: files, PublicAccessBlockConfiguration: { BlockPublicAcls: true } }`,
    P: `Type: AWS::S3::BucketPolicy, Properties: { Bucket: !Ref B, PolicyDocument: { Version: "2012-10-17", Statement: ${statement} } }`,
  });

  test('statements are the bucket’s, one or several, of every principal', () => {
    const statement =
      '{ Effect: Allow, Principal: { Service: cloudfront.amazonaws.com, CanonicalUser: abc, AWS: ["*"] }, Action: "s3:GetObject", Resource: !Sub "${B.Arn}/*", Condition: { StringEquals: { "AWS:SourceArn": arn } } }';
    expect(bucketOf(policy(statement))).toMatchObject({
      restrictsPublicBuckets: false,
      policy: [
        {
          effect: 'Allow',
          principals: [
            { kind: 'everyone', value: '*' },
            { kind: 'Service', value: 'cloudfront.amazonaws.com' },
            { kind: 'CanonicalUser', value: 'abc' },
          ],
          actions: ['s3:GetObject'],
          resources: ['arn:aws:s3:::files/*'],
          conditions: [{ operator: 'StringEquals', key: 'aws:sourcearn', values: ['arn'] }],
        },
      ],
    });
    expect(
      bucketOf(policy('[{ Effect: Deny, NotPrincipal: "*", NotAction: "*", NotResource: "*" }]')).policy,
    ).toMatchObject([{ effect: 'Deny', isNotPrincipal: true, isNotAction: true, isNotResource: true }]);
  });

  test('what cannot be decided is told', () => {
    const statement =
      '{ Effect: Allow, Principal: "*", Action: "*", Resource: "*", Condition: { IpAddress: { "aws:SourceIp": 10.0.0.0/8 } } }';
    expect(said(policy(statement))).toEqual([
      'warning 3: Firedrill cannot decide the condition IpAddress on aws:SourceIp; the statement that allows by it is taken not to apply.',
    ]);
    expect(said(policy('{ Effect: Maybe }'))).toEqual(['error 3: A statement of a policy has Effect Allow or Deny.']);
    const elsewhere = { P: 'Type: AWS::S3::BucketPolicy, Properties: { Bucket: far, PolicyDocument: {} }' };
    expect(said(elsewhere)).toEqual(['warning 2: The policy is that of the bucket far, which is in no template read.']);
  });
});

describe('replication', () => {
  const source = (rule: string, versioning = 'VersioningConfiguration: { Status: Enabled }, '): string =>
    `${BUCKET}, Properties: { BucketName: source, ${versioning}ReplicationConfiguration: { Role: role, Rules: [{ Status: Enabled, ${rule} }] } }`;
  const to = (more = ''): string => `Destination: { Bucket: "arn:aws:s3:::copy"${more} }`;
  const COPY = `${BUCKET}, Properties: { BucketName: copy, VersioningConfiguration: { Status: Enabled } }`;

  test.each([
    ['of the first kind, for delete markers too', to(), { deleteMarkers: true, timeControl: false, prefix: '' }],
    [
      'with Filter, not for delete markers',
      `Priority: 1, Filter: { Prefix: docs/ }, DeleteMarkerReplication: { Status: Disabled }, ${to()}`,
      { deleteMarkers: false, prefix: 'docs/', priority: 1 },
    ],
    [
      'with Filter, for delete markers when it says so',
      `Filter: { Prefix: "" }, DeleteMarkerReplication: { Status: Enabled }, ${to()}`,
      { deleteMarkers: true },
    ],
    [
      'with time control',
      to(', ReplicationTime: { Status: Enabled, Time: { Minutes: 15 } }, Metrics: { Status: Enabled }'),
      { timeControl: true },
    ],
  ])('RS 5.26: a rule %s', (_what, rule, expected) => {
    expect(bucketOf({ A: source(rule), B: COPY }).replicationRules).toMatchObject([expected]);
  });

  test('RS 5.24: versioning must be on at both ends', () => {
    expect(said({ A: source(to(), ''), B: COPY })).toEqual([
      'error 2: source is replicated, so its VersioningConfiguration must be Enabled.',
    ]);
    expect(said({ A: source(to()), B: `${BUCKET}, Properties: { BucketName: copy }` })).toEqual([
      'error 3: source is replicated to copy, so the VersioningConfiguration of that bucket must be Enabled.',
    ]);
  });

  test('RS 5.27: delete markers do not go by tags', () => {
    const rule = `Filter: { TagFilter: { Key: a, Value: b } }, DeleteMarkerReplication: { Status: Enabled }, ${to()}`;
    expect(said({ A: source(rule), B: COPY })).toEqual([
      'error 2: Delete markers cannot be replicated by a rule with a tag filter.',
    ]);
  });

  test('a destination that no template has is told', () => {
    expect(said({ A: source(to()) })).toEqual([
      'warning 2: source is replicated to arn:aws:s3:::copy, which is in no template read; nothing arrives there.',
    ]);
  });
});

describe('deployments of CDK', () => {
  const resources = {
    B: `${BUCKET}, Properties: { BucketName: files }`,
    D: 'Type: Custom::CDKBucketDeployment, Properties: { ServiceToken: t, SourceBucketNames: [a], SourceObjectKeys: [x.zip], SourceMarkers: [{ "<<m>>": value }], DestinationBucketName: !Ref B, DestinationBucketKeyPrefix: app, SystemMetadata: { cache-control: max-age=60 } }',
  };

  test('name the files that are in the bucket', () => {
    const location = { kind: 'directory', path: '/assets/x', files: ['index.html'] } as const;
    const { value, findings } = read(resources, { code: { 'x.zip': location } });
    expect(findings).toEqual([]);
    expect(value.bucketDeployments).toMatchObject([
      {
        bucket: 'files',
        prefix: 'app/',
        path: '/assets/x',
        files: ['index.html'],
        markers: { '<<m>>': 'value' },
        cacheControl: 'max-age=60',
      },
    ]);
  });

  test('files that are not there are told', () => {
    expect(said(resources)).toEqual([
      'warning 3: The files for files are the object x.zip, which no assembly beside this template holds.',
    ]);
    expect(said(resources, { code: { 'x.zip': { kind: 'archive', path: '/x.zip', files: [] } } })).toEqual([
      'warning 3: The files for files are an archive (/x.zip), which Firedrill does not unpack.',
    ]);
  });
});

describe('what a distribution shows a bucket', () => {
  const distribution = (origin: string): string =>
    `Type: AWS::CloudFront::Distribution, Properties: { DistributionConfig: { Enabled: true, Origins: [{ Id: a, DomainName: a.s3.eu-west-1.amazonaws.com, ${origin} }], DefaultCacheBehavior: { TargetOriginId: a, ViewerProtocolPolicy: allow-all, CachePolicyId: 4135ea2d-6df8-44a3-9df3-4b5a84be39ad } } }`;
  const control = (behavior: string, type = 's3'): string =>
    `Type: AWS::CloudFront::OriginAccessControl, Properties: { OriginAccessControlConfig: { Name: n, OriginAccessControlOriginType: ${type}, SigningBehavior: ${behavior}, SigningProtocol: sigv4 } }`;
  const IDENTITY =
    'Type: AWS::CloudFront::CloudFrontOriginAccessIdentity, Properties: { CloudFrontOriginAccessIdentityConfig: { Comment: c } }';
  const asIdentity = 'S3OriginConfig: { OriginAccessIdentity: !Sub "origin-access-identity/cloudfront/${I}" }';

  test.each(['always', 'never', 'no-override'])('CF 6.5: an access control that signs %s', (signing) => {
    const { value, findings } = read({
      C: control(signing),
      D: distribution('S3OriginConfig: {}, OriginAccessControlId: !GetAtt C.Id'),
    });
    expect(findings).toEqual([]);
    expect(value.distributions[0]?.origins[0]?.accessControl).toMatchObject({ originType: 's3', signing });
  });

  test('CF 6.5: other origin types and behaviours are refused or taken as documented', () => {
    for (const type of ['s3', 'mediastore', 'lambda', 'mediapackagev2'])
      expect(said({ C: control('always', type) })).toEqual([]);
    expect(said({ C: control('sometimes') })).toEqual([
      'error 2: SigningBehavior is sometimes; it must be one of always, never, no-override.',
    ]);
  });

  test('an identity is a user of S3, and not beside an access control', () => {
    const { value, findings } = read({ I: IDENTITY, D: distribution(asIdentity) });
    expect(findings).toEqual([]);
    expect(value.distributions[0]?.origins[0]?.accessIdentity).toBe(value.originAccessIdentities[0]?.id);
    const both = { I: IDENTITY, C: control('always'), D: distribution(`${asIdentity}, OriginAccessControlId: !Ref C`) };
    expect(said(both)).toEqual([
      'error 4: The origin a.s3.eu-west-1.amazonaws.com has an origin access control and an origin access identity; it can have one.',
    ]);
    expect(said({ D: distribution('S3OriginConfig: {}, OriginAccessControlId: E123') })).toEqual([
      'warning 2: E123 is in no template read; the origin is asked without a signature.',
    ]);
  });
});

describe('aliases to websites', () => {
  const record =
    'Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: www.example.com, Type: A, AliasTarget: { DNSName: s3-website-eu-west-1.amazonaws.com, HostedZoneId: Z1BKCTXD74EZPE } }';
  const bucket = (name: string, more = ', WebsiteConfiguration: { IndexDocument: index.html }'): string =>
    `${BUCKET}, Properties: { BucketName: ${name}${more} }`;

  test('R53 AL-07: the bucket has the name of the record and is a website', () => {
    expect(said({ B: bucket('www.example.com'), R: record })).toEqual([]);
    expect(said({ B: bucket('other.example.com'), R: record })).toEqual([
      'warning 3: The alias www.example.com leads to the S3 websites of eu-west-1, where no template read has a bucket named www.example.com; its users see 404 NoSuchBucket.',
    ]);
    expect(said({ B: bucket('www.example.com', ''), R: record })).toEqual([
      'warning 3: The alias www.example.com leads to the bucket www.example.com, which is no website; its users see 404 NoSuchWebsiteConfiguration.',
    ]);
  });
});
