import type { ListenerAction, LoadBalancerListener, RuleCondition, WeightedTargetGroup } from '../../model/index.ts';
import type { HttpRequest } from '../conversation.ts';
import { fitsWildcard } from '../wildcard.ts';

/** The action of the first rule, by priority, whose conditions all hold; else the listener's own. */
export function actionFor({ rules, defaultAction }: LoadBalancerListener, request: HttpRequest): ListenerAction {
  return (
    rules.find(({ conditions }) => conditions.every((condition) => holds(condition, request)))?.action ?? defaultAction
  );
}

function holds({ field, values }: RuleCondition, request: HttpRequest): boolean {
  switch (field) {
    case 'host-header': {
      const host = request.host.toLowerCase().replace(/:\d+$/, '');
      return values.some((pattern) => fitsWildcard(pattern.toLowerCase(), host));
    }
    case 'path-pattern': {
      const [path = ''] = request.target.split('?', 1);
      return values.some((pattern) => fitsWildcard(pattern, path));
    }
    case 'http-request-method':
      return values.includes(request.method);
  }
}

/**
 * One of several target groups, by weight (RS 6.11): a weight of 0 gets nothing. With weights that are all 0, none.
 * @param draw from 0 to 1, 1 excluded.
 */
export function weighted(groups: readonly WeightedTargetGroup[], draw: number): WeightedTargetGroup | undefined {
  const total = groups.reduce((sum, { weight }) => sum + weight, 0);
  let left = draw * total;
  for (const group of groups) {
    if (left < group.weight) return group;
    left -= group.weight;
  }
  return undefined;
}
