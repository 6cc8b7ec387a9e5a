import type { Episode } from './episode.ts';
import type { Story } from './story.ts';

/** What the world went through while a stream was counted. */
export interface Circumstances {
  readonly story: Story;
  readonly episodes: readonly Episode[];
  /** From the status of a health check to DNS answers; undefined where it is not a setting of the world. */
  readonly propagationSeconds: number | undefined;
}
