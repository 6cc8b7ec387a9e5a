import { describe, expect, test } from 'vitest';
import type { StackStatus } from './stack-status.ts';
import { isBusy, isUpdatable, mayFollow, showsOutputs } from './stack-status.ts';

describe('the status of a stack (RS 8.16, 8.19a)', () => {
  test.each<[StackStatus, StackStatus, boolean]>([
    ['REVIEW_IN_PROGRESS', 'CREATE_IN_PROGRESS', true],
    ['CREATE_IN_PROGRESS', 'ROLLBACK_IN_PROGRESS', true],
    ['ROLLBACK_COMPLETE', 'UPDATE_IN_PROGRESS', false],
    ['ROLLBACK_COMPLETE', 'DELETE_IN_PROGRESS', true],
    ['UPDATE_ROLLBACK_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', false],
    ['UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS', 'UPDATE_ROLLBACK_COMPLETE', true],
    ['UPDATE_ROLLBACK_FAILED', 'UPDATE_IN_PROGRESS', false],
    ['UPDATE_ROLLBACK_FAILED', 'UPDATE_ROLLBACK_IN_PROGRESS', true],
    ['DELETE_COMPLETE', 'CREATE_IN_PROGRESS', false],
  ])('after %s, %s: %s', (status, next, may) => {
    expect(mayFollow(status, next)).toBe(may);
  });

  test('lets outputs be seen when nothing is under way, and only then (RS 8.22a)', () => {
    const all: readonly StackStatus[] = [
      'CREATE_IN_PROGRESS',
      'CREATE_COMPLETE',
      'UPDATE_IN_PROGRESS',
      'UPDATE_COMPLETE',
    ];
    expect(all.filter(showsOutputs)).toEqual(['CREATE_COMPLETE', 'UPDATE_COMPLETE']);
    expect(all.filter(isBusy)).toEqual(['CREATE_IN_PROGRESS', 'UPDATE_IN_PROGRESS']);
  });

  test('of a stack that was left as it failed lets it be tried again (RS 8.19b)', () => {
    expect((['CREATE_FAILED', 'UPDATE_FAILED', 'ROLLBACK_COMPLETE'] as const).filter(isUpdatable)).toEqual([
      'CREATE_FAILED',
      'UPDATE_FAILED',
    ]);
  });
});
