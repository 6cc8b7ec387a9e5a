import type { CollectedBody, Headers, HttpRequest } from '../conversation.ts';

/** What an event for a function behind a load balancer is made of. */
export interface TargetEventFacts {
  readonly targetGroupArn: string;
  readonly request: HttpRequest;
  /** With those that the load balancer adds. */
  readonly headers: Headers;
  readonly multiValueHeaders: boolean;
  readonly body: CollectedBody | null;
}

/**
 * The event of a Lambda target (RS 6.12): header names in lower case; names and values of the query as they were sent;
 * of several values the last, or lists of all when the target group says so.
 */
export function targetEvent(facts: TargetEventFacts): Record<string, unknown> {
  const { targetGroupArn, request, multiValueHeaders, body } = facts;
  const [path, query] = split(request.target, '?');
  const headers: Headers = [['host', request.host], ...facts.headers].map(([name, value]) => [
    name.toLowerCase(),
    value,
  ]);
  const pairs = query === '' ? [] : query.split('&').map((pair) => split(pair, '='));
  return {
    requestContext: { elb: { targetGroupArn } },
    httpMethod: request.method,
    path,
    ...(multiValueHeaders
      ? { multiValueQueryStringParameters: listsOf(pairs), multiValueHeaders: listsOf(headers) }
      : { queryStringParameters: Object.fromEntries(pairs), headers: Object.fromEntries(headers) }),
    body: body?.text ?? '',
    isBase64Encoded: body?.isBase64Encoded ?? false,
  };
}

function split(text: string, at: string): readonly [string, string] {
  const index = text.indexOf(at);
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + 1)];
}

function listsOf(pairs: Headers): Readonly<Record<string, readonly string[]>> {
  const lists = new Map<string, string[]>();
  for (const [name, value] of pairs) lists.set(name, [...(lists.get(name) ?? []), value]);
  return Object.fromEntries(lists);
}
