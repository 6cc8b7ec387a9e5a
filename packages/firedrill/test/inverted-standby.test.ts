import { expect, test } from 'vitest';
import type { Architecture, Fault } from '../src/model/index.ts';
import { Course } from '../validation/course.ts';
import { asking, broken, CHECK, NAME, planOf, twoServers } from '../validation/estates.ts';

/* "Standby takes over primary" by an object in the standby Region that an inverted health check asks for. */

const OBJECT = '/take-over.html';
/** Late enough: an inverted check counts as unhealthy until checkers have found out (R53 HC-25). */
const UPLOADED = 240;
const DELETED = 600;

/** The object is there from one second to another; a server stands for it. */
function run(seed: string): Course {
  const estate: Architecture = twoServers({
    primary: 'us-east-1',
    standby: 'us-west-2',
    ttlSeconds: 60,
    check: {
      requestIntervalSeconds: 30,
      failureThreshold: 3,
      inverted: true,
      // The standby's address.
      ipAddress: '198.51.100.1',
      resourcePath: OBJECT,
    },
  });
  const standby = { kind: 'region', region: 'us-west-2' } as const;
  const missing = { kind: 'status', status: 404 } as const;
  const absence = (...span: readonly [number, number?]): Fault => ({
    ...broken(standby, missing, span),
    pathPrefix: OBJECT,
  });
  return new Course(
    estate,
    planOf(seed, 840, {
      probes: [asking(`http://${NAME}/`, 1)],
      faults: [absence(0, UPLOADED), absence(DELETED)],
    }),
  );
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

test('R53 ST-05, ST-03: an upload moves users in the fast direction, as three checkers of 16 are enough to see it', () => {
  const courses = Array.from({ length: 30 }, (_, seed) => run(`${seed}`));
  const uploads = courses.map((course) => course.secondsToStatus(CHECK, false, UPLOADED));
  const deletions = courses.map((course) => course.secondsToStatus(CHECK, true, DELETED));
  // 30 s x 3: 65.3 s to come up, 84.7 s to go down (TL-04), whatever inversion makes of it.
  expect(Math.abs(mean(uploads) - 65.3)).toBeLessThan(2.5);
  expect(Math.abs(mean(deletions) - 84.7)).toBeLessThan(2.5);
  for (const [index, course] of courses.entries()) {
    const moved = course.secondsToAnswerOf('us-west-2', UPLOADED);
    const least = (uploads[index] ?? 0) + 5;
    expect(moved).toBeGreaterThanOrEqual(least);
    expect(moved).toBeLessThan(least + 60 + 2);
  }
});
