import type { CacheBehavior, Distribution, EdgeEventType, LambdaFunction } from '../../model/index.ts';
import type { Overrides } from '../../../test/hybrid-architecture.ts';
import type { CollectedBody, Invocation, Invoke } from '../conversation.ts';
import type { EdgeFunctions } from './edge-function.ts';
import { hybridDistribution, ScriptedEdge } from './edge-script.fixture.ts';
import type { LambdaEvent } from './lambda-event.ts';

/** A handler, called at once; what it throws is its error. */
export type Handler = (cf: LambdaEvent['Records'][0]['cf']) => unknown;

export type Handlers = Partial<Record<EdgeEventType, Handler | Invocation>>;

export interface LambdaScript {
  readonly includeBody?: boolean;
  readonly decidesFailover?: boolean;
  readonly overrides?: Overrides;
  /** What the request's body says, for functions that get it. */
  readonly bodyText?: string;
  readonly timeoutSeconds?: number;
}

/** The hybrid distribution with Lambda functions at its default behaviour, and what they were given. */
export class LambdaEdge extends ScriptedEdge {
  /** Events in order, as they were given. */
  readonly events: LambdaEvent['Records'][0]['cf'][];
  readonly invokes: Invoke[];

  constructor(
    handlers: Handlers,
    script: LambdaScript = {},
    behavior: Partial<CacheBehavior> = {},
    more: Partial<Distribution> = {},
  ) {
    const events: LambdaEvent['Records'][0]['cf'][] = [];
    const invokes: Invoke[] = [];
    const functions: EdgeFunctions = {
      at: (_behavior, event) =>
        handlers[event] === undefined
          ? undefined
          : {
              kind: 'lambda',
              function: functionOf(event, script.timeoutSeconds ?? 3),
              versionArn: `${functionOf(event, 3).arn}:1`,
              includeBody: script.includeBody ?? false,
            },
    };
    const run = (need: Invoke): Invocation => {
      invokes.push(need);
      const event = need.payload(need.body === undefined ? null : bodyOf(script.bodyText ?? '', need.bodyBytesMax));
      const [{ cf }] = (structuredClone(event) as LambdaEvent).Records;
      events.push(structuredClone(cf));
      const handler = handlers[cf.config.eventType];
      if (typeof handler !== 'function') return handler ?? { kind: 'throttled' };
      try {
        return { kind: 'returned', payload: handler(cf) };
      } catch (error) {
        const { name, message } = error as Error;
        return { kind: 'failed', errorType: name, errorMessage: message };
      }
    };
    const decidesFailover = script.decidesFailover ?? false;
    const distribution = hybridDistribution(script.overrides);
    const behaviors = distribution.behaviors.map((each) => ({ ...each, ...behavior }));
    super([{ ...distribution, behaviors, ...more }], true, { functions, run, decidesFailover });
    this.events = events;
    this.invokes = invokes;
  }

  /** The events so far, by their names. */
  get ran(): string {
    return this.events.map(({ config }) => config.eventType).join(' ');
  }
}

function functionOf(event: EdgeEventType, timeoutSeconds: number): LambdaFunction {
  return {
    arn: `arn:aws:lambda:us-east-1:123456789012:function:${event}`,
    name: event,
    region: 'us-east-1',
    runtime: 'nodejs22.x',
    handler: 'index.handler',
    timeoutSeconds,
    memoryMb: 128,
    environment: {},
    code: { kind: 'inline', text: '' },
    stack: 'edge',
    logicalId: event,
  };
}

/** Base64 as the drivers give it; plain letters only. */
function bodyOf(text: string, bytesMax: number): CollectedBody {
  return { text: btoa(text.slice(0, bytesMax)), isBase64Encoded: true, isTruncated: text.length > bytesMax };
}
