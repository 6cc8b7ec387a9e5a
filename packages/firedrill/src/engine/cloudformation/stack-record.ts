import { assert } from '../../model/index.ts';
import type { StackStatus } from './stack-status.ts';
import { mayFollow } from './stack-status.ts';

/** A value of a template, evaluated; numbers and booleans are texts, as they are written. */
export type PlainValue = string | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** A resource as a reading of its template has it. */
export interface DesiredResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  /** By name. */
  readonly properties: Readonly<Record<string, PlainValue>>;
  /** `Delete`, `Retain`, `RetainExceptOnCreate` or `Snapshot`. */
  readonly deletionPolicy: string;
  readonly updateReplacePolicy: string;
}

/** What CloudFormation says of a resource. */
export type ResourceStatus =
  | `${'CREATE' | 'UPDATE' | 'DELETE'}_${'IN_PROGRESS' | 'COMPLETE' | 'FAILED'}`
  | 'DELETE_SKIPPED';

/** A resource that belongs, or belonged, to a stack. */
export interface StackResourceRecord extends DesiredResource {
  readonly status: ResourceStatus;
  readonly statusReason?: string;
  readonly atMs: number;
}

/** One line of a stack's events; `logicalId` of the stack's own lines is its name (RS 8.27). */
export interface StackEvent {
  readonly eventId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason?: string;
  /** As JSON. */
  readonly properties?: string;
  readonly clientRequestToken?: string;
  readonly atMs: number;
}

/** What is told next: of the stack itself, or of one of its resources. */
export type Step =
  | { readonly kind: 'stack'; readonly status: StackStatus; readonly reason?: string }
  | {
      readonly kind: 'resource';
      readonly resource: DesiredResource;
      readonly status: ResourceStatus;
      readonly reason?: string;
      /** Known by then; empty before it is made. */
      readonly physicalId: string;
      /** It is what another one has replaced: nothing that is told of it changes how the resource stands. */
      readonly former?: true;
    };

/** The part of a stack that operations change: its status, its resources and what was told. */
export interface StackRecord {
  readonly stackId: string;
  readonly stackName: string;
  readonly status: StackStatus;
  readonly statusReason: string | undefined;
  /** In the order of their creation; those that are gone for good stay until the stack itself is. */
  readonly resources: readonly StackResourceRecord[];
  /** Oldest first. */
  readonly events: readonly StackEvent[];
}

export const STACK_TYPE = 'AWS::CloudFormation::Stack';

/** Events of one stack that are kept; the oldest go first. */
const EVENTS_MAX = 20_000;

/** What an event needs beside what it tells. */
export interface Telling {
  readonly nowMs: number;
  readonly clientRequestToken?: string;
  /** A new UUID each time. */
  readonly uuid: () => string;
}

/**
 * Tells steps one after the other. Each event is a millisecond after the one before at the least: clients know events by their id, and
 * those of resources hold the time.
 */
export function tellSteps<Record extends StackRecord>(
  record: Record,
  steps: readonly Step[],
  telling: Telling,
): Record {
  const events = [...record.events];
  const resources = new Map(record.resources.map((resource) => [resource.logicalId, resource]));
  let { status, statusReason }: Pick<StackRecord, 'status' | 'statusReason'> = record;
  for (const step of steps) {
    const atMs = Math.max(telling.nowMs, (events.at(-1)?.atMs ?? 0) + 1);
    events.push(eventOf(record, step, atMs, telling));
    if (step.kind === 'stack') {
      assert(mayFollow(status, step.status), `a stack in ${status} does not go to ${step.status}`);
      status = step.status;
      statusReason = step.reason;
    } else if (step.former !== true) {
      const { resource, reason, physicalId } = step;
      resources.set(resource.logicalId, {
        ...resource,
        physicalId,
        status: step.status,
        ...(reason === undefined ? {} : { statusReason: reason }),
        atMs,
      });
    }
  }
  return {
    ...record,
    status,
    statusReason,
    resources: [...resources.values()],
    events: events.slice(-EVENTS_MAX),
  };
}

function eventOf(record: StackRecord, step: Step, atMs: number, { uuid, clientRequestToken }: Telling): StackEvent {
  const more = {
    ...(step.reason === undefined ? {} : { reason: step.reason }),
    ...(clientRequestToken === undefined ? {} : { clientRequestToken }),
    status: step.status,
    atMs,
  };
  if (step.kind === 'stack') {
    const { stackName, stackId } = record;
    return { eventId: uuid(), logicalId: stackName, physicalId: stackId, type: STACK_TYPE, ...more };
  }
  const { logicalId, type, properties } = step.resource;
  return {
    // The engine has no calendar; the moment in milliseconds makes it as unique.
    eventId: `${logicalId}-${step.status}-${atMs}`,
    logicalId,
    physicalId: step.physicalId,
    type,
    properties: JSON.stringify(properties),
    ...more,
  };
}
