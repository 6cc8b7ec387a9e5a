import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHealthCheckCommand,
  GetHealthCheckStatusCommand,
  GetHostedZoneCommand,
  ListHealthChecksCommand,
  ListHostedZonesByNameCommand,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  ListTagsForResourceCommand,
  ChangeTagsForResourceCommand,
  CreateHealthCheckCommand,
  CreateHostedZoneCommand,
  DeleteHealthCheckCommand,
  DeleteHostedZoneCommand,
  Route53Client,
  UpdateHealthCheckCommand,
} from '@aws-sdk/client-route-53';
import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { expect, test } from 'vitest';
import { openTestWorld } from './world.fixture.ts';

const RECORDS = `
  Check: { Type: AWS::Route53::HealthCheck, Properties: { HealthCheckConfig: { Type: HTTPS, FullyQualifiedDomainName: one.example.com, ResourcePath: /health }, HealthCheckTags: [{ Key: Name, Value: primary }] } }
  First: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: www.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.1], SetIdentifier: one, Failover: PRIMARY, HealthCheckId: !Ref Check } }
  Second: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: www.example.com, Type: A, TTL: 60, ResourceRecords: [192.0.2.2], SetIdentifier: two, Failover: SECONDARY } }
  Any: { Type: AWS::Route53::RecordSet, Properties: { HostedZoneId: Z0EXAMPLE, Name: '*.example.com', Type: CNAME, TTL: 60, ResourceRecords: [www.example.com] } }
`;

async function open() {
  const world = await openTestWorld({ 'eu-west-1': RECORDS }, { 'example.com': 'Z0EXAMPLE', 'a.org': 'Z0A' });
  return { ...world, route53: new Route53Client(world.client) };
}

test('zones are listed by id and by name, with dots and kinds as Route 53 writes them', async () => {
  const { route53 } = await open();
  const { HostedZones = [] } = await route53.send(new ListHostedZonesCommand({}));
  expect(HostedZones.map(({ Id, Name, ResourceRecordSetCount }) => [Id, Name, ResourceRecordSetCount])).toEqual([
    ['/hostedzone/Z0A', 'a.org.', 2],
    ['/hostedzone/Z0EXAMPLE', 'example.com.', 5],
  ]);
  const byName = await route53.send(new ListHostedZonesByNameCommand({ DNSName: 'a.org', MaxItems: 1 }));
  expect(byName).toMatchObject({ DNSName: 'a.org.', IsTruncated: false, HostedZones: [{ Name: 'a.org.' }] });
  const zone = await route53.send(new GetHostedZoneCommand({ Id: '/hostedzone/Z0EXAMPLE' }));
  expect(zone.DelegationSet?.NameServers).toHaveLength(4);
  await expect(route53.send(new GetHostedZoneCommand({ Id: 'ZNONE' }))).rejects.toMatchObject({
    name: 'NoSuchHostedZone',
    $metadata: { httpStatusCode: 404 },
  });
});

test('records are listed by their names from the end, with an asterisk as octal (R53 CH-11)', async () => {
  const { route53 } = await open();
  const { ResourceRecordSets = [] } = await route53.send(
    new ListResourceRecordSetsCommand({ HostedZoneId: 'Z0EXAMPLE' }),
  );
  const shown = ResourceRecordSets.map(({ Name, Type, SetIdentifier, Failover }) =>
    [Name, Type, SetIdentifier, Failover].filter(Boolean).join(' '),
  );
  expect(shown).toEqual([
    'example.com. NS',
    'example.com. SOA',
    '\\052.example.com. CNAME',
    'www.example.com. A one PRIMARY',
    'www.example.com. A two SECONDARY',
  ]);
  const page = await route53.send(new ListResourceRecordSetsCommand({ HostedZoneId: 'Z0EXAMPLE', MaxItems: 4 }));
  expect(page).toMatchObject({
    IsTruncated: true,
    NextRecordName: 'www.example.com.',
    NextRecordType: 'A',
    NextRecordIdentifier: 'two',
  });
});

function change(Action: 'CREATE' | 'DELETE' | 'UPSERT', ResourceRecordSet: ResourceRecordSet) {
  return new ChangeResourceRecordSetsCommand({
    HostedZoneId: 'Z0EXAMPLE',
    ChangeBatch: { Comment: 'by hand', Changes: [{ Action, ResourceRecordSet }] },
  });
}

const NEW: ResourceRecordSet = {
  Name: 'new.example.com',
  Type: 'A',
  TTL: 5,
  ResourceRecords: [{ Value: '192.0.2.9' }],
};

test('a change is pending until all name servers have it (R53 CH-08)', async () => {
  const { route53, passSeconds, events } = await open();
  const { ChangeInfo } = await route53.send(change('CREATE', NEW));
  expect(ChangeInfo).toMatchObject({ Status: 'PENDING', Comment: 'by hand' });
  const now = async () => (await route53.send(new GetChangeCommand({ Id: ChangeInfo?.Id }))).ChangeInfo?.Status;
  expect(await now()).toBe('PENDING');
  passSeconds(61);
  expect(await now()).toBe('INSYNC');
  expect(JSON.stringify(events)).toContain('action.performed');
});

test('what Route 53 refuses is refused in its words', async () => {
  const { route53, passSeconds } = await open();
  const refused = async (command: ChangeResourceRecordSetsCommand): Promise<unknown> =>
    await route53.send(command).then(
      () => 'done',
      (error: Error) => `${error.name}: ${error.message}`,
    );
  expect(await refused(change('DELETE', NEW))).toMatch(/^InvalidChangeBatch: .*but it was not found/);
  passSeconds(10);
  expect(await refused(change('CREATE', { ...NEW, SetIdentifier: 'x' }))).toMatch(
    /^InvalidInput: Invalid request: Expected exactly one of \[Weight/,
  );
  passSeconds(10);
  expect(await refused(change('CREATE', { ...NEW, Name: 'new.example.org' }))).toMatch(/^InvalidChangeBatch/);
  passSeconds(10);
  expect(await refused(change('CREATE', { ...NEW, HealthCheckId: 'none' }))).toMatch(/^NoSuchHealthCheck/);
});

test('a health check is read and updated, by its version (R53 HC-45)', async () => {
  const { route53 } = await open();
  const { HealthChecks = [] } = await route53.send(new ListHealthChecksCommand({}));
  const [{ Id: HealthCheckId, HealthCheckConfig, HealthCheckVersion } = {}] = HealthChecks;
  expect(HealthCheckVersion).toBe(1);
  expect(HealthCheckConfig).toMatchObject({
    Type: 'HTTPS',
    Port: 443,
    ResourcePath: '/health',
    RequestInterval: 30,
    FailureThreshold: 3,
    Disabled: false,
  });
  const updated = await route53.send(
    new UpdateHealthCheckCommand({ HealthCheckId, Inverted: true, HealthCheckVersion: 1 }),
  );
  expect(updated.HealthCheck).toMatchObject({ HealthCheckVersion: 2, HealthCheckConfig: { Inverted: true } });
  await expect(
    route53.send(new UpdateHealthCheckCommand({ HealthCheckId, HealthCheckVersion: 1 })),
  ).rejects.toMatchObject({
    name: 'HealthCheckVersionMismatch',
    $metadata: { httpStatusCode: 409 },
  });
  await expect(route53.send(new GetHealthCheckCommand({ HealthCheckId: 'none' }))).rejects.toMatchObject({
    name: 'NoSuchHealthCheck',
  });
  const status = await route53.send(new GetHealthCheckStatusCommand({ HealthCheckId }));
  expect(status.HealthCheckObservations).toEqual([]);
});

test('tags of a health check are those of its template, as calls have changed them', async () => {
  const { route53 } = await open();
  const { HealthChecks = [] } = await route53.send(new ListHealthChecksCommand({}));
  const which = { ResourceType: 'healthcheck', ResourceId: HealthChecks[0]?.Id } as const;
  const tags = async () => (await route53.send(new ListTagsForResourceCommand(which))).ResourceTagSet?.Tags;
  expect(await tags()).toEqual([{ Key: 'Name', Value: 'primary' }]);
  await route53.send(
    new ChangeTagsForResourceCommand({ ...which, AddTags: [{ Key: 'a', Value: 'b' }], RemoveTagKeys: ['Name'] }),
  );
  expect(await tags()).toEqual([{ Key: 'a', Value: 'b' }]);
});

test('a health check is created and deleted by hand (R53 HC-44)', async () => {
  const { route53, mistakes } = await open();
  const HealthCheckConfig = {
    Type: 'HTTP',
    IPAddress: '52.10.20.30',
    Port: 8080,
    ResourcePath: '/up',
    Regions: ['us-east-1', 'eu-west-1', 'us-west-2'],
  } as const;
  const create = async (more: object = {}) =>
    await route53.send(
      new CreateHealthCheckCommand({
        CallerReference: 'one',
        HealthCheckConfig: { ...HealthCheckConfig, Regions: [...HealthCheckConfig.Regions], ...more },
      }),
    );
  const made = await create();
  expect(made.$metadata.httpStatusCode).toBe(201);
  expect(made.HealthCheck).toMatchObject({
    CallerReference: 'one',
    HealthCheckVersion: 1,
    HealthCheckConfig: { ...HealthCheckConfig, RequestInterval: 30 },
  });
  expect(made.Location).toContain(made.HealthCheck?.Id);
  // The same request again is answered by what there is, another one with that reference is refused.
  expect((await create()).HealthCheck?.Id).toBe(made.HealthCheck?.Id);
  await expect(create({ Port: 80 })).rejects.toMatchObject({
    name: 'HealthCheckAlreadyExists',
    $metadata: { httpStatusCode: 409 },
  });
  const updated = await route53.send(
    new UpdateHealthCheckCommand({ HealthCheckId: made.HealthCheck?.Id, Port: 81, FailureThreshold: 1 }),
  );
  expect(updated.HealthCheck?.HealthCheckConfig).toMatchObject({ Port: 81, FailureThreshold: 1, ResourcePath: '/up' });
  await route53.send(new DeleteHealthCheckCommand({ HealthCheckId: made.HealthCheck?.Id }));
  await expect(route53.send(new GetHealthCheckCommand({ HealthCheckId: made.HealthCheck?.Id }))).rejects.toMatchObject({
    name: 'NoSuchHealthCheck',
  });
  expect(mistakes).toEqual([]);
});

test.each([
  [{ Type: 'HTTP', RequestInterval: 20 }],
  [{ Type: 'CALCULATED' }],
  [{ Type: 'HTTP', FullyQualifiedDomainName: 'a.example.com', FailureThreshold: 11 }],
  [{ Type: 'PING' as 'HTTP' }],
] as const)('a health check that Route 53 does not make is refused, row %#', async (HealthCheckConfig) => {
  const { route53 } = await open();
  const create = route53.send(new CreateHealthCheckCommand({ CallerReference: 'x', HealthCheckConfig }));
  await expect(create).rejects.toMatchObject({ name: 'InvalidInput', $metadata: { httpStatusCode: 400 } });
});

test('R53 HC-49: a health check follows no alarm that is not there', async () => {
  const { route53 } = await open();
  const HealthCheckConfig = {
    Type: 'CLOUDWATCH_METRIC',
    AlarmIdentifier: { Name: 'take-over', Region: 'us-east-1' },
    InsufficientDataHealthStatus: 'LastKnownStatus',
  } as const;
  const create = route53.send(new CreateHealthCheckCommand({ CallerReference: 'x', HealthCheckConfig }));
  await expect(create).rejects.toMatchObject({
    name: 'InvalidInput',
    message: 'Invalid parameter : The alarm take-over does not exist in us-east-1.',
  });
});

test('a hosted zone is created, filled, and deleted when it is empty again', async () => {
  const { route53, passSeconds } = await open();
  const { HostedZone, DelegationSet } = await route53.send(
    new CreateHostedZoneCommand({
      Name: 'New.Example.NET',
      CallerReference: 'z',
      HostedZoneConfig: { Comment: 'mine' },
    }),
  );
  expect(HostedZone).toMatchObject({
    Name: 'new.example.net.',
    CallerReference: 'z',
    Config: { Comment: 'mine', PrivateZone: false },
    ResourceRecordSetCount: 2,
  });
  expect(DelegationSet?.NameServers).toHaveLength(4);
  const change = async (Action: 'CREATE' | 'DELETE'): Promise<unknown> => {
    passSeconds(10);
    const ResourceRecordSet: ResourceRecordSet = { ...NEW, Name: 'a.new.example.net' };
    return await route53.send(
      new ChangeResourceRecordSetsCommand({
        HostedZoneId: HostedZone?.Id,
        ChangeBatch: { Changes: [{ Action, ResourceRecordSet }] },
      }),
    );
  };
  await change('CREATE');
  const remove = async (): Promise<unknown> => await route53.send(new DeleteHostedZoneCommand({ Id: HostedZone?.Id }));
  await expect(remove()).rejects.toMatchObject({ name: 'HostedZoneNotEmpty' });
  await change('DELETE');
  await remove();
  await expect(route53.send(new GetHostedZoneCommand({ Id: HostedZone?.Id }))).rejects.toMatchObject({
    name: 'NoSuchHostedZone',
  });
});
