import { describe, expect, test } from 'vitest';
import type { Expectation } from '../drill.ts';
import { judge } from '../judge.ts';
import { measure } from '../measure.ts';
import { type Report, reportOf } from '../report.ts';
import { planOf, TimelineBuilder } from '../timeline.fixture.ts';
import { renderHtml } from './page.ts';
import { STYLE } from './style.ts';

const PLACES = ['Dublin', 'Tokyo'];
const METHODS = ['GET', 'POST'];

/** GET fails over at once and never fails, POST waits for DNS; Tokyo's edge asks later than Dublin's. */
function reportFor(probe = 'site', expectations: readonly Expectation[] = []): Report {
  const builder = new TimelineBuilder()
    .started()
    .dns(0.01, 'eu-west-1')
    .fault('dead', 30, 180, { effect: { kind: 'blackhole' } });
  builder
    .health(70, false, 'dead')
    .dns(80, 'us-east-1', 'unhealthy')
    .health(200, true, 'dead healed')
    .dns(215, 'eu-west-1', 'healthy');
  for (let second = 0; second < 300; second += 1) {
    for (const place of PLACES) {
      const movedAt = place === 'Tokyo' ? 110 : 80;
      const home = second < 30 || second >= 240;
      const answered = home ? {} : { endpoint: 'us-east-1', origin: 'secondary' };
      builder.request(second, home ? 0.04 : second < movedAt ? 2.2 : 0.2, { probe, place, ...answered });
      if (second >= 30 && second < movedAt)
        builder.failure(second, 2, { probe, place, method: 'POST', endpoint: 'edge', origin: '', status: 504 }, 'dead');
      else builder.request(second, 0.2, { probe, place, method: 'POST', ...answered });
    }
  }
  const plan = planOf(300, { name: probe, methods: METHODS, places: PLACES });
  const measures = measure(builder.ended(302, 1200).build(), plan);
  return reportOf({ ...plan, name: `drill of ${probe}` }, measures, judge(measures, expectations));
}

const EXPECTATIONS: readonly Expectation[] = [
  { probe: 'site', method: 'GET', conditions: [{ kind: 'failed', requests: { max: 0 } }] },
  { probe: 'site', method: 'POST', conditions: [{ kind: 'outage', seconds: { max: 60 } }] },
];

/** The page without markup, as it is read. */
const textOf = (page: string): string =>
  page
    .replace(/<(style|script)>[^]*?<\/\1>/g, '')
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll(/\s+/g, ' ');

describe('the page', () => {
  const page = renderHtml(reportFor('site', EXPECTATIONS));
  const text = textOf(page);

  test('is the same bytes for the same report', () => {
    expect(renderHtml(reportFor('site', EXPECTATIONS))).toBe(page);
  });

  test('asks for nothing from outside', () => {
    expect(page).not.toMatch(/\b(?:src|href)=|url\(|@import|fetch\(/);
  });

  test('begins with the verdict and what users saw', () => {
    expect(text).toContain(
      'Failover drill drill of site Not as expected: 1 of 2 does not hold POST site saw failures over 81.0 s.',
    );
    expect(text).toContain('GET site lost no request; its slowest answer took 2.2 s.');
    expect(text).toContain('From 00:00:30.0 until 00:03:00.0, eu-west-1 is black-holed.');
  });

  test('draws faults, health checks, DNS answers and each stream with its places on one axis', () => {
    const labels = [...page.matchAll(/role="img"\s+aria-label="([^"]*)"/g)].map(([, label]) => label ?? '');
    const expected = [
      'Fault dead: eu-west-1 is black-holed, from 00:00:30.0 to 00:03:00.0',
      'Health check of eu-west-1, healthy checkers of 16: unhealthy 00:01:10.0 (2 of 16), healthy 00:03:20.0 (3 of 16)',
      'Answers for api.example.com A: eu-west-1 from 00:00:00.0, us-east-1 from 00:01:20.0, eu-west-1 from 00:03:35.0',
      'GET site: none of 600 failed. 00:00:00.0 to 00:00:30.0: answered by eu-west-1; 00:00:30.0 to 00:04:00.0: answered by us-east-1; 00:04:00.0 to 00:05:00.0: answered by eu-west-1.',
      'POST site from Tokyo: 80 of 300 failed, over 81.0 s. 00:00:00.0 to 00:00:30.0: answered by eu-west-1; 00:00:30.0 to 00:01:50.0: all 80 failed; 00:01:50.0 to 00:04:00.0: answered by us-east-1; 00:04:00.0 to 00:05:00.0: answered by eu-west-1.',
      'Outage of POST site, 81.0 s: Detection 40.0 s, Propagation 5.0 s, Cache tail 34.0 s, Timeouts 2.0 s',
    ];
    for (const label of expected) expect(labels).toContain(label);
  });

  test('a failure rises above the line of successes', () => {
    const strip = /aria-label="POST site from Tokyo[^]*?<\/svg>/.exec(page)?.[0] ?? '';
    expect(strip).toContain('<path class="failed" d="M30 0h80v40H30z" />');
    expect(strip).toContain('<path class="e0" d="M0 12h30v28H0zM240 12h60v28H240z" />');
  });

  test('says the same as tables', () => {
    expect(text).toContain(
      'POST site, by when requests were sent from to requests failed outcome 00:00:00.0 00:00:30.0 60 0 answered by eu-west-1',
    );
    expect(text).toContain('00:01:20.0 00:01:50.0 60 30 30 of 60 failed, the others answered by us-east-1');
  });

  test('tells the chain of causes and the way back', () => {
    expect(text).toContain('Health check of eu-west-1 unhealthy: 2 of 16 checkers see it healthy.');
    expect(text).toMatch(/because of \d+/);
    expect(text).toContain(
      'Failback took 59.0 s from healing to the last request that the stand-in answered (detection 20.0 s, propagation 5.0 s, cache tail 34.0 s); no request failed in it.',
    );
  });

  test('shows expectations, seed, driver and whose code ran', () => {
    expect(text).toMatch(/✗ does not hold POST site outage at most 60.0 s 81.0 s/);
    expect(text).toContain('sim: simulated, in virtual time');
    expect(text).toContain('modelled: declared latency and status stood in for it');
    expect(text).toContain('Seed 1');
  });

  test('closes every element that it opens', () => {
    const open: string[] = [];
    const VOID = new Set(['meta', 'br']);
    for (const [, slash, name, attributes] of page
      .replace(/<(style|script)>[^]*?<\/\1>/g, '')
      .matchAll(/<(\/?)([a-z][a-z0-9]*)([^>]*)>/g)) {
      if (slash === '/') expect(open.pop()).toBe(name);
      else if (!VOID.has(name ?? '') && !attributes?.endsWith('/')) open.push(name ?? '');
    }
    expect(open).toEqual([]);
  });
});

describe('unusual reports', () => {
  test('names that look like markup stay text', () => {
    const page = renderHtml(reportFor('<img src=x onerror="alert(1)">&'));
    expect(page).not.toContain('<img');
    expect(page).toContain('&lt;img src=x onerror=&quot;alert(1)&quot;&gt;&amp;');
  });

  test('a run without requests, faults or events is drawn', () => {
    const plan = planOf(60);
    const measures = measure([], plan);
    const text = textOf(renderHtml(reportOf(plan, measures, judge(measures, []))));
    expect(text).toContain('Nothing was expected No request was sent');
    expect(text).toContain('The run was cut off at 00:00:00.0.');
    expect(text).not.toMatch(/NaN|Infinity|undefined|null/);
  });

  test('an outage that never ended says so', () => {
    const plan = planOf(60);
    const builder = new TimelineBuilder()
      .started()
      .fault('dead', 10)
      .request(5, 0.1)
      .failure(20, 0.1)
      .failure(59, 0.5, { end: 'timeout', status: 0 });
    const measures = measure(builder.ended(60).build(), plan);
    const text = textOf(renderHtml(reportOf(plan, measures, judge(measures, []))));
    expect(text).toContain('GET site failed and did not recover.');
    expect(text).toContain('no success followed');
  });

  test('a large run of ten probes with failures everywhere stays below a megabyte', () => {
    const probes = Array.from({ length: 10 }, (_, index) => ({
      name: `probe-${index}`,
      methods: METHODS,
      places: ['Dublin', 'Tokyo', 'Paris', 'Oslo'],
      ratePerSecond: 0.1,
    }));
    const builder = new TimelineBuilder().started().fault('flaky', 100, 7000);
    for (const [index, { name, places }] of probes.entries()) {
      for (let second = 0; second < 7200; second += 10) {
        for (const place of places) {
          for (const [at, method] of METHODS.entries()) {
            if ((second / 10 + index + place.length) % 2 === at)
              builder.failure(second, 0.1, { probe: name, place, method });
            else
              builder.request(second, 0.05 * (1 + ((second / 10) % 7)), {
                probe: name,
                place,
                method,
                endpoint: second % 30 === 0 ? 'eu-west-1' : 'us-east-1',
              });
          }
        }
      }
    }
    const plan = planOf(7200, ...probes);
    const measures = measure(builder.ended(7200).build(), plan);
    const page = renderHtml(reportOf(plan, measures, judge(measures, [])));
    expect(page.length).toBeLessThan(1_000_000);
    expect(page.length).toBeGreaterThan(100_000);
  });
});

describe('colours', () => {
  const [light, dark] = [...STYLE.matchAll(/:root \{([^}]*)\}/g)].map(([, text]) => {
    return new Map(
      [...(text ?? '').matchAll(/--(\w+): (#[0-9a-f]{6});/g)].map(([, name, value]) => [name ?? '', value ?? '']),
    );
  });

  test('texts have a contrast of at least 4.5 to the paper, in light and in dark', () => {
    for (const palette of [light, dark]) {
      const paper = palette?.get('paper') ?? '';
      for (const name of ['ink', 'soft', 'failed', 'good', 'e0', 'e1', 'e2', 'e3', 'e4', 'edge']) {
        expect(contrast(palette?.get(name) ?? '', paper), name).toBeGreaterThanOrEqual(4.5);
      }
      // What is not text needs 3 (WCAG 1.4.11).
      for (const name of ['k0', 'k1', 'k2', 'k3'])
        expect(contrast(palette?.get(name) ?? '', paper), name).toBeGreaterThanOrEqual(3);
    }
  });

  function contrast(left: string, right: string): number {
    const [high = 0, low = 0] = [luminance(left), luminance(right)].toSorted((one, other) => other - one);
    return (high + 0.05) / (low + 0.05);
  }

  function luminance(colour: string): number {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const value = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }
});

describe('the users of a probe', () => {
  const report = reportFor();
  const step = (at: number, home: number): object => ({
    at,
    endpoints: [
      { endpoint: 'eu-west-1', clients: home },
      { endpoint: 'us-east-1', clients: 1000 - home },
    ].filter(({ clients }) => clients > 0),
  });
  const left = [
    { percent: 50, seconds: 66 },
    { percent: 90, seconds: 94 },
    { percent: 99, seconds: null },
    { percent: 100, seconds: null },
  ];
  const populations = [
    {
      probe: 'site',
      clients: 1000,
      steps: [step(1, 1000), step(90, 500), step(120, 70)],
      faults: [{ fault: 'dead', home: 'eu-west-1', clients: 1000, left, stayed: 70 }],
    },
  ] as unknown as NonNullable<Report['measures']['populations']>;
  const page = renderHtml({ ...report, measures: { ...report.measures, populations } });

  test('are drawn once, as areas in the colours of the endpoints, stacked in steps', () => {
    expect(page.match(/class="users"/g)).toHaveLength(1);
    expect(page).toContain('left eu-west-1: 50 % after 66.0 s, 90 % after 94.0 s; 70 of 1,000 never');
    // The home Region fills the box at first, then half of it, then 7 %.
    const [, area] = /class="users".*?<path class="e0" d="([^"]*)"/s.exec(page) ?? [];
    expect(area).toMatch(/^M[\d.]+ 100V0H[\d.]+V50H[\d.]+V93H2000/);
  });

  test('are not drawn for drills without', () => {
    expect(renderHtml(report)).not.toContain('class="users"');
  });
});
