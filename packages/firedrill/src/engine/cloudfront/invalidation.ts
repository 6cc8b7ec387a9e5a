import type { Instant } from '../../model/index.ts';
import { CLOUDFRONT_FACTS } from './facts.ts';

/** Why CloudFront does not take an invalidation; undefined: it takes it. */
export interface InvalidationRefusal {
  readonly code: 'InvalidArgument' | 'TooManyInvalidationsInProgress';
  readonly message: string;
}

/** An invalidation that edges are still hearing of. */
export interface RunningInvalidation {
  readonly paths: readonly string[];
  readonly until: Instant;
}

/** The invalidations of one distribution, with what bounds them (CF 3.46a). */
export class InvalidationDesk {
  private running: readonly RunningInvalidation[] = [];

  /** Paths are judged with those that are still in progress: so many single ones, and so many that end with `*`. */
  refusalOf(paths: readonly string[], now: Instant): InvalidationRefusal | undefined {
    if (paths.length === 0 || paths.some((path) => !isPath(path))) {
      const message = 'Your request contains one or more invalid invalidation paths.';
      return { code: 'InvalidArgument', message };
    }
    this.running = this.running.filter(({ until }) => until > now);
    const all = [...this.running.flatMap((one) => one.paths), ...paths];
    const wildcards = all.filter(isWildcard).length;
    const { INVALIDATED_FILES_MAX: files, INVALIDATED_WILDCARDS_MAX: patterns } = CLOUDFRONT_FACTS;
    if (wildcards <= patterns.value && all.length - wildcards <= files.value) return undefined;
    return {
      code: 'TooManyInvalidationsInProgress',
      message: 'Your request exceeds the maximum number of invalidation paths that can be in progress.',
    };
  }

  begin(invalidation: RunningInvalidation): void {
    this.running = [...this.running, invalidation];
  }
}

/** Path and query as an invalidation names them; a slash at the beginning may be left out. */
export function isInvalidated(pathAndQuery: string, paths: readonly string[]): boolean {
  return paths.some((written) => {
    const path = written.startsWith('/') ? written : `/${written}`;
    return isWildcard(path) ? pathAndQuery.startsWith(path.slice(0, -1)) : pathAndQuery === path;
  });
}

/** Longest path that AWS takes, in characters. */
const PATH_CHARACTERS_MAX = 4000;

/** A `*` stands at the end, or for itself elsewhere; what no URL has is refused. */
function isPath(path: string): boolean {
  return path !== '' && path.length <= PATH_CHARACTERS_MAX && /^[\x21-\x7e]*$/.test(path);
}

function isWildcard(path: string): boolean {
  return path.endsWith('*');
}
