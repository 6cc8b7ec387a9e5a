import type { Architecture, CacheBehavior, EdgeEventType, LambdaFunction } from '../src/model/index.ts';
import { hybridArchitecture, type Overrides } from './hybrid-architecture.ts';

/** A Lambda function at the edge by the event that it runs at, as inline code of Node or, with a runtime, of another language. */
export type EdgeCode = Partial<Record<EdgeEventType, string | { readonly text: string; readonly runtime: string }>>;

/** The hybrid architecture with Lambda functions at the edge of its distributions. */
export function edgeArchitecture(
  code: EdgeCode,
  overrides: Overrides = {},
  behavior: Partial<CacheBehavior> = {},
): Architecture {
  const architecture = hybridArchitecture(overrides);
  const entries = Object.entries(code) as [EdgeEventType, NonNullable<EdgeCode[EdgeEventType]>][];
  const functions = entries.map(([event, given]): LambdaFunction => {
    const { text, runtime } = typeof given === 'string' ? { text: given, runtime: 'nodejs22.x' } : given;
    return {
      arn: arnOf(event),
      name: event,
      region: 'us-east-1',
      runtime,
      handler: 'index.handler',
      timeoutSeconds: 3,
      memoryMb: 128,
      environment: {},
      code: { kind: 'inline', text },
      stack: 'edge',
      logicalId: event,
    };
  });
  const lambdaFunctionAssociations = entries.map(([eventType]) => ({
    eventType,
    functionArn: `${arnOf(eventType)}:1`,
    includeBody: false,
  }));
  return {
    ...architecture,
    functions: [...architecture.functions, ...functions],
    distributions: architecture.distributions.map((distribution) => ({
      ...distribution,
      behaviors: distribution.behaviors.map((each) => ({ ...each, lambdaFunctionAssociations, ...behavior })),
    })),
  };
}

function arnOf(event: string): string {
  return `arn:aws:lambda:us-east-1:123456789012:function:${event}`;
}
