import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { exitCodeOf, validate } from './main.ts';
import type { Comparison, Measured } from './measurement.ts';
import { compare, isInside, setUp, spreadOf } from './measurement.ts';
import { SUITE } from './suite.ts';
import { tableOf } from './table.ts';

/* The quick version of `npm run validation`: fewer runs of each set-up, the same verdicts. */

const SEEDS = Array.from({ length: 40 }, (_, index) => `${index + 1}`);

describe('what was measured on real AWS is what runs show, or it is said why not', () => {
  test.each([
    ['standby takes over primary', 'R53 MT-01, R53 MT-02, R53 TL-07, R53 OQ-01'],
    ['health check 10 s x 1', 'R53 TL-04'],
    ['health check 30 s x 1', 'R53 TL-04'],
    ['health check 10 s x 3', 'R53 TL-04'],
    ['health check 30 s x 3', 'R53 TL-04'],
    ['primary scaled to 0', 'R53 MT-03, R53 MT-12'],
    ['Keycloak sites', 'R53 MT-05, R53 MT-06, R53 MT-13, R53 MT-14'],
    ['TTL of 5 s, fast check', 'R53 MT-07'],
    ['Apigee operators', 'R53 MT-08'],
    ['EC2 demo', 'R53 MT-09'],
    ['authoritative answers within 90 s', 'R53 MT-10'],
    ['three control panels', 'R53 MT-11'],
    ['Region switch', 'R53 MT-04, R53 RP-09'],
    ['Global Accelerator workshop', 'RS 2.17, RS 2.18'],
    ['failover record behind CloudFront, 10 s x 1', 'R53 TL-02, R53 TL-08'],
    ['failover record behind CloudFront, 10 s x 3', 'R53 TL-02, R53 TL-08'],
    ['failover record behind CloudFront, 30 s x 1', 'R53 TL-02, R53 TL-08'],
    ['failover record behind CloudFront, 30 s x 3', 'R53 TL-02, R53 TL-08'],
    ['VPC origin incident', 'CF 8.3'],
    ['origin that denies', 'CF 8.11, RS 9.14'],
    ['documented waits of CloudFront', 'CF 1.11, CF 1.12, CF 1.16, CF 1.19'],
    ['probes a minute', 'R53 HC-22, R53 HC-23'],
  ])('%s (%s)', (name, lines) => {
    const [one] = SUITE.filter((each) => each.name === name);
    expect(one?.lines.join(', ')).toBe(lines);
    const compared = one === undefined ? [] : compare(one, SEEDS);
    expect(compared.length).toBeGreaterThan(0);
    // Whether an explanation is needless is for the whole run to say: few seeds move a range by a little.
    const bad = compared.filter(({ verdict }) => verdict === 'outside');
    expect(tableOf(bad)).toBe(tableOf([]));
  });

  test('every set-up of the suite has a line above', () => {
    expect(SUITE).toHaveLength(22);
    expect(new Set(SUITE.map(({ name }) => name)).size).toBe(SUITE.length);
  });

  test('every explanation names the facts that it goes by', () => {
    const explanations = SUITE.flatMap(({ figures }) => Object.values(figures)).flatMap(
      ({ explained = [] }) => explained,
    );
    expect(explanations.length).toBeGreaterThan(3);
    for (const text of explanations) expect(text).toMatch(/\((?:CF|R53|RS) |\([A-Z]{2}-\d/);
  });
});

describe('the comparison', () => {
  const figure = (measured: Measured, explained?: string, values: readonly number[] = [10, 11, 12]): Comparison => {
    const told = explained === undefined ? {} : { explained };
    const one = setUp({
      name: 'made up',
      lines: [],
      says: '',
      figures: { figure: { measured, ...told } },
      simulate: (seed) => ({ figure: values[Number(seed.split('/')[1])] ?? Number.NaN }),
    });
    const [compared] = compare(
      one,
      values.map((_, index) => `${index}`),
    );
    if (compared === undefined) throw new Error('a figure is compared');
    return compared;
  };

  test('what was seen has to lie in the simulated range as a whole, what was told roughly may overlap it', () => {
    const range = { low: 10, median: 15, high: 20 };
    const verdicts = (least: number, most: number): readonly boolean[] =>
      (['seen', 'about', 'promised'] as const).map((kind) => isInside({ kind, least, most }, range));
    expect(verdicts(12, 14)).toEqual([true, true, false]);
    expect(verdicts(18, 24)).toEqual([false, true, false]);
    expect(verdicts(21, 24)).toEqual([false, false, false]);
    expect(verdicts(9, 21)).toEqual([false, true, true]);
  });

  test('5 % of the runs are below the range and 5 % above it; what never came about is above everything', () => {
    expect(spreadOf(Array.from({ length: 101 }, (_, index) => 100 - index))).toEqual({ low: 5, median: 50, high: 95 });
    expect(spreadOf([1, Number.NaN, 2]).high).toBe(2);
    expect(spreadOf([Number.NaN, Number.NaN, 2]).median).toBe(Number.POSITIVE_INFINITY);
  });

  test('the error is how much later the simulation is', () => {
    expect(figure({ kind: 'seen', least: 8, most: 10 }).error).toBe(2);
    expect(figure({ kind: 'about', least: 8, most: 12 }).error).toBe(0);
    expect(figure({ kind: 'promised', least: 12, most: 14 }).error).toBe(-1);
  });

  test('a figure that is outside fails unless it is explained, and so does an explanation for one that is not', () => {
    const inside = { kind: 'seen', least: 11, most: 11 } as const;
    const outside = { kind: 'seen', least: 30, most: 30 } as const;
    const all = [figure(inside), figure(outside), figure(outside, 'why'), figure(inside, 'why')];
    expect(all.map(({ verdict }) => verdict)).toEqual(['inside', 'outside', 'explained', 'needless']);
    expect(all.map((one) => exitCodeOf([one]))).toEqual([0, 1, 0, 1]);
  });

  test('the table shows an explanation under the figures', () => {
    const text = tableOf([figure({ kind: 'about', least: 30, most: 40 }, 'because of this')]);
    expect(text).toContain('~ 30..40');
    expect(text).toContain('10 / 11 / 11');
    expect(text).toContain('  because of this\n');
  });
});

describe('npm run validation', () => {
  const run = (...args: readonly string[]) => {
    const said = { out: '', err: '' };
    const voice = (where: 'out' | 'err') => (text: string) => void (said[where] += text);
    const code = validate(args, { out: voice('out'), err: voice('err'), isTerminal: false });
    return { code, ...said };
  };

  test('--only and --json give one set-up as JSON and nothing else on standard output', () => {
    const { code, out, err } = run('--only', 'mt-11', '--seeds', '2', '--json');
    expect([code, err]).toEqual([0, expect.stringContaining('three control panels: 2 runs')]);
    expect(JSON.parse(out)).toMatchObject([{ setUp: 'three control panels', verdict: 'inside' }, {}]);
  });

  test('wrong use ends with 2 and says what is right, --help and --list with 0', () => {
    expect(run('--only', 'nothing at all')).toMatchObject({ code: 2, err: expect.stringContaining('--list') });
    expect(run('--seeds', 'many')).toMatchObject({ code: 2, err: expect.stringContaining('whole number') });
    expect(run('--wrong')).toMatchObject({ code: 2, err: expect.stringContaining('npm run validation') });
    expect(run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--only NAME') });
    expect(run('--list')).toMatchObject({ code: 0, out: expect.stringContaining('Keycloak sites (R53 MT-05') });
  });

  test('the script runs it from source', () => {
    const program = fileURLToPath(new URL('run.mjs', import.meta.url));
    const args = [program, '--only', 'mt-11', '--seeds', '2'];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: 'utf8' });
    expect([status, stdout]).toEqual([0, expect.stringContaining('2 figures: 2 inside, 0 explained, 0 not.')]);
  });
});
