import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus, xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** A stream of draws that belongs to one user, so that nobody's draws shift anybody else's. */
export interface RandomStream {
  /** The next draw, uniform in [0, 1). */
  next(): number;
}

/** Gives out streams by the name of their user, as `route53/checker/hc-1/us-east-1/0`. */
export interface RandomStreams {
  stream(user: string): RandomStream;
}

/** Streams that depend on the seed and the user's name only, not on who asks first. */
export function createRandom(seed: string): RandomStreams {
  return {
    stream(user) {
      const generator = xoroshiro128plusFromState(stateOf(`${seed}\u0000${user}`));
      return { next: () => uniformFloat64(generator) };
    },
  };
}

/** 128 bits from a text: four FNV-1a hashes with different beginnings, each spread over a generator of its own. */
function stateOf(text: string): [number, number, number, number] {
  const words = [0x811c9dc5, 0x01000193, 0x9e3779b9, 0x85ebca6b].map((beginning) => {
    let hash = beginning;
    for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    return xoroshiro128plus(hash | 0).next();
  });
  return [words[0] ?? 1, words[1] ?? 2, words[2] ?? 3, words[3] ?? 4];
}
