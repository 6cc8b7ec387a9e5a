import { expect, test } from 'vitest';
import { CHECKER_REGIONS } from '../src/engine/index.ts';
import type { Fault, TimelineEvent } from '../src/model/index.ts';
import { atSeconds } from '../src/model/index.ts';
import { simulate } from '../src/sim/index.ts';
import { hybridArchitecture, hybridPlan, primaryFault, probe } from './hybrid-architecture.ts';

/* A primary dies while the name servers in Dublin do not hear from the health checkers. */

const DIES = 50;
const HEARD_AGAIN = 200;
const UNHEARD: Fault = {
  name: 'partition',
  target: { kind: 'dns-location', edge: 'DUB' },
  effect: { kind: 'unheard', regions: CHECKER_REGIONS },
  from: atSeconds(40),
  until: atSeconds(HEARD_AGAIN),
  share: 1,
};

/** The last failed request of each place, in seconds, and how often name servers changed their answer. */
function drill(faults: readonly Fault[]) {
  const plan = hybridPlan([primaryFault({ kind: 'refuse' }, DIES), ...faults], {
    endSeconds: 330,
    probes: [
      probe('route53-only', 'https://droute53.cloudfront.net/', { places: ['Dublin', 'Tokyo'], methods: ['GET'] }),
    ],
  });
  const lastFailed = new Map<string, number>();
  const answers: TimelineEvent[] = [];
  simulate(hybridArchitecture(), plan, (event) => {
    if (event.what === 'dns.answer-changed') answers.push(event);
    if (event.what === 'request.ended' && !event.data.success) lastFailed.set(event.data.place, event.at / 1e6);
  });
  return { dublin: lastFailed.get('Dublin') ?? 0, tokyo: lastFailed.get('Tokyo') ?? 0, changes: answers.length };
}

test('R53 HC-40: where name servers hear no checkers traffic stays on the dead side until they do, and elsewhere it moves', () => {
  const { dublin, tokyo, changes } = drill([UNHEARD]);
  expect(tokyo).toBeLessThan(DIES + 30 + 20 + 65);
  expect(dublin).toBeGreaterThan(HEARD_AGAIN - 61);
  expect(dublin).toBeLessThan(HEARD_AGAIN + 65);
  // Each place tells of its first answer and of its move, and health checkers of theirs; nobody goes back and forth.
  expect(changes).toBeLessThan(25);
});

test('without a partition both move at about the same time', () => {
  const { dublin, tokyo } = drill([]);
  expect(Math.abs(dublin - tokyo)).toBeLessThan(65);
  expect(dublin).toBeLessThan(DIES + 30 + 20 + 65);
});
