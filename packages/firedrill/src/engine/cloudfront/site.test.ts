import { describe, expect, test } from 'vitest';
import { changedEdge, hybridDistribution } from './edge-script.fixture.ts';
import { behaviorFor, patternOf, selects, selectsHeader, siteOf } from './site.ts';

describe('path patterns', () => {
  function check(pattern: string, taken: readonly string[], left: readonly string[]): void {
    const matches = patternOf(pattern);
    expect(
      taken.filter((path) => !matches(path)),
      `${pattern} takes`,
    ).toEqual([]);
    expect(
      left.filter((path) => matches(path)),
      `${pattern} leaves`,
    ).toEqual([]);
  }

  test('CF 4.1: * is any number of characters, slashes among them', () => {
    check('/api/*', ['/api/', '/api/a', '/api/a/b'], ['/api', '/apis/a', '/x/api/a']);
    check('*.jpg', ['/a.jpg', '/a/b.jpg', '/.jpg'], ['/a.jpeg', '/ajpg', '/a.jpg/']);
    check('/a*z', ['/az', '/a/b/z'], ['/a', '/azb']);
    check('*', ['/', '/a/b'], []);
  });

  test('CF 4.1: ? is exactly one character', () => {
    check('/a?c', ['/abc', '/a/c'], ['/ac', '/abbc']);
  });

  test('CF 4.1: letters are told apart by case', () => {
    check('/API/*', ['/API/a'], ['/api/a']);
  });

  test('CF 4.1: the leading slash may be left out', () => {
    check('api/*', ['/api/a'], ['/x/api/a', 'api']);
  });

  test('CF 4.1: all other characters stand for themselves', () => {
    check('/a.b+(c)[d]{2}^$|\\', ['/a.b+(c)[d]{2}^$|\\'], ['/axb+(c)[d]{2}^$|\\', '/a.bb(c)[d]{2}^$|\\']);
  });
});

describe('behaviours', () => {
  const { behaviors } = hybridDistribution();
  const of = (pathPattern: string) => behaviors.map((behavior) => ({ ...behavior, pathPattern }));
  const distribution = { ...hybridDistribution(), behaviors: [...of('/a/*'), ...of('/a/b/*'), ...behaviors] };

  test('CF 4.1: the first that matches wins, though a later one fits better; the default is last', () => {
    const patternFor = (target: string): string => behaviorFor(siteOf(distribution), target).behavior.pathPattern;
    expect(['/a/b/c', '/a/', '/b', '/'].map(patternFor)).toEqual(['/a/*', '/a/*', '*', '*']);
  });

  test('CF 4.1: the query does not count', () => {
    expect(behaviorFor(siteOf(distribution), '/x?/a/b').behavior.pathPattern).toBe('*');
    expect(behaviorFor(siteOf(distribution), '/a/?x').behavior.pathPattern).toBe('/a/*');
  });

  test('CF 1.1: a target is an origin group with a secondary, or an origin alone', () => {
    const alone = behaviors.map((one) => ({ ...one, pathPattern: '/alone/*', targetOriginId: 'failover-name' }));
    const edge = changedEdge({ behaviors: [...alone, ...behaviors] }).primary(503);
    expect([edge.ask({ target: '/alone/a' }).status, edge.takeRoute()]).toEqual([503, 'primary']);
    expect([edge.ask({ target: '/a' }).status, edge.takeRoute()]).toEqual([200, 'primary secondary']);
  });

  test('CF 2.6, 3.16: a maximum TTL of 0 keeps nothing', () => {
    expect(siteOf(distribution).behaviors.map(({ keeps }) => keeps)).toEqual([false, false, false]);
  });
});

describe('selections of a policy', () => {
  const only = { kind: 'only', names: ['One'] } as const;
  const except = { kind: 'except', names: ['One'] } as const;

  test('CF 3.9: headers are compared without case', () => {
    expect(['one', 'ONE', 'two'].map((name) => selectsHeader(only, name))).toEqual([true, true, false]);
    expect(['one', 'ONE', 'two'].map((name) => selectsHeader(except, name))).toEqual([false, false, true]);
    expect([selectsHeader({ kind: 'all' }, 'x'), selectsHeader({ kind: 'none' }, 'x')]).toEqual([true, false]);
  });

  test('CF 3.10, 3.11: query strings and cookies are compared with it', () => {
    expect(['One', 'one', 'two'].map((name) => selects(only, name))).toEqual([true, false, false]);
    expect(['One', 'one', 'two'].map((name) => selects(except, name))).toEqual([false, true, true]);
    expect([selects({ kind: 'all' }, 'x'), selects({ kind: 'none' }, 'x')]).toEqual([true, false]);
  });
});

test('CF 9.9: paths are compared as they come, dots and double slashes included', () => {
  const matches = patternOf('/images/*');
  expect(['/images/a', '/x/../images/a', '//images/a', '/%69mages/a'].map(matches)).toEqual([
    true,
    false,
    false,
    false,
  ]);
});

test('CF 4.1: a pattern of many stars is compared with a long path in no time', () => {
  const matches = patternOf('*a*a*a*a*a*a*a*a*a*a*b');
  expect(matches(`/${'a'.repeat(8000)}`)).toBe(false);
  expect(matches(`/${'a'.repeat(8000)}b`)).toBe(true);
});
