import type { Headers } from '../conversation.ts';
import { headerOf } from '../headers.ts';
import type { OriginRoute, SiteBehavior, SiteOrigin } from './site.ts';

/** The latest score of each member of an origin group, for each behaviour by itself (CF 1.38). */
export class QualityScores {
  private readonly scores = new Map<SiteBehavior, Map<SiteOrigin, number>>();

  /** The member with the better score first; the listed primary unless the other's is better. */
  inOrder(behavior: SiteBehavior, { primary, secondary }: OriginRoute): readonly [SiteOrigin, SiteOrigin | undefined] {
    if (secondary === undefined) return [primary, undefined];
    const scores = this.scores.get(behavior);
    const [first, second] = [scores?.get(primary), scores?.get(secondary)];
    const isSecondBetter = first !== undefined && second !== undefined && second > first;
    return isSecondBetter ? [secondary, primary] : [primary, secondary];
  }

  /** What an answer says of its origin; one that says nothing leaves it unknown. */
  note(behavior: SiteBehavior, origin: SiteOrigin, headers: Headers | undefined): void {
    const scores = this.scores.get(behavior) ?? new Map<SiteOrigin, number>();
    this.scores.set(behavior, scores);
    const score = headers === undefined ? undefined : scoreOf(headers);
    if (score === undefined) scores.delete(origin);
    else scores.set(origin, score);
  }
}

/** A number from 0 to 100, under a key of AWS's own in the common media server data. */
function scoreOf(headers: Headers): number | undefined {
  const found = /mqcs="?(\d{1,3})\b/i.exec(headerOf(headers, 'cmsd-static') ?? headerOf(headers, 'cmsd-dynamic') ?? '');
  return found === null ? undefined : Number(found[1]);
}
