import { expect, test } from 'vitest';
import { CITIES, REGIONS } from './geography.ts';
import { likelyLatencyMs } from './latency.ts';

/** Round trips as public measurements between Regions give them, in milliseconds; a quarter off is near enough to rank by. */
test.each([
  ['Dublin', 'us-east-1', 70],
  ['London', 'us-east-1', 76],
  ['Frankfurt', 'ap-northeast-1', 225],
  ['Dublin', 'ap-northeast-1', 205],
  ['London', 'ap-east-1', 195],
  ['Seoul', 'eu-central-1', 230],
  ['Tokyo', 'us-west-2', 98],
  ['Tokyo', 'us-east-1', 150],
  ['Singapore', 'eu-west-2', 170],
  ['Sydney', 'us-west-2', 140],
  ['Sydney', 'ap-southeast-1', 92],
  ['São Paulo', 'us-east-1', 115],
  ['Mumbai', 'eu-west-2', 115],
])('R53 RP-10: from %s to %s the model is not far from what is measured, %s ms', (city, region, measured) => {
  const from = CITIES[city];
  const to = REGIONS[region];
  expect(from && to && likelyLatencyMs(from, to) / measured).toBeGreaterThan(0.75);
  expect(from && to && likelyLatencyMs(from, to) / measured).toBeLessThan(1.33);
});

test('R53 RP-10: Tokyo is nearer to Virginia than to Dublin, whatever the globe says, and the model has no direction', () => {
  const tokyo = CITIES['Tokyo'];
  const [dublin, virginia] = [REGIONS['eu-west-1'], REGIONS['us-east-1']];
  if (tokyo === undefined || dublin === undefined || virginia === undefined)
    throw new Error('The geography has all three.');
  expect(likelyLatencyMs(tokyo, virginia)).toBeLessThan(likelyLatencyMs(tokyo, dublin));
  expect(likelyLatencyMs(tokyo, dublin)).toBe(likelyLatencyMs(dublin, tokyo));
});
