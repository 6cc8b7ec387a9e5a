import { describe, expect, test } from 'vitest';
import type { Expectation } from './drill.ts';
import { judge } from './judge.ts';
import { renderJunit } from './junit.ts';
import { measure } from './measure.ts';
import { type Report, renderReportJson, reportJsonSchema, reportOf, reportSchema } from './report.ts';
import { renderTable } from './table.ts';
import { planOf, TimelineBuilder } from './timeline.fixture.ts';

function reportFor(probe = 'site', expectations: readonly Expectation[] = EXPECTATIONS): Report {
  const builder = new TimelineBuilder()
    .started()
    .fault('dead', 10, 55)
    .health(38, false, 'dead')
    .dns(43, 'us-east-1', 'unhealthy');
  for (let second = 0; second < 60; second += 1) {
    if (second >= 10 && second < 50) builder.failure(second, 0.1, { probe }, 'dead');
    else builder.request(second, 0.1, { probe, endpoint: second < 10 ? 'eu-west-1' : 'us-east-1' });
  }
  const plan = planOf(60, { name: probe });
  const measures = measure(builder.ended(61, 60).build(), plan);
  return reportOf({ ...plan, name: 'a & b', switches: { b: 1, a: 'x' } }, measures, judge(measures, expectations));
}

const EXPECTATIONS: readonly Expectation[] = [
  {
    probe: 'site',
    method: 'GET',
    conditions: [
      { kind: 'failed', requests: { max: 0 } },
      { kind: 'outage', seconds: { max: 60 } },
    ],
  },
];

describe('report.json', () => {
  const report = reportFor();

  test('keeps to its published schema', () => {
    expect(reportSchema.parse(JSON.parse(renderReportJson(report)))).toEqual(report);
    expect(report.verdict.passed).toBe(false);
  });

  test('has its lists of numbers on one line each, and nothing else changed', () => {
    const text = renderReportJson(report);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(report)));
    expect(text).toMatch(/"sent": \[1,1,1,/);
    expect(text.split('\n').length).toBeLessThan(500);
  });

  test('is the same for the same run', () => expect(renderReportJson(reportFor())).toBe(renderReportJson(report)));

  test('the published JSON Schema is the one that reports are held to', async () => {
    await expect(`${JSON.stringify(reportJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
      '../../schema/report.schema.json',
    );
  });
});

describe('junit.xml', () => {
  test('has a case for each judgement and escapes what XML must', () => {
    expect(renderJunit(reportFor())).toBe(
      [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<testsuites name="firedrill" tests="2" failures="1" errors="0" skipped="0" time="61">',
        '  <testsuite name="a &amp; b" tests="2" failures="1" errors="0" skipped="0" time="61">',
        '    <testcase classname="a &amp; b.site" name="GET site: failed at most 0"><failure message="GET site: failed 40 requests, expected at most 0.">GET site: failed 40 requests, expected at most 0.</failure></testcase>',
        '    <testcase classname="a &amp; b.site" name="GET site: outage at most 60.0 s"/>',
        '  </testsuite>',
        '</testsuites>',
        '',
      ].join('\n'),
    );
  });

  test('control characters do not break it', () => {
    expect(
      renderJunit(
        reportFor('si\u0000te<', [{ probe: 'si\u0000te<', conditions: [{ kind: 'failed', requests: { max: 99 } }] }]),
      ),
    ).toContain('GET si te&lt;');
  });
});

describe('the table in the terminal', () => {
  test('reads like this', () => {
    expect(renderTable(reportFor())).toBe(`a & b: 60 requests over 61.0 s in sim, seed 1, function code modelled.
Fault dead: eu-west-1 answers 503, 00:00:10.0 to 00:00:55.0.

probe  method  sent  failed  available  outage  recovery     p50     p99     max
site   GET       60      40     33.3 %  39.1 s    40.1 s  100 ms  100 ms  100 ms

outage of  after  lost to        lost  ended by
GET site   dead   detection    28.0 s
                  propagation   5.0 s
                  cache-tail    6.0 s
                  timeouts     100 ms  failover

FAIL  GET site: failed 40 requests, expected at most 0.
pass  GET site: outage 39.1 s, expected at most 60.0 s.
Not as expected: 1 of 2 do not hold.
`);
  });

  test('stays within 100 columns whatever the names', () => {
    const name = 'a-probe-with-a-very-long-name-that-somebody-found-necessary-'.repeat(2);
    for (const line of renderTable(reportFor(name)).split('\n')) expect(line.length).toBeLessThanOrEqual(100);
  });

  test('says when a run was interrupted', () => {
    const measures = measure(new TimelineBuilder().started().request(1, 1).build(), planOf(10));
    expect(renderTable(reportOf(planOf(10), measures, judge(measures, [])))).toContain(
      'The run was cut off at 00:00:02.0',
    );
  });
});
