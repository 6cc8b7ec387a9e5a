import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../model/index.ts';
import { NEVER } from '../model/index.ts';
import { DRILL_TEXT } from './drill.fixture.ts';
import { drillJsonSchema } from './drill-schema.ts';
import { readDrill } from './read-drill.ts';

const lines = (findings: readonly Finding[]): string[] =>
  findings.map(
    (finding) => `${finding.place?.line}:${finding.place?.column} ${finding.code} ${finding.says} ${finding.remedy}`,
  );

/** Reads the right drill file with one text replaced by another; gives the findings in one line each. */
function findingsAfter(written: string, instead: string): string[] {
  expect(DRILL_TEXT).toContain(written);
  return lines(readDrill('drills/one.yaml', DRILL_TEXT.replace(written, instead)).findings);
}

describe('what requests of a probe say', () => {
  const withKeys = (keys: string): ReturnType<typeof readDrill> =>
    readDrill('drills/one.yaml', DRILL_TEXT.replace('client: plain }', `client: plain, ${keys} }`));

  test('is read: headers and cookies, which are one header, and a body', () => {
    const { value, findings } = withKeys(
      'headers: { X-Region: us, X-Number: 7 }, cookies: { region: us, n: 1 }, body: "{}"',
    );
    expect(findings).toEqual([]);
    expect(value.probes[0]).toMatchObject({
      headers: { 'X-Region': 'us', 'X-Number': '7', Cookie: 'region=us; n=1' },
      body: '{}',
    });
    expect(withKeys('cookies: {}').value.probes[0]).not.toHaveProperty('headers');
  });

  test.each([
    ['headers: { hOst: a }', 'a header that a probe may choose'],
    ['headers: { Cookie: a=b }', 'a header that a probe may choose'],
    ['headers: { "a b": c }', 'a header that a probe may choose'],
    ['headers: { X: "a\\r\\nb" }', 'a line of printable characters'],
    ['cookies: { a: "b;c" }', 'what a cookie may hold'],
    ['cookies: { "a=": b }', 'what a cookie may hold'],
  ])('%s is refused', (keys, says) => {
    expect(lines(withKeys(keys).findings).join()).toContain(says);
  });
});

describe('a drill file that is right', () => {
  const { value: drill, findings } = readDrill('drills/one.yaml', DRILL_TEXT);

  test('has no findings', () => expect(findings).toEqual([]));

  test('is read with its units', () => {
    expect(drill.end).toBe(360_000_000);
    expect(drill.world).toMatchObject({ kind: 'app', directory: '..', context: { primary: 'eu-west-1' } });
    expect(drill.zones).toEqual({ 'example.com': 'Z0EXAMPLE' });
    expect(drill.probes[0]).toMatchObject({
      name: 'route53-only',
      ratePerSecond: 1,
      timeoutMs: 60_000,
      client: 'plain',
    });
    expect(drill.probes[1]).toMatchObject({
      ratePerSecond: 0.5,
      timeoutMs: 60_000,
      client: 'plain',
      places: ['Dublin', 'Tokyo'],
    });
    expect(drill.faults[0]).toMatchObject({
      target: { kind: 'service', region: 'eu-west-1', service: 'api-gateway' },
      effect: { kind: 'status', status: 503 },
      from: 30_000_000,
      until: 180_000_000,
      share: 1,
    });
    expect(drill.expectations.map((expectation) => expectation.conditions)).toEqual([
      [{ kind: 'failed', requests: { min: 0, max: 0 } }],
      [
        { kind: 'outage', seconds: { min: 27, max: 95 } },
        { kind: 'ttfb', figure: 'p99', ms: { max: 3000 } },
      ],
    ]);
    expect(drill.functionModels).toEqual({ '*': { latencyMs: 20, status: 200, bodyBytes: 100 } });
  });

  test('knows where each of its parts stands', () => {
    expect(drill.probes[1]?.place).toMatchObject({ file: 'drills/one.yaml', line: 11, column: 5 });
    expect(drill.faults[0]?.place).toMatchObject({ line: 13 });
    expect(drill.expectations[1]?.source).toMatchObject({ line: 16 });
  });

  test('needs no more than a name, a world, a duration and a probe', () => {
    const short = readDrill(
      'a.yaml',
      'name: a\nworld: { assembly: cdk.out }\nduration: 1m\nprobes: [{ name: p, url: "https://x/" }]\n',
    );
    expect(short.findings).toEqual([]);
    expect(short.value.probes[0]).toMatchObject({
      ratePerSecond: 1,
      methods: ['GET'],
      places: ['Dublin'],
      timeoutMs: 60_000,
    });
    expect(short.value.faults).toEqual([]);
  });

  test('every target and effect of a fault is understood', () => {
    const targetsAndEffects: readonly [string, object, object][] = [
      ['region: eu-west-1, effect: blackhole', { kind: 'region', region: 'eu-west-1' }, { kind: 'blackhole' }],
      ['host: API.example.com, effect: tls', { kind: 'host', host: 'api.example.com' }, { kind: 'tls' }],
      ['edge: DUB, slow: 1.5s', { kind: 'edge', edge: 'DUB' }, { kind: 'slow', delayMs: 1500 }],
      [
        'dnsLocation: DUB, unheard: [us-east-1, us-west-1]',
        { kind: 'dns-location', edge: 'DUB' },
        { kind: 'unheard', regions: ['us-east-1', 'us-west-1'] },
      ],
      [
        'dnsName: example.com., dns: SERVFAIL',
        { kind: 'name', name: 'example.com' },
        { kind: 'dns', answer: 'SERVFAIL' },
      ],
      [
        'region: eu-west-1, service: lambda, effect: throttle',
        { kind: 'service', region: 'eu-west-1', service: 'lambda' },
        { kind: 'throttle' },
      ],
    ];
    for (const [text, target, effect] of targetsAndEffects) {
      const read = readDrill(
        'a.yaml',
        DRILL_TEXT.replace('region: eu-west-1, service: api-gateway, status: 503', text),
      );
      expect(read.findings, text).toEqual([]);
      expect(read.value.faults[0], text).toMatchObject({ target, effect });
    }
  });

  test('a fault without until is never healed', () => {
    expect(readDrill('a.yaml', DRILL_TEXT.replace(', until: 3m', '')).value.faults[0]?.until).toBe(NEVER);
  });
});

describe('a drill file with a mistake', () => {
  test('that is not YAML says where', () => {
    const read = readDrill('a.yaml', 'name: x\nprobes: [}\n');
    expect(lines(read.findings)[0]).toMatch(/^2:10 drill\/syntax This is not valid YAML/);
    expect(read.value.probes).toEqual([]);
  });

  test('an unknown key gets a suggestion and its own place', () => {
    expect(findingsAfter('timeout: 60s', 'timout: 60s')).toEqual([
      '10:121 drill/shape There is no probes[0].timout in a drill file. Did you mean timeout?',
    ]);
    expect(findingsAfter('duration: 6m', 'duraton: 6m')).toEqual([
      '1:1 drill/shape duration is missing. Add it. Write for example 90s, 3m, 1h or 500ms.',
      '8:1 drill/shape There is no duraton in a drill file. Did you mean duration?',
    ]);
    expect(findingsAfter('outage: { min: 27s, max', 'outage: { mni: 27s, max')).toEqual([
      '16:51 drill/shape There is no expect[1].outage.mni in a drill file. Did you mean min?',
    ]);
  });

  test('a length without a unit, a bad rate, a bad method and a bad client are named with what is allowed', () => {
    expect(findingsAfter('timeout: 60s', 'timeout: 60')).toEqual([
      '10:130 drill/shape probes[0].timeout must be a length of time with its unit. Write for example 90s, 3m, 1h or 500ms.',
    ]);
    expect(findingsAfter('rate: 30/m', 'rate: 30/d')[0]).toContain(
      'probes[1].rate must be a rate. Write 1 for one request a second',
    );
    expect(findingsAfter('rate: 1,', 'rate: 0,')[0]).toContain('probes[0].rate must be a rate.');
    expect(findingsAfter('[GET, POST]', '[get]')[0]).toContain(
      'probes[0].methods[0] must be an HTTP method in capitals.',
    );
    expect(findingsAfter('client: plain', 'client: brwoser')[0]).toContain(
      'must be one of plain, browser, sdk, jvm, jvm-forever, nginx, nginx-resolver. Did you mean browser?',
    );
    expect(findingsAfter('status: 503', 'status: 99')[0]).toContain('faults[0].status must be at least 100.');
    expect(findingsAfter('failed: 0', 'failed: { max: -1 }')[0]).toContain('expect[0].failed.max must be at least 0.');
    expect(findingsAfter('failed: 0', 'failed: none')[0]).toContain('expect[0].failed has the wrong form.');
  });

  test('an unknown place, probe, method and edge are suggested', () => {
    expect(findingsAfter('places: [Dublin],', 'places: [Dubln],')).toEqual([
      '10:112 drill/unknown-place Probe route53-only: the geography knows no place Dubln. Did you mean Dublin?',
    ]);
    expect(findingsAfter('probe: hybrid,', 'probe: hybird,')).toEqual([
      '15:14 drill/unknown-probe The drill has no probe hybird. Did you mean hybrid?',
    ]);
    expect(findingsAfter('probe: hybrid, method: GET', 'probe: hybrid, method: PUT')[0]).toContain(
      'Probe hybrid sends no PUT.',
    );
    expect(findingsAfter('failed: 0', 'failed: 0, place: Oslo')[0]).toContain('Probe hybrid sends nothing from Oslo.');
    expect(findingsAfter('region: eu-west-1, service: api-gateway', 'edge: DUD')[0]).toContain(
      'drill/unknown-target There is no edge location DUD. Did you mean',
    );
  });

  test('a fault has exactly one target and one effect that can befall it', () => {
    expect(findingsAfter('region: eu-west-1, service: api-gateway, ', '')[0]).toContain(
      'Fault primary-5xx has no target.',
    );
    expect(findingsAfter('service: api-gateway', 'edge: DUB')[0]).toContain('has 2 targets: region, edge.');
    expect(findingsAfter('region: eu-west-1, service', 'host: x, service')[0]).toContain(
      'names a service but no Region.',
    );
    expect(findingsAfter(', status: 503', '')[0]).toContain('has no effect.');
    expect(findingsAfter('status: 503', 'status: 503, effect: hang')[0]).toContain('has 2 effects: effect, status.');
    expect(findingsAfter('status: 503', 'unheard: [us-east-1]')[0]).toContain(
      'dnsLocation and unheard belong together.',
    );
    expect(findingsAfter('status: 503', 'effect: unreadable')[0]).toContain(
      'keyValueStore and unreadable belong together.',
    );
    expect(
      findingsAfter('region: eu-west-1, service: api-gateway, status: 503', 'keyValueStore: a, status: 503')[0],
    ).toContain('keyValueStore and unreadable belong together.');
    expect(
      findingsAfter('region: eu-west-1, service: api-gateway, status: 503', 'keyValueStore: a, effect: unreadable'),
    ).toEqual([]);
    expect(findingsAfter('status: 503', 'dns: SERVFAIL')[0]).toContain('dns needs dnsName as its target.');
    expect(findingsAfter('status: 503', 'effect: throttle')[0]).toContain(
      'throttle befalls functions, and its target has none.',
    );
  });

  test('times that contradict each other are refused, and a heal after the end is a warning', () => {
    expect(findingsAfter('until: 3m', 'until: 20s')[0]).toContain(
      'drill/time Fault primary-5xx ends before it starts.',
    );
    expect(findingsAfter('from: 30s, until: 3m', 'from: 7m')[0]).toContain(
      'drill/time Fault primary-5xx begins when the drill is over.',
    );
    expect(findingsAfter('duration: 6m', 'duration: 0s')[0]).toContain('drill/time The drill lasts no time.');
    const late = readDrill('a.yaml', DRILL_TEXT.replace('until: 3m', 'until: 6m')).findings;
    expect(late.map((finding) => [finding.code, finding.weight])).toEqual([['drill/time', 'warning']]);
  });

  test('a world has exactly one source', () => {
    expect(findingsAfter('app: ..', 'app: ..\n  assembly: cdk.out')[0]).toContain(
      'world names app and assembly, but only one can be the source.',
    );
    expect(findingsAfter('  app: ..\n', '')[0]).toContain('world names no source of the architecture.');
    expect(findingsAfter('app: ..', 'assembly: cdk.out')[0]).toContain('world.context is given to a CDK app');
  });

  test('an expectation that expects nothing, or what nothing can meet, is refused', () => {
    expect(findingsAfter(', failed: 0', '')[0]).toContain('This expectation of probe hybrid expects nothing.');
    expect(findingsAfter('min: 27s', 'min: 97s')[0]).toContain('The min of outage is above its max');
    expect(findingsAfter('outage: { min: 27s, max: 95s }', 'outage: {}')[0]).toContain(
      'outage has neither min nor max.',
    );
  });

  test('a switch must exist and take its value', () => {
    expect(findingsAfter('switches: {}', 'switches: { resolver.warm-strat: true }')[0]).toMatch(
      /^17:34 drill\/shape There is no switch resolver\.warm-strat\. Did you mean resolver\.warm-start\?$/,
    );
    expect(findingsAfter('switches: {}', 'switches: { resolver.warm-start: 3 }')[0]).toContain(
      'resolver.warm-start takes one of true, false.',
    );
  });

  test('two things of one name are refused', () => {
    expect(findingsAfter('name: hybrid,', 'name: route53-only,')[0]).toContain(
      'There are two probes with the name route53-only.',
    );
  });

  test('all mistakes come at once, in the order of the file', () => {
    const text = DRILL_TEXT.replace('timeout: 60s', 'timeout: 60')
      .replace('places: [Dublin, Tokyo]', 'places: [Dublin, Tokio]')
      .replace('from: 30s, until: 3m', 'from: 30s, until: 3s')
      .replace('probe: hybrid,', 'probe: hibrid,')
      .replace('switches: {}', 'swiches: {}');
    expect(readDrill('a.yaml', text).findings.map((finding) => [finding.place?.line, finding.code])).toEqual([
      [10, 'drill/shape'],
      [11, 'drill/unknown-place'],
      [13, 'drill/time'],
      [15, 'drill/unknown-probe'],
      [17, 'drill/shape'],
    ]);
  });

  test('a probe that was not understood still counts as named', () => {
    const read = readDrill('a.yaml', DRILL_TEXT.replace('client: plain', 'client: plane'));
    expect(read.findings.map((finding) => finding.code)).toEqual(['drill/shape']);
  });

  test('an alias bomb is a finding', () => {
    const bomb = `a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\nd: [*c,*c,*c,*c,*c,*c]\n`;
    expect(readDrill('a.yaml', bomb).findings[0]?.code).toBe('drill/syntax');
  });
});

describe('any text', () => {
  test('is read without throwing, and with a place for every finding', () => {
    const fragments = fc.constantFrom(
      ...DRILL_TEXT.split(/(?<=[\s,:{}[\]])/),
      'null',
      '- ',
      '? ',
      '&a',
      '*a',
      '!!x',
      '__proto__: 1',
      '\t',
      '|',
    );
    fc.assert(
      fc.property(fc.array(fragments, { maxLength: 80 }), fc.nat(DRILL_TEXT.length), (inserted, at) => {
        const text = DRILL_TEXT.slice(0, at) + inserted.join('') + DRILL_TEXT.slice(at + inserted.length);
        const { findings } = readDrill('a.yaml', text);
        for (const finding of findings) {
          expect(finding.place?.line).toBeGreaterThan(0);
          expect(finding.remedy).toBeTruthy();
        }
      }),
      { numRuns: 300 },
    );
    for (const text of [
      '',
      '[]',
      '1',
      'null',
      '# nothing',
      '--- a\n--- b',
      'probes: 3',
      'probes: [null]',
      'world: []',
    ]) {
      expect(readDrill('a.yaml', text).findings.length, text).toBeGreaterThan(0);
    }
  });
});

test('the drill file of the documentation is right', () => {
  const page = readFileSync(new URL('../../../../docs/drill-file.md', import.meta.url), 'utf8');
  const [, text] = /```yaml\n([^]*?)```/.exec(page) ?? [];
  const { value, findings } = readDrill('docs/drill-file.md', text ?? '');
  expect(findings).toEqual([]);
  expect(value.expectations[0]?.conditions).toHaveLength(5);
});

test('the published JSON Schema is the one that drill files are read with', async () => {
  const text = `${JSON.stringify(drillJsonSchema(), null, 2)}\n`;
  await expect(text).toMatchFileSnapshot('../../schema/drill.schema.json');
});
