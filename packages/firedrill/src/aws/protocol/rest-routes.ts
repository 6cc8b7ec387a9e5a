import type { WireHead } from './message.ts';
import { queryValue } from './message.ts';
import type { Operation, ServiceModel } from './service-model.ts';
import { requiredMembers } from './shape-flaw.ts';
import type { Asked } from './wire-protocol.ts';

/** An operation as requests are held against it. */
interface Route {
  readonly operation: Operation;
  readonly method: string;
  readonly segments: readonly Segment[];
  /** Parameters that the operation is known by; the value undefined stands for any. */
  readonly marks: readonly (readonly [name: string, value: string | undefined])[];
  /** Parameters and headers without which it is another operation of the same path, if there is one. */
  readonly needsQuery: readonly string[];
  readonly needsHeaders: readonly string[];
}

interface Segment {
  readonly literal?: string;
  readonly label?: string;
  /** Takes all that follows, slashes too. */
  readonly isGreedy?: boolean;
}

/** Says which operation of the client is meant; none of AWS's services goes by it. */
const CLIENT_MARK = 'x-id';

/** Finds operations by method, path and query as their models have them; the most particular one of several. */
export class RestRoutes {
  private readonly routes: readonly Route[];

  constructor(model: ServiceModel) {
    this.routes = [...model.operations.values()].flatMap((operation) => routeOf(operation) ?? []);
  }

  /**
   * @param path - what is left of the request's path, encoded.
   * @param fits - further conditions.
   */
  find(head: WireHead, path: string, fits: (operation: Operation) => boolean = () => true): Asked {
    const name = `${head.method} ${head.path}`;
    const segments = splitPath(path);
    const found = this.routes
      .filter((route) => route.method === head.method && fits(route.operation))
      .flatMap((route) => {
        const labels = labelsOf(route.segments, segments);
        return labels === undefined || !hasMarks(route, head) ? [] : [{ route, labels }];
      })
      .toSorted((left, right) => particularity(right.route, head) - particularity(left.route, head));
    const [best] = found;
    return best === undefined
      ? { operation: undefined, name }
      : { operation: best.route.operation, name: best.route.operation.name, labels: best.labels };
  }
}

function routeOf(operation: Operation): Route | undefined {
  const { http, input } = operation;
  if (http === undefined) return undefined;
  const [path = '', search = ''] = http.uri.split('?');
  const required = input.isUnitSchema() ? new Set<string>() : requiredMembers(input);
  const members = input.isUnitSchema() ? [] : [...input.structIterator()].filter(([name]) => required.has(name));
  const traits = members.map(([, member]) => member.getMergedTraits());
  return {
    operation,
    method: http.method,
    segments: splitPath(path).map(segmentOf),
    marks: search
      .split('&')
      .filter((mark) => mark !== '' && !mark.startsWith(`${CLIENT_MARK}=`))
      .map((mark) => mark.split('='))
      .map(([name = '', value]) => [name, value] as const),
    needsQuery: traits.flatMap(({ httpQuery }) => httpQuery ?? []),
    needsHeaders: traits.flatMap(({ httpHeader }) => httpHeader?.toLowerCase() ?? []),
  };
}

function splitPath(path: string): readonly string[] {
  return path
    .replace(/^\//, '')
    .split('/')
    .filter((segment, index, all) => segment !== '' || index < all.length - 1);
}

function segmentOf(text: string): Segment {
  const label = /^\{([^+}]+)(\+)?\}$/.exec(text);
  return label?.[1] === undefined ? { literal: text } : { label: label[1], isGreedy: label[2] !== undefined };
}

function labelsOf(route: readonly Segment[], path: readonly string[]): Readonly<Record<string, string>> | undefined {
  const labels: [string, string][] = [];
  for (const [index, { literal, label = '', isGreedy }] of route.entries()) {
    const text = path[index];
    if (text === undefined) return undefined;
    if (literal !== undefined) {
      if (literal !== text) return undefined;
      continue;
    }
    if (isGreedy !== true) {
      labels.push([label, text]);
      continue;
    }
    // What stands behind a greedy label is as long as the rest of the template.
    const end = path.length - (route.length - index - 1);
    const rest = labelsOf(route.slice(index + 1), path.slice(end));
    if (end <= index || rest === undefined) return undefined;
    return { ...Object.fromEntries(labels), [label]: path.slice(index, end).join('/'), ...rest };
  }
  return route.length === path.length ? Object.fromEntries(labels) : undefined;
}

function hasMarks({ marks }: Route, head: WireHead): boolean {
  return marks.every(([name, value]) => {
    const found = queryValue(head, name);
    return value === undefined ? found !== undefined : found === value;
  });
}

/** A route that lacks what it needs comes last; then literal segments count, then marks, then what it needs. */
function particularity({ segments, marks, needsQuery, needsHeaders }: Route, head: WireHead): number {
  const lacks =
    needsQuery.some((name) => queryValue(head, name) === undefined) ||
    needsHeaders.some((name) => head.headers[name] === undefined);
  const literals = segments.filter(({ literal }) => literal !== undefined).length;
  return (lacks ? 0 : 1e6) + literals * 1e4 + marks.length * 1e2 + needsQuery.length + needsHeaders.length;
}
