import type { OriginHelper } from '../edge-code.ts';
import type { EdgeCall } from './edge.ts';
import { overriddenOrigin, updatedOrigin } from './origin-overrides.ts';
import type { OriginRoute, SiteOrigin } from './site.ts';

/** Codes that a group may fail over on (CF 1.5). */
const FAILOVER_CODES: ReadonlySet<number> = new Set([400, 403, 404, 416, 429, 500, 502, 503, 504]);

type Fields = Readonly<Record<string, unknown>>;

/**
 * What the helpers of a function at viewer-request make of where the request goes. Each acts on what the one before has left;
 * the choice changes neither the behaviour nor the cache key (CF 5.32), and holds for every method (CF 5.31).
 */
export class OriginHelpers {
  route: OriginRoute;
  private readonly call: EdgeCall;

  constructor(call: EdgeCall) {
    this.call = call;
    this.route = call.route;
  }

  /** @returns what the helper throws; undefined when it is done. */
  perform(helper: OriginHelper, args: readonly unknown[]): string | undefined {
    const result = this.routeAfter(helper, args);
    if (typeof result === 'string') return result;
    this.route = result;
    return undefined;
  }

  private routeAfter(helper: OriginHelper, [first, second]: readonly unknown[]): OriginRoute | string {
    switch (helper) {
      case 'updateRequestOrigin': {
        // Of a group only the primary changes; the secondary and the codes stay (CF 5.27).
        const primary = updatedOrigin(this.route.primary, first, this.call);
        return typeof primary === 'string' ? primary : this.routeWith(primary);
      }
      case 'selectRequestOriginById': {
        const primary = this.selected(first, second);
        if (typeof primary === 'string') return primary;
        return { primary, secondary: undefined, failoverCodes: NONE };
      }
      case 'createRequestOriginGroup':
        return this.grouped(first);
    }
  }

  private routeWith(primary: SiteOrigin): OriginRoute {
    const { secondary, failoverCodes } = this.route;
    return { primary, secondary, failoverCodes };
  }

  /** An origin of the distribution, with what may be said otherwise (CF 5.28). */
  private selected(id: unknown, overrides: unknown): SiteOrigin | string {
    if (typeof id !== 'string') return 'the id of an origin is a text';
    const origin = this.call.site.origins.get(id);
    if (origin === undefined) return `the distribution has no origin ${id}`;
    return overriddenOrigin(origin, overrides, this.call);
  }

  /** A group for this request, which takes the place of whatever the behaviour names (CF 5.29). */
  private grouped(options: unknown): OriginRoute | string {
    if (!isObject(options)) return 'createRequestOriginGroup takes an object';
    const { originIds, failoverCriteria, selectionCriteria = 'default' } = options;
    if (!Array.isArray(originIds) || originIds.length !== 2) return 'originIds has two entries, the primary first';
    const members: SiteOrigin[] = [];
    for (const member of originIds as readonly unknown[]) {
      if (!isObject(member)) return 'an entry of originIds is an object with originId';
      const origin = this.selected(member['originId'], member['originOverrides']);
      if (typeof origin === 'string') return origin;
      members.push(origin);
    }
    const [primary, secondary] = members;
    if (primary === undefined || secondary === undefined) return 'originIds has two entries, the primary first';
    // CF 1.37
    if (selectionCriteria !== 'default' && selectionCriteria !== 'media-quality-score')
      return 'selectionCriteria is default or media-quality-score';
    const codes = isObject(failoverCriteria) ? failoverCriteria['statusCodes'] : undefined;
    if (!Array.isArray(codes) || codes.length === 0) return 'failoverCriteria has statusCodes';
    for (const code of codes as readonly unknown[]) {
      if (typeof code !== 'number' || !FAILOVER_CODES.has(code))
        return `${typeof code === 'number' ? code : `a ${typeof code}`} is not a failover code`;
    }
    const { originRequest, originResponse } = this.call.behavior;
    const hasOriginFunction = originRequest !== undefined || originResponse !== undefined;
    const selectsByQuality = selectionCriteria !== 'default' && !hasOriginFunction;
    return { primary, secondary, failoverCodes: new Set(codes as readonly number[]), selectsByQuality };
  }
}

const NONE: ReadonlySet<number> = new Set();

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
