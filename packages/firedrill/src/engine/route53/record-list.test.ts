import { expect, test } from 'vitest';
import type { HostedZone, RecordSet } from '../../model/index.ts';
import { listRecordSets } from './record-list.ts';
import { competing, record } from './zone.fixture.ts';

const ZONE: HostedZone = { id: 'Z1', name: 'example.com', private: false };

function listed(records: readonly RecordSet[], start: Parameters<typeof listRecordSets>[2] = {}) {
  const page = listRecordSets(ZONE, records, start);
  if (typeof page === 'string') return page;
  const words = ({ name, type, policy }: RecordSet): string =>
    `${name} ${type}${policy.kind === 'simple' ? '' : ` ${policy.setIdentifier}`}`;
  return { records: page.records.map(words), next: page.next && words(page.next) };
}

const weighing = (identifier: string, name: string): RecordSet =>
  competing(identifier, { kind: 'weighted', weight: 1 }, { name });

test('R53 CH-11: records come by their names’ labels from the last, then by type, then by SetIdentifier', () => {
  const records = [
    weighing('b', 'www.example.com'),
    record({ name: 'b.a.example.com' }),
    record({ name: 'www.example.com', type: 'AAAA', values: ['2001:db8::1'] }),
    weighing('a', 'www.example.com'),
    record({ name: 'a-b.example.com' }),
    record({ name: 'a.example.com', type: 'TXT', values: ['"x"'] }),
    record({ name: 'a.example.com' }),
  ];
  const sorted = [
    'example.com NS',
    'example.com SOA',
    'a.example.com A',
    'a.example.com TXT',
    'b.a.example.com A',
    'a-b.example.com A',
    'www.example.com A a',
    'www.example.com A b',
    'www.example.com AAAA',
  ];
  expect(listed(records)).toEqual({ records: sorted, next: undefined });
  expect(listed(records, { startName: 'A-B.example.com.' })).toEqual({ records: sorted.slice(5), next: undefined });
  const start = { startName: 'www.example.com', startType: 'A', startIdentifier: 'b' };
  expect(listed(records, start)).toEqual({ records: sorted.slice(7), next: undefined });
  expect(listed(records, { maxItems: 2 })).toEqual({ records: sorted.slice(0, 2), next: 'a.example.com A' });
});

test('R53 CH-11: a page has 300 records at most, and says with what the next one begins', () => {
  const name = (index: number): string => `n${String(index).padStart(3, '0')}.example.com`;
  const records = Array.from({ length: 301 }, (_, index) => record({ name: name(index) }));
  for (const start of [{}, { maxItems: 1000 }]) {
    const page = listRecordSets(ZONE, records, start);
    expect(page).toMatchObject({ next: { name: name(298) } });
    expect(typeof page === 'string' ? 0 : page.records.length).toBe(300);
  }
  expect(listed(records, { startName: name(298) })).toEqual({
    records: [298, 299, 300].map((index) => `${name(index)} A`),
    next: undefined,
  });
});

test('a listing that begins at a type or an identifier has to say of what', () => {
  expect(listed([], { startType: 'A' })).toContain('a type needs a name');
  expect(listed([], { startName: 'a.example.com', startIdentifier: 'x' })).toContain('an identifier needs');
  expect(listed([], { maxItems: 0 })).toContain('maxItems');
});
