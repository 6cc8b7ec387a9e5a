import type { Answered, Conversation } from '../conversation.ts';
import type { EdgeCall } from './edge.ts';
import type { LambdaAtEdge, RequestVerdict, ResponseVerdict } from './edge-function.ts';
import type { OriginAttempts } from './origin-attempts.ts';

/** What a Lambda function makes of a request. */
export function* lambdaRequestVerdict(
  _call: EdgeCall,
  _fn: LambdaAtEdge,
  _attempts: OriginAttempts | undefined,
): Conversation<RequestVerdict> {
  return { kind: 'pass' };
}

/** What a Lambda function makes of an answer. */
export function* lambdaResponseVerdict(
  _call: EdgeCall,
  _fn: LambdaAtEdge,
  _response: Pick<Answered, 'status' | 'headers'>,
  _attempts: OriginAttempts | undefined,
): Conversation<ResponseVerdict> {
  return { kind: 'pass' };
}
