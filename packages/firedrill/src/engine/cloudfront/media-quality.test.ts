import { describe, expect, test } from 'vitest';
import type { Deed } from './edge-script.fixture.ts';
import { hybridDistribution, ScriptedEdge, SECONDARY_ADDRESS } from './edge-script.fixture.ts';
import type { Handler } from './lambda-script.fixture.ts';
import { LambdaEdge } from './lambda-script.fixture.ts';

const BY_QUALITY = { selection: 'media-quality' } as const;

function groupByQuality(): ScriptedEdge {
  const distribution = hybridDistribution();
  const originGroups = distribution.originGroups.map((group) => ({ ...group, ...BY_QUALITY }));
  return new ScriptedEdge([{ ...distribution, originGroups }]);
}

/** An answer with a score. */
function scored(score: number, status = 200): Deed {
  return { status, headers: [['CMSD-Static', `ot=v,com.aws-mqcs=${score}`]] };
}

/** Where requests went since the last look, with their methods. */
function went(edge: ScriptedEdge): string {
  return edge.seen
    .splice(0)
    .map(({ to, request }) => `${request.method} ${to === SECONDARY_ADDRESS ? 'secondary' : 'primary'}`)
    .join(', ');
}

describe('selection by media quality (CF 1.37)', () => {
  test('CF 1.37, 1.38: a GET goes to the one with the better score, a HEAD asks the other for its own', () => {
    const edge = groupByQuality().primary(scored(80)).secondary(scored(90));
    edge.ask();
    expect(went(edge)).toBe('GET primary, HEAD secondary');
    edge.ask();
    expect(went(edge)).toBe('GET secondary, HEAD primary');
    edge.primary(scored(95)).ask();
    edge.ask();
    expect(went(edge)).toBe('GET secondary, HEAD primary, GET primary, HEAD secondary');
  });

  test('CF 1.38: of equal scores the listed primary is taken, and so it is while one is not known', () => {
    const edge = groupByQuality().primary(scored(80)).secondary(scored(80));
    edge.ask();
    edge.ask();
    edge.secondary(200).ask();
    edge.ask();
    expect(
      went(edge)
        .split(', ')
        .filter((each) => each.startsWith('GET')),
    ).toEqual(Array.from({ length: 4 }, () => 'GET primary'));
  });

  test('CF 1.38: a listed error is tried at the other, whatever its score', () => {
    const edge = groupByQuality().primary(scored(20)).secondary(scored(90));
    edge.ask();
    went(edge);
    edge.secondary(scored(90, 503));
    expect(edge.ask().status).toBe(200);
    expect(went(edge)).toBe('GET secondary, GET primary, HEAD primary');
  });

  test('CF 1.38: only a GET has the other asked', () => {
    const edge = groupByQuality();
    edge.ask({ method: 'HEAD' });
    edge.ask({ method: 'POST' });
    expect(went(edge)).toBe('HEAD primary, POST primary');
  });

  test.each(['origin-request', 'origin-response'] as const)(
    'CF 1.38: where a function of Lambda@Edge stands at %s there is none of it',
    (at) => {
      const passes: Handler = ({ request, response }) => (at === 'origin-request' ? request : response);
      const originGroups = hybridDistribution().originGroups.map((group) => ({ ...group, ...BY_QUALITY }));
      const edge = new LambdaEdge({ [at]: passes }, {}, {}, { originGroups });
      edge.primary(scored(80)).secondary(scored(90)).ask();
      edge.ask();
      expect(went(edge)).toBe('GET primary, GET primary');
    },
  );
});
