import { expect, test } from 'vitest';
import { after } from '../model/index.ts';
import type { Conversation, Moment } from '../engine/index.ts';
import { WorldClock } from './clock.ts';
import { Course } from './course.ts';

test('a mistake of ours while a need is met ends the conversation, also after something was waited for', async () => {
  const clock = new WorldClock(1000);
  clock.start();
  const wrong = new Error('ours');
  const unasked = (): never => {
    throw wrong;
  };
  const performer = {
    query: unasked,
    exchange: unasked,
    invoke: unasked,
    forward: unasked,
    callApi: unasked,
    talk: unasked,
    hangUp: unasked,
  };
  const failed = await new Promise((resolve, reject) => {
    const course = new Course(
      { clock, performer, isStopped: false, spawn: unasked },
      { done: reject, failed: resolve },
    );
    course.start(function* (moment: Moment): Conversation<void> {
      yield { kind: 'pause', until: after(moment.now, 1000) };
      yield { kind: 'hang-up', over: { bytes: 0 }, isAbrupt: true };
    });
  });
  expect(failed).toBe(wrong);
});
