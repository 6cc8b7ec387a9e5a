import { expect, test } from 'vitest';
import { heardProbes } from './heard-probes.ts';
import { measure } from './measure.ts';
import { planOf, TimelineBuilder } from './timeline.fixture.ts';

test('what programs asked for is measured by host, method and place, as what probes do', () => {
  const events = new TimelineBuilder()
    .request(0, 1, { probe: 'a.test' })
    .failure(2, 1, { probe: 'a.test', place: 'Tokyo' })
    .request(4, 1, { probe: 'a.test', method: 'POST' })
    .request(9, 1, { probe: 'b.test' })
    .build();
  const probes = heardProbes(events);
  expect(probes).toMatchObject([
    { name: 'a.test', methods: ['GET', 'POST'], places: ['Dublin', 'Tokyo'], isHeard: true },
    { name: 'b.test', methods: ['GET'], places: ['Dublin'] },
  ]);
  const { streams } = measure(events, { ...planOf(10), probes });
  expect(streams.map(({ probe, method, sent, failed }) => [probe, method, sent, failed])).toEqual([
    ['a.test', 'GET', 2, 1],
    ['a.test', 'POST', 1, 0],
    ['b.test', 'GET', 1, 0],
  ]);
});

test('a world that nobody asked anything has no probes, and one that was asked for everything twenty', () => {
  expect(heardProbes([])).toEqual([]);
  const builder = new TimelineBuilder();
  for (let host = 0; host < 30; host += 1) builder.request(host, 1, { probe: `${host}.test` });
  const probes = heardProbes(builder.build());
  expect(probes).toHaveLength(20);
  expect(measure(builder.build(), { ...planOf(40), probes }).run.requests).toBe(30);
});
