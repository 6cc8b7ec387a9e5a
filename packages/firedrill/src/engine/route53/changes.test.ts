import { describe, expect, test } from 'vitest';
import type { HostedZone, RecordChange, RecordSet } from '../../model/index.ts';
import { changeRecordSets } from './changes.ts';
import { aliasTo, competing, NAME, record } from './zone.fixture.ts';

const ZONE: HostedZone = { id: 'Z1', name: 'example.com', private: false };

function outcome(before: readonly RecordSet[], ...changes: RecordChange[]) {
  return changeRecordSets({ zone: ZONE, records: before, knowsHealthCheck: (id) => id === 'check' }, changes);
}

/** The code and the message of a refusal, or the names that the zone has now. */
function says(before: readonly RecordSet[], ...changes: RecordChange[]): string {
  const came = outcome(before, ...changes);
  return came.kind === 'refused'
    ? `${came.status} ${came.code}: ${came.message}`
    : came.records.map(({ name, type }) => `${name} ${type}`).join(', ');
}

function change(action: RecordChange['action'], recordSet: RecordSet): RecordChange {
  return { action, recordSet };
}

const creating = (recordSet: RecordSet): RecordChange => change('CREATE', recordSet);
const simple = record({ name: NAME });
const weighted = competing('a', { kind: 'weighted', weight: 1 });
const latency = competing('s1', { kind: 'latency', region: 'us-east-1' });
const cname = record({ name: NAME, type: 'CNAME', values: ['else.example.com'] });

describe('a batch', () => {
  test('R53 CH-04, PP-13, PP-14, PP-15: is made as a whole or not at all', () => {
    const before = [simple];
    const added = record({ name: 'new.example.com' });
    expect(says(before, creating(added), creating(simple))).toBe(
      `400 InvalidChangeBatch: [Tried to create resource record set [name='${NAME}.', type='A'] but it already exists]`,
    );
    expect(before).toEqual([simple]);
    expect(says(before, creating(added))).toBe(`${NAME} A, new.example.com A`);
  });

  test('R53 PP-10: takes a simple record away and puts a failover pair in its place', () => {
    const primary = competing('p', { kind: 'failover', role: 'PRIMARY' }, { check: 'check' });
    const secondary = competing('s', { kind: 'failover', role: 'SECONDARY' });
    expect(says([simple], change('DELETE', simple), creating(primary), creating(secondary))).toBe(
      `${NAME} A, ${NAME} A`,
    );
    expect(says([simple], creating(primary))).toContain('400 InvalidChangeBatch: [RRSet with DNS name');
  });

  test('R53 CH-04, CH-22: DELETE has to match every stored value, TTL among them', () => {
    const message = `400 InvalidChangeBatch: [Tried to delete resource record set [name='${NAME}.', type='A'] but`;
    for (const other of [{ ttlSeconds: 61 }, { values: ['192.0.2.2'] }, { healthCheckId: 'check' }])
      expect(says([simple], change('DELETE', { ...simple, ...other }))).toBe(
        `${message} the values provided do not match the current values]`,
      );
    expect(says([], change('DELETE', simple))).toBe(`${message} it was not found]`);
    expect(says([simple], change('DELETE', { ...simple, name: 'API.example.com.' }))).toBe('');
  });

  test('R53 CH-04: UPSERT makes what is not there and replaces what is', () => {
    expect(outcome([], change('UPSERT', simple))).toMatchObject({ records: [{ ttlSeconds: 60 }] });
    expect(outcome([simple], change('UPSERT', { ...simple, ttlSeconds: 5 }))).toMatchObject({
      records: [{ ttlSeconds: 5 }],
    });
  });

  test('R53 CH-05: 1,000 records and 32,000 characters are enough, and an UPSERT counts double', () => {
    const many = (count: number): RecordSet[] =>
      Array.from({ length: count }, (_, index) => record({ name: `n${index}.example.com` }));
    expect(outcome([], ...many(1000).map(creating)).kind).toBe('changed');
    expect(says([], ...many(1001).map(creating))).toBe(
      '400 InvalidChangeBatch: [Number of records limit of 1000 exceeded.]',
    );
    expect(outcome([], ...many(500).map((one) => change('UPSERT', one))).kind).toBe('changed');
    expect(outcome([], ...many(501).map((one) => change('UPSERT', one))).kind).toBe('refused');
    const long = record({ name: NAME, type: 'TXT', values: ['x'.repeat(16_001)] });
    expect(outcome([], creating(long)).kind).toBe('changed');
    expect(says([], change('UPSERT', long))).toBe(
      '400 InvalidChangeBatch: [Number of characters limit of 32000 exceeded.]',
    );
    expect(outcome(many(10_000), creating(simple))).toMatchObject({ code: 'LimitsExceeded' });
  });
});

describe('a refusal in the words of AWS', () => {
  test('R53 CH-07: what is not there is answered with 404, what is wrong with 400', () => {
    const nowhere = { zone: undefined, records: [], knowsHealthCheck: () => true };
    expect(changeRecordSets(nowhere, [creating(simple)])).toMatchObject({ code: 'NoSuchHostedZone', status: 404 });
    expect(outcome([], creating({ ...simple, healthCheckId: 'none' }))).toMatchObject({
      code: 'NoSuchHealthCheck',
      status: 404,
    });
    expect(outcome([], creating({ ...simple, type: 'AX' }))).toMatchObject({ code: 'InvalidInput', status: 400 });
  });

  test.each([
    {
      line: 'CH-12',
      before: [],
      made: record({ name: 'example.com', type: 'CNAME' }),
      message: 'RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com.',
    },
    {
      line: 'CH-13',
      before: [cname],
      made: simple,
      message: `RRSet of type A with DNS name ${NAME}. is not permitted because a conflicting RRSet of type CNAME with the same DNS name already exists in zone example.com.`,
    },
    {
      line: 'CH-14',
      before: [simple],
      made: cname,
      message: `RRSet of type CNAME with DNS name ${NAME}. is not permitted as it conflicts with other records with the same DNS name in zone example.com.`,
    },
    {
      line: 'CH-02, CH-15',
      before: [weighted],
      made: latency,
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier s1, and Region Name=us-east-1 cannot be created because a non-latency RRSet with the same name and type already exists.`,
    },
    {
      line: 'CH-16',
      before: [latency],
      made: competing('s2', { kind: 'latency', region: 'us-east-1' }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier s2, and Region Name=us-east-1 cannot be created because a latency RRSet with the same name, type and region already exists.`,
    },
    {
      line: 'CH-18',
      before: [simple],
      made: competing('m', { kind: 'multivalue' }),
      message: `RRSet with DNS name ${NAME}., type A, SetIdentifier m cannot be created because a non multivalue answer rrset exists with the same name and type.`,
    },
    {
      line: 'CH-20, AL-10',
      before: [],
      made: record({ name: NAME, alias: aliasTo('x.example.org') }),
      message:
        'Tried to create an alias that targets x.example.org., type A in zone Z1, but the alias target name does not lie within the target zone',
    },
    {
      line: 'CH-21',
      before: [],
      made: record({ name: NAME, alias: aliasTo('x.example.com') }),
      message: 'Tried to create an alias that targets x.example.com., type A in zone Z1, but that target was not found',
    },
  ])('R53 $line', ({ before, made, message }) => {
    expect(says(before, creating(made))).toBe(`400 InvalidChangeBatch: [${message}]`);
  });

  test('R53 CH-19, PP-09: a primary that is no alias needs a health check', () => {
    expect(says([], creating(competing('p', { kind: 'failover', role: 'PRIMARY' })))).toBe(
      '400 InvalidInput: A non-alias primary ResourceRecordSet must have an associated health check. No changes made.',
    );
  });

  test('R53 CH-24, AL-01: a record has values with a TTL, or an alias without', () => {
    const expected =
      'Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
    expect(says([], creating({ ...simple, values: [] }))).toContain(`${expected}, but found none in Change with [`);
    const both = { ...simple, alias: aliasTo('x.example.com') };
    expect(says([], creating(both))).toContain(`${expected}, but found more than one in Change with [`);
  });

  test('R53 CH-26: a weight goes to 255', () => {
    expect(says([], creating(competing('a', { kind: 'weighted', weight: 256 })))).toContain(
      'Member must have value less than or equal to 255',
    );
    expect(outcome([], creating(competing('a', { kind: 'weighted', weight: 255 }))).kind).toBe('changed');
  });

  test('R53 CH-01: a SetIdentifier has 1 to 128 characters', () => {
    for (const identifier of ['', 'x'.repeat(129)])
      expect(outcome([], creating(competing(identifier, { kind: 'multivalue' })))).toMatchObject({
        code: 'InvalidInput',
      });
  });
});
