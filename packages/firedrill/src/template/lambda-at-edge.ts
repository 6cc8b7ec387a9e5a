import type { CacheBehavior } from '../model/index.ts';
import { boolean, listOf, oneOf, optional, placed, required, shape, text } from './shape.ts';

/** The functions of a behaviour that run on Lambda, one for each event at most (CF 5.1). */
export const LAMBDA_FUNCTION_ASSOCIATIONS = listOf(
  shape('LambdaFunctionAssociations', {
    EventType: required(oneOf(['viewer-request', 'origin-request', 'origin-response', 'viewer-response'], ['CF 5.1'])),
    LambdaFunctionARN: required(placed(text())),
    IncludeBody: optional(boolean),
  }),
);

type Associations = NonNullable<ReturnType<typeof LAMBDA_FUNCTION_ASSOCIATIONS>>;

/** What a behaviour says of them; nothing when there are none. */
export function lambdaAssociationsOf(
  associations: Associations | undefined,
): Pick<CacheBehavior, 'lambdaFunctionAssociations'> {
  if (associations === undefined || associations.length === 0) return {};
  return {
    lambdaFunctionAssociations: associations.map(({ EventType, LambdaFunctionARN, IncludeBody, at }) => ({
      eventType: EventType,
      functionArn: LambdaFunctionARN.value,
      includeBody: IncludeBody ?? false,
      place: at,
    })),
  };
}
