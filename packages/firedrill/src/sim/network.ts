import type { RandomStream, RandomStreams, Settings, Vantage } from '../engine/index.ts';
import { distanceKm } from '../engine/index.ts';

/** Light in fibre, kilometres in a millisecond. */
const FIBRE_KM_PER_MS = 200;
/** Cables do not follow the great circle. */
const ROUTE_FACTOR = 1.4;
/** What both ends add, however near they are. */
const ACCESS_RTT_MS = 2;
/** Name servers and edges are anycast: one is near wherever one asks from. */
const NAME_SERVER_RTT_MS = 10;
/** The most that queues add to a round trip, as a share of it. */
const JITTER_SHARE = 0.1;
/** A lost SYN is sent again after a second (RFC 6298). */
const SYN_RETRANSMISSION_MS = 1000;
const RETRANSMISSION_MS_MIN = 200;

/** Round trips between places: a model of distance, not a survey. All lengths in microseconds. */
export class Network {
  private readonly rttUs: Float64Array;
  private readonly size: number;
  private readonly draws: RandomStream;
  private readonly lossShare: number;

  constructor(vantages: readonly Vantage[], random: RandomStreams, settings: Settings) {
    this.size = vantages.length;
    this.rttUs = new Float64Array(this.size * this.size);
    for (const a of vantages) {
      for (const b of vantages) this.rttUs[a.index * this.size + b.index] = Math.round(roundTripMs(a, b) * 1000);
    }
    this.draws = random.stream('sim/network');
    this.lossShare = settings.number('network.loss-share');
  }

  /** The round trip at this moment: distance, and what queues add to it. */
  roundTripUs(from: Vantage, to: Vantage): number {
    const rtt = this.rttUs[from.index * this.size + to.index] as number;
    return rtt + Math.round(rtt * JITTER_SHARE * this.draws.next());
  }

  /** What lost packets add to one exchange of them; a SYN is waited for longer (RFC 6298). */
  lossUs(packet: 'syn' | 'data', rttUs: number): number {
    if (this.lossShare === 0) return 0;
    return this.lostUs(packet === 'syn' ? SYN_RETRANSMISSION_MS * 1000 : Math.max(RETRANSMISSION_MS_MIN * 1000, rttUs));
  }

  private lostUs(costUs: number): number {
    let lost = 0;
    for (let wait = costUs; this.draws.next() < this.lossShare; wait *= 2) lost += wait;
    return lost;
  }
}

function roundTripMs(a: Vantage, b: Vantage): number {
  if (b.name.startsWith('name-server:')) return NAME_SERVER_RTT_MS;
  return ACCESS_RTT_MS + (2 * distanceKm(a.spot, b.spot) * ROUTE_FACTOR) / FIBRE_KM_PER_MS;
}
