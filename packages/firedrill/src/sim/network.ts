import type { Instant } from '../model/index.ts';
import { likelyLatencyMs } from '../model/index.ts';
import type { RandomStreams, Settings, Vantage, World } from '../engine/index.ts';
import { createRandom, settingsOf } from '../engine/index.ts';

/** Name servers and edges are anycast: one is near wherever one asks from. */
const NAME_SERVER_RTT_MS = 10;
/** The most that queues add to a round trip, as a share of it. */
const JITTER_SHARE = 0.1;
/** A lost SYN is sent again after a second (RFC 6298). */
const SYN_RETRANSMISSION_MS = 1000;
const RETRANSMISSION_MS_MIN = 200;
/** So often a packet is sent again before nobody waits for it any more (as Linux, tcp_retries2); hours by then. */
const RETRANSMISSIONS_MAX = 15;

/** What is drawn for one packet; each kind of packet of an exchange has draws of its own. */
type Packet = 'path' | 'syn' | 'handshake' | 'request';
const SALTS: Readonly<Record<Packet, number>> = { path: 1, syn: 2, handshake: 3, request: 4 };

/**
 * Round trips between places: a model of distance, not a survey. All lengths in microseconds. What chance adds depends
 * on the link and the moment alone, so that nobody's traffic changes anybody else's.
 */
export class Network {
  private readonly random: RandomStreams;
  /** By link, from and to; negative until somebody sends there, for most pairs of places never exchange anything. */
  private readonly rttUs: Float64Array;
  private readonly seeds: Uint32Array;
  private readonly size: number;
  private readonly lossShare: number;

  constructor(vantages: readonly Vantage[], random: RandomStreams, settings: Settings) {
    this.random = random;
    this.size = vantages.length;
    this.rttUs = new Float64Array(this.size * this.size).fill(-1);
    this.seeds = new Uint32Array(this.size * this.size);
    this.lossShare = settings.number('network.loss-share');
  }

  /** The round trip at a moment: distance, and what queues add to it. */
  roundTripUs(from: Vantage, to: Vantage, at: Instant): number {
    const link = from.index * this.size + to.index;
    if ((this.rttUs[link] as number) < 0) this.survey(link, from, to);
    const rtt = this.rttUs[link] as number;
    return rtt + Math.round(rtt * JITTER_SHARE * noise(this.seeds[link] as number, at, SALTS.path));
  }

  /** The round trip along a way, from each place to the next. */
  alongUs(way: readonly Vantage[], at: Instant): number {
    let rttUs = 0;
    for (let i = 1; i < way.length; i++) rttUs += this.roundTripUs(way[i - 1] as Vantage, way[i] as Vantage, at);
    return rttUs;
  }

  private survey(link: number, from: Vantage, to: Vantage): void {
    this.rttUs[link] = Math.round(roundTripMs(from, to) * 1000);
    this.seeds[link] = Math.floor(this.random.stream(`sim/link/${from.name}>${to.name}`).next() * 0x1_0000_0000);
  }

  /** What lost packets add to one step of an exchange; a SYN is waited for longer (RFC 6298). */
  lossUs(
    packet: Exclude<Packet, 'path'>,
    link: { readonly from: Vantage; readonly to: Vantage; readonly rttUs: number },
    at: Instant,
  ): number {
    if (this.lossShare === 0) return 0;
    const seed = this.seeds[link.from.index * this.size + link.to.index] as number;
    const first = packet === 'syn' ? SYN_RETRANSMISSION_MS * 1000 : Math.max(RETRANSMISSION_MS_MIN * 1000, link.rttUs);
    let lost = 0;
    for (let n = 0, wait = first; n < RETRANSMISSIONS_MAX; n++, wait *= 2) {
      if (noise(seed, at, SALTS[packet] + 8 * n) >= this.lossShare) break;
      lost += wait;
    }
    return lost;
  }
}

/** The network between all places of a world. */
export function networkOf({ vantages, plan }: World): Network {
  return new Network(vantages, createRandom(plan.seed), settingsOf(plan));
}

function roundTripMs(a: Vantage, b: Vantage): number {
  if (b.name.startsWith('name-server:')) return NAME_SERVER_RTT_MS;
  return likelyLatencyMs(a.spot, b.spot);
}

/** Evenly spread in [0, 1): the finaliser of MurmurHash3 over the link's seed, the moment and what it is for. */
function noise(seed: number, at: number, salt: number): number {
  let hash = seed ^ Math.imul(at >>> 0, 0x9e3779b1) ^ Math.imul(Math.floor(at / 0x1_0000_0000) + salt, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x1_0000_0000;
}
