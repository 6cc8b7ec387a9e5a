import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of draws that belongs to one user, so that nobody's draws shift anybody else's. */
export interface RandomStream {
  /** The next draw, uniform in [0, 1). */
  next(): number;
}

/** Gives out streams by the name of their user, as `route53/checker/hc-1/us-east-1/0`. */
export interface RandomStreams {
  /** From its first draw on, each time that it is asked for. */
  stream(user: string): RandomStream;
  /** The one stream of a user who may be replaced by another of the same name: that one goes on where the draws have come to. */
  lasting(user: string): RandomStream;
}

const WARM_UP_DRAWS = 16;

/** Streams that depend on the seed and the user's name only, not on who asks first. */
export function createRandom(seed: string): RandomStreams {
  const lasting = new Map<string, RandomStream>();
  const stream = (user: string): RandomStream => {
    const generator = xoroshiro128plusFromState(stateOf(`${seed}\u0000${user}`));
    // The first sums of xoroshiro are close to its state.
    for (let i = 0; i < WARM_UP_DRAWS; i++) generator.next();
    return { next: () => uniformFloat64(generator) };
  };
  return {
    stream,
    lasting(user) {
      const known = lasting.get(user) ?? stream(user);
      lasting.set(user, known);
      return known;
    },
  };
}

/** 128 bits from a text: four FNV-1a hashes with different beginnings, each scattered by MurmurHash3's finaliser. */
function stateOf(text: string): number[] {
  return [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((beginning) => {
    let hash = beginning;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return scattered(hash);
  });
}

/** Without it, streams of similar names would begin with similar draws. */
function scattered(hash: number): number {
  let h = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return h ^ (h >>> 16);
}
