import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ExplainOptions } from './explain-command.ts';
import { runExplain } from './explain-command.ts';
import { UserError } from './user-error.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'firedrill-test-'));
  await writeFile(join(root, 'dns.yaml'), TEMPLATE);
});
afterEach(() => rm(root, { recursive: true, force: true }));

const record = (properties: string): string =>
  `{ Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Type: A, ${properties} } }`;
const check = (name: string): string =>
  `{ Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { Type: HTTPS, FullyQualifiedDomainName: ${name} } } }`;

const TEMPLATE = `Resources:
  EuCheck: ${check('eu.example.com')}
  Www: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: www.example.com, Type: CNAME, TTL: 300, ResourceRecords: [api.example.com] } }
  Eu: ${record('Name: api.example.com, SetIdentifier: europe, Region: eu-west-1, AliasTarget: { DNSName: eu.example.com, HostedZoneId: Z0EXAMPLE, EvaluateTargetHealth: true }')}
  Us: ${record('Name: api.example.com, SetIdentifier: america, Region: us-east-1, TTL: 60, ResourceRecords: [192.0.2.3]')}
  EuA: ${record('Name: eu.example.com, SetIdentifier: blue, Weight: 90, TTL: 60, ResourceRecords: [192.0.2.1], HealthCheckId: !Ref EuCheck')}
  EuB: ${record('Name: eu.example.com, SetIdentifier: green, Weight: 10, TTL: 60, ResourceRecords: [192.0.2.2], HealthCheckId: !Ref EuCheck')}
  Geo: ${record('Name: geo.example.com, SetIdentifier: jp, GeoLocation: { CountryCode: JP }, TTL: 60, ResourceRecords: [192.0.2.4]')}
  Inside: { Type: AWS::Route53::HostedZone, Properties: { Name: example.com, VPCs: [{ VPCId: vpc-1, VPCRegion: eu-west-1 }] } }
  Handed: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: sub.example.com, Type: NS, TTL: 60, ResourceRecords: [ns1.example.net] } }
  Wild: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: '*.wild.example.com', Type: TXT, TTL: 60, ResourceRecords: ['"x"'] } }
  InsideApi: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: !Ref Inside, Name: api.example.com, Type: A, TTL: 60, ResourceRecords: [10.0.0.1] } }
`;

const OPTIONS: Omit<ExplainOptions, 'paths'> = {
  type: 'A',
  from: [],
  network: {},
  unhealthy: [],
  region: 'eu-west-1',
  parameter: {},
  zone: { 'example.com': 'Z0EXAMPLE' },
  context: {},
};

async function explain(name: string, options: Partial<ExplainOptions> = {}): Promise<string> {
  const { exitCode, output } = await runExplain(name, { ...OPTIONS, paths: [join(root, 'dns.yaml')], ...options });
  expect(exitCode).toBe(0);
  return output.replaceAll(root, '');
}

async function mistakes(name: string, options: Partial<ExplainOptions>): Promise<readonly string[]> {
  const error = await runExplain(name, { ...OPTIONS, paths: [join(root, 'dns.yaml')], ...options }).catch(
    (caught: unknown) => caught,
  );
  if (!(error instanceof UserError)) throw new Error('It was not refused.');
  return error.findings.map(({ code, says, remedy }) => `${code}: ${says} ${remedy ?? ''}`);
}

describe('firedrill explain', () => {
  test('prints the tree, the rule that decided, and why each branch was left', async () => {
    expect(await explain('api.example.com', { unhealthy: ['EuCheck'] }))
      .toBe(`Asked from Dublin: api.example.com A is 192.0.2.3

api.example.com A, in the zone example.com (Z0EXAMPLE)
api.example.com A · latency: america is next, what is preferred is unhealthy
├─ ✗ europe: 2 ms to eu-west-1; unhealthy
│     evaluated target: unhealthy · /dns.yaml:4
│     eu.example.com A · weighted, looked at for its health
│     ├─ ✗ blue: unhealthy
│     │     health check dns.EuCheck: unhealthy (by --unhealthy) · /dns.yaml:6
│     │     192.0.2.1, for 60 s
│     └─ ✗ green: unhealthy
│           health check dns.EuCheck: unhealthy (by --unhealthy) · /dns.yaml:7
│           192.0.2.2, for 60 s
└─ ✓ america: 78 ms to us-east-1; healthy
      no check: always healthy · /dns.yaml:5
      192.0.2.3, for 60 s
`);
  });

  test('follows CNAMEs, and says how often each record is drawn', async () => {
    const output = await explain('WWW.example.com.');
    expect(output.split('\n')[0]).toBe('Asked from Dublin: www.example.com A is 90 % 192.0.2.1, 10 % 192.0.2.2');
    expect(output).toContain('www.example.com CNAME · simple\n');
    expect(output).toContain('├─ ✓ blue 90 %: weight 90; healthy\n');
    expect(output).toContain('└─ ✗ america: 78 ms to us-east-1; healthy, and what comes before it answers\n');
  });

  test('R53 RP-16, RP-17: goes by the resolver’s place, or by its client’s network, as Route 53’s own test does', async () => {
    expect(await explain('geo.example.com', { from: ['tokyo'] })).toContain('✓ jp: for country JP; healthy');
    const network = { '203.0.113.0/24': 'Tokyo' };
    const options = { network, from: ['Dublin', 'Tokyo'] };
    expect(await explain('geo.example.com', options)).toContain(
      'geolocation: no record is for this asker, and there is no default',
    );
    expect(await explain('geo.example.com', { ...options, subnet: '203.0.113.0/25' })).toContain('✓ jp');
    expect(await explain('geo.example.com', { ...options, from: ['203.0.113.9'] })).toContain('✓ jp');
  });

  test('R53 ET-09: says of a branch whose health nobody asks for that nobody does', async () => {
    await writeFile(
      join(root, 'dns.yaml'),
      TEMPLATE.replace(
        'HostedZoneId: Z0EXAMPLE, EvaluateTargetHealth: true',
        'HostedZoneId: Z0EXAMPLE, EvaluateTargetHealth: false',
      ),
    );
    const output = await explain('api.example.com', { from: ['New York'], unhealthy: ['EuCheck'] });
    expect(output).toContain('no check, and EvaluateTargetHealth is off: always healthy');
    expect(output).toContain('eu.example.com A · weighted, not looked at, since EvaluateTargetHealth is off\n');
    // From Dublin it answers from that branch all the same.
    expect(await explain('api.example.com', { unhealthy: ['EuCheck'] })).toContain(
      'eu.example.com A · weighted: nobody is healthy, so all count as healthy; blue 90 %, green 10 %\n',
    );
  });

  test('R53 WS-01: answers with the name servers and the SOA that a zone always has', async () => {
    const [first, , , own] = (await explain('example.com', { type: 'NS' })).split('\n');
    expect(own).toMatch(/^the zone's own: ns-\d+\.awsdns-\d\d\.com, .*, for 172800 s$/);
    expect(first).toMatch(/^Asked from Dublin: example\.com NS is ns-/);
    expect(await explain('example.com', { type: 'SOA' })).toContain(' 1 7200 900 1209600 86400, for 900 s\n');
    expect(await explain('example.com', { type: 'MX' })).toContain('the name has no record of this type');
  });

  test('R53 RP-03, RP-14: says of how many records of a group are healthy, and why one is passed by when none is', async () => {
    const names = ['a.example.net', 'b.example.net'];
    const records = (policy: (index: number) => string): string =>
      names
        .map(
          (_, index) =>
            `  R${index}: ${record(`Name: api.example.com, SetIdentifier: r${index}, ${policy(index)}, TTL: 60, ResourceRecords: [192.0.2.${index + 1}], HealthCheckId: !Ref C${index}`)}\n`,
        )
        .join('');
    const checks = names.map((name, index) => `  C${index}: ${check(name)}\n`).join('');
    const told = async (policy: (index: number) => string, unhealthy: readonly string[]) => {
      await writeFile(join(root, 'dns.yaml'), `Resources:\n${checks}${records(policy)}`);
      return explain('api.example.com', { unhealthy });
    };
    const multivalue = () => 'MultiValueAnswer: true';
    expect(await told(multivalue, ['C0'])).toContain('multivalue: 1 of 2 healthy\n');
    expect(await told(multivalue, ['C0', 'C1'])).toContain('multivalue: nobody is healthy, so all count as healthy\n');
    const latency = (index: number) => `Region: ${index === 0 ? 'eu-west-1' : 'us-east-1'}`;
    const failOpen = await told(latency, ['C0', 'C1']);
    expect(failOpen).toContain('✓ r0: 2 ms to eu-west-1; nobody is healthy, so it counts as healthy\n');
    expect(failOpen).toContain('✗ r1: 78 ms to us-east-1; unhealthy like all others, and another is preferred\n');
  });

  test('R53 WS-13: answers a VPC from its private zone, and nobody else', async () => {
    const inside = await explain('api.example.com', { from: ['vpc-1'] });
    expect(inside).toContain('in the private zone example.com');
    expect(inside).toContain('10.0.0.1, for 60 s');
    expect(await explain('eu.example.com', { from: ['vpc-1'] })).toContain('NXDOMAIN: there is no such name');
  });

  test('tells of names that are not there, or nobody’s', async () => {
    expect(await explain('nobody.example.com')).toContain(
      'NXDOMAIN: there is no such name; resolvers remember that for 900 s\n',
    );
    expect(await explain('api.example.com', { type: 'aaaa' })).toContain('the name has no record of this type');
    expect(await explain('a.sub.example.com')).toContain('handed to the name servers of sub.example.com\n');
    expect(await explain('a.wild.example.com', { type: 'TXT' })).toContain('covered by *.wild.example.com\n');
    expect(await explain('example.org')).toContain('REFUSED, no zone of this world has the name\n');
  });

  test('with --json the walk is data', async () => {
    const output = await explain('api.example.com', { json: true, unhealthy: ['eu.example.com'] });
    expect(JSON.parse(output)).toMatchObject({
      name: 'api.example.com',
      explanations: [
        {
          from: 'Dublin',
          hops: [
            { walk: { groups: [{ policy: 'latency', branches: [{ standing: 'left' }, { standing: 'taken' }] }] } },
          ],
        },
      ],
    });
  });

  test('R53 HC-27: a calculated check follows those that are to be unhealthy, and may be named itself', async () => {
    await writeFile(
      join(root, 'dns.yaml'),
      `Resources:
  A: ${check('a.example.com')}
  B: ${check('b.example.com')}
  Both: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { Type: CALCULATED, HealthThreshold: 2, ChildHealthChecks: [!Ref A, !Ref B] } } }
  P: ${record('Name: api.example.com, SetIdentifier: p, Failover: PRIMARY, TTL: 60, ResourceRecords: [192.0.2.1], HealthCheckId: !Ref Both')}
  S: ${record('Name: api.example.com, SetIdentifier: s, Failover: SECONDARY, TTL: 60, ResourceRecords: [192.0.2.2]')}
`,
    );
    expect(await explain('api.example.com')).toContain('✓ primary p: healthy');
    for (const name of ['B', 'b.example.com', 'Both', 'dns.Both']) {
      const output = await explain('api.example.com', { unhealthy: [name] });
      expect(output).toContain('✗ primary p: unhealthy');
      expect(output).toContain('health check dns.Both: unhealthy');
    }
  });

  test('refuses what it does not know, all at once', async () => {
    expect(
      await mistakes('api.example.com', { from: ['Tokio'], unhealthy: ['EuChek'], at: '5s', subnet: 'x' }),
    ).toEqual([
      'explain/unknown-place: Nobody can ask from Tokio: it is no city of the geography, no address, and no VPC of a private zone. Did you mean Tokyo?',
      'explain/unknown-check: There is no health check EuChek, and no alias to it. Did you mean EuCheck?',
      'explain/usage: x is not a network. Write for example --subnet 203.0.113.0/24.',
      'explain/usage: --at is a moment of a drill, and no drill is given. Write for example --drill drill.yaml --at 95s.',
    ]);
    expect((await mistakes('api.example.com', { paths: [] }))[0]).toContain('There is nothing to explain from.');
    expect((await mistakes('api.example.com', { paths: [], drill: join(root, 'no.yaml') }))[0]).toContain(
      'drill/no-file',
    );
  });

  test('shows the tree as it is at a moment of a drill', async () => {
    await writeFile(
      join(root, 'drill.yaml'),
      `name: d
world: { templates: [{ file: dns.yaml, region: eu-west-1 }], zones: { example.com: Z0EXAMPLE } }
duration: 5m
probes: [{ name: p, url: "https://api.example.com/" }]
`,
    );
    const drill = join(root, 'drill.yaml');
    // Nothing answers at 192.0.2.1: checkers find that out in their own time.
    expect(await explain('api.example.com', { paths: [], drill, at: '0s' })).toContain('✓ europe');
    const later = await explain('api.example.com', { paths: [], drill, at: '4m' });
    expect(later).toContain('✗ europe');
    expect(later).toContain('health check dns.EuCheck: unhealthy (2 of 16 checkers see it healthy)');
  });
});
