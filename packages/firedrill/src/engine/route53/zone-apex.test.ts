import { describe, expect, test } from 'vitest';
import { asking, competing, NAME, record } from './zone.fixture.ts';

const SOA = 'ns-1.awsdns-01.com. admin.example.com. 1 7200 900 1209600';

describe('what a zone has at its own name', () => {
  test('R53 WS-01, WS-12: four name servers under four top-level domains, others for each zone', () => {
    const serversOf = (zoneId: string): readonly string[] =>
      asking([], {
        zones: [{ id: zoneId, name: 'example.com', private: false }],
        name: 'example.com',
        type: 'NS',
      }).values();
    expect(serversOf('Z1').map((name) => name.replace(/^ns-\d+\.awsdns-\d+\./, ''))).toEqual([
      'com',
      'net',
      'org',
      'co.uk',
    ]);
    expect(serversOf('Z1')).toEqual(serversOf('Z1'));
    expect(serversOf('Z2').filter((name) => serversOf('Z1').includes(name))).toEqual([]);
  });

  test.each([
    { ttlSeconds: 900, minimum: 86_400, negative: 900 },
    { ttlSeconds: 60, minimum: 86_400, negative: 60 },
    { ttlSeconds: 900, minimum: 30, negative: 30 },
    { ttlSeconds: 0, minimum: 30, negative: 0 },
  ])(
    'R53 WS-02: with an SOA that lives $ttlSeconds s and says $minimum, failures are kept for $negative s',
    ({ ttlSeconds, minimum, negative }) => {
      const soa = record({ name: 'example.com', type: 'SOA', ttlSeconds, values: [`${SOA} ${minimum}`] });
      for (const [name, type] of [
        ['nobody.example.com', 'A'],
        [NAME, 'AAAA'],
      ] as const) {
        const reply = asking([soa, record({ name: NAME })], { name, type }).answer()?.reply;
        expect(reply).toMatchObject({
          answers: [],
          negativeTtlSeconds: negative,
          authority: [{ type: 'SOA', ttlSeconds, data: `${SOA} ${minimum}` }],
        });
      }
    },
  );

  test('R53 WS-01: what the owner puts in their place is answered, and goes with every good answer', () => {
    const servers = record({
      name: 'example.com',
      type: 'NS',
      ttlSeconds: 300,
      values: ['ns1.example.net', 'ns2.example.net'],
    });
    expect(asking([servers], { name: 'example.com', type: 'NS' }).values().toSorted()).toEqual(servers.values);
    const reply = asking([servers, record({ name: NAME })]).answer()?.reply;
    expect(reply?.authority.map(({ data, ttlSeconds }) => `${data} ${ttlSeconds}`)).toEqual([
      'ns1.example.net 300',
      'ns2.example.net 300',
    ]);
  });
});

describe('ANY', () => {
  const records = [
    record({ name: 'example.com', values: ['192.0.2.1'] }),
    record({ name: 'example.com', type: 'TXT', values: ['hello'] }),
    competing('a', { kind: 'weighted', weight: 1 }),
  ];
  const types = (name: string, any: 'all' | 'one'): string =>
    (asking(records, { name, type: 'ANY', any }).answer()?.reply.answers ?? []).map(({ type }) => type).join(' ');

  test('R53 WS-10, OQ-06: all that the name has, policies applied, with the zone’s own at its apex', () => {
    expect(types('example.com', 'all')).toBe('A TXT NS NS NS NS SOA');
    expect(types(NAME, 'all')).toBe('A');
    expect(asking([], { name: 'example.com', type: 'ANY' }).values()).toHaveLength(5);
  });

  test('R53 WS-10, RV-17: or one record set, as RFC 8482 allows', () => {
    expect(types('example.com', 'one')).toBe('A');
  });

  test('R53 WS-10: a name that is not there is NXDOMAIN for ANY too', () => {
    expect(asking(records, { name: 'nobody.example.com', type: 'ANY' }).answer()?.reply.rcode).toBe('NXDOMAIN');
  });
});

describe('additional records', () => {
  const targets = [
    record({ name: 'mail.example.com', values: ['192.0.2.25'] }),
    record({ name: 'mail.example.com', type: 'AAAA', values: ['2001:db8::25'] }),
  ];
  test.each([
    ['MX', '10 mail.example.com.'],
    ['SRV', '1 2 25 Mail.example.com.'],
    ['CNAME', 'mail.example.com'],
    ['NS', 'mail.example.com'],
  ])('R53 WS-03: the addresses of what a record of type %s leads to come with it', (type, value) => {
    const reply = asking([record({ name: NAME, type, values: [value] }), ...targets], { type }).answer()?.reply;
    expect(reply?.additional?.map(({ name, data }) => `${name} ${data}`)).toEqual([
      'mail.example.com 192.0.2.25',
      'mail.example.com 2001:db8::25',
    ]);
  });

  test('R53 WS-03: not those that the zone does not have, nor those that a policy would have to choose', () => {
    const additional = (value: string) =>
      asking(
        [
          record({ name: 'x.example.com', type: 'MX', values: [value] }),
          competing('a', { kind: 'weighted', weight: 1 }),
        ],
        {
          name: 'x.example.com',
          type: 'MX',
        },
      ).answer()?.reply.additional;
    expect(additional('10 mail.example.org.')).toBeUndefined();
    expect(additional(`10 ${NAME}.`)).toBeUndefined();
  });
});
