import type { CreateInvalidation, Instant } from '../model/index.ts';
import { after, msBetween } from '../model/index.ts';
import type { Judgement, Performers } from './actions.ts';
import type { EdgeLocation } from './cloudfront/edge.ts';
import { InvalidationDesk } from './cloudfront/invalidation.ts';
import type { Moment } from './conversation.ts';
import type { Parts } from './parts.ts';
import type { Background } from './world.ts';

/**
 * Takes objects out of the caches of a distribution (CF 3.46): edge locations hear of it one after another, within the switch
 * `cloudfront.invalidation-seconds`.
 */
export class Invalidations {
  readonly performers: Pick<Performers, 'create-invalidation'>;
  private readonly parts: Parts;
  private readonly edges: () => readonly EdgeLocation[];
  /** By distribution. */
  private readonly desks = new Map<string, InvalidationDesk>();

  /** @param edges all that keep answers at the time. */
  constructor(parts: Parts, edges: () => readonly EdgeLocation[]) {
    this.parts = parts;
    this.edges = edges;
    this.performers = { 'create-invalidation': (action, moment) => this.judge(action, moment) };
  }

  /** Caches that edges share are told first: else an edge would get from there what it has just forgotten. */
  private heardAt({ label }: EdgeLocation, from: Instant, until: Instant): Instant {
    const share = this.parts.random.stream(`cloudfront/invalidation/${from}/${label}`).next();
    return after(from, share * msBetween(from, until));
  }

  private judge({ distribution, paths }: CreateInvalidation, { now }: Moment): Judgement {
    const { distributions } = this.parts.input.architecture;
    if (!distributions.some(({ id }) => id === distribution)) {
      const message = 'The specified distribution does not exist.';
      return { kind: 'refused', code: 'NoSuchDistribution', message };
    }
    const desk = this.desks.get(distribution) ?? new InvalidationDesk();
    this.desks.set(distribution, desk);
    const refusal = desk.refusalOf(paths, now);
    if (refusal !== undefined) return { kind: 'refused', ...refusal };
    const until = after(now, this.parts.settings.number('cloudfront.invalidation-seconds') * 1000);
    return {
      kind: 'accepted',
      carryOut: () => {
        desk.begin({ paths, until });
        return this.edges().map((edge): Background => {
          const heardAt = edge.region === undefined ? this.heardAt(edge, now, until) : now;
          return {
            name: `invalidation/${edge.label}`,
            *start() {
              yield { kind: 'pause', until: heardAt };
              edge.cache.invalidate(distribution, paths);
            },
          };
        });
      },
    };
  }
}
