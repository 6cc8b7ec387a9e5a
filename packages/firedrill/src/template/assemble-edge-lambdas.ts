import type { CacheBehavior } from '../model/index.ts';
import type { Draft } from './draft.ts';
import type { Teller } from './teller.ts';

/** Lambda functions at the edge, held against the functions that there are and against each other. */
export function checkEdgeLambdas(draft: Draft, tell: Teller): void {
  const functions = new Set(draft.functions.map(({ arn }) => arn));
  for (const { behaviors } of draft.distributions) {
    for (const behavior of behaviors) {
      checkEvents(behavior, tell);
      for (const { functionArn, eventType, place } of behavior.lambdaFunctionAssociations ?? []) {
        const arn = functionArn.split(':').slice(0, 7).join(':');
        if (place === undefined || functions.has(arn) || draft.functionsLeftOut.has(arn)) continue;
        const says = `The function at ${eventType}, ${functionArn}, is in no template read; requests pass as if it were not there.`;
        tell.warning('template/not-acted-on', place, says, { remedy: 'Give the template that makes it too.' });
      }
    }
  }
}

/** One function for each event (CF 5.1), and functions of one kind at the events of viewers (CF 5.4). */
function checkEvents(behavior: CacheBehavior, tell: Teller): void {
  const { lambdaFunctionAssociations: lambdas = [], functionAssociations: light = [] } = behavior;
  const seen = new Set<string>();
  for (const { eventType, place } of [...lambdas, ...light]) {
    if (seen.has(eventType) && place !== undefined) {
      const says = `The behaviour ${behavior.pathPattern} has two functions at ${eventType}; CloudFront takes one.`;
      tell.error('template/property', place, says, { facts: ['CF 5.1'] });
    }
    seen.add(eventType);
  }
  const [mixed] = lambdas.filter(({ eventType }) => eventType.startsWith('viewer-'));
  const [other] = light;
  if (mixed?.place === undefined || other === undefined) return;
  const says = `The behaviour ${behavior.pathPattern} has a Lambda function at ${mixed.eventType} and a CloudFront Function at ${other.eventType}; CloudFront refuses to mix them at viewer events.`;
  tell.error('template/property', mixed.place, says, {
    remedy: 'Make both of one kind; at origin events Lambda functions may stand beside CloudFront Functions.',
    facts: ['CF 5.4'],
  });
}
