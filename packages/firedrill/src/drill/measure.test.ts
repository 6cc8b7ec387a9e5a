import { describe, expect, test } from 'vitest';
import { measure } from './measure.ts';
import type { FaultOnStream, Figures, Measures, StreamMeasures } from './measures.ts';
import { measuresSchema } from './measures.ts';
import { planOf, TimelineBuilder } from './timeline.fixture.ts';

function streamOf(measures: Measures, method = 'GET'): StreamMeasures {
  const stream = measures.streams.find((candidate) => candidate.method === method);
  expect(stream).toBeDefined();
  expect(measuresSchema.parse(measures)).toEqual(measures);
  return stream as StreamMeasures;
}

function faultOf(figures: Figures, index = 0): FaultOnStream {
  const fault = figures.faults[index];
  expect(fault).toBeDefined();
  return fault as FaultOnStream;
}

const kinds = (fault: FaultOnStream): [string, number][] =>
  fault.segments.map((segment) => [segment.kind, segment.seconds]);

/** The usual story: fault at 30, unhealthy at 58.2, DNS at 63.2, the edge follows at 100.5; healed at 180. */
function failover(): TimelineBuilder {
  const builder = new TimelineBuilder()
    .started()
    .resolver(0.05, 'DUB', 'eu-west-1')
    .fault('dead', 30, 180)
    .event(
      58.2,
      'checker.changed',
      { healthCheck: 'hc1', region: 'us-east-1', checker: 1, healthy: false, reason: 'status 503' },
      { key: 'checker', cause: 'dead' },
    )
    .health(58.2, false, 'checker')
    .dns(63.2, 'us-east-1', 'unhealthy')
    .resolver(100.5, 'DUB', 'us-east-1', 'dns us-east-1')
    .health(202, true, 'dead healed')
    .dns(207.5, 'eu-west-1', 'healthy')
    .resolver(240.5, 'DUB', 'eu-west-1', 'dns eu-west-1');
  for (let second = 0; second < 300; second += 1) {
    if (second < 30 || second > 240) builder.request(second, 0.04, {}, 'edge DUB eu-west-1');
    else if (second > 100)
      builder.request(second, 0.12, { endpoint: 'us-east-1', origin: 'secondary' }, 'edge DUB us-east-1');
    else builder.failure(second, 0.03, {}, 'dead');
  }
  return builder.ended(301, 300);
}

describe('a failover by DNS', () => {
  const stream = streamOf(measure(failover().build(), planOf(300)));
  const fault = faultOf(stream);

  test('counts every request once', () => {
    expect([stream.sent, stream.succeeded, stream.failed]).toEqual([300, 229, 71]);
    expect(stream.availability).toBeCloseTo(229 / 300);
    expect(stream.statuses).toEqual([
      { status: 200, answered: 229 },
      { status: 503, answered: 71 },
    ]);
    expect(stream.endpoints).toEqual([
      { endpoint: 'eu-west-1', answered: 160, succeeded: 89 },
      { endpoint: 'us-east-1', answered: 140, succeeded: 140 },
    ]);
    expect(stream.origins).toEqual([
      { origin: 'primary', answered: 160, succeeded: 89 },
      { origin: 'secondary', answered: 140, succeeded: 140 },
    ]);
  });

  test('the outage lasts from sending the first to the end of the last failed request', () => {
    expect(stream.outage).toEqual({
      start: 30,
      end: 100.03,
      seconds: 70.03,
      requests: 71,
      failedShare: 1,
      ongoing: false,
    });
    expect(fault.outage).toEqual({ start: 30, end: 100.03, seconds: 70.03 });
    expect(stream.longestGap).toEqual({ start: 29.04, end: 101.12, seconds: 72.08 });
  });

  test('the outage is cut into detection, propagation, cache tail and timeouts', () => {
    expect(kinds(fault)).toEqual([
      ['detection', 28.2],
      ['propagation', 5],
      ['cache-tail', 36.8],
      ['timeouts', 0.03],
    ]);
    expect(fault.ending).toBe('failover');
    expect([fault.detectionSeconds, fault.propagationSeconds, fault.cacheTailSeconds, fault.timeoutSeconds]).toEqual([
      28.2, 5, 36.8, 0.03,
    ]);
    expect(fault.says).toBe('71 requests failed over 70.0 s, until us-east-1 answered instead.');
  });

  test('the chain of causes leads from the fault to the first success', () => {
    expect(fault.chain.map((event) => event.says)).toEqual([
      'Fault dead begins: eu-west-1 answers 503.',
      'GET of site from Dublin fails: 503 from eu-west-1 after 30 ms.',
      'Checker us-east-1/1 finds hc1 unhealthy (status 503).',
      'Health check of eu-west-1 unhealthy: 2 of 16 checkers see it healthy.',
      'Name servers now answer api.example.com A with us-east-1 (failover).',
      'GET of site from Dublin fails: 503 from eu-west-1 after 30 ms.',
      'Edge DUB takes us-east-1 for api.example.com, for 60.0 s.',
      'GET of site from Dublin succeeds: 200 from us-east-1 after 120 ms.',
    ]);
    const known = new Set(fault.chain.map((event) => event.seq));
    for (const event of fault.chain.slice(1)) expect(known).toContain(event.cause);
  });

  test('recovery counts from the fault to the first lasting success', () => {
    expect(fault.recovery).toEqual({ kind: 'recovered', at: 101.12, seconds: 71.12 });
  });

  test('failback is measured to the last request that the stand-in answered', () => {
    expect(fault.failback).toMatchObject({
      kind: 'measured',
      start: 180,
      end: 240,
      seconds: 60,
      finished: true,
      detectionSeconds: 22,
      failed: 0,
    });
    if (fault.failback.kind !== 'measured') return;
    expect(fault.failback.segments.map((segment) => [segment.kind, segment.seconds])).toEqual([
      ['detection', 22],
      ['propagation', 5],
      ['cache-tail', 33],
    ]);
  });

  test('the course shows who answered when', () => {
    const { series } = stream;
    expect(series?.bucketSeconds).toBe(1);
    expect(series?.failed.slice(29, 32)).toEqual([0, 1, 1]);
    expect(series?.answeredBy.map((line) => [line.endpoint, line.succeeded[10], line.succeeded[150]])).toEqual([
      ['eu-west-1', 1, 0],
      ['us-east-1', 0, 1],
    ]);
    expect(series?.ttfbMaxMs.slice(100, 102)).toEqual([30, 120]);
  });
});

describe('the lanes of the world', () => {
  const measures = measure(failover().build(), planOf(300));

  test('show faults, health with the number of healthy checkers, and DNS answers', () => {
    expect(measures.faults).toEqual([{ name: 'dead', says: 'eu-west-1 answers 503', start: 30, end: 180 }]);
    expect(measures.healthChecks).toEqual([
      {
        id: 'hc1',
        endpoint: 'eu-west-1',
        checkers: 16,
        steps: [
          { at: 0, healthy: true, healthyCheckers: 3 },
          { at: 58.2, healthy: false, healthyCheckers: 2 },
          { at: 202, healthy: true, healthyCheckers: 3 },
        ],
      },
    ]);
    expect(measures.names[0]?.steps.map((step) => [step.at, step.endpoint])).toEqual([
      [63.2, 'us-east-1'],
      [207.5, 'eu-west-1'],
    ]);
    expect(measures.run).toMatchObject({ driver: 'sim', ended: 'finished', requests: 300, end: 301 });
  });
});

describe('requests that pay a timeout', () => {
  test('the tail ends when the last failing request was sent, its waiting is the timeout', () => {
    const builder = new TimelineBuilder()
      .started()
      .fault('dead', 10)
      .health(40, false, 'dead')
      .dns(45, 'us-east-1', 'unhealthy');
    for (let second = 0; second < 10; second += 1) builder.request(second, 0.04);
    for (let second = 10; second <= 60; second += 1)
      builder.failure(second, 30, { status: 504, endpoint: 'edge', origin: '' }, 'dead');
    for (let second = 61; second < 120; second += 1) builder.request(second, 0.1, { endpoint: 'us-east-1' });
    const fault = faultOf(streamOf(measure(builder.ended(130).build(), planOf(120))));
    expect(kinds(fault)).toEqual([
      ['detection', 30],
      ['propagation', 5],
      ['cache-tail', 15],
      ['timeouts', 30],
    ]);
    expect(fault.ending).toBe('failover');
    // The last failure ends at 90; the first success after that is the one sent at 90.
    expect(fault.recovery).toMatchObject({ at: 90.1 });
  });

  test('a request under way when the fault begins is lost to it, and the outage begins when it was sent', () => {
    const builder = new TimelineBuilder().started().fault('dead', 10, 30);
    builder.request(0, 0.1).failure(9.5, 5, {}, 'dead').failure(12, 1, {}, 'dead').request(31, 0.1);
    const fault = faultOf(streamOf(measure(builder.ended(40).build(), planOf(40))));
    expect(fault.outage).toEqual({ start: 9.5, end: 14.5, seconds: 5 });
    expect(kinds(fault)).toEqual([
      ['in-flight', 0.5],
      ['no-failover', 2],
      ['timeouts', 2.5],
    ]);
  });
});

describe('the lag of name servers', () => {
  const lagging = (driver: 'sim' | 'aws'): [string, number][] => {
    const builder = new TimelineBuilder()
      .event(0, 'world.started', { driver, seed: '1', plan: 'test', speed: 1, functionCode: 'real' })
      .fault('dead', 10)
      .health(40, false, 'dead')
      .dns(70, 'us-east-1', 'unhealthy');
    for (let second = 0; second < 10; second += 1) builder.request(second, 0.1);
    for (let second = 10; second < 80; second += 1) builder.failure(second, 0.1, {}, 'dead');
    for (let second = 80; second < 90; second += 1) builder.request(second, 0.1, { endpoint: 'us-east-1' });
    return kinds(faultOf(streamOf(measure(builder.build(), planOf(90)))));
  };

  test('is a setting of our worlds, so the wait until somebody asks belongs to the caches', () => {
    expect(lagging('sim')).toEqual([
      ['detection', 30],
      ['propagation', 5],
      ['cache-tail', 34],
      ['timeouts', 0.1],
    ]);
  });

  test('shows in AWS itself only by an answer', () => {
    expect(lagging('aws')).toEqual([
      ['detection', 30],
      ['propagation', 30],
      ['cache-tail', 9],
      ['timeouts', 0.1],
    ]);
  });
});

describe('when the usual chain is absent', () => {
  test('a fault that is healed before the health check changes says so', () => {
    const builder = new TimelineBuilder().started().fault('blip', 10, 20).request(5, 0.1);
    for (let second = 10; second < 20; second += 1) builder.failure(second, 0.02, {}, 'blip');
    builder.request(20, 0.1).request(30, 0.1);
    const fault = faultOf(streamOf(measure(builder.ended(40).build(), planOf(40))));
    expect(fault.ending).toBe('healing');
    expect(kinds(fault)).toEqual([
      ['no-failover', 9],
      ['timeouts', 0.02],
    ]);
    expect(fault.segments[0]?.says).toBe(
      'No health check changed because of this fault before the fault was healed at 00:00:20.0, so nothing moved traffic away.',
    );
    expect(fault.detectionSeconds).toBeNull();
    expect(fault.failback).toEqual({
      kind: 'absent',
      says: 'No request was answered elsewhere after the fault was healed: traffic was home at once.',
    });
  });

  test('a health check that changes only after the last failure is detection that came too late', () => {
    const builder = new TimelineBuilder().started().fault('blip', 10, 20).health(25, false, 'blip').request(5, 0.1);
    for (let second = 10; second < 20; second += 1) builder.failure(second, 0.02, {}, 'blip');
    const fault = faultOf(streamOf(measure(builder.request(30, 0.1).ended(40).build(), planOf(40))));
    expect(kinds(fault)).toEqual([
      ['detection', 9],
      ['timeouts', 0.02],
    ]);
    expect(fault.segments[0]?.says).toBe(
      'The last request that failed was sent before the health check changed, which it did 15.0 s after the fault began.',
    );
    expect(fault.ending).toBe('healing');
  });

  test('copies at the edge are told apart from what the stand-in was asked for', () => {
    const builder = new TimelineBuilder().started().fault('dead', 10, 20).request(5, 0.1);
    const elsewhere = { endpoint: 'us-east-1', origin: 'secondary' };
    for (const sentAt of [12, 22]) builder.request(sentAt, 0.1, elsewhere);
    for (const sentAt of [24, 28]) builder.request(sentAt, 0.1, { ...elsewhere, result: 'Hit' });
    const fault = faultOf(streamOf(measure(builder.request(30, 0.1).ended(40).build(), planOf(40))));
    if (fault.failback.kind !== 'measured') throw new Error('It came home.');
    expect(fault.failback.segments.map(({ kind, seconds, says }) => [kind, seconds, says])).toEqual([
      ['no-failover', 2, 'No health check became healthy again, and us-east-1 went on answering.'],
      [
        'cache-tail',
        6,
        'Edge locations kept what us-east-1 had answered; the last request that got it was sent at 00:00:28.0.',
      ],
    ]);
  });

  test('a stream that never failed has no segments but knows what the health check did', () => {
    const builder = new TimelineBuilder().started().fault('dead', 10, 100).health(38, false, 'dead');
    for (let second = 0; second < 120; second += 1) builder.request(second, 0.1);
    const fault = faultOf(streamOf(measure(builder.ended(120).build(), planOf(120))));
    expect([fault.outage, fault.segments, fault.ending]).toEqual([null, [], 'none']);
    expect(fault.detectionSeconds).toBe(28);
    expect(fault.recovery).toEqual({ kind: 'not-needed' });
    expect(fault.says).toBe('No request failed under dead, although the health check took 28.0 s to see it.');
  });

  test('an outage that never ends is ongoing, and recovery is never', () => {
    const builder = new TimelineBuilder().started().fault('dead', 10);
    for (let second = 0; second < 10; second += 1) builder.request(second, 0.1);
    for (let second = 10; second < 30; second += 1) builder.failure(second, 0.5, {}, 'dead');
    const stream = streamOf(measure(builder.ended(31).build(), planOf(30)));
    expect(stream.outage).toMatchObject({ start: 10, end: 29.5, ongoing: true });
    expect(faultOf(stream).recovery).toEqual({ kind: 'not-recovered' });
    expect(faultOf(stream).ending).toBe('not-ended');
    expect(faultOf(stream).failback).toEqual({ kind: 'absent', says: 'The fault was not healed within the run.' });
    expect(stream.longestGap).toEqual({ start: 9.1, end: 29.5, seconds: 20.4 });
  });

  test('failures after healing are a piece of their own', () => {
    const builder = new TimelineBuilder().started().fault('dead', 10, 20).request(5, 0.1);
    for (let second = 10; second < 25; second += 1) builder.failure(second, 0.5, { endpoint: 'edge' });
    const fault = faultOf(streamOf(measure(builder.request(26, 0.1).ended(30).build(), planOf(30))));
    expect(kinds(fault)).toEqual([
      ['no-failover', 9],
      ['timeouts', 0.5],
      ['after-healing', 5],
    ]);
  });

  test('without recorded causes the order of events decides', () => {
    const builder = new TimelineBuilder()
      .started()
      .fault('dead', 10)
      .health(38, false)
      .dns(43, 'us-east-1')
      .request(5, 0.1);
    for (let second = 10; second < 60; second += 1) builder.failure(second, 0.1);
    const fault = faultOf(
      streamOf(measure(builder.request(60, 0.1, { endpoint: 'us-east-1' }).ended(70).build(), planOf(70))),
    );
    expect(kinds(fault)).toEqual([
      ['detection', 28],
      ['propagation', 5],
      ['cache-tail', 16],
      ['timeouts', 0.1],
    ]);
  });

  test('a stream that failed before the fault says that not all is its doing', () => {
    const builder = new TimelineBuilder()
      .started()
      .failure(1, 0.1)
      .failure(2, 0.1)
      .fault('dead', 10, 20)
      .failure(11, 0.1);
    const fault = faultOf(streamOf(measure(builder.request(25, 0.1).ended(30).build(), planOf(30))));
    expect(fault.says).toContain('Requests were failing before it began, so not all of this is its doing');
    expect(fault.failback).toMatchObject({
      kind: 'absent',
      says: 'Nothing answered before the fault, so there is no home to come back to.',
    });
  });

  test('failures without any fault are counted as such', () => {
    const builder = new TimelineBuilder().started().request(0, 0.1).failure(1, 0.1).failure(2, 0.1).request(3, 0.1);
    const stream = streamOf(measure(builder.ended(5).build(), planOf(5)));
    expect(stream.failedWithoutFault).toBe(2);
    expect(stream.faults).toEqual([]);
    expect(stream.outage).toMatchObject({ start: 1, seconds: 1.1, failedShare: 1 });
  });
});

describe('several streams, places and faults', () => {
  test('POST fails while GET does not', () => {
    const builder = new TimelineBuilder().started().fault('dead', 10, 40);
    for (let second = 0; second < 50; second += 1) {
      const down = second >= 10 && second < 40;
      builder.request(
        second,
        down ? 0.3 : 0.1,
        down ? { endpoint: 'us-east-1', origin: 'secondary', attempts: 2 } : {},
      );
      if (down) builder.failure(second + 0.5, 0.1, { method: 'POST' }, 'dead');
      else builder.request(second + 0.5, 0.1, { method: 'POST' });
    }
    const measures = measure(builder.ended(51).build(), planOf(50, { methods: ['GET', 'POST'] }));
    expect(streamOf(measures, 'GET').outage).toBeNull();
    expect(streamOf(measures, 'POST').failed).toBe(30);
    expect(faultOf(streamOf(measures, 'GET')).failback).toMatchObject({ kind: 'absent' });
  });

  test('two places have their own outages inside that of the whole', () => {
    const builder = new TimelineBuilder()
      .started()
      .fault('dead', 10, 90)
      .health(38, false, 'dead')
      .dns(43, 'us-east-1', 'unhealthy');
    for (let second = 0; second < 80; second += 1) {
      for (const [place, until] of [
        ['Dublin', 50],
        ['Tokyo', 70],
      ] as const) {
        if (second < 10) builder.request(second, 0.1, { place });
        else if (second < until) builder.failure(second, 0.1, { place }, 'dead');
        else builder.request(second, 0.2, { place, endpoint: 'us-east-1' });
      }
    }
    const stream = streamOf(measure(builder.ended(81).build(), planOf(80, { places: ['Dublin', 'Tokyo'] })));
    expect(stream.outage).toMatchObject({ start: 10, end: 69.1 });
    expect(stream.outage?.requests).toBe(60 + 60 - 1);
    expect(stream.places.map((place) => [place.place, place.outage?.seconds, place.failed])).toEqual([
      ['Dublin', 39.1, 40],
      ['Tokyo', 59.1, 60],
    ]);
    expect(stream.places.map((place) => kinds(faultOf(place)).find(([kind]) => kind === 'cache-tail')?.[1])).toEqual([
      6, 26,
    ]);
    expect(stream.sent).toBe(stream.places.reduce((sum, place) => sum + place.sent, 0));
  });

  test('two faults one after the other are told apart', () => {
    const builder = new TimelineBuilder().started().fault('first', 10, 15).fault('second', 30, 35);
    for (let second = 0; second < 50; second += 1) {
      const down = (second >= 10 && second < 15) || (second >= 30 && second < 35);
      if (down) builder.failure(second, 0.1);
      else builder.request(second, 0.1);
    }
    const stream = streamOf(measure(builder.ended(51).build(), planOf(50)));
    expect(stream.outage).toMatchObject({ start: 10, end: 34.1 });
    expect(stream.faults.map((fault) => [fault.fault, fault.sent, fault.failed, fault.outage?.seconds])).toEqual([
      ['first', 20, 5, 4.1],
      ['second', 20, 5, 4.1],
    ]);
    expect(stream.faults.map((fault) => fault.recovery)).toMatchObject([{ seconds: 5.1 }, { seconds: 5.1 }]);
  });

  test('faults that begin together are one', () => {
    const builder = new TimelineBuilder()
      .started()
      .fault('a', 10, 15)
      .fault('b', 10, 20)
      .failure(11, 0.1)
      .request(21, 0.1);
    expect(
      streamOf(measure(builder.ended(30).build(), planOf(30))).faults.map((fault) => [fault.fault, fault.healed]),
    ).toEqual([['a + b', 20]]);
  });
});

describe('little or broken data', () => {
  test('a stream without requests has no shares and no NaN', () => {
    const stream = streamOf(measure(new TimelineBuilder().started().fault('dead', 10).ended(30).build(), planOf(30)));
    expect(stream).toMatchObject({ sent: 0, availability: null, outage: null, longestGap: null, ttfb: null });
    expect(stream.series?.sent).toEqual([]);
    expect(faultOf(stream)).toMatchObject({ sent: 0, ending: 'none', recovery: { kind: 'not-needed' } });
  });

  test('no events at all are a run that was cut off at its beginning', () => {
    expect(measure([], planOf(30)).run).toMatchObject({ driver: null, ended: 'cut-off', end: 0, requests: 0 });
  });

  test('a killed run is measured up to where it came', () => {
    const events = failover().build();
    const half = events.filter((event) => event.at <= 70_000_000);
    const measures = measure(half, planOf(300));
    expect(measures.run.ended).toBe('cut-off');
    expect(streamOf(measures).outage).toMatchObject({ start: 30, ongoing: true });
    expect(faultOf(streamOf(measures)).healed).toBeNull();
  });

  test('a request of no probe of the plan counts for the run alone', () => {
    const measures = measure(new TimelineBuilder().started().request(1, 0.1, { probe: 'other' }).build(), planOf(30));
    expect(measures.run.requests).toBe(1);
    expect(streamOf(measures).sent).toBe(0);
  });

  test('a cause that points forwards does not hang the walk', () => {
    const events = new TimelineBuilder()
      .started()
      .fault('dead', 1)
      .health(2, false, 'dns us-east-1')
      .dns(3, 'us-east-1', 'unhealthy')
      .failure(4, 0.1, {}, 'dns us-east-1')
      .request(5, 0.1);
    expect(faultOf(streamOf(measure(events.build(), planOf(30)))).failed).toBe(1);
  });
});
