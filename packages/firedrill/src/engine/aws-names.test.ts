import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CITIES, distanceKm, EMPTY_ARCHITECTURE } from '../model/index.ts';
import { hybridArchitecture } from '../../test/hybrid-architecture.ts';
import { answerAwsName, awsNames } from './aws-names.ts';
import type { Vantage } from './conversation.ts';
import { s3Names } from './s3-names.ts';
import type { Endpoint } from './world.ts';

function vantage(index: number, name: string, spot: Vantage['spot']): Vantage {
  return { index, name, spot, address: `127.0.0.${index}` };
}

function endpoint(kind: Endpoint['kind'], label: string, at: Vantage): Endpoint {
  return { address: at.address, kind, label, vantage: at };
}

const SPOTS = Object.entries(CITIES);
const EDGES = SPOTS.map(([, { edge, ...spot }], i) => endpoint('edge', edge, vantage(i, `edge:${edge}`, spot)));
const NOWHERE = { latitude: 0, longitude: 0 };
const GATEWAYS = new Map(
  ['eu-west-1', 'us-east-1'].map((region, i) => [
    region,
    endpoint('api-gateway', region, vantage(200 + i, `region:${region}`, NOWHERE)),
  ]),
);
const ARCHITECTURE = hybridArchitecture();
const NAMES = awsNames(ARCHITECTURE, EDGES, GATEWAYS);
const ASKER = vantage(250, 'city:Dublin', { latitude: 53.3, longitude: -6.3 });

function answersFor(name: string, type = 'A'): readonly unknown[] | undefined {
  return answerAwsName(NAMES, { name, type }, ASKER)?.answers.map(({ data, ttlSeconds }) => [data, ttlSeconds]);
}

describe('distributions', () => {
  test.each(SPOTS)('whoever asks from %s is sent to the edge of that city', (_city, { edge, ...spot }) => {
    const [found] = NAMES.endpointsOf('dhybrid.cloudfront.net', vantage(251, 'somebody', spot)) ?? [];
    expect(found?.label).toBe(edge);
  });

  test('no edge is nearer than the one an asker is sent to, wherever it is', () => {
    const anywhere = fc.record({
      latitude: fc.double({ min: -90, max: 90, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    });
    fc.assert(
      fc.property(anywhere, (spot) => {
        const [found] = NAMES.endpointsOf('droute53.cloudfront.net', vantage(252, 'somebody', spot)) ?? [];
        const nearest = Math.min(...EDGES.map((edge) => distanceKm(spot, edge.vantage.spot)));
        expect(distanceKm(spot, found?.vantage.spot ?? NOWHERE)).toBe(nearest);
      }),
    );
  });

  test('one that is disabled has no name', () => {
    const distributions = ARCHITECTURE.distributions.map((one) => ({ ...one, enabled: false }));
    const names = awsNames({ ...ARCHITECTURE, distributions }, EDGES, GATEWAYS);
    expect(names.endpointsOf('dhybrid.cloudfront.net', ASKER)).toBeUndefined();
  });
});

describe('regional names', () => {
  test('R53 AL-04, OQ-04: an API and a regional domain name are where their Region is, for 60 s', () => {
    expect(answersFor('aaaaaaaaaa.execute-api.eu-west-1.amazonaws.com')).toEqual([['127.0.0.200', 60]]);
    expect(answersFor('d-us-east-1.execute-api.us-east-1.amazonaws.com')).toEqual([['127.0.0.201', 60]]);
    expect(NAMES.regionOf('d-us-east-1.execute-api.us-east-1.amazonaws.com')).toBe('us-east-1');
  });

  test('R53 WS-05: a question for another type is answered with nothing', () => {
    expect(answersFor('dhybrid.cloudfront.net', 'AAAA')).toEqual([]);
  });

  test('R53 WS-11: an API that nobody has made has no name', () => {
    expect(answersFor('cccccccccc.execute-api.eu-west-1.amazonaws.com')).toBeUndefined();
    expect(answersFor('dnobody.cloudfront.net')).toBeUndefined();
  });
});

describe('distances', () => {
  test('a quarter of the earth is 10,008 km, and there is as far as back', () => {
    expect(distanceKm(NOWHERE, { latitude: 0, longitude: 90 })).toBeCloseTo(10_007.5, 0);
    expect(distanceKm({ latitude: 90, longitude: 0 }, NOWHERE)).toBeCloseTo(10_007.5, 0);
    expect(distanceKm(NOWHERE, NOWHERE)).toBe(0);
  });

  test('Dublin to N. Virginia is about 5,500 km, across the date line is not around the world', () => {
    expect(distanceKm({ latitude: 53.3, longitude: -6.3 }, { latitude: 39, longitude: -77.5 })).toBeCloseTo(5472, -2);
    expect(distanceKm({ latitude: 0, longitude: 179 }, { latitude: 0, longitude: -179 })).toBeLessThan(223);
  });
});

test('R53 AL-02: an alias to an S3 website lives for 60 s', () => {
  const names = s3Names(EMPTY_ARCHITECTURE, { rest: new Map(), websites: new Map() }, false);
  for (const name of ['s3-website-us-east-1.amazonaws.com', 's3-website.eu-central-1.amazonaws.com'])
    expect(names.ttlSecondsOf(name)).toBe(60);
});

test('R53 AL-03: a distribution’s name, and so an alias to it, lives for 60 s', () => {
  expect(answersFor('dhybrid.cloudfront.net')).toEqual([[expect.any(String), 60]]);
});
