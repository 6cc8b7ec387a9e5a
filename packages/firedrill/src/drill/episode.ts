import { type Fault, type Instant, NEVER, type TimelineEvent } from '../model/index.ts';

/** Faults that began at one instant, from then until the next ones begin. */
export interface Episode {
  readonly names: string[];
  readonly seqs: number[];
  readonly faults: Fault[];
  readonly start: Instant;
  /** When the last of them ended; `NEVER` until then. */
  healed: Instant;
  readonly unhealed: Set<string>;
}

/** The faults of a run as they come to pass, and which of them a request belongs to. */
export class Episodes {
  readonly all: Episode[] = [];

  started({ at, seq, data }: Extract<TimelineEvent, { what: 'fault.started' }>): void {
    let episode = this.all.at(-1);
    if (episode === undefined || episode.start !== at) {
      episode = { names: [], seqs: [], faults: [], start: at, healed: NEVER, unhealed: new Set() };
      this.all.push(episode);
    }
    episode.names.push(data.name);
    episode.seqs.push(seq);
    episode.faults.push(data.fault);
    episode.unhealed.add(data.name);
    episode.healed = NEVER;
  }

  ended({ at, data }: Extract<TimelineEvent, { what: 'fault.ended' }>): void {
    const episode = this.all.findLast((candidate) => candidate.unhealed.has(data.name));
    if (episode === undefined) return;
    episode.unhealed.delete(data.name);
    if (episode.unhealed.size === 0) episode.healed = at;
  }

  /**
   * Which episode a request belongs to: the one under way when it was sent, unless that was over already and
   * another began before the request ended (it was in flight). -1 when it ended before any fault.
   */
  indexOf(sentAt: Instant, endedAt: Instant): number {
    let index = this.all.length - 1;
    while (index >= 0 && (this.all[index]?.start ?? 0) > sentAt) index -= 1;
    const isUnderWay = index >= 0 && sentAt < (this.all[index]?.healed ?? NEVER);
    const next = this.all[index + 1];
    return !isUnderWay && next !== undefined && next.start <= endedAt ? index + 1 : index;
  }
}
